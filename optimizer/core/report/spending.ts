import type { MonthlyUsd, Savings } from "../model/money.ts";
import { percent } from "../model/percent.ts";
import type { CommitmentCoverage, CommitmentUtilization, MonthlyTrend, PurchaseRecommendation, ServiceTrend, Spending } from "../model/spending.ts";
import { type Block, cell, type Line, piece } from "../model/telling.ts";
import { knownUsd } from "../money/monthly.ts";
import { wholeTrend } from "../money/trend.ts";
import { count, monthly, usd } from "./figures.ts";

/** Figures below this round to nothing, US dollars a month. */
const leastUsd = 0.5;
/** A discount below half a percent is what rounding makes. */
const leastDiscount = 0.005;
/** Rows of a terminal's table; the page and the JSON hold all. */
const mostRows = 12;

/** `at your account's effective rate of 0.87`; nothing where the account pays list prices, or nobody can tell. */
export function rateWords({ effectiveRates = [] }: Savings): string | undefined {
  const rates = effectiveRates.map(({ rate }) => rate);
  if (rates.every((rate) => Math.abs(1 - rate) < leastDiscount)) return undefined;
  const [least, most] = [Math.min(...rates).toFixed(2), Math.max(...rates).toFixed(2)];
  return least === most ? `at your account's effective rate of ${least}` : `at your account's effective rates of ${least} to ${most}`;
}

/** `$2,100/month where reservations are bound to their size, $3,900/month where what is freed covers other usage`; nothing where neither differs. */
export function rangeWords(savings: Savings): string | undefined {
  const { low, high } = rangeOf(savings);
  const words = [
    ...(low === undefined ? [] : [`${monthly(low)} where reservations are bound to their size`]),
    ...(high === undefined ? [] : [`${monthly(high)} where what is freed covers other usage`]),
  ];
  return words.length === 0 ? undefined : words.join(", ");
}

/** The same in few words: `up to $3,900/month as commitments float`. */
export function floatWords(savings: Savings): string | undefined {
  const { low, high } = rangeOf(savings);
  if (high === undefined) return low === undefined ? undefined : `from ${monthly(low)} as commitments float`;
  return `${low === undefined ? "" : `from ${monthly(low)} `}up to ${monthly(high)} as commitments float`;
}

/** Either end, where it differs from the capped figure. */
function rangeOf({ commitmentCapped, commitmentRange }: Savings): { readonly low: MonthlyUsd | undefined; readonly high: MonthlyUsd | undefined } {
  const differing = (end: MonthlyUsd | undefined) => (end === undefined || Math.abs(knownUsd(end) - knownUsd(commitmentCapped)) < leastUsd ? undefined : end);
  return { low: differing(commitmentRange?.low), high: differing(commitmentRange?.high) };
}

/** What the capped figure stands for. */
export function cappedWords(savings: Savings): string {
  return ["of it, what is really paid on demand today", rateWords(savings), rangeWords(savings)].filter((words) => words !== undefined).join("; ");
}

/** `$12,345/month in 2026-05, rising by $340 a month since 2026-03`. */
export function trendWords(trend: MonthlyTrend): string {
  const { monthlyUsd, risingUsd } = wholeTrend(trend);
  const rise = risingUsd === null ? undefined : riseWords(risingUsd);
  const since = rise === undefined ? "" : `, ${rise} since ${trend.months[0] ?? ""}`;
  return `${usd(monthlyUsd.at(-1) ?? 0)}/month in ${trend.months.at(-1) ?? ""}${since}`;
}

/** `rising by $340 a month`, `falling by $20 a month`, `steady`. */
export function riseWords(risingUsd: number): string {
  if (Math.abs(risingUsd) < leastUsd) return "steady";
  return `${risingUsd > 0 ? "rising" : "falling"} by ${usd(Math.abs(risingUsd))} a month`;
}

/** `Savings Plans`, `reservations of Amazon ElastiCache`. */
export function commitmentName({ kind, service }: { readonly kind: CommitmentCoverage["kind"]; readonly service?: string | undefined }): string {
  if (kind === "savings-plan") return service === undefined ? "Savings Plans" : `Savings Plans for ${service}`;
  return service === undefined ? "reservations" : `reservations of ${service}`;
}

/** `60% covered`, in one line for each kind and place. */
export function coverageWords(coverage: CommitmentCoverage): string {
  return `${percent(coverage.coveredShare)} of the ${coverage.kind === "reservation" ? "hours" : "spend"} covered`;
}

