import { draftOf } from "../core/execution/draft.ts";
import { type Polls, noPolls } from "../core/execution/polls.ts";
import { foldRecord } from "../core/execution/fold.ts";
import type { Round } from "../core/model/action.ts";
import type { RecordOf, RecordType } from "../core/model/journal-record.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { ChangeReader, ChangeWriter } from "../ports/changes.ts";
import type { Clock } from "../ports/clock.ts";
import type { BirthReader, ResourceReader, TagReader } from "../ports/inventory.ts";
import type { Journal } from "../ports/journal.ts";
import type { Lease } from "../ports/lock.ts";
import type { MetricReader } from "../ports/metrics.ts";
import type { Paging } from "../ports/pager.ts";
import type { Reporter } from "../ports/reporter.ts";
import { ofThePlan } from "./of-the-plan.ts";

/** What carrying out a run needs. */
export interface ActingPorts {
  readonly metrics: MetricReader;
  readonly tags: TagReader;
  readonly changeReader: ChangeReader;
  readonly births: BirthReader;
  readonly resources: ResourceReader;
  readonly changeWriter: ChangeWriter;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly paging: Paging;
}

export interface Where {
  readonly phase: PhaseNumber | null;
  readonly region: string | null;
  readonly round?: Round;
  readonly op?: string;
}

/** One process carrying out one run: the journal's fold, and what only this process knows. */
export interface RunContext {
  readonly plan: Plan;
  readonly runId: string;
  readonly ports: ActingPorts;
  readonly lease: Lease;
  state(): RunState;
  polls(): Polls;
  notePoll(change: (polls: Polls) => Polls): void;
  /** Appends, folds, tells. Everything but slots is durable before this resolves: slots may be lost and are recomputed. */
  journal<T extends RecordType>(where: Where, type: T, body: RecordOf<T>["body"]): Promise<void>;
  append(draft: Parameters<Journal["append"]>[0]): Promise<void>;
  /** True the first time that this is to be told. */
  warnOnce(message: string): boolean;
  /** Whether this error came from the journal itself, after which nothing may be done any more. */
  isFatal(error: unknown): boolean;
}

export interface OpenRun {
  readonly runId: string;
  readonly journal: Journal;
  /** The fold of what the journal holds. */
  readonly state: RunState;
}

export function openContext(plan: Plan, run: OpenRun, ports: ActingPorts, lease: Lease): RunContext {
  let { state } = run;
  let polls = noPolls;
  const told = new Set<string>();
  let fatal: { readonly error: unknown } | undefined;

  async function append(draft: Parameters<Journal["append"]>[0]): Promise<void> {
    try {
      const record = await run.journal.append(draft, draft.type === "SLOT" ? "lazy" : "durable");
      state = foldRecord(plan, state, record);
      ports.reporter.tell({ kind: "recorded", record, plan, state });
    } catch (error) {
      fatal = { error };
      throw error;
    }
  }

  return {
    plan,
    runId: run.runId,
    ports: { ...ports, changeReader: ofThePlan(ports.changeReader, ports.births, plan.inventory) },
    lease,
    state: () => state,
    polls: () => polls,
    notePoll: (change) => {
      polls = change(polls);
    },
    journal: ({ phase, region, round = 1, op }, type, body) => append(draftOf({ atMs: ports.clock.nowMs(), phase, region, round }, type, body, op ?? null)),
    append,
    warnOnce: (message) => !told.has(message) && told.add(message).has(message),
    isFatal: (error) => fatal?.error === error,
  };
}
