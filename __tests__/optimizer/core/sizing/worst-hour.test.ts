import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HourlyDemand, worstHour, worstHourEvidence } from "../../../../optimizer/core/sizing/worst-hour.ts";

const vcpu: Readonly<Record<string, number>> = { "4xlarge": 16, "2xlarge": 8 };
const limits = { worst: 0.9, usual: 0.8 };
/** A Monday. */
const startMs = Date.UTC(2026, 3, 6);
const hours = 60 * 24;

/** vCPUs used of each instance by hour, and the group's size before and after. */
function demand(used: (hour: number) => number, before: (hour: number) => number = () => 1, after = before): HourlyDemand {
  const byHour = (make: (hour: number) => number) => Float64Array.from({ length: hours }, (_, hour) => make(hour));
  return {
    dimension: "cpu",
    name: "CPU",
    series: { name: "CPU Maximum", keys: [], periodSeconds: 3600, values: byHour((hour) => (used(hour) / 16) * 100), whole: true },
    unit: "Percent",
    startMs,
    used: byHour(used),
    instancesBefore: byHour(before),
    instancesAfter: byHour(after),
    note: "",
    capacityOf: (type) => vcpu[type],
  };
}

function judged(one: HourlyDemand) {
  const [projection] = worstHour(one, "4xlarge", "2xlarge", limits);
  if (projection === undefined) throw new Error("capacities are known");
  return projection;
}

const at = (hour: number): number => startMs + hour * 3_600_000;

describe("the worst hour", () => {
  it.each([
    [7.2, 0.9, true],
    [7.21, 0.901, false],
  ])("of %d vCPU on 8: %d, fits: %s", (peak, projected, fits) => {
    const projection = judged(demand((hour) => (hour === 700 ? peak : 1)));
    expect(projection.projected).toBeCloseTo(projected, 3);
    expect(projection.fits).toBe(fits);
    expect(projection.worstHour.atMs).toBe(at(700));
  });

  it("is the hour that binds on the target, not that of the highest percentage", () => {
    const sizes = (hour: number) => (hour === 100 ? 4 : 2);
    const one = demand(
      (hour) => (hour === 100 ? 6 : hour === 200 ? 7 : 1),
      sizes,
      () => 2,
    );
    expect(judged(one).worstHour.atMs).toBe(at(100));
    expect(judged(one).projected).toBeCloseTo((6 * 4) / (8 * 2));
    expect(worstHourEvidence(one)).toMatchObject({ value: 37.5, atMs: at(100) });
  });

  it("takes a gap for the worst hour of its hour of the week, with the instances that were there", () => {
    const gap = 3 * 168 + 10;
    const one = demand(
      (hour) => (hour === gap ? Number.NaN : hour % 168 === 10 ? 4 : 2),
      () => 3,
      (hour) => (hour === gap ? 1 : 3),
    );
    expect(judged(one).projected).toBeCloseTo((4 * 3) / 8);
    expect(judged(one).worstHour.atMs).toBe(at(gap));
    expect(worstHourEvidence(one)).toMatchObject({ value: 25, atMs: at(gap) });
  });

  it("takes an hour of the week that was never measured for the worst of all", () => {
    const one = demand(
      (hour) => (hour % 168 === 10 ? Number.NaN : hour === 500 ? 7 : 1),
      () => 2,
      (hour) => (hour % 168 === 10 ? 1 : 2),
    );
    expect(judged(one).projected).toBeCloseTo((7 * 2) / 8);
  });

  it("names peaks that recur, one for each stretch of days, and none where they are common", () => {
    const monthly = judged(demand((hour) => ([10, 40].includes(Math.floor(hour / 24)) && hour % 24 >= 20 ? 7 : 1)));
    expect(monthly.worstHour.rarePeaksMs).toEqual([at(10 * 24 + 23), at(40 * 24 + 23)]);
    expect(monthly.method).toContain("every 30 days");
    const uneven = judged(demand((hour) => ([10, 20, 55].includes(Math.floor(hour / 24)) ? 7 : 1)));
    expect(uneven.worstHour.rarePeaksMs).toHaveLength(3);
    expect(uneven.method).not.toContain("every");
    const daily = judged(demand((hour) => (hour % 48 === 0 ? 7 : 1)));
    expect(daily.worstHour.rarePeaksMs).toEqual([]);
    expect(daily.method).toContain("above 80 % 30 times in 60 days");
  });

  it("is not known where a capacity is not", () => {
    expect(
      worstHour(
        demand(() => 1),
        "4xlarge",
        "zz9.large",
        limits,
      ),
    ).toEqual([]);
    expect(
      worstHour(
        demand(() => 1),
        "zz9.large",
        "2xlarge",
        limits,
      ),
    ).toEqual([]);
  });

  it("never binds less with more load, or with a gap instead of a sample below the worst of its hour", () => {
    const load = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 168, maxLength: 168 });
    fc.assert(
      fc.property(load, fc.integer({ min: 0, max: hours - 1 }), fc.double({ min: 0, max: 10, noNaN: true }), (week, chosen, more) => {
        const used = (hour: number) => week[hour % 168] ?? 0;
        const base = judged(demand(used)).projected;
        expect(judged(demand((hour) => used(hour) + (hour === chosen ? more : 0))).projected).toBeGreaterThanOrEqual(base);
        expect(judged(demand((hour) => (hour === chosen ? Number.NaN : used(hour)))).projected).toBeGreaterThanOrEqual(base - 1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
