import { UserError } from "../../../contract/user-error.ts";
import type { Lease } from "../../ports/lock.ts";
import { followVersion, isNewest, type LockContent } from "./lock-versions.ts";

export interface HeldRegion {
  readonly region: string;
  readonly folder: string;
  /** The number of the version that this process made last. */
  readonly number: number;
}

export interface LeaseStart {
  readonly held: readonly HeldRegion[];
  readonly content: LockContent;
  readonly takenAtMs: number;
  readonly stolen: boolean;
  readonly monotonicMs: () => number;
}

/** A lease is renewed by a timer after each third of its length, and once more just before a mutation where that is due. */
const renewalsPerLease = 3;

/** The lease of a process on its regions: renewed as one, lost as one. */
export function createLease(start: LeaseStart): Lease {
  const { content, monotonicMs } = start;
  const { leaseMs } = content;
  let held = start.held;
  /** Counted from before the renewal began: a challenger may have seen it no earlier. */
  let renewedAtMs = start.takenAtMs;
  let state: "held" | "lost" | "released" = "held";
  let queue: Promise<unknown> = Promise.resolve();

  async function renew(): Promise<void> {
    const beganMs = monotonicMs();
    const renewed: HeldRegion[] = [];
    for (const region of held) {
      if (!(await followVersion(region.folder, region.number, content))) return lose();
      renewed.push({ ...region, number: region.number + 1 });
    }
    held = renewed;
    renewedAtMs = beganMs;
  }

  function lose(): never {
    state = "lost";
    clearInterval(timer);
    throw lost(content, held);
  }

  async function assertHeld(): Promise<void> {
    if (state !== "held") throw lost(content, held);
    if (!held.every(({ folder, number }) => isNewest(folder, number))) return lose();
    if (monotonicMs() - renewedAtMs >= leaseMs / renewalsPerLease) await renew();
    if (monotonicMs() - renewedAtMs > leaseMs / 2) throw lost(content, held);
  }

  async function release(): Promise<void> {
    clearInterval(timer);
    if (state !== "held") return;
    state = "released";
    for (const { folder, number } of held) await followVersion(folder, number, { ...content, held: false });
  }

  function queued<T>(operate: () => Promise<T>): Promise<T> {
    const result = queue.then(operate);
    queue = result.catch(() => undefined);
    return result;
  }

  // What the timer finds out, the next assertHeld tells.
  const timer = setInterval(() => void queued(async () => (state === "held" ? renew() : undefined)).catch(() => undefined), leaseMs / renewalsPerLease);
  timer.unref();

  return {
    epoch: content.epoch,
    stolen: start.stolen,
    assertHeld: () => queued(assertHeld),
    remainingMs: () => (state === "held" ? leaseMs - (monotonicMs() - renewedAtMs) : 0),
    release: () => queued(release),
  };
}

function lost({ lockId, runId }: LockContent, held: readonly HeldRegion[]): UserError {
  return new UserError({
    code: "lock-lost",
    message: `the lock ${lockId} on ${held.map(({ region }) => region).join(", ")} is no longer held by this process`,
    hint: `Another process may carry run ${runId} on, or this one slept too long. \`optimizer status ${runId}\` shows it; \`optimizer resume ${runId}\` goes on.`,
  });
}
