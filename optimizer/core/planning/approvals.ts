import { UserError } from "../../../contract/user-error.ts";
import { nearest } from "../../../contract/nearest.ts";
import type { Action } from "../model/action.ts";
import type { Approval } from "../model/plan.ts";
import { actionsOf, type Decision } from "../model/rule.ts";

/** What somebody approved of on the command line, as given, and who that was. */
export interface GivenApproval {
  readonly given: string;
  readonly by: string;
}

/** Whose approvals a plan is made with. */
export interface Consent {
  readonly given: readonly GivenApproval[];
  /** Ids of actions or of rules, by standing policy. */
  readonly policy: readonly string[];
}

/** An approval that names no rule approves of nothing; said before anything is read, and paid for. */
export function refuseUnknownRules({ given }: Pick<Consent, "given">, rules: readonly string[]): void {
  for (const { given: text } of given) {
    const [rule = ""] = text.split(":", 1);
    if (!rules.includes(rule)) throw unknown(text, `there is no rule ${rule}`, meant(nearest(rule, rules)));
  }
}

/**
 * The actions that were approved of and need it, each with who did. An approval is the action's id as printed, or `RULE:RESOURCE` where
 * that is unique over regions. One that names no action that is proposed is a UserError with the nearest.
 */
export function approvalsOf(decisions: readonly Decision[], { given, policy }: Consent): readonly Approval[] {
  const actions = decisions.flatMap((decision) => (decision.kind === "proposal" ? actionsOf(decision) : []));
  const byHand = new Map(given.map(({ given: text, by }) => [actionNamed(text, actions).id, by]));
  return actions.flatMap(({ id, rule, approval }): readonly Approval[] => {
    if (approval === undefined) return [];
    const by = byHand.get(id) ?? (policy.includes(id) || policy.includes(rule) ? "policy" : undefined);
    return by === undefined ? [] : [{ action: id, by }];
  });
}

function actionNamed(text: string, actions: readonly Action[]): Action {
  const exact = actions.find(({ id }) => id === text);
  if (exact !== undefined) return exact;
  const matching = actions.filter((action) => withoutRegion(action) === text);
  const [only, another] = matching;
  if (only !== undefined && another === undefined) return only;
  if (only !== undefined) {
    throw unknown(text, `it names ${matching.length} actions`, `give one of them whole: ${matching.map(({ id }) => `--approve ${id}`).join(", ")}`);
  }
  const names = actions.map(({ id }) => id);
  const waiting = actions.filter(({ approval }) => approval !== undefined).map(({ id }) => id);
  const near = nearest(text, names) ?? nearest(text, actions.map(withoutRegion));
  const list = waiting.length === 0 ? "no proposed action needs an approval" : `actions that need an approval: ${waiting.join(", ")}`;
  throw unknown(text, "no proposed action has that id", near === undefined ? list : `${meant(near)}; ${list}`);
}

/** `<rule>:<resource>[:<part>]`, short for an id in one region only. */
function withoutRegion({ id, rule, region }: Action): string {
  const prefix = `${rule}:${region}:`;
  return id.startsWith(prefix) ? `${rule}:${id.slice(prefix.length)}` : id;
}

function meant(name: string | undefined): string {
  return name === undefined ? "leave it out, or give an id that `optimizer plan` prints" : `did you mean --approve ${name}?`;
}

function unknown(text: string, problem: string, hint: string): UserError {
  return new UserError({ code: "approval-unknown", message: `--approve ${text}: ${problem}`, hint });
}
