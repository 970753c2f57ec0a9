import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import { noPoints, type SeriesKey } from "../../../../optimizer/core/model/observation.ts";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { completenessOf, firstIncompleteness, incompleteness, isComplete, shareFound, unknownPeriods } from "../../../../optimizer/core/sizing/completeness.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";

/** Nine tenths of the points, on two whole days. */
const policy = policySchema.parse({ completeness: { minShare: 0.9, minWholeDays: 2 } });
const gap = Number.NaN;

function series(values: readonly number[] | Float64Array, more: Partial<Series> = {}): Series {
  return {
    name: "CPU Maximum",
    keys: [],
    periodSeconds: 3600,
    values: values instanceof Float64Array ? values : Float64Array.from(values),
    whole: true,
    ...more,
  };
}

/** Hours, of which those that are named have no point. */
const hours = (count: number, gaps: readonly number[] = []): Float64Array =>
  Float64Array.from({ length: count }, (_, hour) => (gaps.includes(hour) ? gap : hour));
const firstOf = (count: number): readonly number[] => Array.from({ length: count }, (_, hour) => hour);

describe("a series is complete enough", () => {
  it("with the share of its points and the whole days that the policy asks for, and not with fewer", () => {
    // Seven of 72 hours are more than a tenth; two hours of a day are not.
    const told: readonly (readonly [Series, string | undefined])[] = [
      [series(hours(48)), undefined],
      [series(hours(47)), "CPU Maximum has 1 whole days, 2 are needed"],
      [series(hours(72, firstOf(7))), undefined],
      [series(hours(72, firstOf(8))), "CPU Maximum has 88.8 % of its points, 90 % are needed"],
      [series(hours(80, firstOf(8))), undefined],
      [series(hours(48, [0, 1])), undefined],
      [series(hours(48, [0, 1, 2])), "CPU Maximum has 1 whole days, 2 are needed"],
      [series(hours(30)), "CPU Maximum has 1 whole days, 2 are needed"],
      [series([]), "CPU Maximum has 0 % of its points, 90 % are needed"],
    ];
    for (const [one, reason] of told) {
      expect(incompleteness(one, policy)).toBe(reason);
      expect(isComplete(one, policy)).toBe(reason === undefined);
    }
  });

  it("only where AWS answered all of it, and what tells it does not stand still", () => {
    expect(incompleteness(series(hours(80, firstOf(8)), { whole: false }), policy)).toBe("CPU Maximum was not answered completely by AWS");
    expect(incompleteness(series(hours(48), { whole: false }), policy)).toBe("CPU Maximum was not answered completely by AWS");
    expect(incompleteness(series(hours(48), { whole: false, still: "CPU is 7 for ever" }), policy)).toBe("CPU is 7 for ever");
  });

  it("of several the first that is not says why", () => {
    const [short, unanswered] = [series(hours(30)), series(hours(48), { name: "NetworkIn Maximum", whole: false })];
    expect(firstIncompleteness([series(hours(48)), unanswered, short], policy)).toBe("NetworkIn Maximum was not answered completely by AWS");
    expect(firstIncompleteness([series(hours(48))], policy)).toBeUndefined();
    expect(firstIncompleteness([], policy)).toBeUndefined();
  });
});

describe("a series without any point says who must publish it", () => {
  const published = (dimensions: SeriesKey["dimensions"]): readonly SeriesKey[] => [
    seriesKey(metrics.ec2Cpu, "us-east-1", { AutoScalingGroupName: "web" }, "Maximum", 3600),
    seriesKey(metrics.agentMemory, "us-east-1", dimensions, "Maximum", 3600),
  ];

  it("where AWS does not measure it, by which dimensions and no others", () => {
    const keys = published({ AutoScalingGroupName: "web", Role: "api" });
    expect(incompleteness(series(noPoints(48), { keys }), policy)).toBe(
      'CPU Maximum has 0 % of its points, 90 % are needed: CWAgent must publish mem_used_percent by AutoScalingGroupName, Role alone (aggregation_dimensions [["AutoScalingGroupName", "Role"]])',
    );
  });

  it("not where it has some, or where AWS measures it", () => {
    const keys = published({ AutoScalingGroupName: "web" });
    expect(incompleteness(series(hours(48, firstOf(47)), { keys }), policy)).toBe("CPU Maximum has 2 % of its points, 90 % are needed");
    expect(incompleteness(series(noPoints(48), { keys: keys.slice(0, 1) }), policy)).toBe("CPU Maximum has 0 % of its points, 90 % are needed");
  });
});

