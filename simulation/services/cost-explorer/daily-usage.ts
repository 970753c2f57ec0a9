import { NotSimulated } from "../../account/not-simulated.ts";
import type { CallContext, ListPrices } from "../../account/service.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { followsPolicies } from "../../shared/scaling.ts";
import type { CostPeriod } from "./cost-period.ts";
import { hourOfInstances, runningIn } from "./hourly-usage.ts";
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

/** Days that are known whole, of an account as it stood then. */
interface KnownDays {
  readonly revision: number;
  readonly scenario: Scenario;
  readonly prices: ListPrices;
  readonly lines: Map<string, readonly UsageLine[]>;
}

const knownDays = new WeakMap<CostContext["state"], KnownDays>();

/** The lines of a period's days in all regions, each with its day. */
export function usageOf(context: CostContext, { startMs, endMs }: CostPeriod): readonly DatedLine[] {
  const firstMs = Date.parse(context.scenario.start) - context.scenario.historyDays * dayMs;
  const lines: DatedLine[] = [];
  for (let dayStartMs = startMs; dayStartMs < endMs; dayStartMs += dayMs) {
    if (dayStartMs + dayMs <= firstMs) continue;
    for (const region of Object.keys(context.scenario.regions)) lines.push(...usageOfDay(context, region, dayStartMs).map((line) => ({ ...line, dayStartMs })));
  }
  return lines;
}

/** A line of the bill and the UTC day it is of. */
export interface DatedLine extends UsageLine {
  readonly dayStartMs: number;
}

/** Whole days change no more while the account stands still, and are asked for again and again. */
function usageOfDay(context: CostContext, region: string, dayStartMs: number): readonly UsageLine[] {
  const { state, scenario, prices, nowMs } = context;
  if (dayStartMs + dayMs + usageLagMs > nowMs) return dailyUsage(context, region, dayStartMs);
  let known = knownDays.get(state);
  if (known === undefined || known.revision !== state.revision || known.scenario !== scenario || known.prices !== prices) {
    known = { revision: state.revision, scenario, prices, lines: new Map() };
    knownDays.set(state, known);
  }
  const key = `${region}/${dayStartMs}`;
  const lines = known.lines.get(key) ?? dailyUsage(context, region, dayStartMs);
  known.lines.set(key, lines);
  return lines;
}

/** The lines of one UTC day of one region, as far as they are known by now; equal lines are added up. */
function dailyUsage(context: CostContext, region: string, dayStartMs: number): readonly UsageLine[] {
  const { scenario, nowMs } = context;
  const startMs = Date.parse(scenario.start);
  const firstMs = startMs - scenario.historyDays * dayMs;
  const lines = new Map<string, UsageLine>();
  const deployed = runningIn(context, region, startMs - 1);
  const instancesAt = (atMs: number): readonly UsageLine[] => hourOfInstances(scenario, region, runningIn(context, region, atMs), deployed);
  const keepsSizes = !followsPolicies(scenario, region);
  const asDeployed = keepsSizes && dayStartMs < startMs ? hourOfInstances(scenario, region, deployed, deployed) : [];
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
  const key = `${line.usageType}/${line.purchaseType}/${line.recordType}`;
  const before = lines.get(key);
  lines.set(
    key,
    before === undefined
      ? line
      : {
          ...line,
          amortizedUsd: before.amortizedUsd + line.amortizedUsd,
          unblendedUsd: before.unblendedUsd + line.unblendedUsd,
          listUsd: before.listUsd + line.listUsd,
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
        listUsd: units * unitUsd,
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
    listUsd: 0,
    quantity: 0,
  });
  return [
    ...(scenario.taxShare > 0 ? [line("Tax", "Tax", unblended * scenario.taxShare)] : []),
    ...(share > 0 && unblended > 0 ? [line(creditedService, "Credit", -Math.min(share, unblended))] : []),
  ];
}
