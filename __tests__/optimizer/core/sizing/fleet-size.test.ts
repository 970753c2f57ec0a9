import { describe, expect, it } from "vitest";
import { sizeThen, survivors } from "../../../../optimizer/core/sizing/fleet-size.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";

describe("instances left when a zone is lost", () => {
  it.each([
    [15, 3, 10],
    [10, 3, 6],
    [6, 3, 4],
    [3, 2, 1],
    [2, 3, 1],
    [1, 3, 1],
    [8, 1, 8],
  ])("of %i in %i zones: %i", (instances, zones, left) => {
    expect(survivors(instances, zones)).toBe(left);
  });
});

describe("instances that carried an hour's load", () => {
  const hourly = (...values: readonly number[]): Series => ({ name: "", keys: [], periodSeconds: 3600, whole: true, values: Float64Array.from(values) });
  const then = (...values: readonly number[]) => [...sizeThen({ desired: 15, zones: 3, byHour: hourly(...values) }, hourly(...values))];

  it("are those that were in service", () => {
    expect(then(4, 6, 5.5)).toEqual([4, 6, 5.5]);
  });

  it("are the most seen where the group's metrics have a gap, or say that none was in service", () => {
    expect(then(4, Number.NaN, 0, 6)).toEqual([4, 6, 6, 6]);
  });

  it("are at least one, and as many as are desired where none was ever seen: load is never multiplied by nothing", () => {
    expect(then(0.2, 3)).toEqual([1, 3]);
    expect(then(0, 0)).toEqual([15, 15]);
  });
});
