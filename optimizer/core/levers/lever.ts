import type { Action, OwnCheck } from "../model/action.ts";
import { metrics, seriesKey } from "../metrics/catalogue.ts";
import type { SeriesKey } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import { actionsOf, type Decision, type Proposal, type Rule, type RuleDeclaration, type RuleFacts, type SkipCode } from "../model/rule.ts";
import type { Reading } from "../sizing/estimate.ts";
import { type Looked, hiddenPeak } from "../sizing/hidden-peak.ts";
import { skip, type Subject } from "../sizing/skip.ts";
import type { OtherSize } from "../sizing/sizes-before.ts";
import { once, oncePer } from "../model/once.ts";
import { Fault } from "../../errors.ts";
import { changeKindsOf } from "./change-kinds-of.ts";
import { onceOfFacts } from "../model/once-of-facts.ts";
import { beginStudy } from "../model/study-memory.ts";
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
  /** Whether a rule's `finer` series may be of 5 minutes; where not, hourly ones that it asks for later are read last. */
  readonly looksCloser: boolean;
  /** Hourly series, and finer ones only where they are needed whatever the hours say. */
  readonly series: (resource: ResourceOf<K>, policy: Policy, inventory: Inventory) => readonly SeriesKey[];
  /** Times in which it was of another size, whose figures the study leaves out. */
  readonly otherSizes: (resource: ResourceOf<K>) => readonly OtherSize[];
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
  /** Absent: every resource of the kind. What a rule has no concern with it says nothing of, not even that a tenant's is left alone. */
  readonly concerns?: (resource: R) => boolean;
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
  const { kind, series, looksCloser } = studies;
  const { decided, doubted } = examiner(studies, rules);
  /** One list for all rules: that of a thousand resources has some ten thousand series. */
  const demanded = newest((inventory: Inventory, policy: Policy) => resourcesOf(inventory, kind).flatMap((resource) => series(resource, policy, inventory)));
  return rules.map((rule) => ({
    id: rule.id,
    phase: rule.phase,
    title: rule.title,
    cost: rule.cost,
    judgedBy: rule.judgedBy,
    changes: rule.changes,
    ...(rule.checks === undefined || typeof rule.checks === "function" ? {} : { nothingOfItsOwn: rule.checks.notNeeded }),
    resourceKind: kind,
    looksCloser,
    restsOn: (resource) => (isOf(resource, kind) && concerns(rule, resource) ? rule.restsOn(resource) : {}),
    demands: demanded,
    refinements: (facts) => answersOf(doubted(facts), rule),
    decide: (facts) => [
      ...facts.inventory.undescribed
        .filter(({ ref }) => ref.kind === kind)
        .map(({ ref, reason, detail }) => skip({ rule: rule.id, resource: ref }, skipCodes[reason], detail)),
      ...answersOf(decided(facts), rule),
    ],
  }));
}

/** What a rule answers of a resource. */
interface Answered<R extends Resource, S extends Study, Answer> {
  readonly rule: StudyRule<R, S>;
  readonly answers: readonly Answer[];
}

/** What all rules answer of all resources, in their order. */
type Answers<R extends Resource, S extends Study, Answer> = (facts: RuleFacts) => readonly Answered<R, S, Answer>[];

function answersOf<R extends Resource, S extends Study, Answer>(all: readonly Answered<R, S, Answer>[], of: StudyRule<R, S>): readonly Answer[] {
  return all.filter(({ rule }) => rule === of).flatMap(({ answers }) => answers);
}

interface Examiner<R extends Resource, S extends Study> {
  readonly decided: Answers<R, S, Decision>;
  /** Finer series that would settle decisions on which the readings differ. */
  readonly doubted: Answers<R, S, SeriesKey>;
}

