import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../../contract/user-error.ts";
import type { Holder, Lease, Lock } from "../../ports/lock.ts";
import { Locked } from "../../errors.ts";
import { createLease, type HeldRegion } from "./lease.ts";
import { namesIn } from "./durable-files.ts";
import { followVersion, lockFolder, readLock, type LockContent, type LockVersion } from "./lock-versions.ts";
import { isCertainlyDead, thisProcess } from "./process-identity.ts";
import { withStateErrors } from "./state-errors.ts";
import { openStateFolder } from "./state-folder.ts";
import { settleHome } from "./state-home.ts";
import { checkedId } from "./state-ids.ts";

export interface LockOptions {
  readonly leaseMs: number;
  /** Never goes back; leases are measured with it, since wall clocks of two machines need not agree. */
  readonly monotonicMs: () => number;
  /** Told once when a held lock is waited for longer than a moment: whose it is, and how long that may take. */
  readonly onWait?: (message: string) => void;
  /** The account is in the folder, so that a copy of the folder is a copy of the account. Absent: it is elsewhere, and a copy of the folder is refused. */
  readonly isAccountInFolder?: boolean;
}

/** A wait that is longer than this is reported. */
const silentMs = 2_000;
/** Polls at a held lock during the wait of one lease. */
const looksPerLease = 20;

interface Candidate {
  readonly region: string;
  readonly folder: string;
  readonly version: LockVersion;
  readonly stolen: boolean;
}

/**
 * Locks in `<folder>/locks/<account>/<region>/`. A held lock is taken over when its holder is certainly dead, or when its
 * version did not change for a whole lease of this process's own time; a version that changes shows a holder who lives: `locked`.
 */
export function createLock(folder: string, options: LockOptions): Lock {
  async function candidateFor(root: string, accountId: string, region: string): Promise<Candidate> {
    const regionFolder = await lockFolder(root, checkedId("account id", accountId), checkedId("region", region));
    const version = await readLock(regionFolder);
    const { content } = version;
    if (content === null || !content.held) return { region, folder: regionFolder, version, stolen: false };
    if (!isCertainlyDead(content.process)) await waitOneLease(regionFolder, version, content, region);
    return { region, folder: regionFolder, version, stolen: true };
  }

  async function waitOneLease(regionFolder: string, version: LockVersion, content: LockContent, region: string): Promise<void> {
    const leaseMs = Math.max(content.leaseMs, options.leaseMs);
    const startedMs = options.monotonicMs();
    let isTold = false;
    for (let waitedMs = 0; waitedMs < leaseMs; waitedMs = options.monotonicMs() - startedMs) {
      if (!isTold && waitedMs >= Math.min(silentMs, leaseMs / 4)) {
        options.onWait?.(`${heldBy(region, content)}; if it does not stir, its lock is taken over in ${Math.ceil((leaseMs - waitedMs) / 1000)} s`);
        isTold = true;
      }
      await pause(Math.min(silentMs, leaseMs / looksPerLease));
      const now = await readLock(regionFolder);
      if (now.number !== version.number) throw locked(region, now.content ?? content);
    }
  }

  async function acquire(root: string, accountId: string, regions: readonly string[], holder: Holder): Promise<Lease> {
    const candidates: Candidate[] = [];
    for (const region of [...new Set(regions)].toSorted()) candidates.push(await candidateFor(root, accountId, region));
    const content: LockContent = {
      v: 1,
      lockId: randomUUID(),
      epoch: 1 + Math.max(...candidates.map(({ version }) => version.content?.epoch ?? 0)),
      held: true,
      ...holder,
      leaseMs: options.leaseMs,
      process: thisProcess(),
    };
    const takenAtMs = options.monotonicMs();
    const held: HeldRegion[] = [];
    for (const { region, folder: regionFolder, version } of candidates) {
      if (await followVersion(regionFolder, version.number, content)) {
        held.push({ region, folder: regionFolder, number: version.number + 1 });
        continue;
      }
      // All regions or none.
      for (const taken of held) await followVersion(taken.folder, taken.number, { ...content, held: false });
      throw locked(region, (await readLock(regionFolder)).content ?? content);
    }
    return createLease({ held, content, takenAtMs, stolen: candidates.some(({ stolen }) => stolen), monotonicMs: options.monotonicMs });
  }

  async function forceUnlock(root: string, lockId: string): Promise<void> {
    checkedId("lock id", lockId);
    let found = false;
    for (const accountId of await namesIn(join(root, "locks"))) {
      for (const region of await namesIn(join(root, "locks", accountId))) {
        const regionFolder = await lockFolder(root, accountId, region);
        const { number, content } = await readLock(regionFolder);
        if (content?.held !== true || content.lockId !== lockId) continue;
        found = (await followVersion(regionFolder, number, { ...content, held: false })) || found;
      }
    }
    if (!found)
      throw new UserError({
        code: "unknown-lock",
        message: `no lock is held with the id ${lockId}`,
        hint: "Take the id from the message that says who holds the lock.",
      });
  }

  const inState = <T>(operate: (root: string) => Promise<T>): Promise<T> => withStateErrors(folder, async () => operate(await openStateFolder(folder)));

  return {
    acquire: (accountId, regions, holder) =>
      inState(async (root) => {
        if (options.isAccountInFolder !== true) await settleHome(root);
        return acquire(root, accountId, regions, holder);
      }),
    forceUnlock: (lockId) => inState((root) => forceUnlock(root, lockId)),
  };
}

function locked(region: string, content: LockContent): Locked {
  return new Locked(content.runId, !content.held, {
    message: heldBy(region, content),
    hint: `Wait until that run ends. If its process is certainly gone: optimizer force-unlock ${content.lockId}`,
  });
}

function heldBy(region: string, { who, runId, lockId, process: { host, pid } }: LockContent): string {
  return `${region} is locked by ${who} (run ${runId}, process ${pid} on ${host}, lock ${lockId})`;
}
