import { canonicalJson } from "../../../contract/canonical-json.ts";
import { type Change, changeFacts, type ChangeState, type Marks } from "../levers/change-kinds.ts";
import type { Action, ChangeStep } from "../model/action.ts";
import type { JournalRecord } from "../model/journal-record.ts";
import { refKey } from "../model/resource-ref.ts";
import type { PlannedStage } from "../model/plan.ts";
import type { ActionState, StageState } from "../model/run-state.ts";
import { stepState } from "./action-steps.ts";
import { standingOf, stateWords } from "./classify-state.ts";
import { plannedAction } from "./edit-state.ts";
import { gatheredFrom } from "./gathered.ts";
import { staleDescribeMs } from "./retry-limits.ts";

/** Changes of one action that were read back and still say how its resource shall be. */
export interface InPlace {
  readonly action: Action;
  readonly steps: readonly ChangeStep[];
}

/**
 * What of an action is in place, as of `nowMs`: steps that were read back so long ago that no describe is stale any more, without those that
 * a later one has made void.
 */
export function inPlaceOf(action: Action, state: ActionState, nowMs: number): InPlace {
  const done = changesOf(action).filter(({ id }) => {
    const seen = stepState(state, "forward", id);
    return seen?.status === "verified" && seen.at + staleDescribeMs <= nowMs;
  });
  // What a later step did may have made an earlier one void though it was read back only now.
  const begun = changesOf(action).filter(({ id }) => stepState(state, "forward", id) !== undefined);
  return { action, steps: done.filter((step) => !begun.slice(begun.indexOf(step) + 1).some((later) => isVoidAfter(step.change, later.change))) };
}

/** What of all actions of a region is in place, as far as anything of it is. */
export function inPlaceIn(planned: PlannedStage, { actions }: StageState, nowMs: number): readonly InPlace[] {
  return actions
    .filter(({ status }) => status === "acting" || status === "brownout" || status === "applied" || status === "finished")
    .map((state) => inPlaceOf(plannedAction(planned, state.actionId), state, nowMs))
    .filter(({ steps }) => steps.length > 0);
}

/** How an action's steps leave its resource: without those that a later one makes void. */
export function lastingSteps(action: Action): readonly ChangeStep[] {
  const steps = changesOf(action);
  return steps.filter((step, index) => !steps.slice(index + 1).some((later) => isVoidAfter(step.change, later.change)));
}

function changesOf({ steps }: Action): readonly ChangeStep[] {
  return steps.filter((step) => step.kind === "change");
}

/** Whether both are about the same value of the same part of a resource. */
export function isAboutTheSame(one: Change, other: Change): boolean {
  return one.kind === other.kind && partOf(one) === partOf(other);
}

/** Whether `change` is about what the other one is about, or about a part of it. */
export function isOfTheSame(other: Change, change: Change): boolean {
  const { part, ...resource } = changeFacts<Change>(other).resourceOf(other);
  const { part: ownPart, ...own } = changeFacts<Change>(change).resourceOf(change);
  return refKey(resource) === refKey(own) && (part === undefined || part === ownPart);
}

/** Whether `later` sets what `earlier` had set, or removes the part it was about. */
function isVoidAfter(earlier: Change, later: Change): boolean {
  return partOf(earlier) === partOf(later) && (earlier.kind === later.kind || later.after === null);
}

function partOf(change: Change): string {
  const { part = "", ...resource } = changeFacts<Change>(change).resourceOf(change);
  return `${refKey(resource)} ${part}`;
}

/** Whether a number that policies move is another one by now, as it may be at any time. */
export function isMovedByPolicies(change: Change, found: ChangeState): boolean {
  return (found.kind === "settled" || found.kind === "in-progress") && changeFacts<Change>(change).movedByPolicies?.(change) === true;
}

/** Whether somebody else was at what a step of ours had left: in words, how it is now. What is on its way, or says nothing, is no answer. */
export function handIn({ change, id }: ChangeStep, found: ChangeState, records: readonly JournalRecord[]): string | undefined {
  if (isMovedByPolicies(change, found)) return undefined;
  switch (standingOf(change, found)) {
    case "after":
      if (changeFacts(change).markedByOthers === true) return undefined;
      return found.kind === "settled" && isMarkedByOthers(id, found.marks, records) ? `${stateWords(found)}, ${canonicalJson(found.marks)}` : undefined;
    case "before":
    case "foreign":
    case "missing":
      return stateWords(found);
    case "mixed":
      return found.kind === "mixed" && found.foreign === true ? stateWords(found) : undefined;
    case "in-progress":
      return undefined;
  }
}

/** Marks that no step of this run had left. Those of another action may be newer: groups share templates. */
function isMarkedByOthers(stepId: string, marks: Marks | undefined, records: readonly JournalRecord[]): boolean {
  if (marks === undefined) return false;
  const left = leftMarks(records);
  // Runs of older releases left no marks.
  if (!left.some(({ op }) => op === stepId)) return false;
  const found = canonicalJson(marks);
  return !left.some((each) => each.marks === found);
}

/** What each step left, as it was read back. One look at a region asks for it of each of its steps. */
const leftMarks = gatheredFrom((record) => {
  if (record.type !== "VERIFIED" && record.type !== "RB_VERIFIED") return [];
  const { state } = record.body;
  return state.kind === "settled" && state.marks !== undefined ? [{ op: record.op, marks: canonicalJson(state.marks) }] : [];
});

/** What the steps before this one left, as they were read back; later ones win. */
export function marksBefore(steps: readonly { readonly id: string }[], stepId: string, records: readonly JournalRecord[]): Marks {
  const before = new Set(
    steps
      .slice(
        0,
        steps.findIndex(({ id }) => id === stepId),
      )
      .map(({ id }) => id),
  );
  return Object.assign(
    {},
    ...records.map((record) =>
      (record.type === "VERIFIED" || record.type === "RB_VERIFIED") && record.op !== null && before.has(record.op) && record.body.state.kind === "settled"
        ? record.body.state.marks
        : undefined,
    ),
  ) as Marks;
}
