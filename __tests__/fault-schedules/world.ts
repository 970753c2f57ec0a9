import { createChangeReader } from "../../optimizer/adapters/aws/change-reader.ts";
import { createMetricReader } from "../../optimizer/adapters/aws/metric-reader.ts";
import { foldRecord, startState } from "../../optimizer/core/execution/fold.ts";
import { unitOf } from "../../optimizer/core/metrics/catalogue.ts";
import type { JournalRecord } from "../../optimizer/core/model/journal-record.ts";
import type { ResourceRef } from "../../optimizer/core/model/resource-ref.ts";
import { refKey } from "../../optimizer/core/model/resource-ref.ts";
import type { RunState } from "../../optimizer/core/model/run-state.ts";
import type { ChangeReader } from "../../optimizer/ports/changes.ts";
import type { MetricReader } from "../../optimizer/ports/metrics.ts";
import type { RollbackRequest, RunSummary, StoredPlan } from "../../optimizer/ports/run-store.ts";
import { openAccount, type SimulatedAccount } from "../../simulation/account/account.ts";
import type { LogEntry } from "../../simulation/account/store.ts";
import { doDeed } from "./hand.ts";
import { type Schedule, troublesOf } from "./schedule.ts";
import { clientsOf, memoryStore, type SmallWorld, startMs } from "./small-account.ts";

const hourMs = 3_600_000;
/** Whoever comes back after days scores some hundred slots at one moment, with a few awaits each. */
const mostAwaitsAtOnce = 20_000;

/** What a process is to the lock: alive and renewing, standing still, or gone. */
export interface LockHolder {
  readonly name: string;
  isDead: boolean;
  isAsleep: boolean;
}

/** One call that changed the account, and who made it. */
export interface Mutation {
  readonly atMs: number;
  readonly region: string;
  readonly command: string;
  readonly input: object;
  readonly token: string;
  readonly step: string;
}

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
  readonly atMs: number;
}

/** What is on disk and in AWS at one moment of a run: all that is left when its process dies. */
export interface Moment {
  readonly log: number;
  readonly records: number;
  readonly mutations: number;
  readonly epoch: number;
  readonly isOpen: boolean;
  readonly isCreated: boolean;
  readonly isHeld: boolean;
  readonly requests: readonly RollbackRequest[];
}

/** What somebody else does while the run goes on, at its moment. */
interface Event {
  readonly atMs: number;
  happen(): Promise<void>;
}

/** Everything that outlives a process: AWS, its time, the stored plan, journal, lock and requests. */
export class World {
  readonly schedule: Schedule;
  readonly stored: StoredPlan;
  readonly log: LogEntry[];
  readonly account: SimulatedAccount;
  /** The same account as nobody disturbs it: what is said is compared with what these read. */
  readonly truth: { readonly changes: ChangeReader; readonly metrics: MetricReader };
  readonly records: JournalRecord[] = [];
  readonly mutations: Mutation[] = [];
  readonly violations: Violation[] = [];
  readonly requests: RollbackRequest[] = [];
  /** By resource: what somebody else did to it last, and when. */
  readonly touched = new Map<string, { readonly deed: string; readonly atMs: number }>();
  readonly tenants = new Set<string>();
  readonly deleted = new Set<string>();
  /** Resources, and parts of them (`partKey`), that are not those of the plan any more. */
  readonly madeAnew = new Set<string>();
  /** `<region>/<member>` that somebody gave a size of their own. */
  readonly foreignMembers = new Set<string>();
  /** By `<region>/<member>`: what somebody queued for its maintenance window. */
  readonly queued = new Map<string, { readonly atMs: number; readonly windowMs: number }>();
  run: RunSummary | undefined;
  isOpen = false;
  holder: LockHolder | undefined;
  epoch = 0;
  /** Leases are measured with it: it goes on only while a process stands still. */
  monotonicMs = 0;
  /** Awaits so far, over all processes. */
  awaits = 0;
  /** A process went round and round without any time passing: the play ends there. */
  isStuck = false;
  #awaitsAtOnce = { atMs: 0, awaits: 0 };
  /** Told at each await, before what is awaited happens. */
  onAwait: (at: number) => void = () => undefined;
  #state: RunState | undefined;
  readonly #events: Event[];

