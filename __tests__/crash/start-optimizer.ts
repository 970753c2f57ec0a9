import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

export interface Ended {
  /** Null where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process while it runs, so that it can be sent signals. */
export interface OptimizerProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The real command line, as its users start it. */
export function startOptimizer(args: readonly string[], environment: Readonly<Record<string, string>> = {}): OptimizerProcess {
  const child = spawn(process.execPath, [join(root, "bin/optimizer.js"), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
  return { child, ended };
}

export function optimizer(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startOptimizer(args, environment).ended;
}
