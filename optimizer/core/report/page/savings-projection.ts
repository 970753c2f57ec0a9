import type { MonthlyUsd, RealizedSoFar } from "../../model/money.ts";
import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/rule.ts";
import { cappedWords } from "../spending.ts";
import { sumMonthly, unknownParts, unknownWords } from "../../money/monthly.ts";

export const projectedMonths = 12;

/** One kind of saving, US dollars a month; the kinds are never added up. Null where it is unknown. */
export interface SavingsLine {
  readonly name: string;
  readonly monthlyUsd: number | null;
  readonly note: string;
}

/** Estimated, capped by commitments, and what is kept, each as it would go on; realized is what Cost Explorer has shown so far. */
export interface SavingsProjection {
  readonly lines: readonly SavingsLine[];
  readonly realizedUsd: number | null;
}

export function savingsProjection(plan: Plan, kept: readonly Proposal[] | null, realized: RealizedSoFar | null): SavingsProjection {
  const { estimated, commitmentCapped } = plan.savings;
  const keptSavings = kept === null ? null : sumMonthly(kept.map(({ savings }) => savings));
  const lines: readonly SavingsLine[] = [
    { name: "Estimated, all proposals", monthlyUsd: knownOrNull(estimated), note: noteOf(estimated, `list prices of ${plan.prices.asOf}`) },
    { name: "Capped by commitments", monthlyUsd: knownOrNull(commitmentCapped), note: noteOf(commitmentCapped, cappedWords(plan.savings)) },
    ...(keptSavings === null
      ? []
      : [{ name: "Kept by this run", monthlyUsd: knownOrNull(keptSavings), note: noteOf(keptSavings, "applied and passed its window") }]),
  ];
  return { lines, realizedUsd: realized?.kind === "seen" ? realized.usd : null };
}

function noteOf(amount: MonthlyUsd, note: string): string {
  const unknown = unknownParts(amount);
  return unknown.length === 0 ? note : `${note}; without ${unknown.map(unknownWords).join(" and ")}`;
}

function knownOrNull(amount: Plan["savings"]["estimated"]): number | null {
  return amount.kind === "unknown" ? null : amount.usd;
}
