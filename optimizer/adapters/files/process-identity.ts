import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { fileErrorCode } from "./state-errors.ts";

/** One process of one machine since its last start. Parts that a platform does not tell are null. */
export interface ProcessIdentity {
  readonly host: string;
  readonly bootId: string | null;
  /** The Linux namespaces in which the process's numbers mean something; equal for two processes that see each other. */
  readonly namespaces: string | null;
  readonly pid: number;
  /** Clock ticks since boot when the process began: tells it from a later one with the same pid. */
  readonly startTicks: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { host: hostname(), bootId: bootId(), namespaces: namespaces(), pid: process.pid, startTicks: startTicksOf("self") };
}

/**
 * True only where it is certain: same host, same boot, same namespaces, and no such process any more. A holder in a container is not seen
 * from outside (nor the other way round), so that its number says nothing: such a lock is taken over only after a whole lease.
 */
export function isCertainlyDead(holder: ProcessIdentity): boolean {
  if (holder.host !== hostname() || holder.bootId === null || holder.bootId !== bootId()) return false;
  if (holder.namespaces === null ? isLinux() : holder.namespaces !== namespaces()) return false;
  if (!isAlive(holder.pid)) return true;
  if (!procIsOurs()) return false;
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

/**
 * PID namespace for the number, network namespace since containers of one pod share the former and not the latter, time namespace for the
 * start (namespaces(7)). Null where a platform has none, or does not tell.
 */
function namespaces(): string | null {
  const links = ["pid", "net", "time"].map((name) => procLink(`/proc/self/ns/${name}`));
  return links[0] === null ? null : links.join(" ");
}

/** A lock without namespaces was written by an older version or another platform. */
function isLinux(): boolean {
  return namespaces() !== null;
}

/** Whether /proc shows the processes that we see: within `unshare --pid` without a /proc of its own it shows those outside. */
function procIsOurs(): boolean {
  return procLink("/proc/self") === String(process.pid);
}

/** Field 22 of /proc/<pid>/stat (proc(5)); the name before it may hold spaces and brackets. */
function startTicksOf(pid: number | "self"): string | null {
  const stat = procFile(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function procFile(path: string): string | null {
  return answered(() => readFileSync(path, "utf8"));
}

function procLink(path: string): string | null {
  return answered(() => readlinkSync(path));
}

/** Linux tells; elsewhere there is no such file. */
function answered(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return null;
    throw error;
  }
}
