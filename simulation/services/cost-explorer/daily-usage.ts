import type { CapacityView } from "../../capacity-view.ts";
import { loadModelOf } from "../../load/load-model.ts";
import { indexField, tableField } from "../../load/table-load.ts";
import { tickAt, tickMs } from "../../load/tick.ts";
import { NotSimulated } from "../../not-simulated.ts";
import type { Scenario } from "../../scenario.ts";
import { hourOfInstances } from "./hourly-usage.ts";
import { serviceName, usageTypeOf, type ListPrices, type UsageLine } from "./usage-line.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Usage reaches Cost Explorer a day late; for another day its figures are called estimated (AWS Billing: refreshed at least once a day). */
export const usageLagMs = dayMs;

export interface CostContext {
  readonly scenario: Scenario;
  readonly view: CapacityView;
  readonly prices: ListPrices;
  readonly nowMs: number;
}

/** The lines of one UTC day of one region, as far as they are known by now; equal lines are added up. */
export function dailyUsage(context: CostContext, region: string, dayStartMs: number): readonly UsageLine[] {
  const { scenario, view, prices, nowMs } = context;
  const startMs = Date.parse(scenario.start);
  const firstMs = startMs - scenario.historyDays * dayMs;
  const lines = new Map<string, UsageLine>();
  const instancesAt = (atMs: number): readonly UsageLine[] => hourOfInstances(scenario, view, prices, region, atMs);
  const asDeployed = dayStartMs < startMs ? instancesAt(startMs - 1) : [];
  for (let hour = 0; hour < 24; hour++) {
    const hourStartMs = dayStartMs + hour * hourMs;
    if (hourStartMs < firstMs || hourStartMs + hourMs + usageLagMs > nowMs) continue;
    for (const line of hourStartMs < startMs ? asDeployed : instancesAt(hourStartMs + hourMs / 2)) add(lines, line);
  }
  const untilMs = Math.min(dayStartMs + dayMs, nowMs - usageLagMs);
  for (const line of tableUnits(context, region, Math.max(dayStartMs, firstMs), untilMs)) add(lines, line);
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

/** On-demand reads and writes of all tables; writes to indexes cost as much as those to the table. */
function tableUnits(context: CostContext, region: string, fromMs: number, untilMs: number): readonly UsageLine[] {
  const { scenario, view, prices } = context;
  const tables = view.namesIn(region).tables;
  if (tables.length === 0 || untilMs <= fromMs) return [];
  const price = prices.dynamoDb(region);
  if (price === null) throw new NotSimulated(`the cost of DynamoDB in ${region}: its list price is not known`);
  const model = loadModelOf(scenario, view);
  let reads = 0;
  let writes = 0;
  for (const { name, indexes } of tables) {
    const table = model.table(region, name);
    const secondary = indexes.map((index) => model.index(region, name, index));
    for (let tick = tickAt(fromMs); (tick + 1) * tickMs <= untilMs; tick++) {
      reads += known(table?.at(tick, tableField.readUnits)) + secondary.reduce((sum, rows) => sum + known(rows?.at(tick, indexField.units)), 0);
      writes += known(table?.at(tick, tableField.writeUnits)) + secondary.reduce((sum, rows) => sum + known(rows?.at(tick, indexField.writeUnits)), 0);
    }
  }
  const line = (usage: string, units: number, unitUsd: number): UsageLine => ({
    region,
    service: serviceName.dynamodb,
    instanceType: "NoInstanceType",
    usageType: usageTypeOf(region, usage),
    purchaseType: "",
    recordType: "Usage",
    amortizedUsd: units * unitUsd,
    unblendedUsd: units * unitUsd,
    quantity: units,
  });
  return [line("ReadRequestUnits", reads, price.readRequestUnit), line("WriteRequestUnits", writes, price.writeRequestUnit)];
}

function known(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
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
    ...(scenario.taxShare > 0 ? [line(serviceName.tax, "Tax", unblended * scenario.taxShare)] : []),
    ...(share > 0 && unblended > 0 ? [line(serviceName.ec2, "Credit", -Math.min(share, unblended))] : []),
  ];
}
