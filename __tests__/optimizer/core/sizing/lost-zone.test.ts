import { describe, expect, it } from "vitest";
import { percent } from "../../../../optimizer/core/model/percent.ts";
import { overflowing, worstHours } from "../../../../optimizer/core/sizing/lost-zone.ts";
import type { HourlyDemand } from "../../../../optimizer/core/sizing/worst-hour.ts";

const hours = 24;
const limits = { usual: 0.8, worst: 0.9 };

/** vCPUs that each of so many instances uses in every hour. */
function demand(used: number, instances: number): HourlyDemand {
  const all = (value: number) => new Float64Array(hours).fill(value);
  return {
    dimension: "cpu",
    name: "CPU",
    series: { name: "CPU Maximum", keys: [], periodSeconds: 3600, values: all((used / 16) * 100), whole: true },
    unit: "Percent",
    startMs: 0,
    used: all(used),
    instancesBefore: all(instances),
    instancesAfter: all(instances),
    note: "",
    capacityOf: (type) => ({ "4xlarge": 16, "2xlarge": 8 })[type],
  };
}

describe("the highest sample of each hour", () => {
  const on = (to: string, one: HourlyDemand, zones: number) => worstHours([one], { from: "4xlarge", to, zones, limits });

  it("tells nothing of a type whose capacity nobody knows", () => {
    expect(on("3xlarge", demand(4, 3), 3)).toEqual([]);
    expect(overflowing(demand(4, 3), "3xlarge", "2xlarge")).toEqual([]);
  });

  it("asks for more than two of three instances have where each had to do more than two thirds of one", () => {
    // 3 × 5.4 = 16.2 of 2 × 8 vCPUs.
    expect(on("2xlarge", demand(5.4, 3), 3).map(({ projected, fits }) => [percent(projected, 2), fits])).toEqual([
      ["67.5 %", true],
      ["101.25 %", false],
    ]);
    // 3 × 5.3 = 15.9 of them.
    expect(on("2xlarge", demand(5.3, 3), 3)).toHaveLength(1);
    expect(on("2xlarge", demand(5.4, 3), 1)).toHaveLength(1);
    // Without another zone nothing is left when it is lost: what is too much with nothing lost is told once.
    expect(on("2xlarge", demand(9, 3), 1).map(({ fits }) => fits)).toEqual([false]);
  });

  it("says which of both it is, in two zones as in three", () => {
    // Of four two are left: 4 × 5 = 20 of 2 × 8 vCPUs.
    const methods = on("2xlarge", demand(5, 4), 2).map(({ method }) => method);
    expect(methods).toEqual([expect.not.stringContaining("lost"), expect.stringContaining("one zone of 2 lost")]);
  });

  it("is told with a zone lost only where that asks for more than all there is", () => {
    // Of four two are left: 4 × 4 = 16 of 2 × 8 vCPUs, and a little more.
    expect(on("2xlarge", demand(4, 4), 2)).toHaveLength(1);
    expect(on("2xlarge", demand(4.01, 4), 2).map(({ projected, limit, fits }) => [percent(projected, 2), limit, fits])).toEqual([
      ["50.13 %", 0.9, true],
      ["100.25 %", 1, false],
    ]);
  });

  it("of one fleet in different numbers of zones is what each leaves", () => {
    // Of four two are left of two zones, and three of four: 4 × 5 = 20 of 16 or 24 vCPUs.
    const fleet = demand(5, 4);
    const told = [2, 4, 2].map((zones) => on("2xlarge", fleet, zones).map(({ projected }) => percent(projected, 2)));
    expect(told).toEqual([["62.5 %", "125 %"], ["62.5 %"], ["62.5 %", "125 %"]]);
    // Another dimension of the same instances.
    const memory: HourlyDemand = { ...fleet, dimension: "memory" };
    expect(on("2xlarge", memory, 4)).toHaveLength(1);
    expect(on("2xlarge", memory, 2).map(({ dimension }) => dimension)).toEqual(["memory", "memory"]);
  });

  it("of a load that grows is carried by what a lost zone leaves of those that policies will have by then", () => {
    const weeks = 8;
    const grows = Float64Array.from({ length: weeks * 168 }, (_, hour) => 1.02 ** (hour / 24 - weeks * 7));
    const always = (count: number) => new Float64Array(grows.length).fill(count);
    // The last hour's 4 × 2.8 grow to 14.8 in two weeks; of eight four are left, of six three, of four two.
    const fleet = { ...demand(1, 1), used: grows.map((share) => 2.8 * share), instancesBefore: always(4), instancesAfter: always(4) };
    const lost = (later: number) => on("1xlarge", { ...fleet, instancesGrown: always(later), capacityOf: () => 4 }, 2)[1]?.projected;
    expect(lost(8)).toBeUndefined();
    expect(lost(6)).toBeCloseTo((4 * 2.8 * 1.02 ** 14) / (3 * 4), 1);
    expect(lost(4)).toBeCloseTo((4 * 2.8 * 1.02 ** 14) / (2 * 4), 1);
  });
});
