/**
 * The SDK's retries and its rate limiter pause by real time. While this holds, pauses end in the next turn of the event loop, in the order in
 * which they were asked for, and the machine's clock goes on by just as much: nothing depends on how fast this machine is. Returns the way back.
 */
export function makeTimersQuick(): () => void {
  const { setTimeout: realTimeout, setImmediate: soon } = globalThis;
  const realNow = Date.now;
  let nowMs = Date.UTC(2026, 0, 1);
  Date.now = () => nowMs;
  const quick = (callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]): NodeJS.Immediate =>
    soon(() => {
      nowMs += Math.max(1, delayMs);
      callback(...args);
    });
  globalThis.setTimeout = quick as unknown as typeof globalThis.setTimeout;
  return () => {
    globalThis.setTimeout = realTimeout;
    Date.now = realNow;
  };
}
