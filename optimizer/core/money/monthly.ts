import type { MonthlyUsd, UnknownPart } from "../model/money.ts";

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
  return { kind: "unknown", what: name, reason: "price unknown" };
}

/** What is known of all parts added up, and what is not, each named once. */
export function sumMonthly(parts: readonly MonthlyUsd[]): MonthlyUsd {
  return amountOf(
    parts.reduce((sum, part) => sum + knownUsd(part), 0),
    parts.flatMap(unknownParts),
    parts.some(({ kind }) => kind !== "unknown"),
  );
}

/** An amount without one of its parts: its dollars, and what was unknown only because of it. */
export function withoutPart(whole: MonthlyUsd, part: MonthlyUsd): MonthlyUsd {
  const gone = new Set(unknownParts(part).map(partKey));
  return amountOf(
    knownUsd(whole) - knownUsd(part),
    unknownParts(whole).filter((each) => !gone.has(partKey(each))),
    whole.kind !== "unknown",
  );
}

/** The part of an amount that is known, for pictures and sums that say beside them what is not. */
export function knownUsd(amount: MonthlyUsd): number {
  return amount.kind === "unknown" ? 0 : amount.usd;
}

export function unknownParts(amount: MonthlyUsd): readonly UnknownPart[] {
  switch (amount.kind) {
    case "known":
      return [];
    case "partly":
      return amount.unknown;
    case "unknown":
      return [{ ...(amount.what === undefined ? {} : { what: amount.what }), reason: amount.reason }, ...(amount.others ?? [])];
  }
}

function amountOf(usd: number, parts: readonly UnknownPart[], isAnyKnown: boolean): MonthlyUsd {
  const unknown = [...new Map(parts.map((part) => [partKey(part), part])).values()];
  const [first, ...others] = unknown;
  if (first === undefined) return { kind: "known", usd };
  if (isAnyKnown) return { kind: "partly", usd, unknown };
  return { kind: "unknown", ...first, ...(others.length === 0 ? {} : { others }) };
}

function partKey({ what = "", reason }: UnknownPart): string {
  return `${what}|${reason}`;
}

/** `backup storage (price unknown)`; without a name the reason alone. */
export function unknownWords({ what, reason }: UnknownPart): string {
  return what === undefined ? reason : `${what} (${reason})`;
}
