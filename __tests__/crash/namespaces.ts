import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { OptimizerProcess } from "./start-optimizer.ts";

const root = join(import.meta.dirname, "..", "..");
const unshare = ["--pid", "--fork", "--kill-child", "--mount-proc"];

const exists = spawnSync("unshare", ["--version"]).status === 0;
const works = exists && spawnSync("unshare", [...unshare, "true"]).status === 0;

/** Empty where a PID namespace can be made; else why not. */
export const noNamespaces = works ? "" : exists ? "a PID namespace needs root" : "there is no unshare(1)";

/** Where everything must be tried, only a machine without the program may leave it out. */
export const mustHaveNamespaces = exists && process.env["TAP_REQUIRE_REAL_PARTS"] === "1";

/** The real command line as process 1 of a PID namespace of its own, as in a container. Killing the child kills all of it. */
export function startInNamespace(args: readonly string[]): OptimizerProcess {
  const child = spawn("unshare", [...unshare, process.execPath, join(root, "bin/optimizer.js"), ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
  return { child, ended };
}
