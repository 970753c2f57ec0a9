import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import type { SizingChange } from "../../../optimizer/core/model/action.ts";
import { indexField, indexLoad, tableField, tableLoad } from "../../../simulation/services/dynamodb/load.ts";
import { billingAt, type Table, tables } from "../../../simulation/services/dynamodb/table.ts";
import { baselineHours, sumIn } from "../hours.ts";
import { harmless, type Lever, nothing } from "../opened.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";
import type { Trial } from "../trial.ts";

const { maxConsumedShare } = defaultPolicy.rules.dynamodbBillingMode;

/** Both modes at list prices, hour by hour. On demand nothing is turned away in the model, so that the cheaper one is the better one. */
export const billingMode: Lever = {
  rules: ["dynamodb.billing-mode"],
  open(trial) {
    const provisioned = trial.state
      .of(tables)
      .in(region)
      .filter(({ core }) => billingAt(core, trial.state.nowMs).mode === "PROVISIONED")
      .map((table) => billsOf(trial, table));
    if (provisioned.length === 0) return undefined;
    const switched = (changes: readonly SizingChange[]) =>
      provisioned.filter(({ name }) => changes.some(({ id, property, value }) => id === name && property === "billingMode" && value === "PAY_PER_REQUEST"));
    const gain = (some: typeof provisioned): number => some.reduce((sum, { provisionedUsd, onDemandUsd }) => sum + provisionedUsd - onDemandUsd, 0);
    const cheaper = provisioned.filter((each) => each.onDemandUsd < each.provisionedUsd);
    const asked = cheaper.filter(({ consumedShares }) => consumedShares.every((share) => share < maxConsumedShare));
    const bestOf = (some: typeof provisioned) => (some.length === 0 ? nothing : { text: some.map(({ name }) => name).join(", "), gain: gain(some) });
    return {
      // Dearer is what could be unsafe of it.
      truthOf: (changes) => ({ ...harmless, isUnsafeSeen: switched(changes).some((each) => each.onDemandUsd > each.provisionedUsd) }),
      gainOf: (changes) => gain(switched(changes)),
      text: (changes) =>
        switched(changes)
          .map(({ name }) => `${name} on demand`)
          .join(", "),
      safest: bestOf(cheaper),
      safestWithin: bestOf(asked),
      peers: () => [],
    };
  },
};

function billsOf(trial: Trial, table: Table) {
  const model = trial.asDeployed;
  const price = prices.dynamoDb(region);
  const hours = baselineHours(trial.scenario);
  const billing = billingAt(table.core, trial.state.nowMs);
  const own = tableLoad(model, table);
  const total = (of: (tick: number) => number): number => hours.reduce((sum, hour) => sum + sumIn(hour, of), 0);
  const parts = [
    { provisioned: billing, reads: total((tick) => own.at(tick, tableField.readUnits)), writes: total((tick) => own.at(tick, tableField.writeUnits)) },
    ...[...table.core.indexes].flatMap(([name, timeline]) => {
      const rows = indexLoad(model, table, name);
      const provisioned = timeline.final();
      if (provisioned === null) return [];
      return { provisioned, reads: total((tick) => rows.at(tick, indexField.units)), writes: total((tick) => rows.at(tick, indexField.writeUnits)) };
    }),
  ];
  const monthShare = monthHours / hours.length;
  const capacityUsd = ({ provisioned }: (typeof parts)[number]): number =>
    (provisioned.readCapacityUnits * priced(price?.readCapacityHour ?? null, "a read unit") +
      provisioned.writeCapacityUnits * priced(price?.writeCapacityHour ?? null, "a write unit")) *
    monthHours;
  const requestsUsd = ({ reads, writes }: (typeof parts)[number]): number =>
    (reads * priced(price?.readRequestUnit ?? null, "a read") + writes * priced(price?.writeRequestUnit ?? null, "a write")) * monthShare;
  const paidFor = (units: number): number => units * hours.length * 3600;
  return {
    name: table.core.name,
    provisionedUsd: parts.reduce((sum, part) => sum + capacityUsd(part), 0),
    onDemandUsd: parts.reduce((sum, part) => sum + requestsUsd(part), 0),
    consumedShares: parts.flatMap(({ provisioned, reads, writes }) => [
      reads / paidFor(provisioned.readCapacityUnits),
      writes / paidFor(provisioned.writeCapacityUnits),
    ]),
  };
}
