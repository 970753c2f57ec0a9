import { pointAt, type Span } from "../model/observation.ts";
import type { MonthlyTrend, ServiceTrend } from "../model/spending.ts";
import { hoursPerMonth } from "./monthly.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Cost Explorer's newest two days are not complete. */
const settleMs = 2 * dayMs;
/** A year of complete months shows every season once; Cost Explorer keeps one more. */
const months = 12;

/** What Cost Explorer answers of one UTC month, service and region: US dollars of the month's days so far. */
export interface MonthlyCost {
  readonly monthStartMs: number;
  readonly region: string;
  readonly service: string;
  readonly amortizedUsd: number;
}

/** The year before this month, and of this month the days that are complete; whole UTC days. */
export function trendSpan(nowMs: number): Span {
  const lastDayEndMs = Math.floor((nowMs - settleMs) / dayMs) * dayMs + dayMs;
  const { year, month } = monthOf(lastDayEndMs - 1);
  return { startMs: Date.UTC(year, month - months, 1), endMs: lastDayEndMs };
}

/**
 * The months that are complete, and the running one apart from them. The first month with any cost is left out where the span reaches further
 * back: the account began within it. Null without a complete month.
 */
export function trendOf(costs: readonly MonthlyCost[], span: Span): MonthlyTrend | null {
  const starts = monthStarts(span);
  const spent = new Set(costs.flatMap(({ monthStartMs, amortizedUsd }) => (amortizedUsd > 0 ? monthStartMs : [])));
  const first = starts.findIndex((startMs) => spent.has(startMs));
  if (first < 0) return null;
  const known = starts.slice(first === 0 ? 0 : first + 1);
  const complete = known.filter((startMs) => nextMonthMs(startMs) <= span.endMs);
  const [firstMonth, ...otherMonths] = complete.map(monthName);
  if (firstMonth === undefined) return null;
  const runningMs = starts.find((startMs) => nextMonthMs(startMs) > span.endMs);
  const usd = new Map<string, number>();
  for (const { region, service, monthStartMs, amortizedUsd } of costs) {
    const key = JSON.stringify([region, service, monthStartMs]);
    usd.set(key, (usd.get(key) ?? 0) + amortizedUsd);
  }
  const monthly = (region: string, service: string, startMs: number): number => {
    const hours = (Math.min(nextMonthMs(startMs), span.endMs) - startMs) / 3_600_000;
    return ((usd.get(JSON.stringify([region, service, startMs])) ?? 0) / hours) * hoursPerMonth;
  };
  const named = new Map(costs.map(({ region, service }) => [JSON.stringify([region, service]), { region, service }]));
  const services = [...named.values()].flatMap(({ region, service }): readonly ServiceTrend[] => {
    const monthlyUsd = complete.map((startMs) => monthly(region, service, startMs));
    const runningMonthlyUsd = runningMs === undefined ? null : monthly(region, service, runningMs);
    if ([...monthlyUsd, runningMonthlyUsd].every((each) => each === null || each === 0)) return [];
    return [{ region, service, monthlyUsd, runningMonthlyUsd, risingUsd: medianRise(monthlyUsd) }];
  });
  return {
    months: [firstMonth, ...otherMonths],
    running: runningMs === undefined ? null : { month: monthName(runningMs), days: (span.endMs - runningMs) / dayMs },
    services: services.sort((a, b) => lastMonthUsd(b) - lastMonthUsd(a) || (placeOf(a) < placeOf(b) ? -1 : 1)),
  };
}

/** The bill of all services together, with a rise of its own: medians do not add up. */
export function wholeTrend({ months: names, services }: MonthlyTrend): Pick<ServiceTrend, "monthlyUsd" | "risingUsd"> {
  const columns = services.map((service) => Float64Array.from(service.monthlyUsd));
  const monthlyUsd = names.map((_, month) => columns.reduce((sum, column) => sum + pointAt(column, month), 0));
  return { monthlyUsd, risingUsd: medianRise(monthlyUsd) };
}

/** Theil–Sen: the median slope of all pairs, which one odd month does not move. */
function medianRise(monthlyUsd: readonly number[]): number | null {
  const slopes = monthlyUsd.flatMap((to, at) => monthlyUsd.slice(0, at).map((from, before) => (to - from) / (at - before))).sort((a, b) => a - b);
  const [low, high] = [slopes[(slopes.length - 1) >> 1], slopes[slopes.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function monthStarts({ startMs, endMs }: Span): readonly number[] {
  const starts: number[] = [];
  for (let atMs = startMs; atMs < endMs; atMs = nextMonthMs(atMs)) starts.push(atMs);
  return starts;
}

function nextMonthMs(startMs: number): number {
  const { year, month } = monthOf(startMs);
  return Date.UTC(year, month + 1, 1);
}

function monthOf(ms: number): { readonly year: number; readonly month: number } {
  const date = new Date(ms);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() };
}

function monthName(startMs: number): string {
  return new Date(startMs).toISOString().slice(0, 7);
}

/** Of the newest complete month, US dollars. */
export function lastMonthUsd({ monthlyUsd }: Pick<ServiceTrend, "monthlyUsd">): number {
  return pointAt(Float64Array.from(monthlyUsd), monthlyUsd.length - 1);
}

function placeOf({ region, service }: ServiceTrend): string {
  return `${region}|${service}`;
}
