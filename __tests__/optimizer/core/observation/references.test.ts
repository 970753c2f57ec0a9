import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countsOf, drawAccount, noises, slotMs } from "../../../../bench/window-noise.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import type { SlotCounts } from "../../../../optimizer/core/model/window.ts";
import { balancerReference, learnUsual } from "../../../../optimizer/core/observation/balancer-reference.ts";
import { isWhole } from "../../../../optimizer/core/observation/completeness.ts";
import { commonShift } from "../../../../optimizer/core/observation/control-regions.ts";
import { wholeWindowLimit } from "../../../../optimizer/core/observation/end-gate.ts";
import { hourOfWeek } from "../../../../optimizer/core/observation/hour-of-week.ts";
import { peakDeadlineMs } from "../../../../optimizer/core/observation/peak-hours.ts";
import { seriesKey, metrics } from "../../../../optimizer/core/metrics/catalogue.ts";
import { busyHours } from "../../../../optimizer/core/observation/usual.ts";
import { east, evenReference, startMs } from "../../../support/plan-builder.ts";
import { counts, quarterMs, scored, window } from "../../../support/window-traffic.ts";

const cell = { requestsPerSecond: 50, noise: noises[0]! };
const learn = (each: readonly SlotCounts[], fromMs: number) =>
  learnUsual({ region: east, loadBalancer: "app/own/1" }, { startMs: fromMs, slotMs, counts: each }, window).usual;

describe("a baseline with incidents in it", () => {
  const { own } = drawAccount(cell, 5, false);
  const healthy = countsOf(own, "app/own/1");
  const without = learn(healthy, own.startMs);
  const withTrouble = (first: number, slots: number, over: (each: SlotCounts) => Partial<SlotCounts>) =>
    learn(
      healthy.map((each, slot) => (slot >= first && slot < first + slots ? { ...each, ...over(each) } : each)),
      own.startMs,
    );
  const share = (one: number, other: number): number => Math.abs(one / other - 1);

  it.each<[string, number, (each: SlotCounts) => Partial<SlotCounts>]>([
    ["an outage of 90 minutes", 6, (each) => ({ target5xx: Math.round((each.requests ?? 0) * 0.3), p99Seconds: 2 })],
    ["an outage in which only the load balancer answers", 6, () => ({ requests: null, target5xx: null, elb5xx: 40_000, p99Seconds: null })],
    ["errors of 0.9 % for a day", 96, (each) => ({ target5xx: Math.round((each.requests ?? 0) * 0.009) })],
    ["a p99 of thrice the usual for five hours", 20, (each) => ({ p99Seconds: (each.p99Seconds ?? 0) * 3 })],
    ["an outage of two days", 192, (each) => ({ target5xx: Math.round((each.requests ?? 0) * 0.5), p99Seconds: 5 })],
  ])("%s: listed once, and neither dispersion nor latency nor noise is another", (_, slots, over) => {
    const reference = withTrouble(4000, slots, over);
    expect(reference.incidents).toHaveLength(1);
    expect(reference.incidents?.[0]).toMatchObject({ startMs: own.startMs + 4000 * slotMs, endMs: own.startMs + (4000 + slots) * slotMs });
    expect(share(reference.errorDispersion, without.errorDispersion)).toBeLessThan(0.05);
    expect(share(reference.errorRate, without.errorRate)).toBeLessThan(0.05);
    expect(share(reference.logP99Sigma, without.logP99Sigma)).toBeLessThan(0.05);
    for (const [hour, p99] of reference.p99SecondsByHour.entries()) expect(share(p99 ?? 0, without.p99SecondsByHour[hour] ?? 0)).toBeLessThan(0.05);
  });

  it("what takes more than a tenth of the baseline is how the load balancer is", () => {
    const reference = withTrouble(1000, 900, (each) => ({ target5xx: Math.round((each.requests ?? 0) * 0.02) }));
    expect(reference.incidents).toEqual([]);
    expect(reference.errorRate).toBeGreaterThan(0.003);
  });

  it("that ends amid an incident lists it to the end", () => {
    const reference = withTrouble(healthy.length - 6, 6, () => ({ p99Seconds: 4 }));
    expect(reference.incidents?.at(-1)?.endMs).toBe(own.startMs + healthy.length * slotMs);
  });
});

describe("the present level", () => {
  it("follows a trend, and harm that began before the baseline ended only by half of what is allowed", () => {
    const slots = 60 * 96;
    const course = (factor: (slot: number) => number) =>
      Array.from({ length: slots }, (_, slot) => counts({ loadBalancer: "app/own/1", p99Seconds: 0.1 * factor(slot) }));
    const grown = learn(
      course((slot) => 1 + (0.08 * slot) / slots),
      startMs - slots * quarterMs,
    );
    expect(grown.p99SecondsByHour[10]).toBeCloseTo(0.108, 3);
    const harmed = learn(
      course((slot) => (slot > slots - 15 * 96 ? 1.5 : 1)),
      startMs - slots * quarterMs,
    );
    expect(harmed.p99SecondsByHour[10]).toBeLessThanOrEqual(0.1 * Math.sqrt(1.2) + 1e-9);
  });
});

