import type { Round } from "../../model/action.ts";
import type { Plan } from "../../model/plan.ts";
import type { RunState, TurnState } from "../../model/run-state.ts";
import { dayAndTime } from "../figures.ts";
import { proposalsOf } from "../plan-blocks.ts";
import { verdictWords } from "../record-lines.ts";
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

/** A row for each action of the plan, in the order they act. Without a state nothing has begun. */
export function progressOf(plan: Plan, state: RunState | null): readonly ProgressRow[] {
  const proposals = new Map(proposalsOf(plan).map((proposal) => [proposal.action.id, proposal]));
  return plan.phases.flatMap(({ number, turns }) =>
    turns.flatMap(({ region, round = 1, actions }) => {
      const turn = state?.phases.find((phase) => phase.number === number)?.turns.find((each) => each.region === region && each.round === round);
      return actions.map((action): ProgressRow => {
        const proposal = proposals.get(action.id);
        const own = turn?.actions.find(({ actionId }) => actionId === action.id);
        return {
          phase: number,
          region,
          round,
          resource: resourceWords(action.resource, proposal?.part),
          change: proposal === undefined ? action.summary : `${proposal.from} → ${proposal.to}`,
          state: (own?.status ?? "pending").replaceAll("-", " "),
          window: windowWords(turn, state),
          verdict: turn?.window?.closed === undefined ? "" : verdictWords(turn.window.closed),
          next: nextWords(turn, own?.skip?.detail),
        };
      });
    }),
  );
}

function windowWords(turn: TurnState | undefined, state: RunState | null): string {
  if (turn?.window === undefined || state === null) return "not yet open";
  const { startMs, deadlineMs, slots } = turn.window;
  return `${slots.length} slots; ${dayAndTime(startMs - state.startedAtMs)} to ${dayAndTime(deadlineMs - state.startedAtMs)}`;
}

function nextWords(turn: TurnState | undefined, skipped: string | undefined): string {
  if (skipped !== undefined) return skipped;
  if (turn?.held !== undefined) return `held for a human: ${turn.held.reason}`;
  if (turn === undefined) return "waits for its turn";
  switch (turn.status) {
    case "pending":
      return "waits for its turn";
    case "acting":
      return "the change settles";
    case "observing":
      return "watched until its window closes";
    case "rolling-back":
      return "is being put back";
    case "confirming":
      return "four healthy slots after the rollback";
    case "rollback-incomplete":
      return "needs a human";
    case "cancelled":
      return turn.reason ?? "cancelled";
    case "passed":
      return "adopt it into the stacks";
    case "rolled-back":
    case "empty":
      return "nothing";
    default:
      return turn.status satisfies never;
  }
}
