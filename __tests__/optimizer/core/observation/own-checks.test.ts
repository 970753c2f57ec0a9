import { describe, expect, it } from "vitest";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { OwnCheck } from "../../../../optimizer/core/model/action.ts";
import { type Observation, type SeriesKey, seriesId } from "../../../../optimizer/core/model/observation.ts";
import type { SlotScore, WindowVerdict } from "../../../../optimizer/core/model/window.ts";
import { judgeWindow } from "../../../../optimizer/core/observation/judge-window.ts";
import type { Judging } from "../../../../optimizer/core/observation/judging.ts";
import { checkedValue, checkKeys } from "../../../../optimizer/core/observation/own-checks.ts";
import { east, startMs } from "../../../support/plan-builder.ts";
import { counts, judging, quarterMs, scored } from "../../../support/window-traffic.ts";

const node = (name: string, metric: keyof typeof metrics = "redisEngineCpu"): SeriesKey =>
  seriesKey(metrics[metric], east, { CacheClusterId: name }, "Average", 900);
const cpu: OwnCheck = { name: "CPU", kind: "at-most", series: [node("a"), node("b")], limit: 90, unit: "Percent", why: "the projection" };
const hits: OwnCheck = { ...cpu, name: "hits", kind: "at-least", limit: 80 };
const evictions: OwnCheck = { ...cpu, name: "evictions", kind: "never", limit: 0, unit: "Count", why: "none before" };
const checks = [cpu, hits, evictions];

function zeros(length: number): readonly number[] {
  return Array.from({ length }, () => 0);
}

/** Slots in which no load balancer shows anything, and a check these values. */
function slots({ name }: OwnCheck, values: readonly (number | null)[]): readonly SlotScore[] {
  return scored(values.map(() => counts())).map((slot, at) => ({ ...slot, checks: [{ name, value: values[at] ?? null }] }));
}

function judged(check: OwnCheck, values: readonly (number | null)[], over: Partial<Judging> = {}): WindowVerdict {
  return judgeWindow(slots(check, values), judging({ checks, ...over }));
}

