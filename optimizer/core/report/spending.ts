import type { MonthlyUsd, Savings } from "../model/money.ts";
import { percent } from "../model/percent.ts";
import type { CommitmentCoverage, CommitmentUtilization, MonthlyTrend, PurchaseRecommendation, ServiceTrend, Spending } from "../model/spending.ts";
import { type Block, cell, type Line } from "../model/telling.ts";
import { knownUsd } from "../money/monthly.ts";
import { lastMonthUsd, wholeTrend } from "../money/trend.ts";
import { count, monthly, usd } from "./figures.ts";

/** Figures below this round to nothing, US dollars a month. */
const leastUsd = 0.5;
/** A rise below this share of the month is no trend. */
const leastRise = 0.01;
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

/** `$2,100/month where reservations cover nothing of what it becomes, $3,900/month where what is freed covers other usage`; nothing where neither differs. */
export function rangeWords(savings: Savings): string | undefined {
  const { low, high } = rangeOf(savings);
  const words = [
    ...(low === undefined ? [] : [`${monthly(low)} where reservations cover nothing of what it becomes`]),
    ...(high === undefined ? [] : [`${monthly(high)} where what is freed covers other usage`]),
  ];
  return words.length === 0 ? undefined : words.join(", ");
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
  return `${usd(lastMonthUsd(wholeTrend(trend)))}/month in ${trendMonths(trend)}`;
}

/** `2026-05, rising by $340 a month since 2026-03`. */
function trendMonths(trend: MonthlyTrend): string {
  const rise = riseWords(wholeTrend(trend));
  return `${newestMonth(trend)}${rise === undefined ? "" : `, ${rise} since ${trend.months[0]}`}`;
}

function newestMonth({ months }: MonthlyTrend): string {
  return months.reduce((_before, month) => month);
}

/** `rising by $340 a month`, `falling by $20 a month`; `steady` below a hundredth of the last month. Nothing of one month alone. */
export function riseWords(service: Pick<ServiceTrend, "monthlyUsd" | "risingUsd">): string | undefined {
  const { monthlyUsd, risingUsd } = service;
  if (risingUsd === null) return undefined;
  if (!isRising(service) && risingUsd > -leastOf(monthlyUsd)) return "steady";
  return `${risingUsd > 0 ? "rising" : "falling"} by ${usd(Math.abs(risingUsd))} a month`;
}

export function isRising({ monthlyUsd, risingUsd }: Pick<ServiceTrend, "monthlyUsd" | "risingUsd">): boolean {
  return risingUsd !== null && risingUsd >= leastOf(monthlyUsd);
}

function leastOf(monthlyUsd: readonly number[]): number {
  return Math.max(leastUsd, leastRise * lastMonthUsd({ monthlyUsd }));
}

/** `Savings Plans`, `reservations of Amazon ElastiCache`. */
export function commitmentName({ kind, service }: { readonly kind: CommitmentCoverage["kind"]; readonly service?: string | undefined }): string {
  if (kind === "savings-plan") return service === undefined ? "Savings Plans" : `Savings Plans for ${service}`;
  return service === undefined ? "reservations" : `reservations of ${service}`;
}

/** A kind of commitment that covers nothing in any region is printed once, not region by region. */
export function coverageRows(coverage: readonly CommitmentCoverage[]): readonly CommitmentCoverage[] {
  const covers = (each: CommitmentCoverage) =>
    coverage.some(({ kind, service, coveredShare }) => kind === each.kind && service === each.service && coveredShare > 0);
  const first = (each: CommitmentCoverage) => coverage.find(({ kind, service }) => kind === each.kind && service === each.service) === each;
  return coverage.flatMap((each) => {
    if (covers(each)) return [each];
    const { region: _any, ...everywhere } = each;
    return first(each) ? [everywhere] : [];
  });
}

/** `60 % of the hours covered`. */
export function coverageWords(coverage: CommitmentCoverage): string {
  return `${percent(coverage.coveredShare)} of the ${coverage.kind === "reservation" ? "hours" : "spend"} covered`;
}

export function utilizationWords({ usedShare, unusedUsd }: CommitmentUtilization): string {
  return `${percent(usedShare)} used${unusedUsd < 0.005 ? "" : `, ${usd(unusedUsd)} paid for nothing`}`;
}

export function recommendationWords({ what, monthlySavingsUsd }: PurchaseRecommendation): string {
  return `${what}: ${usd(monthlySavingsUsd)}/month, as AWS estimates it from usage before these changes`;
}

/** A row beside the savings: what the account pays, where that goes, and how many commitments AWS would sell. None without a complete month. */
export function billRow(spending: Spending | undefined): readonly (readonly Line[])[] {
  if (spending === undefined || spending.trend === null) return [];
  const { trend, recommendations, unread } = spending;
  const failed = unread.filter(({ kind }) => kind === "failed").length;
  const words = [
    `in ${trendMonths(trend)}`,
    ...(recommendations.length === 0 ? [] : [`AWS recommends ${count(recommendations.length, "commitment")}`]),
    ...(failed === 0 ? [] : [`${count(failed, "answer")} of Cost Explorer not had`]),
  ];
  return [[cell("the whole bill"), cell(`${usd(lastMonthUsd(wholeTrend(trend)))}/month`), cell(words.join("; "), "dim")]];
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

function headOf(trend: MonthlyTrend): readonly Line[] {
  const { months, running } = trend;
  return [
    cell("region", "dim"),
    cell("service", "dim"),
    cell(months.at(-2) ?? "", "dim"),
    cell(newestMonth(trend), "dim"),
    cell(running === null ? "" : `${running.month} so far`, "dim"),
    cell(""),
  ];
}

function rowOf({ running }: MonthlyTrend, own: ServiceTrend): readonly Line[] {
  const { region, service, monthlyUsd, runningMonthlyUsd } = own;
  const before = monthlyUsd.at(-2);
  return [
    cell(region),
    cell(service),
    cell(before === undefined ? "" : usd(before)),
    cell(usd(lastMonthUsd(own))),
    cell(running === null || runningMonthlyUsd === null ? "" : usd(runningMonthlyUsd), "dim"),
    cell(riseWords(own) ?? "", isRising(own) ? "warn" : "dim"),
  ];
}

function commitmentBlocks({ coverage, utilization, recommendations, unread }: Spending): readonly Block[] {
  const rows: readonly (readonly Line[])[] = [
    ...coverageRows(coverage).map((each) => [cell(commitmentName(each)), cell(each.region ?? "every region"), cell(coverageWords(each))]),
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
