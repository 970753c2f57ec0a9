import type { MonthlyUsd } from "../model/money.ts";

/** AWS's own convention for a month of running hours (AWS Pricing Calculator). */
export const hoursPerMonth = 730;

interface Priced {
  readonly name: string;
  readonly hourlyUsd: number | null;
}

/** The list price difference of running `count` of `to` instead of `from`; unknown as soon as one price is. */
export function monthlyDifference(from: Priced, to: Priced, count: number): MonthlyUsd {
  if (from.hourlyUsd === null) return unpriced(from);
  if (to.hourlyUsd === null) return unpriced(to);
  return { kind: "known", usd: (from.hourlyUsd - to.hourlyUsd) * count * hoursPerMonth };
}

/** The list price of running `count` of it. */
export function monthlyCost(priced: Priced, count: number): MonthlyUsd {
  return priced.hourlyUsd === null ? unpriced(priced) : { kind: "known", usd: priced.hourlyUsd * count * hoursPerMonth };
}

function unpriced({ name }: Priced): MonthlyUsd {
  return { kind: "unknown", reason: `no price is known for ${name}` };
}

/** A sum is known only when every part is; otherwise it says which parts are not. */
export function sumMonthly(parts: readonly MonthlyUsd[]): MonthlyUsd {
  const unknown = [...new Set(parts.flatMap((part) => (part.kind === "unknown" ? [part.reason] : [])))];
  if (unknown.length > 0) return { kind: "unknown", reason: unknown.join("; ") };
  return { kind: "known", usd: parts.reduce((sum, part) => sum + (part.kind === "known" ? part.usd : 0), 0) };
}

/** The part of an amount that is known, for pictures and sums that say beside them what is not. */
export function knownUsd(amount: MonthlyUsd): number {
  return amount.kind === "known" ? amount.usd : 0;
}
