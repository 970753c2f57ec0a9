import { describe, expect, it } from "vitest";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickMs } from "../../../simulation/load/tick.ts";
import { services } from "../../../simulation/services.ts";
import { functions } from "../../../simulation/services/lambda/function.ts";
import { functionField, functionLoad, secondsBehind } from "../../../simulation/services/lambda/load.ts";
import { accountScenario, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const region = "us-east-1";
const startTick = Date.parse("2026-06-01T00:00:00Z") / tickMs;

/** A function that a stream of two shards calls so often: calls of a second wait, and compute nothing to speak of. */
function rowsOf(callsPerSecond: number) {
  const scenario = accountScenario({
    regions: {
      [region]: {
        traffic: { peakRequestsPerSecond: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
        tables: { [names.table]: { streamShards: 2 } },
        functions: { [names.lambda]: { callsPerSecond, waitSeconds: 1, vcpuSecondsPerCall: 0 } },
      },
    },
  });
  const account = deployedAccount(scenario);
  const model = createLoadModel(scenario, account.state, services);
  const lambda = account.state.of(functions).get(region, names.lambda);
  if (lambda === undefined) throw new Error("the fixture has no such function");
  return functionLoad(model, lambda);
}

describe("a simulated function that a stream calls", () => {
  it("runs at once for each shard and no more, and throttles nothing of what waits in the stream", () => {
    const rows = rowsOf(4);
    expect(rows.at(startTick - 1, functionField.atOnce)).toBeCloseTo(2);
    expect(rows.at(startTick - 1, functionField.throttled)).toBe(0);
    expect(rowsOf(1).at(startTick - 1, functionField.atOnce)).toBeLessThan(2);
  });

  it("falls behind by what its shards have no time for, for as long as a stream keeps it, and is never behind where they have", () => {
    const day = 86_400;
    expect(secondsBehind(rowsOf(1), startTick - 1)).toBe(0);
    // Twice as many calls as two shards let run, each of e^(0.3² ÷ 2) seconds on average.
    expect(secondsBehind(rowsOf(4), startTick - 1)).toBeCloseTo(day * ((4 * Math.exp(0.3 ** 2 / 2)) / 2 - 1), 3);
  });
});
