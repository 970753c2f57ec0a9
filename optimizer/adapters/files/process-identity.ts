import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileErrorCode } from "./state-errors.ts";

/** One process of one machine since its last start. Parts that a platform does not tell are null. */
export interface ProcessIdentity {
  readonly host: string;
  readonly bootId: string | null;
  readonly pid: number;
  /** Clock ticks since boot when the process began: tells it from a later one with the same pid. */
  readonly startTicks: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), bootId: bootId(), pid: process.pid, startTicks: startTicksOf(process.pid) };
}

/** True only where it is certain: same host, same boot, and no such process any more. */
export function isCertainlyDead(holder: ProcessIdentity): boolean {
  if (holder.host !== hostname() || holder.bootId === null || holder.bootId !== bootId()) return false;
  if (!isAlive(holder.pid)) return true;
  const now = startTicksOf(holder.pid);
  return now !== null && holder.startTicks !== null && now !== holder.startTicks;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, of another user.
    return fileErrorCode(error) !== "ESRCH";
  }
}

function bootId(): string | null {
  return procFile("/proc/sys/kernel/random/boot_id")?.trim() ?? null;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); the name before it may hold spaces and brackets. */
function startTicksOf(pid: number): string | null {
  const stat = procFile(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

/** Linux tells; elsewhere there is no such file. */
function procFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return null;
    throw error;
  }
}
