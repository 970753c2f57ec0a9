import { UserError } from "../../contract/user-error.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import { startRun, type Driver, type RunPorts, resumeRun } from "../../optimizer/app/drive-run.ts";
import { foldAll } from "../../optimizer/core/execution/fold.ts";
import type { Change } from "../../optimizer/core/levers/change-kinds.ts";
import { resourceAt } from "../../optimizer/core/levers/resource-kinds.ts";
import { hashOf, sha256Hex } from "../../optimizer/core/model/hash.ts";
import type { JournalRecord, RecordDraft } from "../../optimizer/core/model/journal-record.ts";
import type { Observation, SeriesKey, Span } from "../../optimizer/core/model/observation.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { RunState } from "../../optimizer/core/model/run-state.ts";
import type { ResourceRef, Tags } from "../../optimizer/core/model/resource-ref.ts";
import type { PageMessage } from "../../optimizer/core/paging/page-message.ts";
import type { ServiceEvent } from "../../optimizer/ports/inventory.ts";
import type { Pager } from "../../optimizer/ports/pager.ts";
import type { RunEvent } from "../../optimizer/ports/reporter.ts";
import type { RollbackRequest, RunSummary, StoredPlan } from "../../optimizer/ports/run-store.ts";
import { pagingBy } from "./pagers.ts";
import { AccountAtWork } from "./account-at-work.ts";
import { startMs } from "./plan-builder.ts";

/** The process died. Whatever it does afterwards does not happen. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** What a balancer of the region shows in the slot that starts at `ms`; `null` where AWS has no point. */
export interface SlotTraffic {
  readonly requests: number | null;
  readonly errors: number | null;
  readonly p99Seconds: number | null;
  readonly hosts: number | null;
}

export const healthy: SlotTraffic = { requests: 1000, errors: null, p99Seconds: 0.1, hosts: 8 };

export interface AccountScript {
  traffic?(region: string, ms: number, aws: AccountAtWork): SlotTraffic;
  /** How late the region's metrics are: newer points are not there yet. */
  lateMinutes?(region: string, nowMs: number): number;
  /** CPU of the region's group, percent; null where CloudWatch has no point. */
  cpu?(region: string, ms: number, aws: AccountAtWork): number | null;
  /** Read units of the index in a period. */
  indexReads?(ms: number): number;
  tags?(ref: ResourceRef, ms: number): readonly Tags[];
  /** What AWS gave the resource when it was made; absent: what the plan says, of whom it says so. */
  born?(ref: ResourceRef, ms: number): string | undefined;
  /** What AWS tells of a region's databases and caches; nothing, unless said. */
  events?(region: string, ms: number): readonly ServiceEvent[];
  /** Called before each mutation; what it throws is the reply, and nothing was changed. */
  refuse?(change: Change, mutations: number): void | Promise<void>;
  /** Somebody else at work, whenever time has passed. */
  hand?(account: TestAccount): void | Promise<void>;
  /** Called before each describe; what it throws is the reply. */
  unreadable?(change: Change): void | Promise<void>;
  /** Every describe is as of so long ago, on the account's own clock. */
  readonly staleSeconds?: number;
  /** Who is told; each message is a call at which the process may die. */
  readonly pagers?: readonly Pager[];
  /** Who else a change would reach. */
  reaches?(change: Change): readonly string[];
}

/** When the process dies: at the n-th call of a port, before its effect or after it with the reply lost. */
export interface CrashPoint {
  readonly call: number;
  readonly when: "before" | "after";
}

/** Everything that outlives a process: AWS, the clock, the stored plan, journal, lock. */
export class TestAccount {
  nowMs = startMs;
  readonly aws: AccountAtWork;
  readonly records: JournalRecord[] = [];
  readonly stored: StoredPlan;
  readonly events: RunEvent[] = [];
  readonly script: AccountScript;
  readonly violations: string[] = [];
  readonly requests: RollbackRequest[] = [];
  run: RunSummary | undefined;
  open = false;
  holder: { readonly alive: () => boolean } | undefined;
  epoch = 0;
  calls = 0;
  died = false;

  constructor(plan: Plan, script: AccountScript = {}) {
    this.stored = { hash: hashOf(plan), plan };
    this.script = script;
    this.aws = new AccountAtWork(plan, () => this.nowMs, script.staleSeconds);
  }

