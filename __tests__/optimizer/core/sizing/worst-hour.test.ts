import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, Projection } from "../../../../optimizer/core/model/rule.ts";
import {
  type HourlyDemand,
  oneInstance,
  rarePeakWarning,
  refusedByWorstHour,
  worstHour,
  worstHourEvidence,
  worstHourRefusal,
} from "../../../../optimizer/core/sizing/worst-hour.ts";

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

/** The busier hours by number; all others need one vCPU. */
const except = (busy: Readonly<Record<number, number>>) => demand((hour) => busy[hour] ?? 1);

describe("the hour that is told", () => {
  it("is the newest of several that ask for as much, as a projection and as a figure", () => {
    expect(judged(demand(() => 4)).worstHour.atMs).toBe(at(hours - 1));
    expect(judged(except({ 10: 6, 700: 6 })).worstHour.atMs).toBe(at(700));
    expect(judged(except({ 0: 6 })).worstHour.atMs).toBe(at(0));
    expect(worstHourEvidence(demand(() => 4))).toMatchObject({ atMs: at(hours - 1) });
    expect(worstHourEvidence(except({ 10: 6, 700: 6 }))).toEqual({
      name: "CPU in the worst hour",
      value: 37.5,
      unit: "Percent",
      statistic: "Maximum",
      periodSeconds: 3600,
      completeness: 1,
      series: [],
      atMs: at(700),
    });
    expect(worstHourEvidence(except({ 0: 6 }))).toMatchObject({ value: 37.5, atMs: at(0) });
  });

  it("of a load that was never there is one without any", () => {
    expect(judged(demand(() => Number.NaN))).toMatchObject({ projected: 0, fits: true });
    expect(judged(demand((hour) => (hour % 2 === 0 ? Number.NaN : 0)))).toMatchObject({ projected: 0, fits: true });
  });

  it("takes a gap for the worst of its hour of the week, whichever of its weeks had it", () => {
    const gap = 3 * 168 + 10;
    for (const worst of [10, 2 * 168 + 10, 5 * 168 + 10])
      expect(
        judged(
          demand(
            (hour) => (hour === gap ? Number.NaN : hour === worst ? 5 : hour % 168 === 11 ? 3 : 1),
            () => 2,
            (hour) => (hour === gap ? 1 : 2),
          ),
        ).projected,
      ).toBeCloseTo((5 * 2) / 8);
  });

  it("takes a gap for the worst of its own hour of the week, though others are worse", () => {
    const gap = 3 * 168 + 10;
    const one = demand(
      (hour) => (hour === gap ? Number.NaN : hour % 168 === 10 ? 4 : hour % 168 === 11 ? 6 : 2),
      () => 3,
      (hour) => (hour === gap ? 1 : 3),
    );
    expect(judged(one).projected).toBeCloseTo((4 * 3) / 8);
  });

  it("is found anew for each size and each limit", () => {
    const one = except({ 700: 7 });
    const on = (from: string, target: string, worst: number, usual: number) => {
      const [projection] = worstHour(one, from, target, { worst, usual });
      return [projection?.current, projection?.projected, projection?.limit, projection?.worstHour.rarePeaksMs.length];
    };
    for (let times = 0; times < 2; times++) {
      expect(on("4xlarge", "2xlarge", 0.9, 0.8)).toEqual([7 / 16, 7 / 8, 0.9, 1]);
      expect(on("4xlarge", "4xlarge", 0.9, 0.8)).toEqual([7 / 16, 7 / 16, 0.9, 0]);
      expect(on("2xlarge", "4xlarge", 0.9, 0.8)).toEqual([7 / 8, 7 / 16, 0.9, 0]);
      expect(on("4xlarge", "2xlarge", 0.7, 0.8)).toEqual([7 / 16, 7 / 8, 0.7, 1]);
      expect(on("4xlarge", "2xlarge", 0.9, 0.88)).toEqual([7 / 16, 7 / 8, 0.9, 0]);
    }
  });

  it("says its figures, the arithmetic and the time, and what is noted of them", () => {
    const fleet = {
      ...demand(
        (hour) => (hour === 700 ? 6 : 1),
        () => 4,
        () => 3,
      ),
      note: "no zone lost",
    };
    expect(judged(fleet)).toEqual({
      dimension: "cpu",
      current: 6 / 16,
      projected: (6 * 4) / (8 * 3),
      limit: 0.9,
      fits: false,
      method: "highest sample 6 × 4 ÷ (8 × 3), no zone lost, at 2026-05-05 04:00 UTC",
      worstHour: { atMs: at(700), rarePeaksMs: [at(700)] },
    });
    expect(judged(except({ 700: 6 })).method).toBe("highest sample 6 × 1 ÷ (8 × 1), at 2026-05-05 04:00 UTC");
  });

  it("shares out anew only what grows with the load: what an instance uses anyhow each of them uses", () => {
    // 6 vCPUs on each of four, of which 2 are used without any load: 2 + 4 × 4 ÷ 3 on each of three.
    const fleet = {
      ...demand(
        (hour) => (hour === 700 ? 6 : 3),
        () => 4,
        () => 3,
      ),
      idle: 2,
    };
    const projection = judged(fleet);
    expect(projection.projected).toBeCloseTo((2 + (4 * 4) / 3) / 8, 9);
    expect(projection.current).toBeCloseTo(6 / 16, 9);
    expect(projection.method).toBe("highest sample 6, of which 2 without load, so 2 + 4 × 4 ÷ 3, of 8, at 2026-05-05 04:00 UTC");
    expect(
      judged({
        ...demand(
          (hour) => (hour === 700 ? Number.NaN : 3),
          () => 4,
          (hour) => (hour === 700 ? 1 : 4),
        ),
        idle: 2,
      }).projected,
    ).toBeCloseTo((2 + 4) / 8, 9);
    expect(judged({ ...demand(() => 3), idle: 2 }).projected).toBeCloseTo(3 / 8, 9);
    expect(judged({ ...demand(() => 3), instancesBefore: oneInstance(hours), idle: 2 }).projected).toBeCloseTo(3 / 8, 9);
  });
});

