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
export function refuseUnknownRules({ given, policy }: Consent, rules: readonly string[]): void {
  const named = [...given.map(({ given: text }) => ({ text, flag: "--approve " })), ...policy.map((text) => ({ text, flag: "approvals of the policy: " }))];
  for (const { text, flag } of named) {
    const [rule = ""] = text.split(":", 1);
    const near = nearest(rule, rules);
    const hint = flag === "--approve " ? meant(near) : near === undefined ? "leave it out, or name a rule or an action" : `did you mean ${near}?`;
    if (!rules.includes(rule)) throw new UserError({ code: "approval-unknown", message: `${flag}${text}: there is no rule ${rule}`, hint });
  }
}

/** Of the policy's approvals that name an action, those that name none which is proposed, each with why: a standing one may outlive its action. */
export function unusedApprovals(decisions: readonly Decision[], policy: readonly string[]): readonly string[] {
  const actions = decisions.flatMap((decision) => (decision.kind === "proposal" ? actionsOf(decision) : []));
  return policy
    .filter((text) => text.includes(":") && !actions.some(({ id }) => id === text))
    .map((text) => {
      const near = nearest(
        text,
        actions.flatMap(({ id, approval }) => (approval === undefined ? [] : id)),
      );
      return `approvals of the policy: ${text}: no proposed action has that id${near === undefined ? "" : `; did you mean ${near}?`}`;
    });
}

/**
 * The actions that were approved of and need it, each with who did. An approval is the action's id as printed, or `RULE:RESOURCE` where
 * that is unique over regions. One that names no action that is proposed is a UserError with the nearest.
 */
export function approvalsOf(decisions: readonly Decision[], { given, policy }: Consent): readonly Approval[] {
  const actions = decisions.flatMap((decision) => (decision.kind === "proposal" ? actionsOf(decision) : []));
  const byHand = new Map(given.map(({ given: text, by }) => [actionNamed(text, actions, decisions).id, by]));
  return actions.flatMap(({ id, rule, approval }): readonly Approval[] => {
    if (approval === undefined) return [];
    const by = byHand.get(id) ?? (policy.includes(id) || policy.includes(rule) ? "policy" : undefined);
    return by === undefined ? [] : [{ action: id, by }];
  });
}

function actionNamed(text: string, actions: readonly Action[], decisions: readonly Decision[]): Action {
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
  const left = decisions.find((decision) => decision.kind === "skip" && namesOf(decision).includes(text));
  if (left?.kind === "skip") throw unknown(text, `it is not proposed: ${left.detail}`, "leave it out; `optimizer plan` prints what is proposed");
  const near = nearest(text, names) ?? nearest(text, actions.map(withoutRegion));
  const list = waiting.length === 0 ? "no proposed action needs an approval" : `actions that need an approval: ${waiting.join(", ")}`;
  throw unknown(text, "no proposed action has that id", near === undefined ? list : `${meant(near)}; ${list}`);
}

/** The ids that an action of this decision would have, in full and short. */
function namesOf({ rule, resource: { region, id }, part }: Decision): readonly string[] {
  const ends = part === undefined ? [id] : [id, `${id}:${part}`];
  return ends.flatMap((end) => [`${rule}:${region}:${end}`, `${rule}:${end}`]);
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
