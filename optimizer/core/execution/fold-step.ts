import type { Purpose, RecordOf } from "../model/journal-record.ts";
import type { Plan, PlannedStage } from "../model/plan.ts";
import type { ActionState, RunState, StepState } from "../model/run-state.ts";
import { stepState } from "./action-steps.ts";
import { editAction, editStage, outOfOrder, plannedAction, plannedStage, setStep } from "./edit-state.ts";
import { driftedInPlace, giveUp, joined, rollbackFailed, settleStage, withoutDelay } from "./settle-stage.ts";

type StepRecord = RecordOf<"INTENT" | "RB_INTENT" | "ATTEMPT" | "OUTCOME" | "RB_OUTCOME" | "VERIFIED" | "RB_VERIFIED" | "DRIFT">;

type NextStep = Pick<StepState, "status"> & Partial<Pick<StepState, "attempts" | "mayHaveActed" | "acceptedMs" | "retryAtMs" | "isGone" | "found" | "marks">>;

/** Every record about a step: the step as it was (undefined before the first) → as it is now. */
function foldStep(plan: Plan, state: RunState, record: StepRecord, edit: (step: StepState | undefined) => NextStep): RunState {
  const { op, region, phase } = record;
  const { action: actionId, purpose } = record.body;
  if (op === null || region === null || phase === null) throw outOfOrder(record, "it names no step");
  const planned = plannedStage(plan, phase, region, record.round);
  refuseForeignStep(planned, record, op);
  return editStage(state, record, (stage) => {
    const edited = editAction(stage, record, actionId, (action) => {
      refuseWrongTime(action, purpose, record);
      const step = stepState(action, purpose, op);
      const next = edit(step);
      const begun = purpose === "forward" && action.status === "pending" ? { ...action, status: "acting" as const } : action;
      const before = {
        ...(step?.mayHaveActed === true ? { mayHaveActed: true as const } : {}),
        ...(step?.acceptedMs === undefined ? {} : { acceptedMs: step.acceptedMs }),
      };
      return setStep(begun, purpose, op, { attempts: step?.attempts ?? 0, ...before, at: record.at, ...next });
    });
    const marked = record.type === "DRIFT" ? editAction(edited, record, actionId, (action) => driftedAction(action, record)) : edited;
    return settleStage(planned, getsOn(record) ? withoutDelay(planned, marked, actionId) : marked, record.at);
  });
}

function driftedAction(action: ActionState, { body: { purpose, found, goesOn } }: RecordOf<"DRIFT">): ActionState {
  if (purpose !== "rollback" && purpose !== "lift") return driftedInPlace(action, found);
  if (goesOn === true) return { ...action, skip: { code: rollbackFailed, detail: joined(action, `changed by somebody else: ${found}`) } };
  return { ...action, status: "rollback-incomplete" };
}

/** Whether AWS took a step of a way back, or it holds. */
function getsOn({ type, body }: StepRecord): boolean {
  return type === "RB_VERIFIED" || (type === "RB_OUTCOME" && "result" in body && (body.result === "ok" || body.result === "recovered"));
}

function refuseForeignStep(stage: PlannedStage, record: StepRecord, op: string): void {
  const action = plannedAction(stage, record.body.action);
  const lifts = action.steps.flatMap((step) => (step.kind === "brownout" ? step.lift : []));
  const steps = { forward: action.steps, rollback: action.rollback, lift: lifts, "after-pass": action.afterPass ?? [] }[record.body.purpose];
  if (!steps.some(({ id }) => id === op)) throw outOfOrder(record, `action ${action.id} has no ${record.body.purpose} step ${op}`);
}

function refuseWrongTime({ status }: ActionState, purpose: Purpose, record: StepRecord): void {
  const allowed: Readonly<Record<Purpose, readonly ActionState["status"][]>> = {
    // What is in place may be found changed by somebody else.
    forward: record.type === "DRIFT" ? ["pending", "acting", "brownout", "applied", "finished"] : ["pending", "acting"],
    rollback: ["rolling-back"],
    lift: ["rolling-back"],
    "after-pass": ["applied"],
  };
  if (!allowed[purpose].includes(status)) throw outOfOrder(record, `a ${purpose} step of an action that is ${status}`);
}