describe("rare peaks", () => {
  const rare = (one: HourlyDemand) => judged(one).worstHour.rarePeaksMs;

  it("are the highest hour of each stretch: hours a day apart are one, more than that are two", () => {
    expect(rare(except({ 100: 7, 124: 7.1 }))).toEqual([at(124)]);
    expect(rare(except({ 100: 7.1, 124: 7 }))).toEqual([at(100)]);
    expect(rare(except({ 100: 7, 124: 7 }))).toEqual([at(124)]);
    expect(rare(except({ 100: 7.1, 110: 7, 120: 7.05, 144: 7 }))).toEqual([at(100)]);
    expect(rare(except({ 100: 7, 125: 7.1 }))).toEqual([at(100), at(125)]);
    expect(rare(except({ 0: 7, 25: 7 }))).toEqual([at(0), at(25)]);
  });

  it("are hours above what is usual, not those right at it", () => {
    expect(rare(except({ 100: 6.4 }))).toEqual([]);
    expect(rare(except({ 100: 6.401 }))).toEqual([at(100)]);
  });

  it("are on a tenth of the days at most", () => {
    const peaks = (count: number) => demand((hour) => (hour % 48 === 5 && hour < count * 48 ? 7 : 1));
    expect(rare(peaks(6))).toHaveLength(6);
    expect(judged(peaks(6)).method).toContain("a rare peak that recurs: 2026-04-06 05:00 UTC, 2026-04-08 05:00 UTC, ");
    expect(rare(peaks(7))).toEqual([]);
    expect(judged(peaks(7)).method).toBe("highest sample 7 × 1 ÷ (8 × 1), at 2026-04-18 05:00 UTC, above 80 % 7 times in 60 days");
  });

  it("come evenly where no time between them is more than a day and a half off the mean of all", () => {
    const method = (...days: readonly number[]) => judged(except(Object.fromEntries(days.map((day) => [day * 24, 7])))).method;
    expect(method(0, 30, 57)).toContain(", every 29 days");
    expect(method(0, 30, 56)).not.toContain("every");
    expect(method(0, 26, 56)).not.toContain("every");
    expect(method(0, 10, 24, 36)).not.toContain("every");
    expect(method(3, 10, 17)).toBe(
      "highest sample 7 × 1 ÷ (8 × 1), at 2026-04-23 00:00 UTC, a rare peak that recurs: 2026-04-09 00:00 UTC, 2026-04-16 00:00 UTC, 2026-04-23 00:00 UTC, every 7 days",
    );
    expect(method(3)).toBe("highest sample 7 × 1 ÷ (8 × 1), at 2026-04-09 00:00 UTC");
  });
});

