import { CollectedSeries } from "./collected-series.ts";
import type { Baseline } from "./observation.ts";
import type { RuleFacts } from "./rule.ts";

interface Made<R> {
  readonly facts: RuleFacts;
  readonly result: R;
  /** Series that it was made without. */
  readonly missed: ReadonlySet<string>;
}

/**
 * Something that follows from the facts, found out once. After finer series were read it is found out again only where it had looked for one of
 * them: a plan of a thousand resources refines few, and decided everything twice.
 */
export function onceOfFacts<R>(make: (facts: RuleFacts) => R): (facts: RuleFacts) => R {
  const made = new WeakMap<Baseline, Made<R>>();
  const known = (facts: RuleFacts, baseline: Baseline): Made<R> | undefined => {
    const one = made.get(baseline);
    return one !== undefined && isSameBesides(one.facts, facts) ? one : undefined;
  };
  /** Of the coarser baselines, the last of which anything was found out. */
  const newestOf = (facts: RuleFacts, baseline: Baseline | undefined): Made<R> | undefined =>
    baseline && (known(facts, baseline) ?? newestOf(facts, baseline.coarser));
  return (facts) => {
    const { baseline } = facts;
    const { observations } = baseline;
    // Other maps do not tell what was looked for, so that nothing made from them outlives them.
    if (!(observations instanceof CollectedSeries)) return (known(facts, baseline) ?? kept(made, { facts, result: make(facts), missed: new Set() })).result;
    const earlier = known(facts, baseline) ?? stillTrue(newestOf(facts, baseline.coarser), observations);
    if (earlier !== undefined) {
      observations.missing(earlier.missed);
      return kept(made, { ...earlier, facts }).result;
    }
    return kept(made, { facts, ...observations.watch(() => make(facts)) }).result;
  };
}

function kept<R>(made: WeakMap<Baseline, Made<R>>, one: Made<R>): Made<R> {
  made.set(one.facts.baseline, one);
  return one;
}

/** What is there now was not looked for then. */
function stillTrue<R>(earlier: Made<R> | undefined, observations: CollectedSeries): Made<R> | undefined {
  if (earlier === undefined) return undefined;
  for (const id of earlier.missed) if (observations.isThere(id)) return undefined;
  return earlier;
}

function isSameBesides(one: RuleFacts, other: RuleFacts): boolean {
  return (["inventory", "policy", "capacities", "prices", "ownerRegion"] as const).every((name) => one[name] === other[name]);
}