describe("busy hours", () => {
  it("are the busiest quarter of the week, and none where load hardly differs", () => {
    const busy = busyHours({ requestsPerSlotByHour: Array.from({ length: 168 }, (_, hour) => hour) });
    expect(busy?.filter(Boolean)).toHaveLength(42);
    expect(busy?.[167]).toBe(true);
    expect(busyHours({ requestsPerSlotByHour: Array.from({ length: 168 }, () => 5) })).toBeNull();
    expect(busyHours({ requestsPerSlotByHour: Array.from({ length: 168 }, () => null) })).toBeNull();
  });

  it.each([-1, 0, 1])("are in a window that waits for them though clocks were changed meanwhile, by %s hours in UTC", (changedHours) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 167 }), fc.integer({ min: 0, max: 4 * 168 }), (peakHour, start) => {
        const requestsPerSlotByHour = Array.from({ length: 168 }, (_, hour) => (hour === peakHour ? 1000 : hour % 4 === 0 ? 20 : 10));
        const span = { startMs: startMs + start * quarterMs, endMs: startMs + start * quarterMs + 48 * 4 * quarterMs };
        const deadlineMs = peakDeadlineMs(span, [evenReference(east, { requestsPerSlotByHour })], 10 * 24 * 60);
        const hours = Array.from({ length: (deadlineMs - span.startMs) / (4 * quarterMs) }, (_, at) => Math.ceil(span.startMs / (4 * quarterMs)) + at);
        const inWindow = hours.filter((hour) => (hour + 1) * 4 * quarterMs <= deadlineMs).map((hour) => hourOfWeek(hour * 4 * quarterMs));
        expect(inWindow).toContain((peakHour + changedHours + 168) % 168);
      }),
    );
  });

  it("are waited for only where they come in time, and the window is never shorter than it was", () => {
    const loads = fc.array(fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 10_000 })), { minLength: 168, maxLength: 168 });
    fc.assert(
      fc.property(loads, fc.integer({ min: 0, max: 700 }), (requestsPerSlotByHour, start) => {
        const span = { startMs: startMs + start * quarterMs, endMs: startMs + (start + 192) * quarterMs };
        const deadlineMs = peakDeadlineMs(span, [evenReference(east, { requestsPerSlotByHour })], 7200);
        expect(deadlineMs).toBeGreaterThanOrEqual(span.endMs);
        expect(deadlineMs).toBeLessThanOrEqual(span.startMs + 7200 * 60_000);
      }),
    );
  });
});

describe("the end gate's limit", () => {
  it("is the allowed increase where noise hides nothing, lower where it would, and never higher", () => {
    expect(wholeWindowLimit(0.2, 0, false)).toBeCloseTo(Math.log(1.2), 9);
    expect(wholeWindowLimit(0.2, 0.035, false)).toBeLessThan(Math.log(1.2));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (sigma, excused) => {
        expect(wholeWindowLimit(0.2, sigma, excused)).toBeLessThanOrEqual(Math.log1p(0.2));
      }),
    );
  });
});

describe("what untouched regions have in common", () => {
  const reference = evenReference(east, { windowNoise: { all: 0.03, busy: 0.05 } });
  const control = (p99Seconds: number, target5xx = 0, length = 192) => ({
    references: [reference],
    slots: scored(Array.from({ length }, () => counts({ p99Seconds, target5xx }))),
  });

  it("excuses a holiday nearly in full, chance not at all, and never accuses", () => {
    expect(commonShift([control(0.115)], 192)?.all.p99Ratio).toBeGreaterThan(1.12);
    expect(commonShift([control(0.103)], 192)?.all.p99Ratio).toBe(1);
    expect(commonShift([control(0.08)], 192)?.all.p99Ratio).toBe(1);
  });

  it("is nothing where the control was untouched for less than a quarter of the window", () => {
    expect(commonShift([control(0.15, 0, 40)], 192)).toBeUndefined();
    expect(commonShift([], 192)).toBeUndefined();
  });

  it("does not count an outage of the control's own", () => {
    const slots = scored(Array.from({ length: 192 }, (_, slot) => counts({ target5xx: slot < 10 ? 10_000 : 0 })));
    expect(commonShift([{ references: [reference], slots }], 192)?.all.errorRate).toBe(0);
    expect(commonShift([control(0.1, 200)], 192)?.all.errorRate).toBeCloseTo(0.01, 6);
  });
});

describe("a slot", () => {
  const key = seriesKey(metrics.balancerHealthyHosts, east, {}, "SampleCount", 900);
  const whole = (values: readonly number[], index: number, over: Partial<SlotCounts> = {}) =>
    isWhole({ key, unit: "Count", startMs, values: Float64Array.from(values), status: "complete" }, startMs + index * quarterMs, counts(over));

  it.each<[string, readonly number[], boolean]>([
    ["with as many samples as the slots before", [30, 30, 30], true],
    ["with fewer: minutes are missing", [30, 30, 24], false],
    ["with none", [30, 30, Number.NaN], false],
    ["with fewer, but followed by later points: nothing more will come", [30, 30, 24, 12], true],
    ["with none, but followed by later points", [30, 30, Number.NaN, 30], true],
  ])("%s", (_, samples, expected) => {
    expect(whole(samples, 2)).toBe(expected);
  });

  it("without sample counts is whole when anything at all was reported", () => {
    expect(isWhole(undefined, startMs, counts())).toBe(true);
    expect(isWhole(undefined, startMs, counts({ requests: null, target5xx: null, elb5xx: null }))).toBe(false);
    expect(isWhole(undefined, startMs, counts({ requests: null, target5xx: null, elb5xx: 40 }))).toBe(true);
  });
});

describe("balancerReference", () => {
  it("has no back-test without a baseline of its requests", () => {
    const nothing = { span: { startMs, endMs: startMs }, hash: "", observations: new Map(), metricRequests: 0 };
    const balancer = {
      kind: "load-balancer",
      ref: { kind: "load-balancer", region: east, id: "x" },
      arn: "a",
      tags: { kind: "tags", tags: {} },
      fullName: "x",
      targetGroups: [],
    } as const;
    expect(balancerReference(nothing, balancer, defaultPolicy)).toBeUndefined();
  });
});
