import type { SeriesKey } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import { refKey } from "../model/resource-ref.ts";
import type { Decision, Rule, RuleDeclaration, RuleFacts, SkipCode } from "../model/rule.ts";
import type { Reading } from "../sizing/estimate.ts";
import { skip, type Subject } from "../sizing/skip.ts";
import { type Resource, type ResourceOf, resourcesOf, type UndescribedResource } from "./resource-kinds.ts";

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

/** How one kind of resource is studied: once for each resource and reading, so that its rules cannot contradict one another. */
export interface Studies<K extends Resource["kind"], S extends Study> {
  readonly kind: K;
  /** Hourly series, and finer ones only where they are needed whatever the hours say. */
  readonly series: (resource: ResourceOf<K>, policy: Policy) => readonly SeriesKey[];
  readonly study: (facts: RuleFacts, resource: ResourceOf<K>, reading: Reading) => S;
}

/** One rule over the study of one resource. */
export interface StudyRule<R extends Resource, S extends Study> extends RuleDeclaration {
  /** Values that must still be so when a stored plan is run, by the names they are reported under. */
  readonly restsOn: (resource: R) => Readonly<Record<string, unknown>>;
  /** Asked only where the study refuses nothing. */
  readonly decide: (study: S, subject: Subject) => readonly Decision[];
  /** Series of 5 minutes that would settle a decision on which careful and hopeful readings differ. */
  readonly finer: (study: S, doubtful: Decision) => readonly SeriesKey[];
}

/** The rules of one kind of resource as the planner asks them. */
export function leverRules<K extends Resource["kind"], S extends Study>(
  studies: Studies<K, S>,
  rules: readonly StudyRule<ResourceOf<K>, NoInfer<S>>[],
): readonly Rule[] {
  const study = studiedOnce(studies);
  return rules.map((rule) => ruleOver(rule, studies, study));
}

type Studied<R, S> = (facts: RuleFacts, resource: R, reading: Reading) => S;

function ruleOver<K extends Resource["kind"], S extends Study>(
  rule: StudyRule<ResourceOf<K>, S>,
  { kind, series }: Studies<K, S>,
  study: Studied<ResourceOf<K>, S>,
): Rule {
  const decide = (facts: RuleFacts, resource: ResourceOf<K>, reading: Reading): readonly Decision[] => {
    const subject: Subject = { rule: rule.id, resource: resource.ref };
    const studied = study(facts, resource, reading);
    if (studied.refusal === "elsewhere") return [];
    return studied.refusal === undefined ? rule.decide(studied, subject) : [skip(subject, studied.refusal.code, studied.refusal.detail)];
  };
  return {
    id: rule.id,
    phase: rule.phase,
    title: rule.title,
    cost: rule.cost,
    judgedBy: rule.judgedBy,
    resourceKind: kind,
    restsOn: (resource) => (isOf(resource, kind) ? rule.restsOn(resource) : {}),
    demands: (inventory, policy) => resourcesOf(inventory, kind).flatMap((resource) => series(resource, policy)),
    refinements: (facts) =>
      resourcesOf(facts.inventory, kind).flatMap((resource) => {
        const hopeful = decide(facts, resource, "hopeful");
        const doubtful = decide(facts, resource, "careful").filter((careful, at) => verdictOf(careful) !== verdictOf(hopeful[at]));
        return doubtful.flatMap((decision) => rule.finer(study(facts, resource, "careful"), decision));
      }),
    decide: (facts) => [
      ...facts.inventory.undescribed
        .filter(({ ref }) => ref.kind === kind)
        .map(({ ref, reason, detail }) => skip({ rule: rule.id, resource: ref }, skipCodes[reason], detail)),
      ...resourcesOf(facts.inventory, kind).flatMap((resource) => decide(facts, resource, "careful")),
    ],
  };
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
  return decision?.kind === "proposal" ? `→ ${decision.to}` : decision?.code;
}

/** Remembers the studies of the newest facts. */
function studiedOnce<K extends Resource["kind"], S extends Study>({ study }: Studies<K, S>): Studied<ResourceOf<K>, S> {
  const known = new WeakMap<RuleFacts, Map<string, S>>();
  return (facts, resource, reading) => {
    const studies = known.get(facts) ?? new Map<string, S>();
    known.set(facts, studies);
    const key = `${reading} ${refKey(resource.ref)}`;
    const studied = studies.get(key) ?? study(facts, resource, reading);
    studies.set(key, studied);
    return studied;
  };
}

/** A figure that is made when the first rule asks for it, and kept for the others. */
export function once<R>(make: () => R): () => R {
  let made: { readonly result: R } | undefined;
  return () => (made ??= { result: make() }).result;
}
