import { openSync, readFileSync } from "node:fs";
import { ReadStream } from "node:tty";
import { environmentVariable } from "../../environment.ts";

/**
 * npm and npx start a program through `sh`. A Ctrl-C at the terminal is sent to all three: dash, the `sh` of Debian, dies of it at once, and npm
 * then ends with 130 while the program still brings its operation to an end, so that nobody learns its exit code. Where npm is the parent, the
 * key is therefore read by the program itself, which turns the terminal's own signals off as long as it listens.
 */
export interface InterruptKey {
  /** While a line is asked for, keys are the question's. */
  pause(): void;
  resume(): void;
  /** Gives the terminal back. */
  close(): void;
}

const controlC = 0x03;
const controlZ = 0x1a;
const noKey: InterruptKey = { pause: () => undefined, resume: () => undefined, close: () => undefined };

/** Listens for Ctrl-C on the controlling terminal; does nothing where npm is not the parent or there is no terminal to listen on. */
export function listenForInterruptKey(onInterrupt: () => void): InterruptKey {
  if (environmentVariable("npm_command") === undefined || !process.stderr.isTTY || !isInForeground()) return noKey;
  let stream: ReadStream | undefined;
  const close = (): void => {
    stream?.setRawMode(false);
    stream?.destroy();
    stream = undefined;
  };
  const open = (): void => {
    // A background process that changes the terminal's mode would be stopped by the kernel (SIGTTOU).
    if (stream !== undefined || !isInForeground()) return;
    stream = new ReadStream(openSync("/dev/tty", "r"));
    stream.setRawMode(true);
    stream.on("data", (keys: Buffer) => {
      if (keys.includes(controlC)) onInterrupt();
      if (keys.includes(controlZ)) suspend();
    });
    // Whoever only waits for keys is done.
    stream.unref();
  };
  const suspend = (): void => {
    close();
    process.once("SIGCONT", open);
    process.kill(0, "SIGTSTP");
  };
  process.once("exit", close);
  open();
  return { pause: close, resume: open, close };
}

/** Whether this process group is the one that the terminal listens to; only Linux tells without a program of its own. */
function isInForeground(): boolean {
  if (process.platform !== "linux") return false;
  // The name in parentheses may hold anything; after it: state, parent, process group, session, terminal, the terminal's process group (man 5 proc).
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields[2] === fields[5];
}