function examiner<K extends Resource["kind"], S extends Study>(
  studies: Studies<K, S>,
  rules: readonly StudyRule<ResourceOf<K>, S>[],
): Examiner<ResourceOf<K>, S> {
  const { kind, study } = studies;
  const doubting = rules.filter(hasFiner);
  /** Of the newest resource alone: both readings of it share what does not depend on them. */
  const studyOf = newest((facts: RuleFacts, resource: ResourceOf<K>) => {
    beginStudy();
    const read = study(facts, resource);
    return {
      careful: once(() => read("careful")),
      hopeful: once(() => read("hopeful")),
      hidden: once(() => hiddenPeak(facts, lookedAt(studies, facts, resource))),
    };
  });
  const careful = oncePer((resource: ResourceOf<K>) =>
    onceOfFacts((facts) => {
      const { careful: studied, hidden } = studyOf(facts, resource);
      return rules.map((rule) => ({ rule, answers: known(facts, rule, hidden, decide(rule, resource, studied())) }));
    }),
  );
  return {
    decided: oncePer((facts) => resourcesOf(facts.inventory, kind).flatMap((resource) => careful(resource)(facts))),
    doubted: oncePer((facts) =>
      (doubting.length === 0 ? [] : resourcesOf(facts.inventory, kind)).flatMap((resource) => {
        // Before the hopeful reading, so that what both share is known to have been looked for by this one.
        const decisions = careful(resource)(facts);
        const studied = studyOf(facts, resource);
        return doubting.map((rule) => {
          const hopeful = known(facts, rule, studied.hidden, decide(rule, resource, studied.hopeful()));
          const doubtful = answersOf(decisions, rule).filter((decision, at) => verdictOf(decision) !== verdictOf(hopeful[at]));
          return { rule, answers: doubtful.flatMap((decision) => rule.finer(studied.careful(), decision)) };
        });
      }),
    ),
  };
}

/** Of each `a` the newest alone, as long as that is there: whoever plans a second time does not keep the figures of the first. */
function newest<A extends WeakKey, B, R>(make: (a: A, b: B) => R): (a: A, b: B) => R {
  const made = new WeakMap<A, { readonly b: B; readonly result: R }>();
  return (a, b) => {
    const known = made.get(a);
    if (known?.b === b) return known.result;
    const result = make(a, b);
    made.set(a, { b, result });
    return result;
  };
}

function decide<R extends Resource, S extends Study>(rule: StudyRule<R, S>, resource: R, study: S): readonly Decision[] {
  const subject: Subject = { rule: rule.id, resource: resource.ref };
  if (study.refusal === "elsewhere" || !concerns(rule, resource)) return [];
  if (study.refusal !== undefined) return [skip(subject, study.refusal.code, study.refusal.detail)];
  return rule.decide(study, subject).map((decision) => (decision.kind === "proposal" ? withChecks(rule, study, permitted(rule, decision)) : decision));
}

/** What may have been asked of a resource in hours of which its own figures do not tell. */
function lookedAt<K extends Resource["kind"], S extends Study>({ series, otherSizes }: Studies<K, S>, facts: RuleFacts, resource: ResourceOf<K>): Looked {
  const { inventory, policy } = facts;
  const requests = resourcesOf(inventory, "load-balancer").flatMap(({ ref: { region }, fullName }) =>
    region === resource.ref.region ? [seriesKey(metrics.balancerRequests, region, { LoadBalancer: fullName }, "Sum", policy.window.slotMinutes * 60)] : [],
  );
  return { keys: [...series(resource, policy, inventory), ...requests], otherSizes: otherSizes(resource) };
}

/**
 * Of a resource whose worst hour is not known nothing is proposed that load could break. By the letter of the requirement it is, with what is not
 * known beside it.
 */
function known(
  { policy }: RuleFacts,
  { judgedBy }: Pick<RuleDeclaration, "judgedBy">,
  hidden: () => string | undefined,
  decisions: readonly Decision[],
): readonly Decision[] {
  if (judgedBy !== "load-balancers") return decisions;
  return decisions.map((decision) => {
    if (decision.kind !== "proposal") return decision;
    const detail = hidden();
    if (detail === undefined) return decision;
    const { evidence, refused, warnings } = decision;
    return policy.rules.decision === "literal"
      ? { ...decision, warnings: [...warnings, `not projected: ${detail}`] }
      : skip(decision, "insufficient-data", detail, { evidence, refused });
  });
}

/** An IAM policy made for a rule (`optimizer iam-policy`) lets it make the changes that it names, and no others. */
function permitted({ id, changes }: Pick<RuleDeclaration, "id" | "changes">, proposal: Proposal): Proposal {
  const made = actionsOf(proposal).flatMap(changeKindsOf);
  const unnamed = made.find((kind) => !changes.includes(kind));
  if (unnamed !== undefined) throw new Fault(`the rule ${id} proposes a change of the kind ${unnamed}, which its \`changes\` leave out`);
  return proposal;
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

function concerns<R extends Resource, S extends Study>(rule: StudyRule<R, S>, resource: R): boolean {
  return rule.concerns?.(resource) ?? true;
}

type FinerRule<R extends Resource, S extends Study> = StudyRule<R, S> & Required<Pick<StudyRule<R, S>, "finer">>;

function hasFiner<R extends Resource, S extends Study>(rule: StudyRule<R, S>): rule is FinerRule<R, S> {
  return rule.finer !== undefined;
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
