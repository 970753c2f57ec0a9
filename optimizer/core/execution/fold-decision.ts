import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, RunState, TurnState } from "../model/run-state.ts";
import { stepKey, stepState } from "./action-steps.ts";
import { setStep, editAction, editPhase, editTurn, outOfOrder, plannedTurn } from "./edit-state.ts";
import { giveUp, settleTurn, turnBack } from "./settle-turn.ts";
import { isUnfinished } from "./turn-status.ts";

type Decision = RecordOf<"DECISION">;

export function foldDecision(plan: Plan, state: RunState, record: Decision): RunState {
  const { body } = record;
  switch (body.kind) {
    case "breach":
      return editTurn(state, record, (turn) => {
        if (turn.status !== "acting" && turn.status !== "observing") throw outOfOrder(record, `the region is ${turn.status}`);
        return turnBack(plannedOf(plan, record), { ...withoutHold(turn), reason: body.verdict.detail }, record.at);
      });
    case "action-skipped":
      return foldSkip(plan, state, record, body);
    case "approved":
      return editTurn(state, record, (turn) =>
        editAction(turn, record, body.action, (action) => {
          if (action.status !== "pending") throw outOfOrder(record, `the action is already ${action.status}`);
          return { ...action, approvedBy: body.by };
        }),
      );
    case "unhealthy":
      return editTurn(state, record, (turn) =>
        editAction(turn, record, body.action, (action) => ({ ...action, unhealthySinceMs: action.unhealthySinceMs ?? record.at })),
      );
    case "healthy":
      return editTurn(state, record, (turn) => editAction(turn, record, body.action, ({ unhealthySinceMs: _since, ...action }) => action));
    case "busy":
      return editTurn(state, record, (turn) =>
        editAction(turn, record, body.action, (action) => {
          const key = stepKey(body.purpose, record.op ?? "");
          return { ...action, waits: { ...action.waits, [key]: action.waits?.[key] ?? record.at } };
        }),
      );
    case "step-left": {
      const planned = plannedOf(plan, record);
      return editTurn(state, record, (turn) => {
        const left = editAction(turn, record, body.action, (action) => {
          const step = stepState(action, body.purpose, record.op ?? "");
          return setStep(action, body.purpose, record.op ?? "", { attempts: step?.attempts ?? 0, at: record.at, status: "left" });
        });
        return settleTurn(planned, left, record.at);
      });
    }
    case "poll-failed":
      return editTurn(state, record, (turn) => {
        const before = turn.failing?.[body.of];
        const now = { polls: (before?.polls ?? 0) + 1, sinceMs: before?.sinceMs ?? record.at, retryAtMs: body.retryAtMs };
        return { ...turn, failing: { ...turn.failing, [body.of]: now } };
      });
    case "poll-succeeded":
      return editTurn(state, record, ({ failing, ...turn }) => {
        const { [body.of]: _ended, ...others } = failing ?? {};
        return Object.keys(others).length === 0 ? turn : { ...turn, failing: others };
      });
    case "region-cancelled":
      return editTurn(state, record, (turn) => {
        if (turn.status !== "pending") throw outOfOrder(record, `the region is ${turn.status}`);
        const skip = { code: "cancelled", detail: body.reason };
        return { ...turn, status: "cancelled", reason: body.reason, actions: turn.actions.map((action) => ({ ...action, status: "skipped" as const, skip })) };
      });
    case "soaked":
      return editTurn(state, record, (turn) => ({ ...turn, soaked: true }));
    case "phase-closed":
      if (record.phase === null) throw outOfOrder(record, "it names no phase");
      return editPhase(state, record.phase, (phase) => {
        // Older releases closed a phase without the rounds that this one adds to their plans.
        const turns = plan.version === 1 ? phase.turns.map(leftByOlderRun) : phase.turns;
        const open = turns.find(isUnfinished);
        if (open !== undefined && body.result !== "skipped") throw outOfOrder(record, `${open.region} is still ${open.status}`);
        return { ...phase, turns, status: body.result };
      });
    case "rollback-requested":
      return foldRequest(plan, state, record);
    case "rolled-back-verified":
      return editTurn(state, record, (turn) => {
        if (turn.status !== "confirming") throw outOfOrder(record, `the region is ${turn.status}`);
        return { ...turn, status: "rolled-back" };
      });
    case "rollback-incomplete":
      return editTurn(state, record, (turn) => ({ ...turn, status: "rollback-incomplete", reason: body.remaining.join("; ") }));
    default:
      return body satisfies never;
  }
}

function foldSkip(
  plan: Plan,
  state: RunState,
  record: Decision,
  { action: actionId, code, detail }: { readonly action: string; readonly code: string; readonly detail: string },
): RunState {
  const planned = plannedOf(plan, record);
  const skip = { code, detail };
  return editTurn(state, record, (turn) => {
    const edited = editAction(turn, record, actionId, (action): ActionState => {
      switch (action.status) {
        case "pending":
        case "acting":
        case "brown-out":
          return giveUp(planned, action, skip);
        case "rolling-back":
          return { ...action, status: "rollback-incomplete", skip };
        case "applied":
          // Only steps after the pass can fail now: the change itself is kept.
          return { ...action, skip };
        case "finished":
        case "skipped":
        case "rolled-back":
        case "drifted":
        case "rollback-incomplete":
          throw outOfOrder(record, `the action is already ${action.status}`);
        default:
          return action.status satisfies never;
      }
    });
    return settleTurn(planned, edited, record.at);
  });
}

/** Everything live of the phase, or of all phases, turns back; what has not begun is left to be cancelled. */
function foldRequest(plan: Plan, state: RunState, record: Decision): RunState {
  const phases = state.phases.map((phase) => {
    if (record.phase !== null && phase.number !== record.phase) return phase;
    const turns = phase.turns.map((turn) =>
      turn.status === "acting" || turn.status === "observing" || turn.status === "passed"
        ? turnBack(plannedTurn(plan, phase.number, turn.region, turn.round), withoutHold(turn), record.at)
        : turn,
    );
    return { ...phase, turns };
  });
  return { ...state, phases, rollbackRequested: { phase: record.phase } };
}

function leftByOlderRun(turn: TurnState): TurnState {
  return turn.round > 1 && turn.status === "pending" ? { ...turn, status: "empty" } : turn;
}

function plannedOf(plan: Plan, record: Decision): ReturnType<typeof plannedTurn> {
  if (record.phase === null || record.region === null) throw outOfOrder(record, "it names no region of a phase");
  return plannedTurn(plan, record.phase, record.region, record.round);
}

function withoutHold({ held: _held, humanAsked: _asked, ...turn }: TurnState): TurnState {
  return turn;
}
