import { pagingBy } from "../support/pagers.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import { UserError } from "../../contract/user-error.ts";
import { createBirthReader } from "../../optimizer/adapters/aws/birth-reader.ts";
import { createChangeReader } from "../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../optimizer/adapters/aws/change-writer.ts";
import { createIdentityReader } from "../../optimizer/adapters/aws/identity-reader.ts";
import { createInventoryReader } from "../../optimizer/adapters/aws/inventory-reader.ts";
import { createMetricReader } from "../../optimizer/adapters/aws/metric-reader.ts";
import { createMutationPermit } from "../../optimizer/adapters/aws/mutation-permit.ts";
import { createResourceReader } from "../../optimizer/adapters/aws/resource-reader.ts";
import { createTagReader } from "../../optimizer/adapters/aws/tag-reader.ts";
import type { RunPorts } from "../../optimizer/app/drive-run.ts";
import { changeFacts, type Change } from "../../optimizer/core/levers/change-kinds.ts";
import { unitOf } from "../../optimizer/core/metrics/catalogue.ts";
import { sha256Hex } from "../../optimizer/core/model/hash.ts";
import type { JournalRecord, RecordDraft } from "../../optimizer/core/model/journal-record.ts";
import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import { ChangeRejected, Locked } from "../../optimizer/errors.ts";
import type { Lease, Lock } from "../../optimizer/ports/lock.ts";
import type { RunStore } from "../../optimizer/ports/run-store.ts";
import { partKey } from "./hand.ts";
import { atRest, onMutation, onRecord } from "./invariants.ts";
import { troublesOf, type Request } from "./schedule.ts";
import { clientsOf } from "./small-account.ts";
import type { LockHolder, World } from "./world.ts";

/** The process died. Whatever it does afterwards does not happen. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** What another operator does while this one stands still or lives. */
export type PlayOther = (request: Request) => Promise<void>;

export interface Process extends LockHolder {
  readonly ports: RunPorts;
  /** After its death: how long nobody looks. */
  awayHours: number;
}

