import { jmespathLiteral } from "../../model/jmespath.ts";
import type { LifecycleRule } from "./bucket.ts";
import { conditionsOf, filtered, sameRule } from "./lifecycle-rules.ts";

/** One rule as it is to be found, and as it is to be put in its place. */
interface Exchange {
  readonly from: LifecycleRule;
  readonly to: LifecycleRule;
}

/**
 * A query of AWS's CLI that makes, of the configuration that GetBucketLifecycleConfiguration answers, the one to be put: rules of `from` that are
 * there as they were left become those of `to`, each in its place, and whatever else is there stays. Where one is neither, it makes a text of the
 * rules, which says so and which the CLI shows and does not send. Undefined where a rule comes or goes, or has no name: then none takes another's
 * place.
 */
export function exchangeQuery(from: readonly LifecycleRule[], to: readonly LifecycleRule[]): string | undefined {
  const exchanges = exchangesOf(from, to);
  if (exchanges === undefined) return undefined;
  const areThere = exchanges.map((exchange) => `length(Rules[?${isEither(exchange)}]) == \`1\``);
  const replaced = exchanges.map(({ to: back }) => `ID == ${jmespathLiteral(back.ID)} && ${jmespathLiteral(back)}`);
  const names = exchanges.map(({ to: { ID: name = "" } }) => name).join(", ");
  const refusal = jmespathLiteral(`nothing is put, since somebody else changed the rule that is to be put back: ${names}`);
  return `{Rules: ${areThere.join(" && ")} && Rules[].[${[...replaced, "@"].join(" || ")}][] || ${refusal}}`;
}

function isEither({ from, to }: Exchange): string {
  const [ours, back] = [sayingOf(from), sayingOf(to)];
  const common = ours.filter((each) => back.includes(each));
  const [oursAlone, backAlone] = [ours, back].map((all) => all.filter((each) => !common.includes(each)).join(" && "));
  // What differs in form alone is the same.
  return [...common, ...(oursAlone === "" && backAlone === "" ? [] : [`(${oursAlone} || ${backAlone})`])].join(" && ");
}

function exchangesOf(from: readonly LifecycleRule[], to: readonly LifecycleRule[]): readonly [Exchange, ...Exchange[]] | undefined {
  const pairs = from.map((ours) => ({ from: ours, to: to.find(({ ID: name }) => name !== undefined && name === ours.ID) }));
  const isPaired = (pair: (typeof pairs)[number]): pair is Exchange => pair.to !== undefined;
  if (from.length !== to.length || !pairs.every(isPaired)) return undefined;
  // A rule of before there were filters takes another form though it says the same: S3 takes no mixture.
  const [first, ...others] = pairs.map((pair) => ({ from: pair.from, to: filtered(pair.to) })).filter(({ from: ours, to: back }) => !isAsIs(ours, back));
  return first === undefined ? undefined : [first, ...others];
}

function isAsIs(ours: LifecycleRule, back: LifecycleRule): boolean {
  return ours.Filter !== undefined && sameRule(ours, back);
}

/** What a rule may say besides its name, its status and what it is about. */
const saying = ["Expiration", "Transitions", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"] as const;

/** What holds of a rule that says the same, whatever the order in which it says it, and in whichever form it says what it is about. */
function sayingOf(rule: LifecycleRule): readonly string[] {
  const { prefix, tags, aboveBytes = null, belowBytes = null } = conditionsOf(rule);
  const foundTags = "not_null(Filter.And.Tags, Filter.Tag && [Filter.Tag], `[]`)";
  const others = Object.keys(rule).filter((name) => !["ID", "Status", "Prefix", "Filter", ...saying].includes(name));
  return [
    `ID == ${jmespathLiteral(rule.ID)}`,
    `Status == ${jmespathLiteral(rule.Status)}`,
    `not_null(Filter.And.Prefix, Filter.Prefix, Prefix, ${jmespathLiteral("")}) == ${jmespathLiteral(prefix)}`,
    ...hasAll(foundTags, tags),
    `not_null(Filter.And.ObjectSizeGreaterThan, Filter.ObjectSizeGreaterThan) == ${jmespathLiteral(aboveBytes)}`,
    `not_null(Filter.And.ObjectSizeLessThan, Filter.ObjectSizeLessThan) == ${jmespathLiteral(belowBytes)}`,
    ...[...saying, ...others].flatMap((name) => {
      const said = (rule as unknown as Readonly<Record<string, unknown>>)[name];
      return Array.isArray(said) ? hasAll(`not_null(${name}, \`[]\`)`, said) : [`${name} == ${jmespathLiteral(said ?? null)}`];
    }),
  ];
}

function hasAll(list: string, items: readonly unknown[]): readonly string[] {
  return [`length(${list}) == ${jmespathLiteral(items.length)}`, ...items.map((item) => `contains(${list}, ${jmespathLiteral(item)})`)];
}