export function foldIntent(plan: Plan, state: RunState, record: RecordOf<"INTENT" | "RB_INTENT">): RunState {
  return foldStep(plan, state, record, (step) => {
    if (step !== undefined && step.status !== "rejected") throw outOfOrder(record, `the step is already ${step.status}`);
    return { status: "intended" };
  });
}

export function foldAttempt(plan: Plan, state: RunState, record: RecordOf<"ATTEMPT">): RunState {
  return foldStep(plan, state, record, (step) => {
    if (step === undefined || step.status === "verified") throw outOfOrder(record, "an attempt needs an intent before it");
    if (record.body.number !== step.attempts + 1) throw outOfOrder(record, `attempt ${record.body.number} after ${step.attempts}`);
    const unclear = step.status === "applied" || (step.status === "intended" && step.attempts > 0);
    return { status: "intended", attempts: record.body.number, ...(unclear ? { mayHaveActed: true } : {}) };
  });
}

export function foldOutcome(plan: Plan, state: RunState, record: RecordOf<"OUTCOME" | "RB_OUTCOME">): RunState {
  const { result, retryAtMs } = record.body;
  const retry = retryAtMs === undefined ? {} : { retryAtMs };
  return foldStep(plan, state, record, (step) => {
    if (step === undefined && result !== "none-needed") throw outOfOrder(record, "an outcome needs an intent before it");
    if (step?.status === "verified") throw outOfOrder(record, "the step is already verified");
    switch (result) {
      case "ok":
      case "recovered":
      case "none-needed":
        return { status: "applied", acceptedMs: step?.acceptedMs ?? record.at };
      case "rejected":
        return { status: "rejected", ...retry };
      case "unknown":
        return { status: "intended", acceptedMs: step?.acceptedMs ?? record.at, ...retry };
    }
  });
}

export function foldVerified(plan: Plan, state: RunState, record: RecordOf<"VERIFIED" | "RB_VERIFIED">): RunState {
  return foldStep(plan, state, record, (step) => {
    if (step?.status !== "applied") throw outOfOrder(record, "only what was applied can be verified");
    const { state: found } = record.body;
    return { status: "verified", ...(found.kind === "settled" && found.marks !== undefined ? { marks: found.marks } : {}) };
  });
}

export function foldDrift(plan: Plan, state: RunState, record: RecordOf<"DRIFT">): RunState {
  return foldStep(plan, state, record, () => ({ status: "drifted", found: record.body.found, ...(record.body.isGone === true ? { isGone: true } : {}) }));
}

export function foldBrownout(plan: Plan, state: RunState, record: RecordOf<"BROWN_OUT">): RunState {
  const { op, region, phase, body } = record;
  if (op === null || region === null || phase === null) throw outOfOrder(record, "it names no step");
  const planned = plannedStage(plan, phase, region, record.round);
  const step = plannedAction(planned, body.action).steps.find(({ id }) => id === op);
  if (step?.kind !== "brownout") throw outOfOrder(record, `${op} is no brownout`);
  return editStage(state, record, (stage) => {
    const edited = editAction(stage, record, body.action, (action) => {
      const before = stepState(action, "forward", op);
      if ((body.event === "started") !== (before === undefined)) throw outOfOrder(record, "a brownout starts once, and ends after that");
      const set = (status: StepState["status"]): ActionState => setStep(action, "forward", op, { status, attempts: 0, at: record.at });
      switch (body.event) {
        case "started":
          return { ...set("intended"), status: "brownout", brownout: { startMs: body.startMs, endMs: body.endMs } };
        case "silent":
          return { ...set("verified"), status: "acting" };
        case "read":
          return giveUp(planned, set("rejected"), { code: "still-read", detail: body.detail });
        case "unclear":
          return giveUp(planned, set("rejected"), { code: "insufficient-data", detail: body.detail });
      }
    });
    return settleStage(planned, edited, record.at);
  });
}
