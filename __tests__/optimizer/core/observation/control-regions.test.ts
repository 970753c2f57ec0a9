import { describe, expect, it } from "vitest";
import { commonShift, mayBeNotOurs } from "../../../../optimizer/core/observation/control-regions.ts";
import { hourOfWeek } from "../../../../optimizer/core/observation/hour-of-week.ts";
import type { SlotScore } from "../../../../optimizer/core/model/window.ts";
import { east, evenReference, startMs } from "../../../support/plan-builder.ts";
import { counts, quarterMs, scored } from "../../../support/window-traffic.ts";

const even = evenReference(east);
/** Busy in the first 42 hours of the week, the quarter that counts. */
const busyFirst = { ...even, requestsPerSlotByHour: Array.from({ length: 168 }, (_, hour) => (hour < 42 ? 20_000 : 1_000)) };
const repeat = (times: number, over: Parameters<typeof counts>[0] = {}) => Array.from({ length: times }, () => counts(over));
const shift = (slots: readonly SlotScore[], reference: typeof even = even) => commonShift([{ references: [reference], slots }], slots.length);

describe("what untouched regions go through meanwhile", () => {
  it("is twice the usual p99 where theirs is twice the usual, in all hours and in the busy ones alike", () => {
    const slow = shift(scored(repeat(192, { p99Seconds: 0.2 })));
    expect(slow?.all.p99Ratio).toBeCloseTo(2);
    expect(slow?.busy).toEqual(slow?.all);
  });

  it("is told of the busy hours apart, where some are busier", () => {
    const slots = scored(
      Array.from({ length: 672 }, (_, slot) => counts({ p99Seconds: hourOfWeek(startMs + slot * quarterMs) < 42 ? 0.2 : 0.1 })),
      undefined,
      busyFirst,
    );
    const told = shift(slots, { ...busyFirst, windowNoise: { all: 0.01, busy: 0.02 } });
    expect(told?.all.p99Ratio).toBe(1);
    expect(told?.busy.p99Ratio).toBeCloseTo(2);
  });

  it("is nothing where neither latency nor errors of theirs were reported", () => {
    const silent = scored(repeat(192, { requests: null, target5xx: null, elb5xx: null, p99Seconds: null, status: "partial" }));
    expect(shift(silent)).toEqual({ all: { p99Ratio: 1, errorRate: 0 }, busy: { p99Ratio: 1, errorRate: 0 } });
    const another = scored(repeat(192, { loadBalancer: "app/other/1" }));
    expect(shift(another)?.all).toEqual({ p99Ratio: 1, errorRate: 0 });
    const idle = scored(repeat(192, { requests: 0, p99Seconds: null }));
    expect(shift(idle)?.all).toEqual({ p99Ratio: 1, errorRate: 0 });
  });

  it("is not told where none was untouched for a quarter of the window", () => {
    const slots = scored(repeat(47));
    expect(commonShift([{ references: [even], slots }], 192)).toBeUndefined();
    expect(commonShift([{ references: [even], slots }], 188)).toBeDefined();
    expect(commonShift([], 192)).toBeUndefined();
  });

  it("may excuse a breach of a single slot alone", () => {
    const bad = scored(repeat(1, { p99Seconds: 1 }));
    const breach = { kind: "breach", detail: "", rule: "severe", errorRate: null, medianP99Ratio: null, conclusiveShare: 1, slots: 1 } as const;
    expect(mayBeNotOurs(breach, [bad])).toBe(true);
    expect(mayBeNotOurs({ ...breach, rule: "literal" }, [bad])).toBe(true);
    expect(mayBeNotOurs({ ...breach, rule: "sequential-p99" }, [bad])).toBe(false);
    expect(mayBeNotOurs(breach, [[]])).toBe(false);
  });
});
