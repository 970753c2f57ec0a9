/**
 * Milliseconds that only ever go on, from some moment on. Not `performance.now()`: at its first mention Node loads and compiles a part of itself,
 * some milliseconds, which a process that lives for one tick would pay each time.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
