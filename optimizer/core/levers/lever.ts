import type { Action, OwnCheck } from "../model/action.ts";
import type { SeriesKey } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { Decision, Proposal, Rule, RuleDeclaration, RuleFacts, SkipCode } from "../model/rule.ts";
import type { Reading } from "../sizing/estimate.ts";
import { skip, type Subject } from "../sizing/skip.ts";
import { once, oncePer } from "./once.ts";
import { type Inventory, type Resource, type ResourceOf, resourcesOf, type UndescribedResource } from "./resource-kinds.ts";

/** Why nothing may be decided about a resource, whatever the rule. */
export interface Refusal {
  readonly code: SkipCode;
  readonly detail: string;
}

/** What the rules of one kind of resource have in common. */
export interface Study {
  /** `elsewhere`: another region decides about it, so that nothing is said here. */
  readonly refusal: Refusal | "elsewhere" | undefined;
}

type StudyOf<S> = (reading: Reading) => S;

/** How one kind of resource is studied: once for each resource and reading, so that its rules cannot contradict one another. */
export interface Studies<K extends Resource["kind"], S extends Study> {
  readonly kind: K;
  /** Hourly series, and finer ones only where they are needed whatever the hours say. */
  readonly series: (resource: ResourceOf<K>, policy: Policy, inventory: Inventory) => readonly SeriesKey[];
  /** What does not depend on the reading is made once for both. */
  readonly study: (facts: RuleFacts, resource: ResourceOf<K>) => StudyOf<S>;
}

/** What an action promises of the resource itself, for its window to watch; or why there is nothing to be watched. */
export type OwnChecksOf<S extends Study> = ((study: S, action: Action) => readonly OwnCheck[]) | { readonly notNeeded: string };

/** A rule whose changes a window judges says what else that watches. */
type Watched<S extends Study> =
  | { readonly judgedBy: "load-balancers"; readonly checks: OwnChecksOf<S> }
  | { readonly judgedBy: Exclude<RuleDeclaration["judgedBy"], "load-balancers">; readonly checks?: never };

/** One rule over the study of one resource. */
export type StudyRule<R extends Resource, S extends Study> = StudyRuleBase<R, S> & Watched<S>;

interface StudyRuleBase<R extends Resource, S extends Study> extends Omit<RuleDeclaration, "judgedBy" | "nothingOfItsOwn"> {
  /** Values that must still be so when a stored plan is run, by the names they are reported under. */
  readonly restsOn: (resource: R) => Readonly<Record<string, unknown>>;
  /** Asked only where the study refuses nothing. */
  readonly decide: (study: S, subject: Subject) => readonly Decision[];
  /** Series of 5 minutes that would settle a decision on which careful and hopeful readings differ; absent where none could. */
  readonly finer?: (study: S, doubtful: Decision) => readonly SeriesKey[];
}

/**
 * The rules of one kind of resource as the planner asks them. Whichever is asked first, all are: resource by resource, so that one study at a
 * time is in memory. A study holds copies of series, and those of a thousand resources would take more room than the baseline itself.
 */
export function leverRules<K extends Resource["kind"], S extends Study>(
  studies: Studies<K, S>,
  rules: readonly StudyRule<ResourceOf<K>, NoInfer<S>>[],
): readonly Rule[] {
  const { kind, series } = studies;
  const doubted = oncePer((facts: RuleFacts) => askEach(facts, studies, rules.filter(hasFiner), finerKeys));
  const decided = oncePer((facts: RuleFacts) => askEach(facts, studies, rules, (rule, resource, study) => decide(rule, resource, study("careful"))));
  return rules.map((rule) => ({
    id: rule.id,
    phase: rule.phase,
    title: rule.title,
    cost: rule.cost,
    judgedBy: rule.judgedBy,
    ...(rule.checks === undefined || typeof rule.checks === "function" ? {} : { nothingOfItsOwn: rule.checks.notNeeded }),
    resourceKind: kind,
    restsOn: (resource) => (isOf(resource, kind) ? rule.restsOn(resource) : {}),
    demands: (inventory, policy) => resourcesOf(inventory, kind).flatMap((resource) => series(resource, policy, inventory)),
    refinements: (facts) => doubted(facts).get(rule) ?? [],
    decide: (facts) => [
      ...facts.inventory.undescribed
        .filter(({ ref }) => ref.kind === kind)
        .map(({ ref, reason, detail }) => skip({ rule: rule.id, resource: ref }, skipCodes[reason], detail)),
      ...(decided(facts).get(rule) ?? []),
    ],
  }));
}

