import { UserError } from "../../../contract/user-error.ts";
import { nearest } from "../../../contract/nearest.ts";
import type { Plan } from "../model/plan.ts";
import { actionsOf, type Decision } from "../model/rule.ts";

/** `<rule>:<region>:<resource>[:<part>]`: what a decision is called, whether anything is to be done or not. */
export function decisionName({ rule, resource, part }: Decision): string {
  return [rule, resource.region, resource.id, ...(part === undefined ? [] : [part])].join(":");
}

/** The decision of a plan that somebody names: by its own name, by an action's id, or by `RULE:RESOURCE[:PART]` where that is unique. */
export function decisionNamed(plan: Plan, text: string): Decision {
  const exact = plan.decisions.find((decision) => namesOf(decision).includes(text));
  if (exact !== undefined) return exact;
  const matching = plan.decisions.filter((decision) => withoutRegion(decision) === text);
  const [only, another] = matching;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    throw new UserError({
      code: "decision-unclear",
      message: `${text} names ${matching.length} decisions of the plan`,
      hint: `give one of them whole: ${matching.map(decisionName).join(", ")}`,
    });
  }
  const near = nearest(text, plan.decisions.map(decisionName));
  throw new UserError({
    code: "decision-unknown",
    message: `the plan has no decision called ${text}`,
    hint: `${near === undefined ? "" : `did you mean ${near}? `}without a name, all of them are listed`,
  });
}

/** All decisions about a resource, or about a part of one such as an index, in whichever region and by whichever rule. */
export function decisionsOn(plan: Plan, name: string): readonly Decision[] {
  return plan.decisions.filter(({ resource, part }) => resource.id === name || part === name);
}

function namesOf(decision: Decision): readonly string[] {
  return [decisionName(decision), ...(decision.kind === "proposal" ? actionsOf(decision).map(({ id }) => id) : [])];
}

function withoutRegion({ rule, resource, part }: Decision): string {
  return [rule, resource.id, ...(part === undefined ? [] : [part])].join(":");
}
