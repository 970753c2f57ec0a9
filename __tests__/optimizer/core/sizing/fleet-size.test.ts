import { describe, expect, it } from "vitest";
import { always, during, eachHour, fleetNow, type FleetSize, fleetThen, sizeThen, survivors } from "../../../../optimizer/core/sizing/fleet-size.ts";
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

describe("instances that can be counted on", () => {
  const weeks = 3;
  const hourly = (at: (hour: number) => number, hours = weeks * 168): Series => ({
    name: "",
    keys: [],
    periodSeconds: 3600,
    whole: true,
    values: Float64Array.from({ length: hours }, (_, hour) => at(hour)),
  });
  const size = (at: (hour: number) => number, { desired = 100, hours = weeks * 168 } = {}): FleetSize => ({ desired, zones: 3, byHour: hourly(at, hours) });
  /** Ten by day, four by night. */
  const byDay = (hour: number): number => (hour % 24 < 12 ? 10 : 4);
  const lastDay = (weeks - 1) * 168 + 6 * 24;
  const now = (of: FleetSize): Float64Array => fleetNow(of).values;

  it("are those that are desired, one at least, where nobody tells how many were in service", () => {
    for (const [desired, counted] of [
      [15, 15],
      [2.5, 2],
      [0, 1],
    ] as const)
      expect(fleetNow({ desired, zones: 3, byHour: undefined })).toEqual({ values: Float64Array.of(counted), periodSeconds: Number.POSITIVE_INFINITY });
  });

  it("are those of the same hour of the week today where there are fewer by now, and those of then where there were fewer", () => {
    const shrank = now(size((hour) => byDay(hour) + (hour < 168 ? 3 : 0)));
    expect(shrank.slice(0, 24)).toEqual(Float64Array.from({ length: 24 }, (_, hour) => byDay(hour)));
    const grew = now(size((hour) => byDay(hour) - (hour < 168 ? 3 : 0)));
    expect(grew.slice(0, 24)).toEqual(Float64Array.from({ length: 24 }, (_, hour) => byDay(hour) - 3));
    expect(grew.slice(-24)).toEqual(Float64Array.from({ length: 24 }, (_, hour) => byDay(hour)));
    // One weekday is smaller in the last week.
    const tuesday = now(size((hour) => (Math.floor(hour / 24) === 2 * 7 + 1 ? 3 : 10)));
    expect([0, 1, 2, 8].map((day) => tuesday[day * 24])).toEqual([10, 3, 10, 3]);
  });

  it("are whole ones, one at least, and the fewest of the week where its hour has a gap", () => {
    expect(now(size((hour) => (hour === 5 ? 0.4 : 5.7)))[5]).toBe(1);
    expect(now(size(() => 5.7))[7]).toBe(5);
    const gap = now(size((hour) => (hour === 2 * 168 + 30 ? Number.NaN : byDay(hour))));
    expect([gap[30], gap[31], gap[168 + 30]]).toEqual([4, 10, 4]);
  });

  it("are those of the last day where all of it stayed below the whole week before", () => {
    const shrunk = now(size((hour) => (hour >= lastDay ? byDay(hour) / 4 : byDay(hour))));
    expect(shrunk.slice(0, 24)).toEqual(Float64Array.from({ length: 24 }, (_, hour) => Math.floor(byDay(hour) / 4)));
    // An hour of the last day as large as the smallest of the week is like the week.
    const asLarge = now(size((hour) => (hour >= lastDay ? (hour === lastDay + 3 ? 4 : 1) : byDay(hour))));
    expect([asLarge[0], asLarge[12]]).toEqual([10, 4]);
  });

  it("are those of the week where any day before was as small as the last one, and begin where the week does", () => {
    const middle = now(size((hour) => (hour >= lastDay ? 3 : hour === lastDay - 60 ? 2 : 10)));
    expect([middle[0], middle[168]]).toEqual([10, 10]);
    const once = now(size((hour) => (hour === 173 ? 2 : 10), { hours: 200 }));
    expect([4, 5, 6, 37].map((hour) => once[hour])).toEqual([10, 2, 10, 10]);
  });

  it("are no more than desired where no hour of the last day was as few", () => {
    expect(now(size(() => 10, { desired: 6 }))[0]).toBe(6);
    // By night there are four again, so that six are the evening's.
    expect(now(size(byDay, { desired: 6 }))[0]).toBe(10);
    expect(now(size(byDay, { desired: 3 }))[0]).toBe(3);
  });

  it("are those of what was seen where that is less than a week", () => {
    const short = now(size((hour) => hour + 1, { hours: 30 }));
    expect([...short]).toEqual(Array.from({ length: 30 }, (_, hour) => hour + 1));
    expect(now(size((hour) => (hour < 2 ? 9 : 3), { hours: 170 })).slice(0, 4)).toEqual(Float64Array.of(3, 3, 3, 3));
  });
});

describe("a fleet", () => {
  it("is as large at all hours, by the hour, and in each finer period of one", () => {
    const finer: Series = { name: "", keys: [], periodSeconds: 1800, whole: true, values: new Float64Array(3) };
    expect([...during(always(4), finer)]).toEqual([4, 4, 4]);
    const hourly = { values: Float64Array.of(2, 5), periodSeconds: 3600 };
    expect([...during(hourly, finer)]).toEqual([2, 2, 5]);
    expect(eachHour(hourly, (instances) => instances * 2)).toEqual({ values: Float64Array.of(4, 10), periodSeconds: 3600 });
    expect(fleetThen({ desired: 15, zones: 3, byHour: undefined })).toEqual(always(15));
  });
});