  get runId(): string {
    if (this.run === undefined) throw new Error("no run was created");
    return this.run.runId;
  }

  state(): RunState {
    return foldAll(this.stored.plan, this.runId, this.records);
  }

  types(): readonly string[] {
    return this.records.map(({ type }) => type);
  }
}

export const driver: Driver = { who: "tester", toolVersion: "0", mode: "foreground" };

/** One process at work on the account. */
export function openProcess(account: TestAccount, crash?: CrashPoint): RunPorts {
  const process = { dead: false };
  account.died = false;
  let calls = 0;
  const pending: JournalRecord[] = [];

  async function call<T>(effect: () => T | Promise<T>): Promise<T> {
    await Promise.resolve();
    if (process.dead) throw new Crash("dead");
    calls += 1;
    account.calls = calls;
    const dies = crash?.call === calls;
    if (dies && crash.when === "before") return die();
    const result = await effect();
    if (process.dead) throw new Crash("dead");
    if (dies) return die();
    return result;
  }
  function die(): never {
    process.dead = true;
    account.died = true;
    pending.length = 0;
    throw new Crash("killed");
  }
  function append(draft: RecordDraft, durable: boolean): JournalRecord {
    const all = [...account.records, ...pending];
    const last = all.at(-1);
    const record = {
      v: 1,
      seq: all.length + 1,
      prev: last === undefined ? "0".repeat(64) : sha256Hex(canonicalJson(last)),
      epoch: account.epoch,
      run: account.runId,
      account: account.stored.plan.accountId,
      ...draft,
    } as JournalRecord;
    pending.push(record);
    if (durable) account.records.push(...pending.splice(0));
    return record;
  }
  function refuseOpen(): void {
    if (account.open && account.records.length > 0)
      throw new UserError({ code: "run-open", message: `run ${account.run?.runId} is open`, hint: "resume or rollback" });
  }
  const journal = () => ({
    runId: account.runId,
    read: () => call(() => [...account.records]),
    append: (draft: RecordDraft, durability: "durable" | "lazy") => call(() => append(draft, durability === "durable")),
    close: () => call(() => void account.records.push(...pending.splice(0))),
  });

  return {
    metrics: { read: (region, keys, span) => call(() => keys.map((key) => observe(account, region, key, span))), requestsMade: () => 0 },
    tags: { tagsOf: (refs) => call(() => refs.flatMap((ref) => account.script.tags?.(ref, account.nowMs) ?? [{ kind: "tags", tags: {} }])) },
    births: { bornOf: (refs) => call(() => refs.map((ref) => account.script.born?.(ref, account.nowMs))) },
    resources: {
      describe: (ref) =>
        call(() => resourceAt(account.stored.plan.inventory, ref) ?? { ref, reason: "not-found", detail: `${ref.id} is not in the plan's inventory` }),
      eventsOf: (region) => call(() => account.script.events?.(region, account.nowMs) ?? []),
    },
    identity: { whoAmI: () => call(() => ({ accountId: account.stored.plan.accountId, arn: "arn:aws:iam::123456789012:role/tester" })) },
    inventory: {
      describe: ({ region }) =>
        call(() => ({ resources: account.stored.plan.inventory.resources.filter(({ ref }) => ref.region === region), undescribed: [] })),
    },
    changeReader: {
      stateOf: (change) =>
        call(async () => {
          await account.script.unreadable?.(change);
          return account.aws.stateOf(change);
        }),
      reaches: (change) => call(() => account.script.reaches?.(change) ?? []),
      statesOf: (changes) =>
        call(async () => {
          for (const change of changes) await account.script.unreadable?.(change);
          return Promise.all(changes.map((change) => account.aws.stateOf(change)));
        }),
    },
    changeWriter: {
      apply: (change, token, marks) =>
        call(async () => {
          const intended = account.records.some((record) => (record.type === "INTENT" || record.type === "RB_INTENT") && record.body.token === token);
          const attempted = account.records.at(-1)?.type === "ATTEMPT" && pending.length === 0;
          if (!intended || !attempted) account.violations.push(`${change.kind} without a durable INTENT and ATTEMPT`);
          if (account.holder?.alive() !== true) account.violations.push(`${change.kind} without the lock`);
          await account.script.refuse?.(change, account.aws.mutations.length);
          await account.aws.apply(change, token, marks);
        }),
    },
    clock: {
      jumps: true,
      nowMs: () => account.nowMs,
      monotonicMs: () => 0,
      sleepUntil: (ms, signal) =>
        call(async () => {
          signal?.throwIfAborted();
          account.nowMs = Math.max(account.nowMs, ms);
          await account.script.hand?.(account);
        }),
    },
    reporter: { tell: (event) => void account.events.push(event) },
    lock: {
      acquire: () =>
        call(() => {
          if (account.holder?.alive() === true) throw new UserError({ code: "locked", message: "held", hint: "wait" });
          const stolen = account.holder !== undefined;
          account.epoch += 1;
          account.holder = { alive: () => !process.dead };
          return {
            epoch: account.epoch,
            stolen,
            assertHeld: () => call(() => undefined),
            remainingMs: () => 60_000,
            release: () => call(() => void (account.holder = undefined)),
          };
        }),
      forceUnlock: () => call(() => undefined),
    },
    runs: {
      refuseOpen: () => call(refuseOpen),
      create: (run) =>
        call(() => {
          refuseOpen();
          account.run = run;
          account.open = true;
          return journal();
        }),
      open: () => call(() => ({ run: account.run!, journal: journal() })),
      close: () => call(() => void (account.open = false)),
      list: () => call(() => []),
      // Not counted among the calls at which a process may die: looking changes nothing.
      request: async (_runId, asked) => {
        const request = { id: `request-${account.requests.length + 1}`, ...asked };
        account.requests.push(request);
        return request;
      },
      requests: async () => [...account.requests],
      settle: async (_runId, id) => void account.requests.splice(0, account.requests.length, ...account.requests.filter((each) => each.id !== id)),
    },
    plans: {
      load: () => call(() => account.stored),
      loadFile: () => call(() => account.stored),
      save: () => call(() => account.stored),
      baseline: () => Promise.reject(new Error("plans that a test wrote have no baseline")),
      webhookUrl: () => Promise.reject(new Error("runs ask their pagers")),
    },
    // No rule made them of one either.
    review: () => Promise.resolve([]),
    paging: pagingBy(
      ...(account.script.pagers ?? []).map((pager) => ({
        ...pager,
        send: (message: PageMessage, stop?: AbortSignal) => call(() => pager.send(message, stop)),
      })),
    ),
  };
}