  /** With a moment of another world the run stands where it stood there when its process died. */
  constructor({ deployed, stored, scenario }: SmallWorld, schedule: Schedule, begun?: { readonly world: World; readonly moment: Moment }) {
    this.schedule = schedule;
    this.stored = stored;
    const store = memoryStore(begun?.world.log.slice(0, begun.moment.log) ?? deployed);
    this.log = store.log;
    const rush = { promotions: troublesOf(schedule, "rush").map(({ promotion }) => promotion) };
    const faults = troublesOf(schedule, "aws").map(({ fault }) => fault);
    const metricFaults = troublesOf(schedule, "metrics").map(({ fault }) => fault);
    this.account = openAccount(scenario({ ...rush, faults, metricFaults }), store);
    // What no capacity was there for does not run, whoever looks.
    const undisturbed = openAccount(scenario({ ...rush, faults: faults.filter(({ kind }) => kind === "insufficient-capacity") }), store);
    const others = clientsOf(undisturbed);
    this.truth = { changes: createChangeReader(others), metrics: createMetricReader(others, { unitOf }) };
    if (begun !== undefined) this.#standAt(begun.world, begun.moment);
    const events = [
      ...troublesOf(schedule, "hand").map((deed): Event => ({ atMs: startMs + deed.atHour * hourMs, happen: () => doDeed(deed, this, others) })),
      ...troublesOf(schedule, "asked-back").map(({ atHour }): Event => ({
        atMs: startMs + atHour * hourMs,
        happen: async () => void this.requests.push({ id: `asked at ${atHour} h`, phase: null, by: "a person" }),
      })),
    ];
    const beganMs = this.account.nowMs();
    this.#events = events.filter(({ atMs }) => begun === undefined || atMs > beganMs).toSorted((a, b) => a.atMs - b.atMs);
  }

  #standAt(world: World, { records, mutations, epoch, isOpen, isCreated, isHeld, requests }: Moment): void {
    this.requests.push(...requests);
    this.records.push(...world.records.slice(0, records));
    this.mutations.push(...world.mutations.slice(0, mutations));
    this.epoch = epoch;
    this.isOpen = isOpen;
    this.run = isCreated ? world.run : undefined;
    this.holder = isHeld ? { name: "the dead one", isDead: true, isAsleep: false } : undefined;
  }

  moment(): Moment {
    const { log, records, mutations, epoch, isOpen, run, holder } = this;
    return {
      log: log.length,
      records: records.length,
      mutations: mutations.length,
      epoch,
      isOpen,
      isCreated: run !== undefined,
      isHeld: holder !== undefined,
      requests: [...this.requests],
    };
  }

  get runId(): string {
    if (this.run === undefined) throw new Error("no run was created");
    return this.run.runId;
  }

  nowMs(): number {
    return this.account.nowMs();
  }

  /** Moves time; whatever somebody else does on the way happens at its moment. */
  async advanceTo(ms: number): Promise<void> {
    for (let event = this.#events[0]; event !== undefined && event.atMs <= ms; event = this.#events[0]) {
      this.#events.shift();
      this.account.advanceTo(event.atMs);
      await event.happen();
    }
    this.account.advanceTo(ms);
  }

  touch(ref: ResourceRef, deed: string): void {
    this.touched.set(refKey(ref), { deed, atMs: this.nowMs() });
  }

  /** The fold of what is on disk. */
  state(): RunState {
    const { plan } = this.stored;
    let state = this.#state ?? startState(plan, this.runId);
    for (const record of this.records.slice(state.lastSeq)) state = foldRecord(plan, state, record);
    this.#state = state;
    return state;
  }

  /** A run whose process died before its first record leaves nothing behind: another one may be made from the same plan. */
  begin(run: RunSummary): void {
    this.run = run;
    this.isOpen = true;
    this.#state = undefined;
  }

  /** Counts an await; a process that has too many of them at one moment is stuck. */
  countAwait(): number {
    this.awaits += 1;
    const atMs = this.nowMs();
    this.#awaitsAtOnce = { atMs, awaits: this.#awaitsAtOnce.atMs === atMs ? this.#awaitsAtOnce.awaits + 1 : 1 };
    if (this.#awaitsAtOnce.awaits <= mostAwaitsAtOnce) return this.awaits;
    this.isStuck = true;
    this.violate("time goes on", `${mostAwaitsAtOnce} awaits at one moment, after ${this.records.at(-1)?.type ?? "nothing"}`);
    return this.awaits;
  }

  /** What goes on being broken is told once. */
  violate(invariant: string, detail: string): void {
    const withoutFigures = (text: string): string => text.replaceAll(/\d+/g, "");
    if (this.violations.some((one) => one.invariant === invariant && withoutFigures(one.detail) === withoutFigures(detail))) return;
    this.violations.push({ invariant, detail, atMs: this.nowMs() });
  }
}