type Ask<R extends Resource, S extends Study, Asked, Answer> = (rule: Asked, resource: R, study: StudyOf<S>) => readonly Answer[];

/** What each rule answers of all resources, in their order. */
function askEach<K extends Resource["kind"], S extends Study, Asked extends StudyRule<ResourceOf<K>, S>, Answer>(
  facts: RuleFacts,
  { kind, study }: Studies<K, S>,
  rules: readonly Asked[],
  ask: Ask<ResourceOf<K>, S, Asked, Answer>,
): ReadonlyMap<StudyRule<ResourceOf<K>, S>, readonly Answer[]> {
  const answers = new Map(rules.map((rule): [Asked, Answer[]] => [rule, []]));
  if (rules.length === 0) return answers;
  for (const resource of resourcesOf(facts.inventory, kind)) {
    const read = study(facts, resource);
    const studied = { careful: once(() => read("careful")), hopeful: once(() => read("hopeful")) };
    for (const [rule, own] of answers) own.push(...ask(rule, resource, (reading) => studied[reading]()));
  }
  return answers;
}

function decide<R extends Resource, S extends Study>(rule: StudyRule<R, S>, resource: R, study: S): readonly Decision[] {
  const subject: Subject = { rule: rule.id, resource: resource.ref };
  if (study.refusal === "elsewhere") return [];
  if (study.refusal !== undefined) return [skip(subject, study.refusal.code, study.refusal.detail)];
  return rule.decide(study, subject).map((decision) => (decision.kind === "proposal" ? withChecks(rule, study, decision) : decision));
}

function withChecks<S extends Study>({ checks }: Watched<S>, study: S, proposal: Proposal): Proposal {
  if (typeof checks !== "function") return proposal;
  const checked = (action: Action): Action => {
    const own = checks(study, action);
    return own.length === 0 ? action : { ...action, checks: own };
  };
  const { followUps } = proposal;
  return {
    ...proposal,
    action: checked(proposal.action),
    ...(followUps === undefined ? {} : { followUps: followUps.map((each) => ({ ...each, action: checked(each.action) })) }),
  };
}

type FinerRule<R extends Resource, S extends Study> = StudyRule<R, S> & Required<Pick<StudyRule<R, S>, "finer">>;

function hasFiner<R extends Resource, S extends Study>(rule: StudyRule<R, S>): rule is FinerRule<R, S> {
  return rule.finer !== undefined;
}

/** Of decisions on which the readings differ. */
function finerKeys<R extends Resource, S extends Study>(rule: FinerRule<R, S>, resource: R, study: StudyOf<S>): readonly SeriesKey[] {
  const hopeful = decide(rule, resource, study("hopeful"));
  const doubtful = decide(rule, resource, study("careful")).filter((careful, at) => verdictOf(careful) !== verdictOf(hopeful[at]));
  return doubtful.flatMap((decision) => rule.finer(study("careful"), decision));
}

const skipCodes: Readonly<Record<UndescribedResource["reason"], SkipCode>> = {
  "not-found": "not-found",
  unsupported: "unsupported",
  "access-denied": "unreadable",
  failed: "unreadable",
};

function isOf<K extends Resource["kind"]>(resource: Resource, kind: K): resource is ResourceOf<K> {
  return resource.kind === kind;
}

/** What a decision says, apart from its figures. */
function verdictOf(decision: Decision | undefined): string | undefined {
  if (decision?.kind === "proposal") return `→ ${decision.to}`;
  return decision?.kind === "advice" ? decision.summary : decision?.code;
}
