import { readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { UserError } from "../../../contract/user-error.ts";

/** Exclusive use of a file among the processes of one machine, held for the milliseconds of one AWS call. */
export interface FileLock {
  exclusively<T>(work: () => T): T;
}

const pauseMs = 2;
const patienceMs = 15_000;

/**
 * The lock is a symbolic link to nowhere but its owner: making it is atomic, and it appears with that in it. A lock whose owner
 * is dead is taken away, under a lock of its own, so that two who notice at once cannot take away each other's; who dies while taking one
 * away leaves that second lock behind, which is taken away in the same way.
 */
export function createFileLock(path: string): FileLock {
  let depth = 0;
  return {
    exclusively: (work) => {
      if (depth === 0) acquire(path);
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
        if (depth === 0) remove(path);
      }
    },
  };
}

function acquire(path: string): void {
  for (let waitedMs = 0; !tryMake(path); waitedMs += pauseMs) {
    if (waitedMs > patienceMs) throw stuck(path);
    removeIfDead(path);
    pause(pauseMs);
  }
}

function removeIfDead(path: string): void {
  if (isAlive(ownerOf(path))) return;
  const breaking = `${path}.breaking`;
  if (!tryMake(breaking)) return removeIfDead(breaking);
  try {
    if (!isAlive(ownerOf(path))) remove(path);
  } finally {
    remove(breaking);
  }
}

function tryMake(path: string): boolean {
  try {
    symlinkSync(thisOwner(), path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** One that somebody removed by hand is fine. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

/** `<pid>` or, where the platform has namespaces, `<pid>@<PID namespace>`: the number means nothing in another container. */
function thisOwner(): string {
  return namespace === "" ? String(process.pid) : `${process.pid}@${namespace}`;
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch (error) {
    // Only Linux has them.
    if (hasCode(error, "ENOENT") || hasCode(error, "EACCES")) return "";
    throw error;
  }
}

const namespace = pidNamespace();

/** The process that holds the lock; undefined when it was released meanwhile. */
function ownerOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Whoever cannot be seen from here counts as alive. Older versions named no namespace. */
function isAlive(owner: string | undefined): boolean {
  const [pid, of = namespace] = owner?.split("@") ?? [];
  if (pid === undefined || of !== namespace) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Blocks this thread: a simulated AWS call is synchronous within. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function stuck(path: string): UserError {
  return new UserError({
    code: "account-locked",
    message: `the simulated account's lock ${path} was held for more than ${patienceMs / 1000} s`,
    hint: `if no optimizer is running, remove ${path} and what begins with ${path}.breaking`,
  });
}