describe("what a change promised of itself", () => {
  it.each<[string, OwnCheck, readonly (number | null)[], string]>([
    ["above what is allowed in two slots", cpu, [50, 95, 97.26], "CPU: 97.3 %, allowed is at most 90 % in two slots (the projection)"],
    ["above it, with nothing to be seen in between", cpu, [95, null, null, 96], "CPU: 96 %, allowed is at most 90 % in two slots (the projection)"],
    ["below what is least in two slots", hits, [79, 12], "hits: 12 %, allowed is at least 80 % in two slots (the projection)"],
    ["an event twice in one slot", evictions, [0, 1_234], "evictions: 1,234 in one slot (none before)"],
    ["an event in each of two slots", evictions, [1, 1], "evictions: 1 in two slots (none before)"],
    [
      "above what is allowed in every other slot",
      cpu,
      [95, 50, 95, 50, 95],
      "CPU: 95 %, allowed is at most 90 % in three of the latest 5 slots (the projection)",
    ],
    [
      "above it in every third slot",
      cpu,
      [50, 50, 50, 95, 50, null, 50, 95, 50, 50, 95],
      "CPU: 95 %, allowed is at most 90 % in three of the latest 8 slots (the projection)",
    ],
    ["an event in a third slot, hours after the second", evictions, [1, ...zeros(40), 1, ...zeros(40), 1], "evictions: 1 in a third slot (none before)"],
  ])("is broken where it is %s", (_, check, values, detail) => {
    expect(judged(check, values)).toMatchObject({ kind: "breach", rule: "own-check", detail, slots: values.length });
    expect(judgeWindow(slots(check, values), judging()).kind, "a plan without checks watches nothing of them").toBe("watching");
  });

  it.each<[string, OwnCheck, readonly (number | null)[]]>([
    ["exactly what is allowed", cpu, [90, 90, 90]],
    ["above it in slots apart", cpu, [95, 50, 95, 50]],
    ["above it in one slot of each hour", cpu, Array.from({ length: 6 }, () => [95, 50, 50, 50]).flat()],
    ["exactly what is least", hits, [80, 80]],
    ["below it once", hits, [79, 99, 79]],
    ["a single event, again and again", evictions, [1, 0, 1, 0]],
    ["nothing that could be read", cpu, [null, null, null]],
  ])("is kept where it is %s", (_, check, values) => {
    expect(judged(check, values).kind).toBe("watching");
  });

  it.each<[string, OwnCheck, readonly (number | null)[], string]>([
    ["a utilization", cpu, [50, 50, 95], "CPU: 95 %, allowed is at most 90 % in the last slot (the projection)"],
    ["an event", evictions, [0, 0, 1], "evictions: 1 in the last slot (none before)"],
  ])("is looked at for some slots more where the last one shows %s beyond it for the first time", (_, check, values, detail) => {
    const at = (length: number, extensionLeftMinutes = 60): Partial<Judging> => ({ deadlineMs: startMs + length * quarterMs, extensionLeftMinutes });
    expect(judged(check, values, at(3))).toMatchObject({ kind: "extend", detail });
    expect(judged(check, [...values, 0, 0], at(5))).toMatchObject({ kind: "pass" });
    expect(judged(check, [...values, ...values.slice(-1)], at(5))).toMatchObject({ kind: "breach", rule: "own-check" });
    expect(judged(check, values, at(3, 0)), "a window that may go on no longer does not pass by chance").toMatchObject({
      kind: "hold",
      rule: "coverage",
      detail,
    });
    const disruptions = [{ startMs: startMs + 2 * quarterMs, endMs: startMs + 3 * quarterMs }];
    expect(judged(check, values, { ...at(3), disruptions }), "what was declared is no harm").toMatchObject({ kind: "pass" });
  });

  it("is not looked at in slots that a declared disruption overlaps, which do not part the others either", () => {
    const disruptions = [{ startMs: startMs + quarterMs, endMs: startMs + quarterMs + 1_000 }];
    expect(judged(cpu, [50, 99, 99], { disruptions }).kind).toBe("watching");
    expect(judged(evictions, [0, 500, 0], { disruptions }).kind).toBe("watching");
    expect(judged(cpu, [95, 50, 95], { disruptions })).toMatchObject({ rule: "own-check", slots: 3 });
  });

  it("is kept where another figure shows that nobody is harmed, in each of the two slots", () => {
    const reads: OwnCheck = { ...cpu, name: "reads", limit: 900, unit: "Count/Second" };
    const cold: OwnCheck = { ...hits, harmlessUpTo: { check: "reads", value: 200 } };
    const both = [reads, cold];
    const seen = (storage: readonly (number | null)[]): WindowVerdict =>
      judgeWindow(
        scored(storage.map(() => counts())).map((slot, at) => ({
          ...slot,
          checks: [
            { name: "reads", value: storage[at] ?? null },
            { name: "hits", value: 40 },
          ],
        })),
        judging({ checks: both }),
      );
    for (const storage of [
      [200, 3],
      [3, 201],
      [201, 3, 201],
    ])
      expect(seen(storage).kind).toBe("watching");
    for (const storage of [
      [201, 300],
      [null, null],
    ])
      expect(seen(storage)).toMatchObject({ kind: "breach", rule: "own-check", slots: 2 });
  });

  it("is found at the same slot whether slots come one by one or all at once", () => {
    const all = slots(cpu, [50, 95, 50, null, 95, 91, 50]);
    expect(judgeWindow(all, judging({ checks })).slots).toBe(6);
    const kinds = all.map((_, at) => judgeWindow(all.slice(0, at + 1), judging({ checks })).kind);
    expect(kinds.indexOf("breach")).toBe(5);
  });

  it("is judged anew where other things were promised before", () => {
    const all = slots(cpu, [95, 95]);
    expect(judgeWindow(all, judging({ checks: [hits] })).kind).toBe("watching");
    expect(judgeWindow(all, judging({ checks: [cpu] })).kind).toBe("breach");
  });
});

