import { describe, expect, it } from "vitest";
import { grownWithRequests } from "../../../../optimizer/core/sizing/grown-with-requests.ts";
import { perFurtherRequest, perRequest } from "../../../../optimizer/core/sizing/latency.ts";
import { asGrown } from "../../../../optimizer/core/sizing/growth.ts";

const days = 60;
/** Half as many at weekends and at night; since two weeks before the end more each day, along a line, to twice as many. */
const requests = (since: number) =>
  Float64Array.from({ length: days * 24 }, (_, hour) => {
    const day = Math.floor(hour / 24);
    const usual = 100 * (day % 7 >= 5 ? 0.5 : 1) * (hour % 24 < 12 ? 0.5 : 1);
    return usual * (1 + Math.max(0, (hour / 24 - (days - since)) / since));
  });
const growing = requests(14);
const steady = growing.map((_, hour) => growing[hour % (7 * 24)]!);
const p99Seconds = growing.map(() => 0.5);

describe("the processors that are busy two weeks on", () => {
  it("are as many more as the requests that will come then, where what machines do for themselves hides it", () => {
    const busy = growing.map((each) => 3 + each * 0.01);
    const grown = grownWithRequests({ perSecond: growing, p99Seconds }, busy);
    expect(grown).not.toEqual(busy);
    const more = asGrown(growing);
    // Quiet hours tell that each computes 10 ms; all that is busy would be twice and more of that.
    const [latest, byItself] = [days * 24 - 1, asGrown(busy)];
    expect(grown[latest]).toBeCloseTo(busy[latest]! + 0.01 * (more[latest]! - growing[latest]!), 9);
    expect(grown[latest]).toBeGreaterThan(byItself[latest]!);
    expect([...grown].every((each, hour) => each >= byItself[hour]!)).toBe(true);
  });

  it("count all that is busy as the requests', where no hour is idle enough to tell more", () => {
    // A fifth more than before in the end: the idlest hour has more than three quarters of the busiest ones'.
    const perSecond = growing.map((_, hour) => 100 * 1.02 ** Math.max(0, hour / 24 - 50));
    const busy = perSecond.map((each) => 3 + each * 0.01);
    const answered = { perSecond, p99Seconds };
    expect(perFurtherRequest(answered, busy)).toBeNaN();
    const latest = days * 24 - 1;
    const more = asGrown(perSecond)[latest]! - perSecond[latest]!;
    expect(more).toBeGreaterThan(10);
    expect(grownWithRequests(answered, busy)[latest]).toBeCloseTo(busy[latest]! + perRequest(answered, busy) * more, 9);
  });

  it("are what they grow to by themselves, where that is more", () => {
    const busy = growing.map((each) => each * 0.01);
    expect(grownWithRequests({ perSecond: steady, p99Seconds }, busy)).toBe(asGrown(busy));
    expect(asGrown(busy)).not.toBe(busy);
  });

  it("are those of today, the same array, where neither grows", () => {
    const busy = steady.map((each) => 3 + each * 0.01);
    expect(grownWithRequests({ perSecond: steady, p99Seconds }, busy)).toBe(busy);
  });

  it("are not known in an hour of which nothing is, nor anywhere where nothing is known at all", () => {
    const gap = growing.map((each, hour) => (hour === 700 ? Number.NaN : 3 + each * 0.01));
    expect(grownWithRequests({ perSecond: growing, p99Seconds }, gap)[700]).toBeNaN();
    const nothing = growing.map(() => Number.NaN);
    expect(grownWithRequests({ perSecond: growing, p99Seconds }, nothing)).toBe(nothing);
    const unasked = growing.map((each, hour) => (hour === 1430 ? Number.NaN : each));
    const busy = growing.map((each) => 3 + each * 0.01);
    expect(grownWithRequests({ perSecond: unasked, p99Seconds }, busy)[1430]).toBeGreaterThanOrEqual(busy[1430]!);
  });
});
