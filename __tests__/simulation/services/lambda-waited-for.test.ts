import { describe, expect, it } from "vitest";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickMs } from "../../../simulation/load/tick.ts";
import { services } from "../../../simulation/services.ts";
import { functionField, functionLoad, functionsStage } from "../../../simulation/services/lambda/load.ts";
import { functions } from "../../../simulation/services/lambda/function.ts";
import { accountScenario, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const region = "us-east-1";

/** The function of 3008 MB and 900 s, called twice a request, 100 times a second, at a tick before the start. */
function waitedFor(demand: object) {
  const scenario = accountScenario({
    regions: {
      [region]: {
        traffic: { peakRequestsPerSecond: 50, noiseSigma: 0, nightShare: 1, weekendShare: 1 },
        application: { vcpuSecondsPerRequest: 0.01 },
        functions: { [names.lambda]: { callsPerRequest: 2, answersRequests: true, waitSeconds: 0.4, vcpuSecondsPerCall: 0.1, ...demand } },
      },
    },
  });
  const { state } = deployedAccount(scenario);
  const model = createLoadModel(scenario, state, services);
  const lambda = state.of(functions).get(region, names.lambda);
  if (lambda === undefined) throw new Error("the function is there");
  // Wednesday: the first days of the week in UTC have whole traffic.
  const tick = Date.parse("2026-05-27T12:00:00Z") / tickMs;
  const rows = functionLoad(model, lambda);
  return { stage: functionsStage(model, region), tick, at: (field: keyof typeof functionField) => rows.at(tick, functionField[field]) };
}

describe("a function that requests wait for", () => {
  it("makes them wait as long as its calls take, and fails none that it answers", () => {
    const { stage, tick } = waitedFor({});
    expect(stage?.failed?.(tick)).toBe(0);
    expect(stage?.waitMedian(tick)).toBeCloseTo(0.5);
    expect(stage?.waitP99(tick)).toBeCloseTo(0.5 * Math.exp(2.326 * 0.3));
  });

  it("throttles what is more at once than was reserved for it, and fails a request with any of its calls", () => {
    const { stage, tick, at } = waitedFor({ reservedConcurrency: 40 });
    const share = 1 - 40 / (100 * 0.5 * Math.exp(0.3 ** 2 / 2));
    expect(at("throttled") / (at("throttled") + at("calls"))).toBeCloseTo(share, 3);
    expect(stage?.failed?.(tick)).toBeCloseTo(2 * share, 3);
  });

  it("cuts off calls at its time-out, of those that would take longer", () => {
    const { stage, tick, at } = waitedFor({ waitSeconds: 899.9, callsPerRequest: 0.001 });
    expect(at("failed") / at("calls")).toBeCloseTo(0.5, 1);
    expect(stage?.failed?.(tick)).toBeCloseTo(0.0005, 4);
  });

  it("has no part in answering requests unless the scenario says so", () => {
    expect(waitedFor({ answersRequests: false }).stage).toBeNull();
  });
});
