/** A measurement that tells the same figure for weeks while requests come and go: whoever publishes it tells an old one again. */
import { describe, expect, it } from "vitest";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import { metricOf, metrics, type Metric } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import type { Decision } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";
import { bolder } from "../../../support/bolder.ts";

const world = account(14);

function isRequests({ metric }: SeriesKey): boolean {
  return metric === "RequestCount";
}

function requests(hour: number): number {
  return 1000 * (1 + (hour % 24));
}

/** Busier by day than by night, to the last digit another each hour. */
function byDay(value: number, hour: number): number {
  return value * (1 + 0.2 * Math.sin((hour / 12) * Math.PI) + hour / 1e6);
}

const moving = world.turned((value, key, hour) => (isRequests(key) ? requests(hour) : metricOf(key)?.neverStill === true ? byDay(value, hour) : value));

/** As it moves, but for one metric that stands at what it is in the first hour; `fromHour` and `untilHour` bound that. */
function standing(metric: Metric, fromHour = 0, untilHour = Number.POSITIVE_INFINITY) {
  return world.turned((value, key, hour) => {
    if (isRequests(key)) return requests(hour);
    const isStill = metricOf(key) === metric && hour >= fromHour && hour < untilHour;
    return metricOf(key)?.neverStill === true && !isStill ? byDay(value, hour) : value;
  });
}

function decided(seen: typeof world): readonly Decision[] {
  return decideAll(rules, seen.facts(rules));
}

function saying(decisions: readonly Decision[], metric: Metric): readonly Decision[] {
  return decisions.filter((each) => each.kind === "skip" && each.detail.includes(`${metric.metric} is`) && each.detail.includes("stands still"));
}

const byTruth = decided(moving);
const asked = new Set(rules.flatMap((rule) => rule.demands(world.inventory, world.policy).flatMap((key) => metricOf(key) ?? [])));
const cases = Object.entries(metrics).flatMap(([name, metric]) => ("neverStill" in metric && asked.has(metric) ? [{ name, metric }] : []));

describe("a metric that stands still for days while requests vary", () => {
  it.each(cases)("is no measurement: nothing rests on $name, and the skip names it", ({ metric }) => {
    const decisions = decided(standing(metric));
    expect(bolder(byTruth, decisions)).toEqual([]);
    expect(saying(decisions, metric)).not.toEqual([]);
  });
});
