import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Demand, project, riskOf } from "../../../../optimizer/core/sizing/projection.ts";

const vcpu: Readonly<Record<string, number>> = { "4xlarge": 16, "2xlarge": 8, xlarge: 4 };

function cpu(current: number, instancesBefore = 1, instancesAfter = 1): Demand {
  return { dimension: "cpu", current, statistic: "p99.5 of hourly maxima", instancesBefore, instancesAfter, note: "", capacityOf: (type) => vcpu[type] };
}

describe("projection", () => {
  it.each([
    ["xlarge", 0.38, 1, 1, 1.52, false],
    ["2xlarge", 0.38, 1, 1, 0.76, true],
    ["2xlarge", 0.26, 15, 10, 0.78, true],
    ["2xlarge", 0.4, 1, 1, 0.8, true],
    ["2xlarge", 0.401, 1, 1, 0.802, false],
  ])("to %s at %d, %i instances on %i: %d", (to, current, before, after, projected, fits) => {
    const projection = project(cpu(current, before, after), "4xlarge", to, 0.8);
    expect(projection?.projected).toBeCloseTo(projected);
    expect(projection?.fits).toBe(fits);
  });

  it("shows its arithmetic", () => {
    expect(project({ ...cpu(0.26, 15, 10), note: "one zone of 3 lost" }, "4xlarge", "2xlarge", 0.8)?.method).toBe(
      "p99.5 of hourly maxima 26 % × (16 × 15) ÷ (8 × 10), one zone of 3 lost",
    );
  });

  it("shares out anew only what grows with the load: what an instance uses anyhow each of them uses", () => {
    // 40 % of 16 are 6.4, of which 2 are used without any load: 2 + 4.4 × 3 ÷ 2 of 8.
    expect(project({ ...cpu(0.4, 3, 2), idle: 2 }, "4xlarge", "2xlarge", 0.8)).toEqual({
      dimension: "cpu",
      current: 0.4,
      projected: expect.closeTo((2 + (4.4 * 3) / 2) / 8, 9),
      limit: 0.8,
      fits: false,
      method: "p99.5 of hourly maxima 40 % of 16, of which 2 without load, so 2 + 4.4 × 3 ÷ 2, of 8",
    });
    expect(project(cpu(0.125, 3, 2), "4xlarge", "2xlarge", 0.8)?.method).toBe("p99.5 of hourly maxima 12.5 % × (16 × 3) ÷ (8 × 2)");
  });

  it("knows nothing of unknown capacities", () => {
    expect(project(cpu(0.1), "8xlarge", "2xlarge", 0.8)).toBeUndefined();
    expect(project(cpu(0.1), "4xlarge", "large", 0.8)).toBeUndefined();
  });

  it("never lets more demand fit where less did not", () => {
    const share = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (demand, more, before, after) => {
        const less = project(cpu(demand, before, after), "4xlarge", "2xlarge", 0.8);
        const greater = project(cpu(demand + more, before, after), "4xlarge", "2xlarge", 0.8);
        expect(greater?.fits === true && less?.fits === false).toBe(false);
      }),
    );
  });

  it("takes the worst dimension as the risk, from 0 to 1", () => {
    const at = (demand: number) => project(cpu(demand), "4xlarge", "2xlarge", 0.8) ?? [];
    expect(riskOf([at(0.1), at(0.3)].flat())).toBeCloseTo(0.6);
    expect(riskOf([at(0.9)].flat())).toBe(1);
    expect(riskOf([])).toBe(0);
  });
});
