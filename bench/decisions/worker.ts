import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Judged } from "./judge-account.ts";
import type { Judge } from "./judge-all.ts";

/** What a worker answers a number with, as one line of JSON. */
export interface Answer {
  readonly account: number;
  readonly judged: readonly Judged[];
}

export interface Worker extends Judge {
  /** Ends it, whatever it is at. */
  stop(): void;
}

/**
 * Starts a process that judges the accounts whose numbers it reads. It is in a process group of its own, so that Ctrl-C comes to the one that
 * prints alone.
 */
export function startWorker(script: string, flags: readonly string[]): Worker {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...flags], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`a worker ended with ${String(code)}`)));
  });
  // Whoever waits for an answer is told; while nobody does, an end is none of anybody's.
  ended.catch(() => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async judge(account) {
      child.stdin.write(`${account}\n`);
      const { value, done } = await Promise.race([answers.next(), ended]);
      if (done === true) throw new Error(`a worker ended while it judged account ${account}`);
      return (JSON.parse(value) as Answer).judged;
    },
    stop() {
      child.kill();
    },
  };
}

/** The other side: answers each number that comes. */
export async function workAsTold(judge: (account: number) => Promise<readonly Judged[]>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const account = Number(line);
    const answer: Answer = { account, judged: await judge(account) };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
