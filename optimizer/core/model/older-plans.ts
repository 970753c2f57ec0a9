import type { Action } from "./action.ts";
import type { Plan, PlannedPhase, PlannedTurn } from "./plan.ts";
import { policySchema } from "./policy.ts";
import { inverse } from "../levers/change-kinds.ts";

/** A stored plan as this release carries it out: settings that it does not know yet have their defaults. */
export function current(plan: Plan): Plan {
  return withRounds({ ...plan, policy: policySchema.parse(plan.policy) });
}

/**
 * A plan of version 1 as this release carries it out: what it would have changed after the pass, watched by nobody, becomes an action that
 * follows, with its soak and its way back. The steps also stay where they were, since journals of that release name them.
 */
function withRounds(plan: Plan): Plan {
  if (plan.version !== 1) return plan;
  return { ...plan, phases: plan.phases.map((phase): PlannedPhase => ({ ...phase, turns: [...phase.turns, ...phase.turns.flatMap(following)] })) };
}

function following(turn: PlannedTurn): readonly PlannedTurn[] {
  const actions = turn.actions.flatMap(followUp);
  return actions.length === 0 ? [] : [{ ...turn, round: 2, role: "follower", actions }];
}

function followUp({ afterPass = [], disruptions, writeBack, ...action }: Action): readonly Action[] {
  if (afterPass.length === 0) return [];
  const resized = afterPass.flatMap(({ change }) => ("instance" in change ? [change.instance] : []));
  return [
    {
      ...action,
      id: `${action.id}:after-pass`,
      after: action.id,
      summary: afterPass.map(({ description }) => description).join("; "),
      steps: afterPass.map((step) => ({ ...step, id: `${step.id}:watched` })),
      rollback: afterPass
        .toReversed()
        .map((step) => ({ ...step, id: `${step.id}:back`, change: inverse(step.change), description: `undo: ${step.description}` })),
      disruptions,
      writeBack: writeBack.filter(({ id }) => resized.includes(id)),
    },
  ];
}
