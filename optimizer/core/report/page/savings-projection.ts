import type { RealizedSoFar } from "../../model/money.ts";
import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/rule.ts";
import { knownUsd, sumMonthly } from "../../money/monthly.ts";

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
  const lines: readonly SavingsLine[] = [
    { name: "Estimated, all proposals", monthlyUsd: knownOrNull(estimated), note: `list prices of ${plan.prices.asOf}` },
    { name: "Capped by commitments", monthlyUsd: knownOrNull(commitmentCapped), note: "of it, what is really paid on demand" },
    ...(kept === null
      ? []
      : [{ name: "Kept by this run", monthlyUsd: knownUsd(sumMonthly(kept.map(({ savings }) => savings))), note: "applied and passed its window" }]),
  ];
  return { lines, realizedUsd: realized?.kind === "seen" ? realized.usd : null };
}

function knownOrNull(amount: Plan["savings"]["estimated"]): number | null {
  return amount.kind === "known" ? amount.usd : null;
}
