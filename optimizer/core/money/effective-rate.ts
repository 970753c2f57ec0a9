import type { CostLine, EffectiveRate, MonthlyUsd } from "../model/money.ts";

/**
 * What the account pays of each service's list price in each region, by its own bill: net amortized ÷ amortized cost of usage that no
 * commitment covers. Such usage is amortized at its on-demand price, and only the net figure holds the discounts of an agreement with AWS:
 * https://docs.aws.amazon.com/cost-management/latest/userguide/ce-advanced.html. A service of which no net figure is told has none here. Discounts
 * make nothing dearer and pay nobody: what is charged or given back beside usage makes no more than the list price of it, and no less than nothing.
 */
export function effectiveRates(lines: readonly CostLine[]): readonly EffectiveRate[] {
  const sums = new Map<string, { region: string; service: string; list: number; net: number | undefined }>();
  for (const { region, service, purchaseType, amortizedUsd, netAmortizedUsd } of lines) {
    if (purchaseType === "reserved" || purchaseType === "savings-plan") continue;
    const sum = sums.get(`${region}|${service}`) ?? { region, service, list: 0, net: 0 };
    sum.list += amortizedUsd;
    sum.net = sum.net === undefined || netAmortizedUsd === undefined ? undefined : sum.net + netAmortizedUsd;
    sums.set(`${region}|${service}`, sum);
  }
  return [...sums.values()].flatMap(({ region, service, list, net }) =>
    list > 0 && net !== undefined ? [{ region, service, rate: Math.min(1, Math.max(0, net / list)) }] : [],
  );
}

export function rateOf(rates: readonly EffectiveRate[], region: string, service: string): number {
  return rates.find((one) => one.region === region && one.service === service)?.rate ?? 1;
}

/** What is known of an amount at a share of its price; what is unknown of it stays so. */
export function atRate<Amount extends Exclude<MonthlyUsd, { kind: "unknown" }>>(amount: Amount, rate: number): Amount {
  return { ...amount, usd: amount.usd * rate };
}
