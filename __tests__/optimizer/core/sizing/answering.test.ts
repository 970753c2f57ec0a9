import { describe, expect, it } from "vitest";
import { metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { answeringOf, grownSlowdownOn } from "../../../../optimizer/core/sizing/answering.ts";
import { answeredKeys } from "../../../../optimizer/core/sizing/latency.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { aBalancer, aWorld, primary } from "../../../support/world.ts";

const { fullName } = aBalancer();
const loadBalancers = [fullName];
/** Half of each day nobody asks for much; in three hours of it most. */
const requests = (hour: number): number => (hour % 24 < 3 ? 400 : hour % 24 < 12 ? 100 : 40);
const world = aWorld()
  .policed({ baselineDays: 14, completeness: { minShare: 0.8 } })
  .with(aBalancer())
  .sees(metrics.balancerRequests, fullName, (hour) => requests(Math.floor(hour)) * 900)
  .sees(metrics.balancerResponseTime, fullName, 0.5);
const asking = { ...ruleOf("asg.instance-type"), demands: () => answeredKeys(primary, loadBalancers, world.policy) };
const facts = world.facts(asking);

/** Ten machines of eight vCPUs. */
function answering(percentAt: (hour: number) => number, isScaled = false) {
  const values = Float64Array.from({ length: 14 * 24 }, (_, hour) => percentAt(hour));
  const cpu: Series = { name: "CPU Average", keys: [], periodSeconds: 3600, values, whole: true };
  return answeringOf(facts, { region: primary, loadBalancers, cpu, vcpu: 8, size: { desired: 10, zones: 3, byHour: undefined }, isScaled });
}

describe("what requests compute on machines", () => {
  it("is what is busy in the hours that have most of them, by the second", () => {
    // 40 % of 80 vCPUs for 400 requests a second.
    expect(answering((hour) => requests(hour) / 10)?.vcpuSeconds).toBeCloseTo((0.4 * 80) / 400, 9);
  });

  it("is not known where just those hours have no point, though enough of the others have", () => {
    expect(answering((hour) => (hour % 24 < 3 ? Number.NaN : requests(hour) / 10))).toBeUndefined();
    expect(answering((hour) => (hour % 24 >= 21 ? Number.NaN : requests(hour) / 10))).toBeDefined();
  });

  it("is as it was where policies answer a load that grows with more machines", () => {
    const scaled = answering((hour) => requests(hour) / 10, true);
    expect(scaled?.grownVcpu).toEqual(scaled?.busyVcpu);
  });

  it("takes no longer two weeks on where nothing grows", () => {
    const now = answering((hour) => requests(hour) / 10, true);
    const machines = { today: Float64Array.of(10), afterwards: Float64Array.of(20) };
    expect(now && grownSlowdownOn(facts, now, 4, machines)).toBeUndefined();
    expect(now).toBeDefined();
  });
});
