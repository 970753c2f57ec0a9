import type { Round } from "../../model/action.ts";
import type { Plan } from "../../model/plan.ts";
import type { PhaseNumber } from "../../model/rule-id.ts";
import type { RunState, StageState } from "../../model/run-state.ts";
import { count, dayAndTime } from "../figures.ts";
import { proposalsOf } from "../plan-blocks.ts";
import { verdictWords } from "../record-lines.ts";
import { breachOf } from "../report-view.ts";
import { resourceWords } from "../words.ts";

/** One action: where it stands and what comes next. */
export interface ProgressRow {
  readonly phase: number;
  readonly region: string;
  readonly round: Round;
  readonly resource: string;
  readonly change: string;
  readonly state: string;
  readonly window: string;
  readonly verdict: string;
  readonly next: string;
}

/** Until a window has closed: what it waits for, or watches. */
const watchedStatuses: ReadonlySet<StageState["status"]> = new Set(["pending", "acting", "observing"]);

/** A row for each action of the plan, in the order they act. Without a state nothing has begun. */
export function progressOf(plan: Plan, state: RunState | null): readonly ProgressRow[] {
  const proposals = new Map(proposalsOf(plan).map((proposal) => [proposal.action.id, proposal]));
  return plan.phases.flatMap(({ number, stages }) =>
    stages.flatMap(({ region, round = 1, actions }) => {
      const stage = state?.phases.find((phase) => phase.number === number)?.stages.find((each) => each.region === region && each.round === round);
      return actions.map((action): ProgressRow => {
        const proposal = proposals.get(action.id);
        const own = stage?.actions.find(({ actionId }) => actionId === action.id);
        return {
          phase: number,
          region,
          round,
          resource: resourceWords(action.resource, proposal?.part),
          change: proposal === undefined ? action.summary : `${proposal.from} → ${proposal.to}`,
          state: (own?.status ?? "pending").replaceAll("-", " "),
          window: windowWords(stage, state),
          verdict: stage === undefined || state === null ? "" : stageVerdict(state, number, stage),
          next: nextWords(stage, own?.skip?.detail),
        };
      });
    }),
  );
}

/** The window's own, else the breach that ended it before its time. */
function stageVerdict(state: RunState, phase: PhaseNumber, { region, round, window }: StageState): string {
  const closed = window?.closed ?? breachOf(state, { phase, region, round });
  return closed === undefined ? "" : verdictWords(closed);
}

function windowWords(stage: StageState | undefined, state: RunState | null): string {
  if (stage?.window === undefined || state === null) return state !== null && isOver(state, stage) ? "none" : "not yet open";
  const { startMs, deadlineMs, slots } = stage.window;
  const words = `${count(slots.length, "slot")}; ${dayAndTime(startMs - state.startedAtMs)} to `;
  if (!isOver(state, stage)) return `${words}${dayAndTime(deadlineMs - state.startedAtMs)} at the earliest`;
  return words + dayAndTime((slots.at(-1)?.endMs ?? startMs) - state.startedAtMs);
}

/** Nothing more is watched there: a breach ends a window before its time. */
function isOver({ outcome }: RunState, stage: StageState | undefined): boolean {
  return outcome !== undefined || (stage !== undefined && !watchedStatuses.has(stage.status));
}

function nextWords(stage: StageState | undefined, skipped: string | undefined): string {
  if (skipped !== undefined) return skipped;
  if (stage?.held !== undefined) return `held for a human: ${stage.held.reason}`;
  if (stage === undefined) return "waits until it may begin";
  switch (stage.status) {
    case "pending":
      return "waits until it may begin";
    case "acting":
      return "the change settles";
    case "observing":
      return "watched until its window closes";
    case "rolling-back":
      return "is being put back";
    case "confirming":
      return "healthy slots in a row after the rollback";
    case "rollback-incomplete":
      return "needs a human";
    case "cancelled":
      return stage.reason ?? "cancelled";
    case "passed":
      return "adopt it into the stacks";
    case "rolled-back":
    case "empty":
      return "nothing";
  }
}
