import type { Action, BrownoutStep, Step } from "./action.ts";
import { nothingNamed } from "./deployment.ts";
import type { Plan, PlannedPhase, PlannedStage } from "./plan.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import { inverse } from "../levers/change-kinds.ts";

/** A stored plan as this release carries it out: in this release's words, and with defaults for settings that it does not know yet. */
export function current(plan: Plan): Plan {
  return withRounds({ ...withAllKinds(renamed(plan)), policy: withDefaults(plan.policy, defaultPolicy) as Policy });
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * Not by the policy's schema: to go through it for the first time takes a tenth of a tick. What a release stored was checked when it was read, and is
 * checked once more before a run begins (`notBorneOut`); a run that has begun goes on, and back, by the settings that it began with.
 */
function withDefaults(stored: Settings, defaults: Settings): Settings {
  const own = Object.entries(stored).map(([name, value]) => {
    const usual = defaults[name];
    return [name, isGroup(value) && isGroup(usual) ? withDefaults(value, usual) : value] as const;
  });
  return { ...defaults, ...Object.fromEntries(own) };
}

function isGroup(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Plans of before there were rules on a kind of resource, such as buckets, name none of them. */
function withAllKinds({ deployments, ...plan }: Plan): Plan {
  return { ...plan, deployments: { ...deployments, deployments: deployments.deployments.map((deployment) => ({ ...nothingNamed, ...deployment })) } };
}

/** Plans of version 1 say `turns` for stages and `brown-out` for a brownout. */
interface OlderPhase extends PlannedPhase {
  readonly turns?: readonly PlannedStage[];
}

function renamed(plan: Plan): Plan {
  return {
    ...plan,
    phases: plan.phases.map(({ turns, ...phase }: OlderPhase) => ({
      ...phase,
      stages: (turns ?? phase.stages).map((stage) => ({ ...stage, actions: stage.actions.map(renamedAction) })),
    })),
    calendar: plan.calendar.map((entry) => ({ ...entry, what: renamedKind(entry.what) })),
    decisions: plan.decisions.map((decision) => (decision.kind === "proposal" ? { ...decision, action: renamedAction(decision.action) } : decision)),
  };
}

/** Older plans tell no time for every way back. */
function renamedAction(older: Omit<Action, "undoMinutes"> & Partial<Pick<Action, "undoMinutes">>): Action {
  const action = { undoMinutes: { kind: "unknown", reason: "the plan is of an older release" } as const, ...older };
  return { ...action, steps: action.steps.map((step): Step => (isBrownout(step) ? { ...step, kind: "brownout" } : step)) };
}

function isBrownout(step: Step): step is BrownoutStep {
  return renamedKind(step.kind) === "brownout";
}

function renamedKind<T extends string>(kind: T): T {
  // What is stored is text: the type only says what this release writes.
  return ((kind as string) === "brown-out" ? "brownout" : kind) as T;
}

/**
 * A plan of version 1 as this release carries it out: what it would have changed after the pass, watched by nobody, becomes an action that
 * follows, with its soak and its way back. The steps also stay where they were, since journals of that release name them.
 */
function withRounds(plan: Plan): Plan {
  if (plan.version !== 1) return plan;
  return { ...plan, phases: plan.phases.map((phase): PlannedPhase => ({ ...phase, stages: [...phase.stages, ...phase.stages.flatMap(following)] })) };
}

function following(stage: PlannedStage): readonly PlannedStage[] {
  const actions = stage.actions.flatMap(followUp);
  return actions.length === 0 ? [] : [{ ...stage, round: 2, role: "follower", actions }];
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
