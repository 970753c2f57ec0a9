import { standingOf, unrestoredFields } from "../../../optimizer/core/execution/classify-state.ts";
import type { Action, ChangeStep } from "../../../optimizer/core/model/action.ts";
import type { Change, Marks } from "../../../optimizer/core/levers/change-kinds.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import type { ActionState, RunState, StepState } from "../../../optimizer/core/model/run-state.ts";
import { buildTestPlan } from "../../support/plan-builder.ts";
import type { Wire } from "../wire/wire.ts";

/** Carries the changes of each action out, one after the other; a step whose state is there already is passed over. @returns the kinds that were written. */
export async function carryOut(wire: Wire, actions: readonly Action[]): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { steps } of actions)
    written.push(
      ...(await carried(
        wire,
        steps.flatMap((step) => (step.kind === "change" ? [step] : [])),
      )),
    );
  return written;
}

/** The way back of each, the last one first. An urgent step is left out: what follows it undoes the same. */
export async function undo(wire: Wire, actions: readonly Action[]): Promise<void> {
  for (const { rollback } of actions.toReversed()) {
    const steps = rollback.filter(({ urgent }) => urgent !== true);
    await carried(wire, steps);
    for (const { change } of steps) {
      const state = await wire.stateOf(change);
      const other = unrestoredFields(change, state);
      if (other.length > 0) throw new Error(`${change.kind}: not as before: ${other.join("; ")}`);
    }
  }
}

async function carried(wire: Wire, steps: readonly ChangeStep[]): Promise<readonly string[]> {
  const written: string[] = [];
  let marks: Marks = {};
  for (const { change } of steps) {
    const { state: before } = await wire.settled(change);
    if (standingOf(change, before) !== "after") {
      await wire.apply(change, marks);
      written.push(change.kind);
    }
    const after = await settledAs(wire, change);
    marks = { ...marks, ...(after.kind === "settled" ? after.marks : {}) };
  }
  return written;
}

async function settledAs(wire: Wire, change: Change) {
  const { state } = await wire.settled(change);
  if (standingOf(change, state) !== "after") throw new Error(`${change.kind} is ${JSON.stringify(state)}, not ${JSON.stringify(change.after)}`);
  return state;
}

/** What `adopt` is told of a run: all of these actions are in place and passed, or all were rolled back. */
export function runOf(
  actions: readonly Action[],
  deployments: Plan["deployments"],
  status: "applied" | "rolled-back",
): { readonly plan: Plan; readonly state: RunState } {
  const [first] = actions;
  const region = first?.region ?? "";
  const phases = [...new Set(actions.map(({ phase }) => phase))]
    .toSorted((one, other) => one - other)
    .map((number) => ({ number, own: actions.filter(({ phase }) => phase === number) }));
  const plan: Plan = {
    ...buildTestPlan({ phases: phases.map(({ number, own }) => ({ number, stages: [{ region, round: 1, role: "follower", actions: own }] })) }),
    deployments,
  };
  const state: RunState = {
    runId: "zero-drift",
    planHash: "",
    startedAtMs: 0,
    lastSeq: 0,
    records: [],
    phases: phases.map(({ number, own }) => ({
      number,
      status: status === "applied" ? "passed" : "rolled-back",
      stages: [
        {
          region,
          round: 1,
          status: status === "applied" ? "passed" : "rolled-back",
          actions: own.map((action) => stateOf(action, status)),
          confirmation: [],
          soaked: true,
        },
      ],
    })),
  };
  return { plan, state };
}

function stateOf({ id, steps }: Action, status: "applied" | "rolled-back"): ActionState {
  const verified = steps.flatMap((step): readonly (readonly [string, StepState])[] =>
    step.kind === "change" ? [[`forward:${step.id}`, { stepId: step.id, purpose: "forward", status: "verified", attempts: 1, at: 0 }]] : [],
  );
  return { actionId: id, status, steps: Object.fromEntries(verified) };
}
