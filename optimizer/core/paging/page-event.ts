import type { Round } from "../model/action.ts";
import type { JournalRecord, RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { RunState, StageState } from "../model/run-state.ts";
import { plannedStage } from "../execution/edit-state.ts";
import { remainingCommands } from "../execution/next-undo.ts";
import { isOnWayBack } from "../execution/stage-status.ts";
import { duration } from "../report/figures.ts";
import { outcomeWords } from "../report/words.ts";

/**
 * `unreadable`: a region is held since its evidence could not be read. `rollback-delayed`: AWS throttles or refuses a way back, which is tried
 * again. `rollback-late`: it has taken longer than the policy's minutes, whatever the reason. `ended`: closed otherwise than well.
 */
export type PageKind = "needs-human" | "unreadable" | "breach" | "rollback-delayed" | "rollback-late" | "ended";

/** What somebody is to be told of, once. */
export interface PageEvent {
  /** Kind and number of the record that it is about: `breach:41`. The same whoever looks, and whenever. */
  readonly id: string;
  readonly kind: PageKind;
  readonly phase: PhaseNumber | null;
  readonly region: string | null;
  readonly round: Round;
  readonly reason: string;
  /** For a person, in the optimizer's own words (`optimizer rollback RUN`) and AWS's. */
  readonly commands: readonly string[];
}

const minuteMs = 60_000;

/** Everything that somebody is to be told of at `nowMs`, whether told already or not; what a person has answered since is left out. */
export function pageEvents(plan: Plan, state: RunState, nowMs: number): readonly PageEvent[] {
  return [
    ...askedEvents(state),
    ...breachEvents(state),
    ...wayBackStages(plan, state).flatMap((wayBack) => [...delayedEvents(state, wayBack), ...(nowMs >= wayBack.lateAtMs ? [lateEvent(plan, wayBack)] : [])]),
    ...endEvents(plan, state),
  ];
}

/** The next moment at which a way back that is not done by then is to be told; undefined without one. */
export function nextLateMs(plan: Plan, state: RunState, nowMs: number): number | undefined {
  const coming = wayBackStages(plan, state).flatMap(({ lateAtMs }) => (lateAtMs > nowMs ? [lateAtMs] : []));
  return coming.length === 0 ? undefined : Math.min(...coming);
}

function placeOf({ phase, region, round = 1 }: JournalRecord): Pick<PageEvent, "phase" | "region" | "round"> {
  return { phase, region, round };
}

function isSamePlace(one: JournalRecord, other: JournalRecord): boolean {
  return one.phase === other.phase && one.region === other.region && (one.round ?? 1) === (other.round ?? 1);
}

/** What was asked before a person released the run was answered. */
function sinceRelease({ records }: RunState): readonly JournalRecord[] {
  return records.slice(records.findLastIndex(({ type, body }) => type === "HOLD" && body.releasedBy !== undefined) + 1);
}

function askedEvents(state: RunState): readonly PageEvent[] {
  if (state.outcome !== undefined) return [];
  const records = sinceRelease(state);
  const asked = records.filter((record) => record.type === "NEEDS_HUMAN").filter(({ body }) => body.goesOn !== true);
  const fresh = asked.filter((record, at) => asked.findIndex((each) => each.body.reason === record.body.reason && isSamePlace(each, record)) === at);
  return fresh.map((record) => {
    const hold = records.findLast((each) => each.type === "HOLD" && each.seq < record.seq && isSamePlace(each, record));
    const kind = hold?.type === "HOLD" && hold.body.cause === "unreadable" ? "unreadable" : "needs-human";
    return { id: `${kind}:${record.seq}`, kind, ...placeOf(record), reason: record.body.reason, commands: record.body.commands };
  });
}

function breachEvents({ records, runId }: RunState): readonly PageEvent[] {
  return records.flatMap((record): readonly PageEvent[] => {
    if (record.type !== "DECISION" || record.body.kind !== "breach") return [];
    const { verdict } = record.body;
    const reason = `${record.region} breached (${verdict.rule.replaceAll("-", " ")}) and is rolled back: ${verdict.detail}`;
    return [{ id: `breach:${record.seq}`, kind: "breach", ...placeOf(record), reason, commands: [`optimizer status ${runId}`] }];
  });
}

interface WayBack {
  readonly phase: PhaseNumber;
  readonly stage: StageState;
  /** The record with which it began; a release by a person begins it anew. */
  readonly begun: JournalRecord;
  readonly lateAtMs: number;
}

/** Regions that have something left to undo, in whole or after an action that could not go on. */
function wayBackStages(plan: Plan, state: RunState): readonly WayBack[] {
  if (state.outcome !== undefined) return [];
  return state.phases.flatMap(({ number, stages }) =>
    stages.flatMap((stage): readonly WayBack[] => {
      if (!isOnWayBack(stage)) return [];
      const begun = beginOf(state, number, stage);
      if (begun === undefined) return [];
      const isUndone = stage.status === "confirming";
      return [{ phase: number, stage, begun, lateAtMs: isUndone ? Number.POSITIVE_INFINITY : begun.at + lateMinutes(plan, number, stage) * minuteMs }];
    }),
  );
}

/** A way back that takes hours by the plan is not late before them, and half as long again: a person was told of it when it began. */
function lateMinutes(plan: Plan, phase: PhaseNumber, stage: StageState): number {
  const goingBack = actionsGoingBack(stage);
  const planned = plannedStage(plan, phase, stage.region, stage.round).actions.filter(({ id }) => goingBack.has(id));
  const knownMinutes = planned.reduce((sum, { undoMinutes }) => sum + (typeof undoMinutes === "number" ? undoMinutes : 0), 0);
  return Math.max(plan.policy.paging.rollbackMinutes, Math.ceil(knownMinutes * 1.5));
}

/** The ids of what a stage takes back, or has taken back. */
function actionsGoingBack({ actions }: StageState): ReadonlySet<string> {
  return new Set(actions.flatMap(({ actionId, status }) => (status === "rolling-back" || status === "rolled-back" ? [actionId] : [])));
}

function beginOf(state: RunState, phase: PhaseNumber, stage: StageState): JournalRecord | undefined {
  const { region, round } = stage;
  const goingBack = actionsGoingBack(stage);
  return sinceRelease(state).find((record) => {
    if (record.type === "DECISION" && record.body.kind === "rollback-requested") return record.phase === null || record.phase === phase;
    if (record.phase !== phase || record.region !== region || (record.round ?? 1) !== round) return false;
    if (record.type === "RB_INTENT") return goingBack.has(record.body.action);
    if (record.type !== "DECISION") return false;
    return record.body.kind === "breach" || (record.body.kind === "action-skipped" && goingBack.has(record.body.action));
  });
}

/** What holds the way back up now: an event for each cause of each step. */
function delayedEvents(state: RunState, { phase, stage, begun }: WayBack): readonly PageEvent[] {
  const told = state.records.filter(
    (record): record is RecordOf<"NEEDS_HUMAN"> =>
      record.type === "NEEDS_HUMAN" && record.body.goesOn === true && record.seq > begun.seq && isOf(record, phase, stage),
  );
  return (stage.delays ?? []).flatMap(({ op: step, reason, commands }): readonly PageEvent[] => {
    const newest = told.findLast(({ op }) => op === step);
    const first = told.find(({ op, body }) => op === step && body.cause === newest?.body.cause);
    return first === undefined ? [] : [{ id: `rollback-delayed:${first.seq}`, kind: "rollback-delayed", ...placeOf(first), reason, commands }];
  });
}

function isOf(record: JournalRecord, phase: PhaseNumber, { region, round }: StageState): boolean {
  return record.phase === phase && record.region === region && (record.round ?? 1) === round;
}

function lateEvent(plan: Plan, { phase, stage, begun }: WayBack): PageEvent {
  const { region, round, delays = [] } = stage;
  const words = `the rollback of ${region} is not done after ${duration(lateMinutes(plan, phase, stage) * minuteMs)}`;
  return {
    id: `rollback-late:${begun.seq}:${phase}:${region}:${round}`,
    kind: "rollback-late",
    phase,
    region,
    round,
    reason: [words, ...delays.map(({ reason }) => reason)].join("; "),
    commands: remainingCommands(plannedStage(plan, phase, region, round), stage),
  };
}

function endEvents(plan: Plan, { records, phases, runId }: RunState): readonly PageEvent[] {
  const closed = records.findLast((record) => record.type === "CLOSED");
  if (closed === undefined || closed.body.outcome === "adoptable" || closed.body.outcome === "nothing-to-do") return [];
  const left = phases.flatMap(({ number, stages }) =>
    stages
      .filter(({ status }) => status === "rollback-incomplete")
      .flatMap((stage) => remainingCommands(plannedStage(plan, number, stage.region, stage.round), stage)),
  );
  const reason = `run ${runId} ended: ${outcomeWords[closed.body.outcome]}`;
  return [
    { id: `ended:${closed.seq}`, kind: "ended", ...placeOf(closed), reason, commands: [...left, `optimizer status ${runId}`, `optimizer report ${runId}`] },
  ];
}
