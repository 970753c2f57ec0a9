import { metricOf } from "../../core/metrics/catalogue.ts";
import { allSlotKeys, balancerSlotKeys } from "../../core/metrics/balancer-slots.ts";
import { type Inventory, type Resource, resourceKinds } from "../../core/levers/resource-kinds.ts";
import type { Check } from "../../core/model/check.ts";
import { metricId, type Observation, type SeriesKey, type Span } from "../../core/model/observation.ts";
import type { Policy } from "../../core/model/policy.ts";
import type { Rule } from "../../core/model/rule.ts";
import { count } from "../../core/report/figures.ts";

const daySeconds = 86_400;
const dayMs = daySeconds * 1000;

/** What is published only where somebody turned it on: by namespace, its name, and what the rules do without it. */
const optional: Readonly<Record<string, { readonly name: string; readonly without: string }>> = {
  CWAgent: { name: "the CloudWatch agent's memory", without: "memory is then no part of what fits: install the agent to have it looked at" },
  "ECS/ContainerInsights": {
    name: "Container Insights",
    without: "the desired number then counts as the number of tasks that ran: turn it on for the cluster",
  },
  LambdaInsights: { name: "Lambda Insights", without: "memory is then left as it is: add the extension's layer" },
};

/** Whole UTC days, as many as the policy's baseline has. */
export function examinedDays(nowMs: number, { baselineDays }: Policy): Span {
  const endMs = Math.floor(nowMs / dayMs) * dayMs;
  return { startMs: endMs - baselineDays * dayMs, endMs };
}

/** Every metric that the rules ask of a resource in its own region, one value a day: whether there is a point, not what it is. */
export function presenceKeys(resource: Resource, inventory: Inventory, rules: readonly Rule[], policy: Policy): readonly SeriesKey[] {
  const alone = { ...inventory, resources: [resource] };
  const asked = resource.kind === "load-balancer" ? allSlotKeys(balancerSlotKeys(resource, daySeconds)) : demanded(rules, resource, alone, policy);
  const own = asked.filter(({ region }) => region === resource.ref.region);
  return [...new Map(own.map((key) => ({ ...key, periodSeconds: daySeconds })).map((key) => [metricId(key), key])).values()];
}

function demanded(rules: readonly Rule[], resource: Resource, alone: Inventory, policy: Policy): readonly SeriesKey[] {
  return rules.filter(({ resourceKind }) => resourceKind === resource.kind).flatMap((rule) => rule.demands(alone, policy));
}

/** What CloudWatch knows of a resource, in one line. */
export function metricCheck({ ref, ...resource }: Resource, observations: readonly Observation[], { baselineDays, completeness }: Policy): Check {
  const about = { area: "metrics", region: ref.region, name: `${resourceKinds[ref.kind].word} ${ref.id}` } as const;
  const days = ({ values }: Observation): number => values.filter((value) => !Number.isNaN(value)).length;
  const constant = observations.filter(({ key }) => optional[key.namespace] === undefined && metricOf(key)?.reported === "always");
  const never = constant.filter((each) => days(each) === 0);
  const least = constant.filter((each) => days(each) > 0).toSorted((a, b) => days(a) - days(b))[0];
  const missing = missingOptions(observations, (each) => days(each) === 0);
  const extras = [
    ...(least === undefined || never.length === 0 ? [] : [`nothing of ${[...new Set(never.map(({ key }) => key.metric))].join(", ")}`]),
    ...sampling(resource),
    ...missing.map(({ name }) => `without ${name}`),
  ];
  if (constant.length === 0) {
    const seen = observations.some((each) => days(each) > 0) ? "reports on use alone, and was used" : "reports on use alone, and nothing was used";
    return withOptions({ ...about, verdict: "ok", seen: [seen, ...extras].join("; ") }, missing);
  }
  if (least === undefined)
    return { ...about, verdict: "warning", seen: `not one point in ${baselineDays} days of ${count(constant.length, "metric")}`, remedy: "it is left alone" };
  const found = days(least);
  const shortest = found < baselineDays ? ` of ${seriesWords(least.key, ref.id)}` : "";
  const seen = [`${count(constant.length, "series", "series")}, ${found} of ${baselineDays} days${shortest}`, ...extras].join("; ");
  if (found < baselineDays * completeness.minShare) return { ...about, verdict: "warning", seen, remedy: shortWords(found, completeness) };
  if (never.length === 0) return withOptions({ ...about, verdict: "ok", seen }, missing);
  return { ...about, verdict: "warning", seen, remedy: "what rests on it is skipped, or is no part of what fits: `optimizer explain` tells" };
}

function shortWords(found: number, { minShare, minWholeDays }: Policy["completeness"]): string {
  if (found < minWholeDays) return `rules need ${minWholeDays} whole days: until then what rests on it is left alone`;
  return `rules need ${minShare * 100} % of the points: set a shorter baselineDays in the policy, or wait`;
}

/** A metric, with the part of the resource that it is of. */
function seriesWords({ metric, dimensions }: SeriesKey, id: string): string {
  const parts = Object.values(dimensions).filter((value) => value !== id);
  return parts.length === 0 ? metric : `${metric} (${parts.join(", ")})`;
}

type Option = (typeof optional)[string];

function missingOptions(observations: readonly Observation[], isAbsent: (one: Observation) => boolean): readonly Option[] {
  return Object.entries(optional).flatMap(([namespace, option]) => {
    const own = observations.filter(({ key }) => key.namespace === namespace);
    return own.length > 0 && own.every(isAbsent) ? [option] : [];
  });
}

function withOptions(check: Check, missing: readonly Option[]): Check {
  if (missing.length === 0) return check;
  return { ...check, verdict: "warning", remedy: missing.map(({ without }) => without).join("; ") };
}

/** How finely a resource is measured, where that is a matter of its settings. */
function sampling(resource: Omit<Resource, "ref">): readonly string[] {
  if ("detailedMonitoring" in resource) return [resource.detailedMonitoring === true ? "every minute" : "every 5 minutes, without detailed monitoring"];
  if ("performanceInsights" in resource) return [resource.performanceInsights === true ? "with Performance Insights" : "without Performance Insights"];
  return [];
}
