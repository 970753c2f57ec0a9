import { pointAt } from "../model/observation.ts";
import type { CostLine } from "../model/money.ts";
import { hoursPerMonth } from "./monthly.ts";

/** Cost lines of whole days; null where Cost Explorer could not be read. */
export interface SeenCosts {
  readonly lines: readonly CostLine[];
  readonly days: number;
}

interface RegionCost {
  readonly region: string;
  readonly service: string;
  readonly monthlyUsd: number;
}

/** What is paid for each service of each region, US dollars a month (730 h) at the pace of the days seen; amortized, after discounts where they are told. */
export function monthlyByService({ lines, days }: SeenCosts): readonly RegionCost[] {
  const sums = new Map<string, RegionCost>();
  for (const line of lines) {
    const { region, service } = line;
    const key = `${region}|${service}`;
    const monthlyUsd = (sums.get(key)?.monthlyUsd ?? 0) + (paidUsd(line) / (days * 24)) * hoursPerMonth;
    sums.set(key, { region, service, monthlyUsd });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cost]) => cost);
}

/** Over the asked days, after the account's discounts where they are told. */
function paidUsd({ amortizedUsd, netAmortizedUsd }: CostLine): number {
  return netAmortizedUsd ?? amortizedUsd;
}

export function isCommitted({ purchaseType }: CostLine): boolean {
  return purchaseType === "reserved" || purchaseType === "savings-plan";
}

/**
 * US dollars a month (730 h) at the pace of the `newest` of the days seen. What was given back in those days, beyond what was paid, is no negative price of what
 * runs on: never less than nothing.
 */
export function monthlyPaid(lines: readonly CostLine[], days: number, newest: number): number {
  const usd = lines.reduce((sum, line) => sum + total(dailyUsd(line, days).subarray(days - newest)), 0);
  return Math.max(0, (usd / (newest * 24)) * hoursPerMonth);
}

/** Shares that differ by more than this are those of other commitments. */
const alikeShare = 0.1;
const week = 7;

/**
 * How many of the newest days tell what commitments pay for today. Reservations and Savings Plans begin and end on some day, and days before that
 * show what is not so any more: what was on demand until a week ago, and is reserved since, saves nothing. Weekdays differ by themselves where a
 * group scales, so that a day is compared with the same weekday: where each day of the newest week is as it was a week before, all days count;
 * else those of the newest that are like the last one. Without single days, or two whole weeks, all count.
 *
 * A day on which nothing was paid: of instances they were `absent`, which makes it unlike a day of any; what is billed by use may have been `free`, as
 * the first days of a month are while its free tier lasts, which says nothing of commitments.
 */
export function daysAsToday(lines: readonly CostLine[], days: number, unpaid: "absent" | "free"): number {
  if (days < 2 * week || lines.some(({ byDay }) => byDay === undefined)) return days;
  const shares = coveredShares(lines, days);
  const isAlike = (a: number, b: number): boolean => {
    const [one, other] = [pointAt(shares, a), pointAt(shares, b)];
    if (!Number.isNaN(one) && !Number.isNaN(other)) return Math.abs(one - other) <= alikeShare;
    return unpaid === "free" || (Number.isNaN(one) && Number.isNaN(other));
  };
  const last = days - 1;
  let steady = 0;
  while (steady < days - week && isAlike(last - steady, last - steady - week)) steady += 1;
  if (steady === days - week) return days;
  const likeToday = unpaid === "free" ? shares.findLastIndex((share) => !Number.isNaN(share)) : last;
  let newest = 1;
  while (newest < days && isAlike(likeToday, last - newest)) newest += 1;
  return newest;
}

/** What commitments paid of each day; NaN of a day on which nothing was paid. */
function coveredShares(lines: readonly CostLine[], days: number): Float64Array {
  const [covered, all] = [new Float64Array(days), new Float64Array(days)];
  for (const line of lines) {
    const daily = dailyUsd(line, days);
    for (let day = 0; day < days; day++) {
      const usd = pointAt(daily, day);
      all[day] = pointAt(all, day) + usd;
      if (isCommitted(line)) covered[day] = pointAt(covered, day) + usd;
    }
  }
  return all.map((usd, day) => (usd > 0 ? pointAt(covered, day) / usd : Number.NaN));
}

function dailyUsd(line: CostLine, days: number): Float64Array {
  const { byDay } = line;
  return byDay === undefined ? new Float64Array(days).fill(paidUsd(line) / days) : Float64Array.from(byDay);
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