/** What was projected of CPU: of its worst hour where `rarePeaksMs` are given, else of its usual load. */
const projectionOf = (projected: number, rarePeaksMs?: readonly number[], more: Partial<Projection> = {}): Projection => ({
  dimension: "cpu",
  current: 0.1,
  projected,
  limit: 0.9,
  fits: projected <= 0.9,
  method: "",
  ...(rarePeaksMs === undefined ? {} : { worstHour: { atMs: startMs, rarePeaksMs } }),
  ...more,
});

describe("a warning of rare peaks", () => {
  it("names them, how often they come, how high they would be, and when the next is due", () => {
    expect(rarePeakWarning(projectionOf(0.85, [at(0)]), 0.8)).toEqual([
      "rare peaks: cpu would be above 80 % at 2026-04-06 00:00 UTC, 85 % at most (allowed 90 %)",
    ]);
    expect(rarePeakWarning(projectionOf(0.85, [at(0), at(28 * 24)]), 0.8)).toEqual([
      "rare peaks: cpu would be above 80 % at 2026-04-06 00:00 UTC, 2026-05-04 00:00 UTC, every 28 days, 85 % at most (allowed 90 %); the next is to be expected about 2026-06-01",
    ]);
  });

  it.each<readonly [string, Projection]>([
    ["of what does not fit anyway", projectionOf(0.95, [at(0)])],
    ["of a usual load", projectionOf(0.85)],
    ["where there are none", projectionOf(0.85, [])],
    ["of what stays within what is usual", projectionOf(0.8, [at(0)])],
  ])("is not given %s", (_, projection) => {
    expect(rarePeakWarning(projection, 0.8)).toEqual([]);
  });
});

describe("what only the worst hour refused", () => {
  const candidate = (...projections: readonly Projection[]): Candidate => ({
    target: "2xlarge",
    projections,
    fits: projections.every(({ fits }) => fits),
    monthlySavings: { kind: "known", usd: 1 },
  });
  const [fits, usual, cpu, memory] = [
    projectionOf(0.5),
    projectionOf(0.95),
    projectionOf(0.99, []),
    // 0.96 of 0.8 is further over than 0.99 of 0.9.
    projectionOf(0.96, [], { dimension: "memory", limit: 0.8, fits: false }),
  ];

  it.each<readonly [string, readonly Candidate[], Projection | undefined]>([
    ["the hour that refused it", [candidate(fits, cpu)], cpu],
    ["the one that is furthest over its own limit, in whatever order", [candidate(cpu, memory)], memory],
    ["the one that is furthest over its own limit", [candidate(memory, cpu)], memory],
    ["that of the size nearest to today's", [candidate(memory), candidate(cpu)], cpu],
    ["nothing where its usual load refused it, too", [candidate(cpu, usual)], undefined],
    ["nothing where the usual load refused the nearest", [candidate(cpu), candidate(usual)], undefined],
    ["nothing where the nearest would have fitted", [candidate(cpu), candidate(fits)], undefined],
  ])("tells of %s", (_, refused, told) => {
    expect(refusedByWorstHour(refused)).toBe(told);
    expect(worstHourRefusal({ code: "does-not-fit", refused })).toBe(told);
    expect(worstHourRefusal({ code: "insufficient-data", refused })).toBeUndefined();
  });
});