describe("days are counted", () => {
  it("in the periods of the series, one at least", () => {
    expect(completenessOf(series(hours(3), { periodSeconds: 86_400 }), 0.9)).toEqual({ share: 1, wholeDays: 3 });
    expect(completenessOf(series(hours(3, [1]), { periodSeconds: 86_400 }), 0.9)).toEqual({ share: 2 / 3, wholeDays: 2 });
    expect(completenessOf(series(hours(2, [1]), { periodSeconds: 7 * 86_400 }), 0.9)).toEqual({ share: 1 / 2, wholeDays: 1 });
    expect(completenessOf(series(hours(2 * 288), { periodSeconds: 300 }), 0.9)).toEqual({ share: 1, wholeDays: 2 });
  });

  it("back from the end, of which the first may be no whole one", () => {
    expect(completenessOf(series(hours(60)), 0.9)).toEqual({ share: 1, wholeDays: 2 });
    expect(completenessOf(series(hours(71, [70])), 0.9)).toEqual({ share: 70 / 71, wholeDays: 2 });
    expect(completenessOf(series(hours(60, [59])), 0.9)).toEqual({ share: 59 / 60, wholeDays: 2 });
    expect(completenessOf(series(hours(48, [0])), 1)).toEqual({ share: 47 / 48, wholeDays: 1 });
    const found = (count: number): readonly number[] => Array.from({ length: 24 }, (_, hour) => (hour < count ? 1 : gap));
    const days = series([1, 1, 1, 1, 1, ...found(24), ...found(12), ...found(22)]);
    expect(completenessOf(days, 0.9)).toEqual({ share: (5 + 24 + 12 + 22) / 77, wholeDays: 2 });
    expect(completenessOf(days, 0.5).wholeDays).toBe(3);
  });

  it("as none of nothing", () => {
    expect(completenessOf(series([]), 0)).toEqual({ share: 0, wholeDays: 0 });
    expect(completenessOf(series(noPoints(48)), 0.5)).toEqual({ share: 0, wholeDays: 0 });
  });
});

describe("the share that is found", () => {
  it("is that of points that are there", () => {
    expect(shareFound(series(hours(4)))).toBe(1);
    expect(shareFound(series(hours(4, [0, 3])))).toBe(1 / 2);
    expect(shareFound(series(noPoints(4)))).toBe(0);
    expect(shareFound(series([]))).toBe(0);
  });
});

describe("periods of which nothing is known", () => {
  const startMs = Date.UTC(2026, 3, 6);
  const told = (one: Series, since = 0) => unknownPeriods(one, { since, startMs });

  it("are none where each has a point, from where it is asked for on", () => {
    expect(told(series(hours(4)))).toBeUndefined();
    expect(told(series(hours(4, [0, 1])), 2)).toBeUndefined();
  });

  it("are told by the first, and by how many there are", () => {
    expect(told(series(hours(4, [2])))).toBe(
      "CPU Maximum: nothing is known of one hour, from 2026-04-06 02:00 UTC on: that all others had none does not say so of it",
    );
    expect(told(series(hours(5, [0, 2, 4])))).toBe(
      "CPU Maximum: nothing is known of 3 hours, from 2026-04-06 00:00 UTC on: that all others had none does not say so of them",
    );
    expect(told(series(hours(5, [0, 2, 4])), 1)).toContain("of 2 hours, from 2026-04-06 02:00 UTC on");
    expect(told(series(hours(5, [0])), -3)).toContain("of one hour, from 2026-04-06 00:00 UTC on");
    expect(told(series(hours(4, [1]), { periodSeconds: 86_400 }))).toContain("of one day, from 2026-04-07 00:00 UTC on");
    expect(told(series(hours(4, [1, 2]), { periodSeconds: 86_400 }))).toContain("of 2 days, from 2026-04-07 00:00 UTC on");
  });
});