export function utilizationWords({ usedShare, unusedUsd }: CommitmentUtilization): string {
  return `${percent(usedShare)} used${unusedUsd < 0.005 ? "" : `, ${usd(unusedUsd)} paid for nothing`}`;
}

export function recommendationWords({ what, monthlySavingsUsd }: PurchaseRecommendation): string {
  return `${what}: ${usd(monthlySavingsUsd)}/month, as AWS estimates it from usage before these changes`;
}

/** One line of a plan's summary: where the bill goes, and how many commitments AWS would sell. Nothing of plans that lack it. */
export function spendingGlance(spending: Spending | undefined): Line | undefined {
  if (spending === undefined) return undefined;
  const { trend, recommendations } = spending;
  const failed = spending.unread.filter(({ kind }) => kind === "failed").length;
  const words = [
    ...(trend === null ? [] : [trendWords(trend)]),
    ...(recommendations.length === 0 ? [] : [`AWS recommends ${count(recommendations.length, "commitment")}`]),
    ...(failed === 0 ? [] : [`${count(failed, "answer")} of Cost Explorer not had`]),
  ];
  return words.length === 0 ? undefined : [piece(words.join("; ")), piece(": --verbose", "dim")];
}

/** Month by month by region and service, then what is committed to, used, and recommended. */
export function spendingBlocks(spending: Spending | undefined): readonly Block[] {
  if (spending === undefined) return [];
  return [...trendBlocks(spending.trend), ...commitmentBlocks(spending)];
}

function trendBlocks(trend: MonthlyTrend | null): readonly Block[] {
  if (trend === null) return [];
  const shown = trend.services.slice(0, mostRows);
  const left = trend.services.length - shown.length;
  return [
    { kind: "gap" },
    { kind: "heading", text: "The bill by month", note: `complete months, each as 730 hours; ${trendWords(trend)}` },
    { kind: "table", indent: 1, right: [2, 3, 4], rows: [headOf(trend), ...shown.map((service) => rowOf(trend, service))] },
    ...(left === 0 ? [] : [{ kind: "line" as const, indent: 1, line: cell(`and ${count(left, "smaller line")}: the plan's page lists them`, "dim") }]),
  ];
}

function headOf({ months, running }: MonthlyTrend): readonly Line[] {
  const [before, last] = [months.at(-2), months.at(-1)];
  return [
    cell("region", "dim"),
    cell("service", "dim"),
    cell(before ?? "", "dim"),
    cell(last ?? "", "dim"),
    cell(running === null ? "" : `${running.month} so far`, "dim"),
    cell(""),
  ];
}

function rowOf({ running }: MonthlyTrend, { region, service, monthlyUsd, runningMonthlyUsd, risingUsd }: ServiceTrend): readonly Line[] {
  const before = monthlyUsd.at(-2);
  return [
    cell(region),
    cell(service),
    cell(before === undefined ? "" : usd(before)),
    cell(usd(monthlyUsd.at(-1) ?? 0)),
    cell(running === null || runningMonthlyUsd === null ? "" : usd(runningMonthlyUsd), "dim"),
    cell(risingUsd === null ? "" : riseWords(risingUsd), risingUsd !== null && risingUsd >= leastUsd ? "warn" : "dim"),
  ];
}

function commitmentBlocks({ coverage, utilization, recommendations, unread }: Spending): readonly Block[] {
  const rows: readonly (readonly Line[])[] = [
    ...coverage.map((each) => [cell(commitmentName(each)), cell(each.region ?? "every region"), cell(coverageWords(each))]),
    ...utilization.map((each) => [cell(commitmentName(each)), cell("every region"), cell(utilizationWords(each), each.unusedUsd < 0.005 ? "plain" : "warn")]),
    ...recommendations.map((each) => [cell(commitmentName(each)), cell("recommended"), cell(recommendationWords(each))]),
    ...unread.map(({ kind, what, reason }) => [
      cell(what),
      cell(kind === "none" ? "none" : "not told", kind === "none" ? "plain" : "warn"),
      cell(reason, "dim"),
    ]),
  ];
  if (rows.length === 0) return [];
  return [
    { kind: "gap" },
    { kind: "heading", text: "Commitments", note: "reservations and Savings Plans; reported, never bought" },
    { kind: "table", indent: 1, right: [], rows },
  ];
}
