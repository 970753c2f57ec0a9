import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Baseline } from "../../../../optimizer/core/model/observation.ts";
import type { Series } from "../../../../optimizer/core/sizing/series.ts";
import { knownSizes, ofTodaysSize, otherSizes, type SizeChange, unseenSizes } from "../../../../optimizer/core/sizing/sizes-before.ts";

const hourMs = 3_600_000;
const change = (atHour: number, before: string | null, after: string | null, settlesHours = 2): SizeChange => ({
  atMs: atHour * hourMs,
  settledMs: (atHour + settlesHours) * hourMs,
  before,
  after,
});

/** Hours 0 to 99 whose value is the hour; those left, as first and last of each stretch. */
function left(today: string, changes: readonly SizeChange[], createdMs?: number): readonly (readonly [number, number])[] {
  const baseline: Baseline = { span: { startMs: 0, endMs: 100 * hourMs }, observations: new Map(), metricRequests: 0 };
  const series: Series = { name: "CPU", keys: [], periodSeconds: 3600, values: Float64Array.from({ length: 100 }, (_, hour) => hour), whole: true };
  const { values } = ofTodaysSize(baseline, { whose: "it was", today, before: otherSizes(today, changes, createdMs) }, series);
  const stretches: [number, number][] = [];
  for (const hour of values) {
    const last = stretches.at(-1);
    if (Number.isNaN(hour)) continue;
    if (last !== undefined && last[1] === hour - 1) last[1] = hour;
    else stretches.push([hour, hour]);
  }
  return stretches;
}

describe("the hours of today's size", () => {
  it("are all of them where nothing changed", () => {
    expect(left("small", [])).toEqual([[0, 99]]);
  });

  it("are those after the change, once it is sure to have been made", () => {
    expect(left("small", [change(60, "big", "small")])).toEqual([[62, 99]]);
    expect(left("small", [change(60, "big", "small", 30)]), "in a maintenance window").toEqual([[90, 99]]);
  });

  it("are not those before a change of which nobody told what was before", () => {
    expect(left("small", [change(60, null, "small")])).toEqual([[62, 99]]);
  });

  it("are those before and after a size that was tried and undone", () => {
    expect(left("big", [change(40, "big", "small"), change(50, "small", "big")])).toEqual([
      [0, 39],
      [52, 99],
    ]);
    expect(left("big", [change(50, null, "big"), change(40, "big", "small")]), "in any order, by what the one before led to").toEqual([
      [0, 39],
      [52, 99],
    ]);
  });

  it("are all where a call asked for what was there already", () => {
    expect(left("small", [change(60, "small", "small", 0)])).toEqual([[0, 99]]);
    expect(left("small", [change(60, "small", "small")]), "whenever whoever recorded it takes that for settled").toEqual([[0, 99]]);
    expect(left("small", [change(60, null, null)]), "but not where nobody tells either").toEqual([[62, 99]]);
  });

  it("are none since a change that led elsewhere, as nobody knows when that ended", () => {
    expect(left("big", [change(60, "big", "small")])).toEqual([[0, 59]]);
    expect(left("big", [change(60, "big", null)]), "one that does not tell led to what is there").toEqual([
      [0, 59],
      [62, 99],
    ]);
    expect(left("big", [change(40, "big", null), change(60, null, "big")]), "and the next one tells nothing of it").toEqual([
      [0, 39],
      [62, 99],
    ]);
  });

  it("begin with the resource, whatever had its name before", () => {
    expect(left("small", [], 30 * hourMs)).toEqual([[30, 99]]);
    expect(left("small", [change(60, "big", "small")], 30 * hourMs)).toEqual([[62, 99]]);
  });

  it("are the hours in which it really was of it and no others, whatever was done", () => {
    const sizes = fc.constantFrom("a", "b", "c");
    const history = fc.uniqueArray(fc.record({ atHour: fc.integer({ min: 1, max: 98 }), to: sizes }), { maxLength: 6, selector: ({ atHour }) => atHour });
    fc.assert(
      fc.property(sizes, history, fc.boolean(), (first, steps, isTold) => {
        const inOrder = steps.toSorted((a, b) => a.atHour - b.atHour);
        const sizeAt = (hour: number): string => inOrder.findLast(({ atHour }) => atHour <= hour)?.to ?? first;
        const today = sizeAt(99);
        const changes = inOrder.map(({ atHour, to }) => change(atHour, isTold ? sizeAt(atHour - 1) : null, to, 1));
        const counted = left(today, changes).flatMap(([from, until]) => Array.from({ length: until - from + 1 }, (_, at) => from + at));
        expect(counted.filter((hour) => sizeAt(hour) !== today)).toEqual([]);
        // Of what is told, no hour is lost but the one of each change.
        const sure = Array.from({ length: 100 }, (_, hour) => hour).filter((hour) => sizeAt(hour) === today && inOrder.every(({ atHour }) => atHour !== hour));
        if (isTold) expect(sure.filter((hour) => !counted.includes(hour))).toEqual([]);
      }),
    );
  });

  it("are named where some are left out", () => {
    const baseline: Baseline = { span: { startMs: 0, endMs: 10 * hourMs }, observations: new Map(), metricRequests: 0 };
    const series: Series = { name: "CPU", keys: [], periodSeconds: 3600, values: new Float64Array(10), whole: true };
    const before = otherSizes("small", [change(5, "big", "small")]);
    expect(ofTodaysSize(baseline, { whose: "db was", today: "small", before }, series).name).toBe(
      "CPU, without the hours in which db was not small (big, on its way to small),",
    );
    for (const [fromMs, untilMs] of [
      [null, 0],
      [10 * hourMs, null],
      [11 * hourMs, 12 * hourMs],
    ] as const)
      expect(ofTodaysSize(baseline, { whose: "db was", today: "small", before: [{ size: "big", fromMs, untilMs }] }, series), `${fromMs} to ${untilMs}`).toBe(
        series,
      );
  });

  it("are told without the way to a size that took no time", () => {
    expect(otherSizes("small", [change(5, "big", "small", 0)])).toEqual([{ size: "big", fromMs: null, untilMs: 5 * hourMs }]);
    expect(otherSizes("small", [change(5, "big", "small")]).map(({ size }) => size)).toEqual(["big", "on its way to small"]);
  });
});

describe("sizes that are known", () => {
  it("are those that were seen, and none where they could not be or an older plan does not tell", () => {
    const sizes = otherSizes("small", [change(5, "big", "small")]);
    expect(knownSizes({ kind: "seen", value: sizes })).toBe(sizes);
    expect(knownSizes({ kind: "unseen", reason: "LookupEvents: AccessDenied" })).toEqual([]);
    expect(knownSizes(undefined)).toEqual([]);
  });
});

describe("sizes that could not be seen", () => {
  it("are said with the call", () => {
    expect(unseenSizes("db", { kind: "unseen", reason: "LookupEvents: AccessDenied" })).toBe(
      "which sizes db had in the baseline could not be seen (LookupEvents: AccessDenied)",
    );
    expect(unseenSizes("db", { kind: "seen", value: [] })).toBeUndefined();
    expect(unseenSizes("db", undefined)).toBeUndefined();
  });
});
