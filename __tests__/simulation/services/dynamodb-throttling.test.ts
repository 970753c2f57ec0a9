import { describe, expect, it } from "vitest";
import { Timeline } from "../../../simulation/account/timeline.ts";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickMs } from "../../../simulation/load/tick.ts";
import type { Scenario } from "../../../simulation/scenario/scenario.ts";
import { services } from "../../../simulation/services.ts";
import { demandOf } from "../../../simulation/services/dynamodb/demand.ts";
import { type Billing, tables, type TableIndex } from "../../../simulation/services/dynamodb/table.ts";
import { answeredBy, tablesStage } from "../../../simulation/services/dynamodb/throttling.ts";
import { accountScenario, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const region = "us-east-1";
const onDemand: Billing = { mode: "PAY_PER_REQUEST", readCapacityUnits: 0, writeCapacityUnits: 0 };
const provisioned = (units: number): Billing => ({ mode: "PROVISIONED", readCapacityUnits: units, writeCapacityUnits: units });

/** One read unit and one write unit a request. */
const asked = { traffic: { peakRequestsPerSecond: 1 }, tables: { [names.regionalTable]: { readsPerRequest: 2, writesPerRequest: 1 } } };
const scenario: Scenario = accountScenario({ regions: { [region]: { ...asked, application: { vcpuSecondsPerRequest: 0.01 } } } });
const startMs = Date.parse(scenario.start);
const start = startMs / tickMs;

/** What the audit table answers when it is paid as given, and requests a second come as given from the start on. */
function answers(billing: Timeline<Billing>, requests: readonly number[], indexUnits: readonly number[] = []) {
  const account = deployedAccount();
  const table = account.state.of(tables).get(region, names.regionalTable);
  const [index] = table?.core.indexes.values() ?? [];
  const made = index?.at(startMs);
  if (table === undefined || made === undefined || made === null) throw new Error("the table has an index");
  const indexes = new Map(
    indexUnits.map((writeCapacityUnits, at) => [`${at}`, new Timeline<TableIndex | null>(0, { ...made, writeCapacityUnits, readCapacityUnits: 1 })]),
  );
  const core = { ...table.core, billing, indexes };
  const model = createLoadModel(scenario, account.state, services);
  const answered = answeredBy(model, core, demandOf({ scenario }, region, names.regionalTable), (tick) => requests[tick - start] ?? 0);
  return (kind: "reads" | "writes", tick: number): number => answered.of(kind, start + tick, startMs + (tick + 0.5) * tickMs);
}

describe("a provisioned table", () => {
  it("answers its units a second, and besides what it did not use of them in the 300 seconds before", () => {
    const of = answers(new Timeline(0, provisioned(100)), [100, 300, 300, 20, 180]);
    expect([0, 1, 2, 3, 4].map((tick) => of("writes", tick))).toEqual([1, 1 / 3, 1 / 3, 1, 1]);
    expect(answers(new Timeline(0, provisioned(100)), [0, 250])("writes", 1)).toBeCloseTo(200 / 250);
  });

  it("writes no more than the least of its indexes takes", () => {
    const of = answers(new Timeline(0, provisioned(100)), [80, 80], [100, 40]);
    expect([of("reads", 1), of("writes", 1)]).toEqual([1, 0.5]);
  });
});

describe("a table on demand", () => {
  it("answers what a new one takes: 12,000 reads and 4,000 writes a second", () => {
    const of = answers(new Timeline(0, onDemand), [4000, 12_000, 16_000]);
    expect([of("writes", 0), of("reads", 1), of("writes", 1), of("reads", 2)]).toEqual([1, 1, 1 / 3, 0.75]);
  });

  it("answers twice its previous peak, once that is half an hour ago", () => {
    const of = answers(new Timeline(0, onDemand), [4000, 4000, 4000, 4000, 4000, 4000, 8000, 10_000]);
    expect([of("writes", 6), of("writes", 7)]).toEqual([1, 0.8]);
    expect(answers(new Timeline(0, onDemand), [4000, 8000])("writes", 1)).toBe(0.5);
  });

  it("answers at once what it was provisioned for before it was switched", () => {
    const billing = new Timeline(0, provisioned(9000));
    billing.set(startMs, onDemand);
    const of = answers(billing, [9000, 10_000]);
    expect([of("writes", 0), of("writes", 1)]).toEqual([1, 0.9]);
  });
});

it("fails the requests whose read or write is throttled, and none where no table is asked for anything", () => {
  const capacity = { readCapacityUnits: 1, writeCapacityUnits: 1 };
  const small = accountScenario({
    regions: {
      [region]: {
        traffic: { peakRequestsPerSecond: 4, noiseSigma: 0, nightShare: 1, weekendShare: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
        tables: { [names.regionalTable]: { writesPerRequest: 1, provisioned: capacity, indexes: { "by-day": { provisioned: capacity } } } },
      },
    },
  });
  const account = deployedAccount(small);
  const stage = tablesStage(createLoadModel(small, account.state, services), region);
  expect(stage?.failed?.(start - 10)).toBeCloseTo(0.75, 3);
  expect(tablesStage(createLoadModel(scenario, account.state, services), "us-west-2")).toBeNull();
});
