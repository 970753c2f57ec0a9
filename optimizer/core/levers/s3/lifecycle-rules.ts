import { canonicalJson, sameJson } from "../../../../contract/canonical-json.ts";
import type { LifecycleConfiguration, LifecycleRule } from "./bucket.ts";

/**
 * Standard-IA takes no object younger than 30 days, and is billed for 30 days at least
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html).
 */
export const leastDaysBeforeStandardIa = 30;
export const leastDaysInStandardIa = 30;
/** Below this Standard-IA bills an object as if it were so large; no lifecycle rule moves a smaller one unless its filter says so. */
export const leastBytesInStandardIa = 131_072;

/** What rules say, apart from their order, the order within them, and the form of a filter that names a prefix alone. */
export function normalized({ rules, minimumObjectSize }: LifecycleConfiguration): unknown {
  return { rules: rules.map(normalizedRule).toSorted((one, other) => compare(canonicalJson(one), canonicalJson(other))), minimumObjectSize };
}

function normalizedRule(rule: LifecycleRule) {
  const { Transitions: moves = [], NoncurrentVersionTransitions: oldMoves = [], Prefix: _, ...rest } = rule;
  return { ...rest, Filter: conditionsOf(rule), Transitions: sorted(moves), NoncurrentVersionTransitions: sorted(oldMoves) };
}

