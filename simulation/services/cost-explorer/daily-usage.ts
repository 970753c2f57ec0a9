import { NotSimulated } from "../../account/not-simulated.ts";
import type { CallContext, ListPrices } from "../../account/service.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { followsPolicies } from "../../shared/scaling.ts";
import { hourOfInstances } from "./hourly-usage.ts";
import { usageTypeOf, type UsageLine } from "./usage-line.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Usage reaches Cost Explorer a day late; for another day its figures are called estimated (AWS Billing: refreshed at least once a day). */
export const usageLagMs = dayMs;

/** Credits are listed under the service that most of the bill is for. */
const creditedService = "Amazon Elastic Compute Cloud - Compute";

export interface CostContext extends Pick<CallContext, "scenario" | "state" | "model" | "services" | "nowMs"> {
  readonly prices: ListPrices;
}

/** The lines of one UTC day of one region, as far as they are known by now; equal lines are added up. */
export function dailyUsage(context: CostContext, region: string, dayStartMs: number): readonly UsageLine[] {
  const { scenario, nowMs } = context;
  const startMs = Date.parse(scenario.start);
  const firstMs = startMs - scenario.historyDays * dayMs;
  const lines = new Map<string, UsageLine>();
  const instancesAt = (atMs: number): readonly UsageLine[] => hourOfInstances(context, region, atMs);
  const keepsSizes = !followsPolicies(scenario, region);
  const asDeployed = keepsSizes && dayStartMs < startMs ? instancesAt(startMs - 1) : [];
  for (let hour = 0; hour < 24; hour++) {
    const hourStartMs = dayStartMs + hour * hourMs;
    if (hourStartMs < firstMs || hourStartMs + hourMs + usageLagMs > nowMs) continue;
    for (const line of keepsSizes && hourStartMs < startMs ? asDeployed : instancesAt(hourStartMs + hourMs / 2)) add(lines, line);
  }
  const untilMs = Math.min(dayStartMs + dayMs, nowMs - usageLagMs);
  for (const line of unitsOf(context, region, Math.max(dayStartMs, firstMs), untilMs)) add(lines, line);
  return [...lines.values(), ...taxAndCredit(scenario, region, [...lines.values()])];
}

function add(lines: Map<string, UsageLine>, line: UsageLine): void {
  const key = `${line.usageType}/${line.purchaseType}`;
  const before = lines.get(key);
  lines.set(
    key,
    before === undefined
      ? line
      : {
          ...line,
          amortizedUsd: before.amortizedUsd + line.amortizedUsd,
          unblendedUsd: before.unblendedUsd + line.unblendedUsd,
          quantity: before.quantity + line.quantity,
        },
  );
}

/** Requests and the like, which are billed by the unit. */
function unitsOf(context: CostContext, region: string, fromMs: number, untilMs: number): readonly UsageLine[] {
  if (untilMs <= fromMs) return [];
  return context.services.flatMap(({ name, usage }) =>
    (usage?.units?.(context.model, region, fromMs, untilMs) ?? []).map(({ usage: unit, units }): UsageLine => {
      const unitUsd = context.prices.unitUsd(name, region, unit);
      if (unitUsd === null) throw new NotSimulated(`the cost of ${usage?.billedAs ?? name} in ${region}: the list price of ${unit} is not known`);
      return {
        region,
        service: usage?.billedAs ?? name,
        instanceType: "NoInstanceType",
        usageType: usageTypeOf(region, unit),
        purchaseType: "",
        recordType: "Usage",
        amortizedUsd: units * unitUsd,
        unblendedUsd: units * unitUsd,
        quantity: units,
      };
    }),
  );
}

/** Tax on the usage and the account's credits, which are no usage and listed under record types of their own. */
function taxAndCredit(scenario: Scenario, region: string, usage: readonly UsageLine[]): readonly UsageLine[] {
  const unblended = usage.reduce((sum, line) => sum + line.unblendedUsd, 0);
  const share = scenario.dailyCreditUsd / Math.max(1, Object.keys(scenario.regions).length);
  const line = (service: string, recordType: "Tax" | "Credit", usd: number): UsageLine => ({
    region,
    service,
    instanceType: "NoInstanceType",
    usageType: recordType,
    purchaseType: "",
    recordType,
    amortizedUsd: usd,
    unblendedUsd: usd,
    quantity: 0,
  });
  return [
    ...(scenario.taxShare > 0 ? [line("Tax", "Tax", unblended * scenario.taxShare)] : []),
    ...(share > 0 && unblended > 0 ? [line(creditedService, "Credit", -Math.min(share, unblended))] : []),
  ];
}
