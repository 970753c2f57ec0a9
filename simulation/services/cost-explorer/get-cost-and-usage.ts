import type { GetCostAndUsageRequest, GetCostAndUsageResponse, Group, MetricValue, ResultByTime } from "@aws-sdk/client-cost-explorer";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { checkedPeriod, dateText, stepsOf, type CostPeriod } from "./cost-period.ts";
import { usageLagMs, usageOf, type CostContext } from "./daily-usage.ts";
import { dimensionOf, lineFilter } from "./line-filter.ts";
import { invalidNextPageToken, validationException } from "./service-errors.ts";
import type { UsageLine } from "./usage-line.ts";

const members = ["TimePeriod", "Granularity", "Filter", "Metrics", "GroupBy", "NextPageToken"];
const dayMs = 86_400_000;
const maxGroupsPerPage = 1000;

interface CostMetric {
  readonly unit: string;
  /** `discountShare`: what the account agreed upon with AWS. */
  readonly of: (line: UsageLine, discountShare: number) => number;
}

const metrics: Readonly<Record<string, CostMetric>> = {
  AmortizedCost: { unit: "USD", of: (line) => line.amortizedUsd },
  NetAmortizedCost: { unit: "USD", of: (line, discountShare) => netOf(line, line.amortizedUsd, discountShare) },
  UnblendedCost: { unit: "USD", of: (line) => line.unblendedUsd },
  NetUnblendedCost: { unit: "USD", of: (line, discountShare) => netOf(line, line.unblendedUsd, discountShare) },
  UsageQuantity: { unit: "N/A", of: (line) => line.quantity },
};

/** An agreement's discount is on usage and commitments, not on tax and credits. */
function netOf({ recordType }: UsageLine, usd: number, discountShare: number): number {
  return recordType === "Tax" || recordType === "Credit" ? usd : usd * (1 - discountShare);
}

/** GetCostAndUsage from what ran and what it was asked: resources' hours and request units at list prices, less commitments. */
export function getCostAndUsage(input: GetCostAndUsageRequest, context: CostContext): GetCostAndUsageResponse {
  refuseUnmodelled("GetCostAndUsage", input, members);
  const asked = checkedMetrics(input.Metrics);
  const groupBy = input.GroupBy ?? [];
  if (groupBy.length > 2) throw validationException("Only up to 2 GroupBy definitions are allowed");
  const keys = groupBy.map(({ Type: type, Key: key }) => {
    if (type !== undefined && type !== "DIMENSION") throw new NotSimulated(`Cost Explorer's grouping by ${type}`);
    return dimensionOf(key);
  });
  const { scenario, nowMs } = context;
  const firstDayMs = Date.parse(scenario.start) - scenario.historyDays * dayMs;
  const period = checkedPeriod(input.TimePeriod, nowMs, firstDayMs);
  const matches = lineFilter(input.Filter);
  const cost = (step: CostPeriod): ResultByTime => resultOf(step, usageOf(context, step).filter(matches), asked, keys, context);
  const { results, next } = page(stepsOf(period, input.Granularity), input.NextPageToken, cost);
  return {
    ResultsByTime: results,
    DimensionValueAttributes: [],
    ...(groupBy.length === 0 ? {} : { GroupDefinitions: groupBy }),
    ...(next === undefined ? {} : { NextPageToken: next }),
  };
}

function checkedMetrics(names: readonly string[] | undefined): readonly string[] {
  if (names === undefined || names.length === 0) throw validationException("Metrics is required");
  for (const name of names) metricNamed(name);
  return names;
}

function metricNamed(name: string): CostMetric {
  const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (metric === undefined) throw new NotSimulated(`Cost Explorer's metric ${name}`);
  return metric;
}

function resultOf(
  step: CostPeriod,
  lines: readonly UsageLine[],
  asked: readonly string[],
  keys: readonly ((line: UsageLine) => string)[],
  { nowMs, scenario: { negotiatedDiscountShare = 0 } }: CostContext,
): ResultByTime {
  const head = {
    TimePeriod: { Start: dateText(step.startMs), End: dateText(step.endMs) },
    Estimated: step.endMs + usageLagMs + dayMs > nowMs,
  };
  if (keys.length === 0) return { ...head, Total: amounts(lines, asked, negotiatedDiscountShare), Groups: [] };
  const byKeys = new Map<string, UsageLine[]>();
  for (const line of lines) {
    const key = JSON.stringify(keys.map((read) => read(line)));
    const group = byKeys.get(key);
    if (group === undefined) byKeys.set(key, [line]);
    else group.push(line);
  }
  const groups = [...byKeys.values()].map((group): Group => ({ Keys: keysOf(group, keys), Metrics: amounts(group, asked, negotiatedDiscountShare) }));
  return { ...head, Total: {}, Groups: groups };
}

function keysOf(group: readonly UsageLine[], keys: readonly ((line: UsageLine) => string)[]): string[] {
  const [line] = group;
  return line === undefined ? [] : keys.map((read) => read(line));
}

function amounts(lines: readonly UsageLine[], asked: readonly string[], discountShare: number): Record<string, MetricValue> {
  return Object.fromEntries(
    asked.map((name) => {
      const { unit, of } = metricNamed(name);
      return [name, { Amount: lines.reduce((sum, line) => sum + of(line, discountShare), 0).toFixed(10), Unit: unit }];
    }),
  );
}

/** Whole steps until a page is full; the token is the index of the next step. */
function page(
  steps: readonly CostPeriod[],
  token: string | undefined,
  cost: (step: CostPeriod) => ResultByTime,
): { readonly results: ResultByTime[]; readonly next: string | undefined } {
  const first = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(first) || first < 0 || first >= steps.length) throw invalidNextPageToken();
  const results: ResultByTime[] = [];
  let groups = 0;
  for (const step of steps.slice(first)) {
    const result = cost(step);
    groups += result.Groups?.length ?? 0;
    if (results.length > 0 && groups > maxGroupsPerPage) break;
    results.push(result);
  }
  const nextIndex = first + results.length;
  return { results, next: nextIndex < steps.length ? Buffer.from(String(nextIndex)).toString("base64url") : undefined };
}