function sorted<T>(list: readonly T[]): readonly T[] {
  return list.toSorted((one, other) => compare(canonicalJson(one), canonicalJson(other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

interface Conditions {
  readonly prefix: string;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly aboveBytes?: number;
  readonly belowBytes?: number;
}

/** What a rule is about, in whichever form it says so. */
export function conditionsOf({ Prefix: legacy, Filter: filter = {} }: LifecycleRule): Conditions {
  const joined = filter.And ?? filter;
  const tags = [...(filter.And?.Tags ?? []), ...(filter.Tag === undefined ? [] : [filter.Tag])];
  const { ObjectSizeGreaterThan: aboveBytes, ObjectSizeLessThan: belowBytes } = joined;
  return {
    prefix: joined.Prefix ?? legacy ?? "",
    tags: sorted(tags),
    ...(aboveBytes === undefined ? {} : { aboveBytes }),
    ...(belowBytes === undefined ? {} : { belowBytes }),
  };
}

/**
 * `present` with those rules of `from` that `to` has otherwise put as in `to`; undefined where one of them is not there as `from` has it, or where
 * both have all rules alike. By name, since S3 names every rule that it takes. All get a filter: see `movedToStandardIa`.
 */
export function exchanged(
  present: readonly LifecycleRule[],
  from: readonly LifecycleRule[],
  to: readonly LifecycleRule[],
): readonly LifecycleRule[] | undefined {
  const isIn = (rules: readonly LifecycleRule[], rule: LifecycleRule): boolean => rules.some((each) => sameRule(each, rule));
  const outgoing = from.filter((rule) => !isIn(to, rule));
  const incoming = to.filter((rule) => !isIn(from, rule));
  if ([...outgoing, ...incoming].some(({ ID }) => ID === undefined)) return undefined;
  if (outgoing.length + incoming.length === 0 || !outgoing.every((rule) => isIn(present, rule))) return undefined;
  const kept = present.filter((rule) => !isIn(outgoing, rule));
  // Under the name of a rule that is to come somebody else has another one.
  if (incoming.some(({ ID }) => kept.some((rule) => rule.ID === ID))) return undefined;
  const replaced = present.flatMap((rule) => (isIn(outgoing, rule) ? incoming.filter(({ ID }) => ID === rule.ID) : [rule]));
  return [...replaced, ...incoming.filter((rule) => !replaced.includes(rule))].map(filtered);
}

/** Whether two rules say the same, whatever their order and form. */
export function sameRule(one: LifecycleRule, other: LifecycleRule): boolean {
  return sameJson(normalizedRule(one), normalizedRule(other));
}

/** A rule of before there were filters gets the filter that says the same. */
export function filtered({ Prefix: legacy, Filter: filter, ...rest }: LifecycleRule): LifecycleRule {
  return { ...rest, Filter: filter ?? { Prefix: legacy ?? "" } };
}

/** Whether the rule is about every object of the bucket. */
export function isAboutAll(rule: LifecycleRule): boolean {
  return sameJson(conditionsOf(rule), { prefix: "", tags: [] });
}

/** Enabled rules that move current objects to Intelligent-Tiering. */
export function tieringRules({ rules }: LifecycleConfiguration): readonly LifecycleRule[] {
  return rules.filter(isTiering);
}

function movesOf({ Transitions: moves = [] }: LifecycleRule) {
  return moves;
}

function nameOf({ ID }: LifecycleRule): string {
  return ID ?? "without a name";
}

function isTiering(rule: LifecycleRule): boolean {
  return rule.Status === "Enabled" && movesOf(rule).some(({ StorageClass }) => StorageClass === "INTELLIGENT_TIERING");
}

/**
 * All rules as they are, but those to Intelligent-Tiering move to Standard-IA. Each gets a filter: S3 takes no configuration in which some
 * rules have one and others the prefix of old (MalformedXML).
 */
export function movedToStandardIa({ rules, ...rest }: LifecycleConfiguration, afterDays: number): LifecycleConfiguration {
  return {
    ...rest,
    rules: rules.map((rule) => {
      if (!isTiering(rule)) return filtered(rule);
      const moves = movesOf(rule).filter(({ StorageClass }) => StorageClass !== "INTELLIGENT_TIERING");
      return { ...filtered(rule), Transitions: [{ Days: afterDays, StorageClass: "STANDARD_IA" }, ...moves] };
    }),
  };
}

/** Why S3 would refuse such rules, or they would cost more than they look, in words; undefined where nothing is against it. */
export function obstacleTo(configuration: LifecycleConfiguration, afterDays: number): string | undefined {
  for (const rule of tieringRules(configuration)) {
    const name = `rule ${nameOf(rule)}`;
    const [first, second] = movesOf(rule).filter(({ StorageClass }) => StorageClass === "INTELLIGENT_TIERING");
    if (first?.Days === undefined || second !== undefined) return `${name} moves objects on a date`;
    const others = movesOf(rule).filter(({ StorageClass }) => StorageClass !== "INTELLIGENT_TIERING");
    const infrequent = others.map(({ StorageClass }) => StorageClass).find((each) => each === "STANDARD_IA" || each === "ONEZONE_IA");
    if (infrequent !== undefined) return `${name} moves objects to ${infrequent}, too`;
    const soon = others.find(({ Days: days }) => days === undefined || days < afterDays + leastDaysInStandardIa);
    if (soon !== undefined)
      return `${name} moves objects on to ${soon.StorageClass ?? "another class"} before they have been in Standard-IA for ${leastDaysInStandardIa} days`;
    const { aboveBytes, belowBytes } = conditionsOf(rule);
    const takesSmall = aboveBytes !== undefined ? aboveBytes + 1 < leastBytesInStandardIa : belowBytes !== undefined;
    if (takesSmall) return `${name} moves objects of less than 128 KB, which Standard-IA bills as 128 KB`;
    const expiring = configuration.rules.find(
      (other) => other.Status === "Enabled" && expiresBefore(other, afterDays + leastDaysInStandardIa) && mayMeet(rule, other),
    );
    if (expiring !== undefined)
      return `rule ${nameOf(expiring)} deletes objects before they have been in Standard-IA for ${leastDaysInStandardIa} days, which are billed in any case`;
    const moving = configuration.rules.find(
      (other) => other.Status === "Enabled" && !isTiering(other) && movesBefore(other, afterDays + leastDaysInStandardIa) && mayMeet(rule, other),
    );
    if (moving !== undefined)
      return `rule ${nameOf(moving)} moves objects of ${name} to another class before they have been in Standard-IA for ${leastDaysInStandardIa} days, which are billed in any case`;
  }
  return undefined;
}

/**
 * The tags by which rules pick objects that a move to Standard-IA may be about. A tag of an object is found by S3 alone: no call of the bucket's
 * tells it but the rules that name it.
 */
export function pickedTags(configuration: LifecycleConfiguration): readonly { readonly rule: string; readonly tags: Readonly<Record<string, string>> }[] {
  const moved = tieringRules(configuration);
  return configuration.rules
    .filter((rule) => moved.some((each) => mayMeet(each, rule)))
    .map((rule) => ({ rule: ruleWords(rule), tags: Object.fromEntries(conditionsOf(rule).tags.map(({ Key, Value }) => [Key, Value])) }));
}

function expiresBefore({ Expiration: expiration }: LifecycleRule, days: number): boolean {
  return expiration?.Date !== undefined || (expiration?.Days !== undefined && expiration.Days < days);
}

function movesBefore(rule: LifecycleRule, days: number): boolean {
  return movesOf(rule).some(({ Days }) => Days === undefined || Days < days);
}

/** Whether two rules may be about the same object: one prefix begins with the other; tags and sizes never keep them surely apart. */
function mayMeet(one: LifecycleRule, other: LifecycleRule): boolean {
  const [a, b] = [conditionsOf(one).prefix, conditionsOf(other).prefix];
  return a.startsWith(b) || b.startsWith(a);
}

/** Where all current objects of the bucket move to, as a sizing file says it; null where one move does not say it all. */
export function wholeBucketMove({ rules }: LifecycleConfiguration): { readonly storageClass: string; readonly afterDays: number } | null {
  const moving = rules.filter((rule) => rule.Status === "Enabled" && movesOf(rule).length > 0);
  const [rule] = moving;
  const [move, second] = moving.flatMap(movesOf);
  if (rule === undefined || move?.Days === undefined || move.StorageClass === undefined || second !== undefined || !isAboutAll(rule)) return null;
  return { storageClass: move.StorageClass, afterDays: move.Days };
}

/** A rule's name and what it is about, for people. */
export function ruleWords(rule: LifecycleRule): string {
  const { prefix } = conditionsOf(rule);
  return `${nameOf(rule)}${isAboutAll(rule) ? "" : prefix === "" ? " (some objects)" : ` (under ${prefix})`}`;
}
