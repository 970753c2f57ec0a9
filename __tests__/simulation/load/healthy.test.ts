import { describe, expect, it } from "vitest";
import { balancerField, balancerLoad } from "../../../simulation/services/elb/load.ts";
import { tickAt } from "../../../simulation/load/tick.ts";
import { parseScenario } from "../../../simulation/scenario/schema.ts";
import healthy from "../../../simulation/scenarios/healthy.json" with { type: "json" };
import { fakeModel, fakeNames, instances, members } from "../../support/fake-account.ts";

const scenario = parseScenario(healthy, "healthy.json");
const startTick = tickAt(Date.parse(scenario.start));
const small = "db.r6g.2xlarge";
const big = "db.r6g.4xlarge";

/** The worst share of errors in any five minutes of the first ten days. */
function worstErrorShare(region: string, memberClasses: readonly string[], secondary: boolean, group = "m5.2xlarge"): number {
  const model = fakeModel(scenario, { [region]: { group: () => instances(group), members: () => members(memberClasses, secondary) } });
  const rows = balancerLoad(model, region, fakeNames.loadBalancer);
  const shares = Array.from({ length: 10 * 288 }, (_, n) => {
    const at = (field: number): number => rows?.at(startTick + n, field) ?? Number.NaN;
    return (at(balancerField.target5xx) + at(balancerField.balancer5xx)) / at(balancerField.requests);
  });
  return Math.max(...shares);
}

describe("the healthy scenario", () => {
  it("carries its load in us-east-1 on m5.2xlarge and a writer of db.r6g.2xlarge", () => {
    expect(worstErrorShare("us-east-1", [small, big, big], false)).toBeLessThan(0.001);
  });

  it("carries its load in us-west-2 on one small member, while the other one restarts", () => {
    expect(worstErrorShare("us-west-2", [small], true)).toBeLessThan(0.001);
  });

  it("would not on any size: m5.large is too small", () => {
    expect(worstErrorShare("us-east-1", [small, big, big], false, "m5.large")).toBeGreaterThan(0.01);
  });
});