describe("a window of which the changed resource shows nothing", () => {
  const over = (share: number, count = 20): readonly (number | null)[] => Array.from({ length: count }, (_, at) => (at < share * count ? 40 : null));
  const ended = (check: OwnCheck, values: readonly (number | null)[], more: Partial<Judging> = {}): WindowVerdict =>
    judged(check, values, {
      checks: [check],
      promised: [{ resource: "redis", checks: [check] }],
      deadlineMs: startMs + values.length * quarterMs,
      extensionLeftMinutes: 120,
      ...more,
    });

  it("does not pass: it goes on, and is held where it may go on no longer", () => {
    expect(ended(cpu, over(1))).toMatchObject({ kind: "pass", detail: "" });
    const detail = "redis: 0 of 20 slots have a figure of what its change promised (CPU)";
    expect(ended(cpu, over(0))).toMatchObject({ kind: "extend", rule: "coverage", detail });
    expect(ended(cpu, over(0), { extensionLeftMinutes: 0 })).toMatchObject({ kind: "hold", rule: "coverage", detail });
    expect(ended(cpu, over(0.9)).kind).toBe("extend");
    const both = { promised: [{ resource: "redis", checks: [cpu, { ...cpu, name: "memory" }] }] };
    expect(ended(cpu, over(0), both).detail).toBe("redis: 0 of 20 slots have a figure of what its change promised (CPU, …)");
    expect(ended(cpu, over(0.95)).kind).toBe("pass");
  });

  it("passes where another figure of the same resource was to be seen, and where nothing was promised yet", () => {
    const promised = [{ resource: "redis", checks: [cpu, evictions] }];
    expect(ended(cpu, over(1), { checks: [cpu, evictions], promised }).kind).toBe("pass");
    expect(ended({ ...cpu, name: "another action's" }, over(0), { promised: [{ resource: "redis", checks: [cpu] }] }).kind).toBe("pass");
  });

  it("passes and says so where AWS reports only of what is used", () => {
    const throttles: OwnCheck = { ...evictions, name: "throttles", series: [seriesKey(metrics.lambdaThrottles, east, { FunctionName: "f" }, "Sum", 900)] };
    const promised = [{ resource: "f", checks: [throttles] }];
    const detail = "nothing of f itself was to be seen: nobody used it, or its metrics are missing";
    expect(ended(throttles, over(0), { promised })).toMatchObject({ kind: "pass", detail });
    expect(ended(throttles, [0, ...over(0, 19)], { promised })).toMatchObject({ kind: "pass", detail: "" });
  });

  it("asks for no figure of slots that a declared disruption overlaps", () => {
    const values = [null, null, ...over(1, 18)];
    expect(ended(cpu, values).kind).toBe("extend");
    expect(ended(cpu, values, { disruptions: [{ startMs, endMs: startMs + 2 * quarterMs }] }).kind).toBe("pass");
  });
});

describe("what a check shows in a slot", () => {
  const seen = (...each: readonly (readonly [SeriesKey, readonly number[]])[]): ReadonlyMap<string, Observation> =>
    new Map(each.map(([key, values]) => [seriesId(key), { key, unit: "None", startMs, values: Float64Array.from(values), status: "complete" } as const]));

  it("is the largest, the smallest or the sum of its series, without those that have no point", () => {
    const observations = seen([node("a"), [10, 20, Number.NaN]], [node("b"), [30, Number.NaN, Number.NaN]]);
    const at = (check: OwnCheck) => [0, 1, 2].map((slot) => checkedValue(check, observations, startMs + slot * quarterMs).value);
    expect(at(cpu)).toEqual([30, 20, null]);
    expect(at(hits)).toEqual([10, 20, null]);
    expect(at(evictions)).toEqual([40, 20, null]);
  });

  it("is told in the check's unit, and of parts their sum once each of them has a point", () => {
    const observations = seen([node("a"), [10, 20, Number.NaN]], [node("b"), [30, Number.NaN, Number.NaN]]);
    const at = (check: OwnCheck) => [0, 1, 2].map((slot) => checkedValue(check, observations, startMs + slot * quarterMs).value);
    expect(at({ ...cpu, factor: 0.5 })).toEqual([15, 10, null]);
    expect(at({ ...cpu, factor: 0.5, summed: true })).toEqual([20, null, null]);
  });

  it("is nothing where nothing was read, before what was read or after it", () => {
    expect(checkedValue(cpu, new Map(), startMs).value).toBeNull();
    const observations = seen([node("a"), [10]]);
    expect([-1, 1].map((slot) => checkedValue(cpu, observations, startMs + slot * quarterMs).value)).toEqual([null, null]);
  });

  it("is 0 of what is published on activity alone only where its witness has a point", () => {
    const throttles = seriesKey(metrics.lambdaThrottles, east, { FunctionName: "f" }, "Sum", 900);
    const calls = { ...throttles, metric: "Invocations", dimensions: {} };
    const check: OwnCheck = { ...evictions, series: [throttles] };
    expect(checkKeys([check])).toEqual([throttles, calls]);
    const observations = seen([throttles, [Number.NaN, Number.NaN, 3]], [calls, [5, Number.NaN, Number.NaN]]);
    expect([0, 1, 2].map((slot) => checkedValue(check, observations, startMs + slot * quarterMs).value)).toEqual([0, null, 3]);
  });
});
