import { capacities } from "../../contract/capacities.ts";
import { createPriceBook } from "../../optimizer/adapters/prices/list-prices.ts";
import { defaultPolicy } from "../../optimizer/core/model/policy.ts";
import { type Hour, type Hours, hoursOf, type Lost, seenBy, type Sizes, type Trial } from "./replay.ts";
import { region, type RandomAccount } from "./random-account.ts";

/** What is decided on: the type of the group's instances, or the class of the cluster's writer and of the reader that takes its place. */
export const levers = ["asg.instance-type", "aurora.writer-class"] as const;
export type Lever = (typeof levers)[number];

/** What a size does to clients, found by trying it. */
export interface Truth {
  /** Hours of the baseline that are over a limit and were not as deployed. */
  readonly brokenPast: number;
  /** Likewise in the two weeks after it. */
  readonly brokenFuture: number;
  /** Hours of the baseline in which requests fail while a zone, or any one member, is gone, and did not fail as deployed. */
  readonly brokenWithout: number;
}

export interface Oracle {
  /** Smaller sizes, from the largest, as the rules look at them. */
  candidates(lever: Lever): readonly string[];
  truth(lever: Lever, size: string): Truth;
  /** List price of the difference, US dollars a month. */
  monthlyUsd(lever: Lever, size: string): number;
  /** The greatest saving whose size breaks no hour of the baseline, with a zone or a member gone either. */
  safest(lever: Lever): { readonly size: string | null; readonly monthlyUsd: number };
  /** Likewise of what a plan would write back. */
  truthOf(lever: Lever, sizes: Sizes): Truth;
}

const { maxErrorRate, maxP99Increase } = defaultPolicy.window;
const prices = createPriceBook();
const monthHours = 730;
const losses: Readonly<Record<Lever, readonly Lost[]>> = { "asg.instance-type": ["zone"], "aurora.writer-class": ["reader", "writer"] };

/** The limits are those of the windows: errors above 0.5 %, or p99 above that of the same hour as deployed by more than a fifth. */
export function oracleOf({ scenario }: RandomAccount, trial: Trial): Oracle {
  const hours = hoursOf(scenario);
  const asDeployed = remember((lost: Lost) => all(trial, {}, lost, hours));
  const truths = remember((key: string): Truth => {
    const [lever, sizes] = JSON.parse(key) as [Lever, Sizes];
    const tried = all(trial, sizes, "nothing", hours);
    const before = asDeployed("nothing");
    return {
      brokenPast: broken(tried.past, before.past),
      brokenFuture: broken(tried.future, before.future),
      brokenWithout: losses[lever].reduce((sum, lost) => sum + failing(seenBy(trial.at(sizes, lost), hours.past), asDeployed(lost).past), 0),
    };
  });
  const oracle: Oracle = {
    candidates: (lever) => smaller(lever, trial),
    truth: (lever, size) => oracle.truthOf(lever, sizesOf(lever, size, trial)),
    truthOf: (lever, sizes) => truths(JSON.stringify([lever, sizes])),
    monthlyUsd: (lever, size) => monthlyUsd(lever, size, trial),
    safest(lever) {
      let best: { readonly size: string | null; readonly monthlyUsd: number } = { size: null, monthlyUsd: 0 };
      for (const size of smaller(lever, trial)) {
        const { brokenPast, brokenWithout } = oracle.truth(lever, size);
        // What is smaller still is no safer.
        if (brokenPast + brokenWithout > 0) break;
        best = { size, monthlyUsd: monthlyUsd(lever, size, trial) };
      }
      return best;
    },
  };
  return oracle;
}

function all(trial: Trial, sizes: Sizes, lost: Lost, { past, future }: Hours): { readonly past: readonly Hour[]; readonly future: readonly Hour[] } {
  const model = trial.at(sizes, lost);
  return { past: seenBy(model, past), future: lost === "nothing" ? seenBy(model, future) : [] };
}

function broken(tried: readonly Hour[], before: readonly Hour[]): number {
  return tried.filter((hour, at) => {
    const was = before[at];
    if (was === undefined || was.errorShare > maxErrorRate) return false;
    return hour.errorShare > maxErrorRate || hour.p99Seconds > was.p99Seconds * (1 + maxP99Increase);
  }).length;
}

function failing(tried: readonly Hour[], before: readonly Hour[]): number {
  return tried.filter(({ errorShare }, at) => errorShare > maxErrorRate && (before[at]?.errorShare ?? 1) <= maxErrorRate).length;
}

function sizesOf(lever: Lever, size: string, { writer, readers }: Trial): Sizes {
  if (lever === "asg.instance-type") return { instanceType: size };
  return { instanceClasses: Object.fromEntries([writer, ...readers.slice(0, 1)].map((id) => [id, size])) };
}

/** Down to the policy's target, which nobody asked to go below. */
function smaller(lever: Lever, { deployed }: Trial): readonly string[] {
  const { rules } = defaultPolicy;
  const [from, target, family] =
    lever === "asg.instance-type"
      ? [deployed.instanceType, rules.asgInstanceType.target, capacities.ec2Family(deployed.instanceType)]
      : [deployed.instanceClass, rules.auroraWriterClass.target, capacities.rdsFamily(deployed.instanceClass)];
  return family.slice(Math.max(0, family.indexOf(target)), family.indexOf(from)).toReversed();
}

function monthlyUsd(lever: Lever, size: string, { deployed, readers }: Trial): number {
  const hourly =
    lever === "asg.instance-type"
      ? (type: string) => (prices.ec2Hourly(region, type) ?? Number.NaN) * deployed.instances
      : (type: string) => (prices.auroraHourly(region, "aurora-mysql", type) ?? Number.NaN) * (readers.length === 0 ? 1 : 2);
  return (hourly(lever === "asg.instance-type" ? deployed.instanceType : deployed.instanceClass) - hourly(size)) * monthHours;
}

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