/** Starts the run, or goes on with it where it was created already. */
export async function drive(account: TestAccount, crash?: CrashPoint, options: Partial<Driver> = {}): Promise<"done" | "crashed"> {
  const ports = openProcess(account, crash);
  try {
    if (account.run === undefined || account.records.length === 0) await startRun(account.stored, { ...driver, ...options }, ports);
    else await resumeRun(account.runId, { ...driver, ...options }, ports);
    return "done";
  } catch (error) {
    // Whatever a dying process says is its death: some errors are told in other words.
    if (account.died) return "crashed";
    throw error;
  }
}

function observe(account: TestAccount, region: string, key: SeriesKey, span: Span): Observation {
  const periodMs = key.periodSeconds * 1000;
  const knownToMs = account.nowMs - (account.script.lateMinutes?.(region, account.nowMs) ?? 0) * 60_000;
  const values = Float64Array.from({ length: (span.endMs - span.startMs) / periodMs }, (_, index) => {
    const ms = span.startMs + index * periodMs;
    return (ms + periodMs <= knownToMs ? valueAt(account, region, key, ms) : null) ?? Number.NaN;
  });
  return { key, unit: "Count", startMs: span.startMs, values, status: "complete" };
}

function valueAt(account: TestAccount, region: string, key: SeriesKey, ms: number): number | null {
  if (key.namespace === "AWS/DynamoDB") {
    if (key.dimensions.GlobalSecondaryIndexName === undefined) return 5;
    return key.metric === "ConsumedReadCapacityUnits" ? (account.script.indexReads?.(ms) ?? 0) || null : null;
  }
  if (key.metric === "CPUUtilization") return account.script.cpu?.(region, ms, account.aws) ?? null;
  const traffic = account.script.traffic?.(region, ms, account.aws) ?? healthy;
  switch (key.metric) {
    case "RequestCount":
      return traffic.requests;
    case "HTTPCode_Target_5XX_Count":
      return traffic.errors;
    case "HTTPCode_ELB_5XX_Count":
      return null;
    case "TargetResponseTime":
      return traffic.p99Seconds;
    default:
      return traffic.hosts;
  }
}
