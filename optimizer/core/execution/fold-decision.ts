import type { RecordOf } from "../model/journal-record.ts";
import type { Plan } from "../model/plan.ts";
import type { ActionState, FailingPolls, RunState, StageState } from "../model/run-state.ts";
import { stepKey, stepState } from "./action-steps.ts";
import { setStep, editAction, editPhase, editStage, outOfOrder, plannedStage } from "./edit-state.ts";
import { giveUp, joined, rollbackFailed, settleStage, takeBack, withoutDelay } from "./settle-stage.ts";
import { isUnfinished } from "./stage-status.ts";

type Decision = RecordOf<"DECISION">;

/** The step that a decision is about. */
function opOf(record: Decision): string {
  if (record.op === null) throw outOfOrder(record, "it names no step");
  return record.op;
}

export function foldDecision(plan: Plan, state: RunState, record: Decision): RunState {
  const { body } = record;
  switch (body.kind) {
    case "breach":
      return editStage(state, record, (stage) => {
        if (stage.status !== "acting" && stage.status !== "observing") throw outOfOrder(record, `the region is ${stage.status}`);
        return takeBack(plannedOf(plan, record), { ...withoutHold(stage), reason: body.verdict.detail }, record.at);
      });
    case "action-skipped":
      return foldSkip(plan, state, record, body);
    case "approved":
      return editStage(state, record, (stage) =>
        editAction(stage, record, body.action, (action) => {
          if (action.status !== "pending") throw outOfOrder(record, `the action is already ${action.status}`);
          return { ...action, approvedBy: body.by };
        }),
      );
    case "unhealthy":
      return editStage(state, record, (stage) =>
        editAction(stage, record, body.action, (action) => ({ ...action, unhealthySinceMs: action.unhealthySinceMs ?? record.at })),
      );
    case "healthy":
      return editStage(state, record, (stage) => editAction(stage, record, body.action, ({ unhealthySinceMs: _since, ...action }) => action));
    case "busy":
      return editStage(state, record, (stage) =>
        editAction(stage, record, body.action, (action) => {
          const key = stepKey(body.purpose, opOf(record));
          return { ...action, waits: { ...action.waits, [key]: action.waits?.[key] ?? record.at } };
        }),
      );
    case "step-left": {
      const planned = plannedOf(plan, record);
      return editStage(state, record, (stage) => {
        const left = editAction(stage, record, body.action, (action) => {
          const step = stepState(action, body.purpose, opOf(record));
          return setStep(action, body.purpose, opOf(record), { attempts: step?.attempts ?? 0, at: record.at, status: "left" });
        });
        return settleStage(planned, left, record.at);
      });
    }
    case "step-given-up":
      return editStage(state, record, (stage) =>
        editAction(stage, record, body.action, (action) => {
          const step = stepState(action, body.purpose, opOf(record));
          const given = setStep(action, body.purpose, opOf(record), { attempts: step?.attempts ?? 0, at: record.at, status: "given-up" });
          return { ...given, skip: { code: rollbackFailed, detail: joined(action, body.detail) } };
        }),
      );
    case "poll-failed":
      return editStage(state, record, (stage) => {
        const { of, action: actionId } = body;
        const failed = (before: FailingPolls | undefined): FailingPolls => ({
          polls: (before?.polls ?? 0) + 1,
          sinceMs: before?.sinceMs ?? record.at,
          retryAtMs: body.retryAtMs,
        });
        if (actionId === undefined) return { ...stage, failing: { ...stage.failing, [of]: failed(stage.failing?.[of]) } };
        return editAction(stage, record, actionId, (action) => ({ ...action, failing: failed(action.failing) }));
      });
    case "poll-succeeded":
      return editStage(state, record, (stage) => {
        const planned = plannedOf(plan, record);
        if (body.action !== undefined) {
          const answered = editAction(stage, record, body.action, ({ failing: _ended, ...action }) => action);
          return withoutDelay(planned, answered, body.action);
        }
        const { failing = {}, ...answered } = stage;
        const { [body.of]: _ended, ...others } = failing;
        return Object.keys(others).length === 0 ? withoutDelay(planned, answered, null) : { ...answered, failing: others };
      });
    case "region-cancelled":
      return editStage(state, record, (stage) => {
        if (stage.status !== "pending") throw outOfOrder(record, `the region is ${stage.status}`);
        const skip = { code: "cancelled", detail: body.reason };
        return {
          ...stage,
          status: "cancelled",
          reason: body.reason,
          actions: stage.actions.map((action) => ({ ...action, status: "skipped" as const, skip })),
        };
      });
    case "soaked":
      return editStage(state, record, (stage) => ({ ...stage, soaked: true }));
    case "phase-closed":
      if (record.phase === null) throw outOfOrder(record, "it names no phase");
      return editPhase(state, record.phase, (phase) => {
        // Older releases closed a phase without the rounds that this one adds to their plans.
        const stages = plan.version === 1 ? phase.stages.map(leftByOlderRun) : phase.stages;
        const open = stages.find(isUnfinished);
        if (open !== undefined && body.result !== "skipped") throw outOfOrder(record, `${open.region} is still ${open.status}`);
        return { ...phase, stages, status: body.result };
      });
    case "rollback-requested":
      return foldRequest(plan, state, record);
    case "rolled-back-verified":
      return editStage(state, record, (stage) => {
        if (stage.status !== "confirming") throw outOfOrder(record, `the region is ${stage.status}`);
        const { delays: _delays, ...back } = stage;
        return { ...back, status: "rolled-back" };
      });
    case "rollback-incomplete":
      return editStage(state, record, (stage) => ({ ...stage, status: "rollback-incomplete", reason: body.remaining.join("; ") }));
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
  return editStage(state, record, (stage) => {
    const edited = editAction(stage, record, actionId, (action): ActionState => {
      switch (action.status) {
        case "pending":
        case "acting":
        case "brownout":
          return giveUp(planned, action, skip);
        case "rolling-back":
          return { ...action, status: "rollback-incomplete", skip: { code, detail: joined(action, detail) } };
        case "applied":
          // Only steps after the pass can fail now: the change itself is kept.
          return { ...action, skip };
        case "finished":
        case "skipped":
        case "rolled-back":
        case "drifted":
        case "rollback-incomplete":
          throw outOfOrder(record, `the action is already ${action.status}`);
      }
    });
    return settleStage(planned, edited, record.at);
  });
}

/** Everything live of the phase, or of all phases, goes back; what has not begun is left to be cancelled. */
function foldRequest(plan: Plan, state: RunState, record: Decision): RunState {
  const phases = state.phases.map((phase) => {
    if (record.phase !== null && phase.number !== record.phase) return phase;
    const stages = phase.stages.map((stage) =>
      stage.status === "acting" || stage.status === "observing" || stage.status === "passed"
        ? takeBack(plannedStage(plan, phase.number, stage.region, stage.round), withoutHold(stage), record.at)
        : stage,
    );
    return { ...phase, stages };
  });
  return { ...state, phases, rollbackRequested: { phase: record.phase } };
}

function leftByOlderRun(stage: StageState): StageState {
  return stage.round > 1 && stage.status === "pending" ? { ...stage, status: "empty" } : stage;
}

function plannedOf(plan: Plan, record: Decision): ReturnType<typeof plannedStage> {
  if (record.phase === null || record.region === null) throw outOfOrder(record, "it names no region of a phase");
  return plannedStage(plan, record.phase, record.region, record.round);
}

function withoutHold({ held: _held, humanAsked: _asked, ...stage }: StageState): StageState {
  return stage;
}