/** One process at work on the account: the real adapters and SDK clients, with files, lock and clock in memory. */
export function openProcess(world: World, name: string, playOther: PlayOther): Process {
  const { account, stored } = world;
  const self: { -readonly [K in keyof LockHolder]: LockHolder[K] } & { awayHours: number } = { name, isDead: false, isAsleep: false, awayHours: 0 };
  const leaseMs = stored.plan.policy.lock.leaseSeconds * 1000;
  let lease: Lease | undefined;
  let pending: JournalRecord[] = [];

  function die(hours: number): never {
    self.isDead = true;
    self.awayHours = hours;
    pending = [];
    throw new Crash("killed");
  }

  /** Every await of a run goes through here. */
  async function step<T>(effect: () => T | Promise<T>): Promise<T> {
    await Promise.resolve();
    if (self.isDead) throw new Crash("dead");
    const at = world.countAwait();
    if (world.isStuck) die(0);
    world.onAwait(at);
    for (const trouble of troublesOf(world.schedule, "second")) if (trouble.at === at) await playOther(trouble.other);
    for (const trouble of troublesOf(world.schedule, "sleeper")) {
      if (trouble.at !== at) continue;
      self.isAsleep = true;
      await playOther(trouble.other);
      self.isAsleep = false;
      world.monotonicMs += 2 * leaseMs;
    }
    const death = troublesOf(world.schedule, "crash").find((trouble) => trouble.at === at);
    if (death?.when === "before") die(death.hours);
    const result = await effect();
    if (death?.when === "after") die(death.hours);
    return result;
  }

  /** A call to AWS: what it changed is noted even where nobody hears the answer. */
  async function aroundCall<T>(permitted: () => Promise<unknown>, call: () => Promise<T>): Promise<T> {
    return step(async () => {
      await permitted();
      const before = world.log.length;
      const reply = call();
      for (const entry of world.log.slice(before)) {
        if (entry.kind === "call") onMutation(world, self, entry);
      }
      return reply;
    });
  }

  const permit = createMutationPermit({ lease: () => lease, monotonicMs: () => world.monotonicMs });
  const clients = clientsOf(account, permit, aroundCall);
  const changes = createChangeReader(clients);
  const writer = createChangeWriter(clients, permit);
  const tags = createTagReader(clients);
  const births = createBirthReader(clients);
  const isDeleted = (change: Change): boolean => world.deleted.has(refKey(changeFacts(change).resourceOf(change)));

  function append(draft: RecordDraft, isDurable: boolean): JournalRecord {
    refuseFenced();
    const all = [...world.records, ...pending];
    const last = all.at(-1);
    const record = {
      v: 1,
      seq: all.length + 1,
      prev: last === undefined ? "0".repeat(64) : sha256Hex(canonicalJson(last)),
      epoch: lease?.epoch ?? 0,
      run: world.runId,
      account: stored.plan.accountId,
      ...draft,
    } as JournalRecord;
    pending.push(record);
    if (isDurable) world.records.push(...pending.splice(0));
    return record;
  }

  /** As the journal's file does, which notices that somebody else appended to it. */
  function refuseFenced(): void {
    if (world.holder === self) return;
    pending = [];
    throw new UserError({ code: "lock-lost", message: "the journal was written by another process", hint: "resume" });
  }

  const journal = () => ({
    runId: world.runId,
    read: () => step(() => [...world.records]),
    append: (draft: RecordDraft, durability: "durable" | "lazy") =>
      step(async () => {
        const before = world.state();
        const record = append(draft, durability === "durable");
        await onRecord(world, before, record);
        return record;
      }),
    close: () =>
      step(() => {
        if (world.holder === self) world.records.push(...pending.splice(0));
      }),
  });

  const lock: Lock = {
    acquire: () =>
      step(() => {
        const { holder } = world;
        if (holder !== undefined && holder !== self && !holder.isDead && !holder.isAsleep)
          throw new Locked(world.run?.runId ?? "", false, { message: `held by ${holder.name}`, hint: "wait" });
        // A process that stands still does not renew: its lease is waited for.
        if (holder?.isAsleep === true) world.monotonicMs += leaseMs;
        world.holder = self;
        world.epoch += 1;
        lease = heldLease(world.epoch, holder !== undefined);
        return lease;
      }),
    forceUnlock: () => step(() => undefined),
  };

  function heldLease(epoch: number, stolen: boolean): Lease {
    let renewedMs = world.monotonicMs;
    const isMine = (): boolean => world.holder === self && world.epoch === epoch;
    return {
      epoch,
      stolen,
      assertHeld: () =>
        step(() => {
          if (!isMine()) throw new UserError({ code: "lock-lost", message: "somebody else holds the lock", hint: "resume" });
          renewedMs = world.monotonicMs;
        }),
      remainingMs: () => (isMine() ? leaseMs - (world.monotonicMs - renewedMs) : 0),
      release: () =>
        step(() => {
          if (isMine()) world.holder = undefined;
        }),
    };
  }

  const ports: RunPorts = {
    metrics: createMetricReader(clients, { unitOf, pauseMs: 0 }),
    identity: createIdentityReader(clients),
    inventory: createInventoryReader(clients, world),
    tags: {
      tagsOf: async (refs, look) => [
        ...(await tags.tagsOf(refs, look)),
        ...(refs.some((ref) => world.tenants.has(refKey(ref))) ? [{ kind: "tags" as const, tags: { "tenant-id": "t-1" } }] : []),
      ],
    },
    changeReader: {
      stateOf: async (change) => {
        const state = await changes.stateOf(change);
        return isDeleted(change) ? { kind: "missing", detail: "deleted by somebody else" } : state;
      },
      reaches: (change, known) => changes.reaches(change, known),
      statesOf: async (asked, look) => {
        const states = await changes.statesOf(asked, look);
        return states.map((state, index) => {
          const change = asked[index];
          return change !== undefined && isDeleted(change) ? { kind: "missing", detail: "deleted by somebody else" } : state;
        });
      },
    },
    births: {
      bornOf: async (refs, look) =>
        (await births.bornOf(refs, look)).map((born, at) => (refs[at] !== undefined && world.madeAnew.has(partKey(refs[at])) ? "another" : born)),
    },
    resources: createResourceReader(clients, world),
    changeWriter: {
      apply: async (change, token, marks) => {
        if (isDeleted(change)) throw new ChangeRejected("missing", "NotFound", "deleted by somebody else");
        return writer.apply(change, token, marks);
      },
    },
    clock: {
      jumps: true,
      nowMs: () => world.nowMs(),
      monotonicMs: () => world.monotonicMs,
      sleepUntil: (ms, signal) =>
        step(async () => {
          signal?.throwIfAborted();
          if (ms <= world.nowMs()) return;
          // One whose lease is gone is told so when it wakes.
          if (world.holder === self) atRest(world, pending, ms);
          await world.advanceTo(ms);
        }),
    },
    reporter: { tell: () => undefined },
    lock,
    runs: runStoreOf(world, journal, step),
    plans: {
      load: () => step(() => stored),
      loadFile: () => step(() => stored),
      save: () => step(() => stored),
      baseline: () => Promise.reject(new Error("runs need no baseline")),
      webhookUrl: () => Promise.reject(new Error("runs ask their pagers")),
    },
    // Looked at once, when the world was made (small-account.ts).
    review: () => Promise.resolve([]),
    paging: pagingBy({ channel: "sns", send: () => step(() => undefined) }),
  };
  return Object.assign(self, { ports });
}

function runStoreOf(world: World, journal: () => Awaited<ReturnType<RunStore["create"]>>, step: <T>(effect: () => T) => Promise<T>): RunStore {
  const refuseOpen = (): void => {
    if (world.isOpen && world.records.length > 0) throw new UserError({ code: "run-open", message: `run ${world.runId} is open`, hint: "resume or rollback" });
  };
  return {
    refuseOpen: () => step(refuseOpen),
    create: (run) =>
      step(() => {
        refuseOpen();
        world.begin(run);
        return journal();
      }),
    open: () => step(() => ({ run: world.run!, journal: journal() })),
    close: () => step(() => void (world.isOpen = false)),
    list: () => step(() => []),
    request: (_runId, asked) =>
      step(() => {
        const request = { id: `request-${world.requests.length + 1}-${world.awaits}`, ...asked };
        world.requests.push(request);
        return request;
      }),
    // Not counted: looking changes nothing, and it is done between any two things.
    requests: async () => [...world.requests],
    settle: (_runId, id) => step(() => void world.requests.splice(0, world.requests.length, ...world.requests.filter((each) => each.id !== id))),
  };
}
