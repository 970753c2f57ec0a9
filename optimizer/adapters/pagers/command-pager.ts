import { spawn } from "node:child_process";
import type { PageMessage } from "../../core/paging/page-message.ts";
import { PageFailed } from "../../errors.ts";
import type { Pager } from "../../ports/pager.ts";

const longestStderr = 200;
const lastWordsMs = 500;

/**
 * Starts a program for each message, without a shell, and writes the message to its standard input as one line of JSON. It has told it when it
 * ends with 0. After `timeoutMs`, or when this process is stopped, it is killed, with whatever it started.
 */
export function createCommandPager([program = "", ...words]: readonly string[], timeoutMs: number): Pager {
  return { channel: "command", send: (message, stop) => told(program, words, message, { timeoutMs, stop }) };
}

interface Limits {
  readonly timeoutMs: number;
  readonly stop: AbortSignal | undefined;
}

function told(program: string, words: readonly string[], message: PageMessage, { timeoutMs, stop }: Limits): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, so that what it starts can be ended with it. What it prints is nobody's: only errors are kept, a little of them.
    const child = spawn(program, words, { shell: false, detached: true, stdio: ["pipe", "ignore", "pipe"] });
    let stderr = "";
    let isOver = false;
    const end = (words?: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      stop?.removeEventListener("abort", stopped);
      // A grandchild may hold them open: nothing more is waited for.
      child.stdin.destroy();
      child.stderr.destroy();
      child.unref();
      if (words === undefined) resolve();
      else reject(new PageFailed(`${program} ${words}`));
    };
    const timer = setTimeout(() => end(`${killGroup(child.pid)} after ${timeoutMs / 1000} s`), timeoutMs);
    const stopped = (): void => end(`${killGroup(child.pid)}, since this process was stopped`);
    stop?.addEventListener("abort", stopped);
    if (stop?.aborted === true) stopped();
    child.once("error", (error) => end(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      if (code === 0) return end();
      const why = code === null ? `was ended by ${signal ?? "a signal"}` : `ended with ${code}`;
      const tell = (): void => end(stderr === "" ? why : `${why}: ${stderr.trim()}`);
      // What it said last may still be on its way; a grandchild may keep that open for ever.
      child.once("close", tell);
      setTimeout(tell, lastWordsMs).unref();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = `${stderr}${text}`.slice(0, longestStderr)));
    // A program that does not read what it is told may still have told it: its exit code says so.
    child.stdin.on("error", () => undefined);
    child.stdin.end(`${JSON.stringify(message)}\n`);
  });
}

/** What came of it, in words: nothing that fails here may end the run. */
function killGroup(pid: number | undefined): string {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
    return "was ended";
  } catch (error) {
    return `was given up, and could not be ended (${error instanceof Error ? error.message : String(error)}),`;
  }
}
