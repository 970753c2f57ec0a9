/** What AWS, or an agent, may say of a metric that is not so: none of it may make a rule bolder than the truth does. */
import { describe, expect, it } from "vitest";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { metricOf, metrics, type Metric } from "../../../../optimizer/core/metrics/catalogue.ts";
import { once } from "../../../../optimizer/core/model/once.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import type { Decision, Rule } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { bolder } from "../../../support/bolder.ts";
import type { World } from "../../../support/world.ts";

const [world, longer] = [account(14), account(35)];

/** The rules on each kind of resource of which some rule reads this metric, with what they decide by the truth. */
function readersOf(metric: Metric): readonly Rule[] {
  const kinds = rules.filter((rule) => rule.demands(world.inventory, world.policy).some((key) => metricOf(key) === metric)).map((rule) => rule.resourceKind);
  return rules.filter(({ resourceKind }) => kinds.includes(resourceKind));
}

function decided(seen: World, asked: readonly Rule[]): readonly Decision[] {
  return decideAll(asked, seen.facts(asked));
}

type Distortion = (value: number, key: SeriesKey) => number;

/** `NaN` is a point that is not there: what is negative or no number never becomes one (metric-points.ts). */
const distortions: Readonly<Record<string, Distortion>> = {
  "not there": () => Number.NaN,
  "there by its maximum alone": (value, { statistic }) => (statistic === "Maximum" ? value : Number.NaN),
  "there by its average alone": (value, { statistic }) => (statistic === "Average" ? value : Number.NaN),
  "there by its sum alone": (value, { statistic }) => (statistic === "Sum" ? value : Number.NaN),
  "zero by its average": (value, { statistic }) => (statistic === "Average" ? 0 : value),
  "zero by its maximum": (value, { statistic }) => (statistic === "Maximum" ? 0 : value),
  "always zero": () => 0,
};

/** Zeros of what is never nothing do not come through either. */
function asRead(value: number, { neverZero }: Metric): number {
  return value === 0 && neverZero === true ? Number.NaN : value;
}

const cases = Object.entries(metrics).flatMap(([name, metric]) => {
  const readers = readersOf(metric);
  const seen = name.startsWith("s3") ? longer : world;
  return readers.length === 0 ? [] : [{ name, metric, readers, seen, byTruth: once(() => decided(seen, readers)) }];
});

describe.each(Object.entries(distortions))("a metric that is %s", (_, distorted) => {
  it.each(cases)("makes no rule bolder: $name", ({ metric, readers, seen, byTruth }) => {
    const turned = seen.turned((value, key) => (metricOf(key) === metric ? asRead(distorted(value, key), metric) : value));
    expect(bolder(byTruth(), decided(turned, readers))).toEqual([]);
  });
});
