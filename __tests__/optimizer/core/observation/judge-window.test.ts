import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SlotCounts } from "../../../../optimizer/core/model/window.ts";
import { isNotOurs, mayBeNotOurs } from "../../../../optimizer/core/observation/control-regions.ts";
import { severityOf } from "../../../../optimizer/core/observation/severe.ts";
import { judgeWindow } from "../../../../optimizer/core/observation/judge-window.ts";
import { east, evenReference, startMs } from "../../../support/plan-builder.ts";
import { counts, judging, quarterMs, scored, window } from "../../../support/window-traffic.ts";

const repeat = (length: number, over: Partial<SlotCounts> = {}): readonly SlotCounts[] => Array.from({ length }, () => counts(over));
const missing: Partial<SlotCounts> = { requests: null, target5xx: null, elb5xx: null, p99Seconds: null, healthyHosts: null };
const quiet = judging().references.map((reference) => ({ ...reference, requestsPerSlotByHour: reference.requestsPerSlotByHour.map(() => null) }));

describe("a whole window", () => {
  it("of usual slots passes at its deadline, and not before", () => {
    const slots = scored(repeat(192));
    expect(judgeWindow(slots.slice(0, 191), judging()).kind).toBe("watching");
    expect(judgeWindow(slots, judging())).toMatchObject({ kind: "pass", conclusiveShare: 1, errorRate: 0, medianP99Ratio: 1, slots: 192 });
  });

  it("without any slot is watched", () => {
    expect(judgeWindow([], judging())).toMatchObject({ kind: "watching", slots: 0, conclusiveShare: 0 });
  });

  it("whose errors stay a little above the limit is stopped by the end gate", () => {
    const policy = { ...window, falseRollbackChance: 1e-300 };
    expect(judgeWindow(scored(repeat(192, { target5xx: 104 })), judging({ policy }))).toMatchObject({ kind: "breach", rule: "end-gate" });
  });

  it("whose median p99 is above the limit is stopped by the end gate", () => {
    const references = judging().references.map((reference) => ({ ...reference, logP99Sigma: 3 }));
    expect(judgeWindow(scored(repeat(192, { p99Seconds: 0.125 })), judging({ references }))).toMatchObject({ kind: "breach", rule: "end-gate" });
  });

  it("with more than 5 % of its slots missing is extended, and in the end held; it never passes", () => {
    const slots = scored([...repeat(20, missing), ...repeat(172)]);
    expect(judgeWindow(slots, judging({ references: quiet }))).toMatchObject({ kind: "extend", rule: "coverage" });
    expect(judgeWindow(slots, judging({ references: quiet, extensionLeftMinutes: 0 }))).toMatchObject({ kind: "hold", rule: "coverage" });
  });

  it.each<[string, Partial<SlotCounts>, string, string]>([
    ["p99", { p99Seconds: 0.25 }, "p99 ×2.50 in the last slot", "breach"],
    ["lost traffic", { requests: 1_500 }, "traffic below a tenth of the usual in the last slot", "hold"],
  ])("whose last slot alone shows harm, by %s, goes on, and the next slots tell", (_, harm, detail, then) => {
    const slots = [...repeat(191), counts(harm)];
    const references = judging().references.map((reference) => ({ ...reference, requestsPerSlotByHour: reference.requestsPerSlotByHour.map(() => 20_000) }));
    const later = (more: readonly SlotCounts[]) =>
      judgeWindow(scored([...slots, ...more]), judging({ references, deadlineMs: startMs + (192 + more.length) * quarterMs }));
    expect(later([])).toMatchObject({ kind: "extend", detail: `${judging().references[0]?.loadBalancer ?? ""}: ${detail}` });
    expect(later([counts(harm)]).kind).toBe(then);
    expect(later(repeat(8)).kind).toBe("pass");
    const ended = judgeWindow(scored(slots), judging({ references, extensionLeftMinutes: 0 }));
    expect(ended, "where it may not go on, nobody knows: it is held").toMatchObject({
      kind: "hold",
      rule: "coverage",
      detail: expect.stringContaining(detail),
    });
  });

  it("with one of the last eight slots missing is extended", () => {
    const slots = scored([...repeat(186), ...repeat(1, missing), ...repeat(5)]);
    expect(judgeWindow(slots, judging({ references: quiet })).kind).toBe("extend");
    expect(judgeWindow(scored([...repeat(183), ...repeat(1, missing), ...repeat(8)]), judging({ references: quiet })).kind).toBe("pass");
  });

  it("of thin slots passes only where an hour's requests together carry a p99", () => {
    expect(judgeWindow(scored(repeat(192, { requests: 300 })), judging({ references: quiet })).kind).toBe("pass");
    expect(judgeWindow(scored(repeat(192, { requests: 220 })), judging({ references: quiet })).kind).toBe("extend");
  });

  it("of hours without enough requests together is inconclusive in its tail as well, however many slots an hour has", () => {
    const policy = { ...window, slotMinutes: 5, minRequestsForErrorRate: 10 };
    const verdict = judgeWindow(scored(repeat(192, { requests: 20 }), policy), judging({ references: quiet, policy }));
    expect(verdict).toMatchObject({ kind: "extend", rule: "coverage", conclusiveShare: 0 });
  });

  it("excuses in the busiest hours what untouched regions go through, and takes what is left for noisier then", () => {
    // A quarter of the week is busy, 168 slots: its noise alone may reach 3.29 × 0.1, ×1.39; beside an excuse √2 of that, ×1.59.
    const busy = evenReference(east, {
      requestsPerSlotByHour: Array.from({ length: 168 }, (_, hour) => (hour < 42 ? 20_000 : 1_000)),
      logP99Sigma: 3,
      windowNoise: { all: 0.01, busy: 0.1 },
    });
    const slots = scored(
      Array.from({ length: 672 }, (_, at) => counts({ requests: at < 168 ? 20_000 : 1_000, p99Seconds: at < 168 ? 0.15 : 0.1 })),
      window,
      busy,
    );
    const whole = { references: [busy], deadlineMs: startMs + 672 * quarterMs };
    expect(judgeWindow(slots, judging(whole))).toMatchObject({
      kind: "breach",
      rule: "end-gate",
      detail: "median p99 ×1.50 over the busiest hours of the window",
    });
    const common = { all: { p99Ratio: 1, errorRate: 0 }, busy: { p99Ratio: 1.01, errorRate: 0 } };
    expect(judgeWindow(slots, judging({ ...whole, common })).kind).toBe("pass");
  });

  it("without a load balancer never passes", () => {
    expect(judgeWindow(scored(repeat(192)), judging({ references: [] })).kind).toBe("extend");
  });
});

describe("the severe fast path", () => {
  it("takes no p99 for severe where nothing says how many requests it is of", () => {
    const signs = { tally: null, ratio: 3, rareRatio: 1 };
    expect(severityOf(counts({ requests: null }), signs, window)).toEqual({ kind: "none" });
    expect(severityOf(counts(), signs, window).kind).toBe("slow");
  });

  it.each<[string, Partial<SlotCounts>, number]>([
    ["twice the error limit with 20 errors, at once", { requests: 2_000, target5xx: 20 }, 1],
    ["no healthy host, at once", { healthyHosts: 0 }, 1],
    ["an outage in which only the load balancer answers, at once", { ...missing, elb5xx: 500 }, 1],
    ["twice the p99, in the second slot", { p99Seconds: 0.2 }, 2],
  ])("%s", (_, over, slots) => {
    expect(judgeWindow(scored(repeat(4, over)), judging())).toMatchObject({ kind: "breach", rule: "severe", slots });
  });

  it("names big counts readably", () => {
    const { detail } = judgeWindow(scored(repeat(1, { requests: 2_442_226, target5xx: 175_000 })), judging());
    expect(detail).toBe("errors 7.17 % of 2,442,226 requests in one slot");
  });

  it("needs 20 errors: a few errors of few requests are no proof", () => {
    expect(judgeWindow(scored(repeat(1, { requests: 1_000, target5xx: 12 })), judging()).kind).toBe("watching");
  });

  it("leaves out slots that a declared disruption overlaps, which the end gate still counts", () => {
    const disruptions = [{ startMs: startMs + quarterMs, endMs: startMs + quarterMs + 35_000 }];
    const references = judging().references.map((reference) => ({ ...reference, errorDispersion: 1_000 }));
    const blip = scored([counts(), counts({ target5xx: 300 }), ...repeat(190)]);
    expect(judgeWindow(blip, judging({ references })).kind).toBe("breach");
    expect(judgeWindow(blip, judging({ references, disruptions })).kind).toBe("pass");
    const lasting = scored([counts(), counts({ target5xx: 20_000 }), ...repeat(190)]);
    expect(judgeWindow(lasting, judging({ references, disruptions }))).toMatchObject({ kind: "breach", rule: "end-gate" });
  });
});

describe("traffic below a tenth of the usual", () => {
  it("for two slots holds", () => {
    const references = judging().references.map((reference) => ({ ...reference, requestsPerSlotByHour: reference.requestsPerSlotByHour.map(() => 20_000) }));
    const slots = (lost: Partial<SlotCounts>) => scored([...repeat(4), ...repeat(2, lost)]);
    expect(judgeWindow(slots({ requests: 1_500 }), judging({ references }))).toMatchObject({ kind: "hold", rule: "traffic-lost" });
    expect(judgeWindow(slots({ ...missing, status: "complete" }), judging({ references }))).toMatchObject({ kind: "hold", rule: "traffic-lost" });
    expect(judgeWindow(slots({ requests: 1_500, healthyHosts: 3 }), judging({ references }))).toMatchObject({ kind: "breach", rule: "traffic-lost" });
    expect(judgeWindow(scored([...repeat(4), ...repeat(1, { requests: 1_500 })]), judging({ references })).kind).toBe("watching");
  });
});

describe("the literal decision", () => {
  it("rolls back at the first slot above a limit", () => {
    const policy = { ...window, decision: "literal" } as const;
    const slots = scored([...repeat(7), ...repeat(1, { p99Seconds: 0.13 }), ...repeat(5)]);
    expect(judgeWindow(slots, judging({ policy }))).toMatchObject({ kind: "breach", rule: "literal", slots: 8 });
    expect(judgeWindow(slots, judging()).kind).toBe("watching");
  });
});

describe("windows of any length", () => {
  it.each([
    [1, 3],
    [1, 10],
    [5, 60],
    [15, 720],
  ])("slots of %i min, a window of %i: usual slots pass, lasting harm is found", (slotMinutes, minutes) => {
    const policy = { ...window, slotMinutes, minutes };
    const slotMs = slotMinutes * 60_000;
    const length = minutes / slotMinutes;
    const deadlineMs = startMs + minutes * 60_000;
    const slots = (over: Partial<SlotCounts>) =>
      scored(repeat(length, over), policy).map((score, index) => ({ ...score, startMs: startMs + index * slotMs, endMs: startMs + (index + 1) * slotMs }));
    expect(judgeWindow(slots({}), judging({ policy, deadlineMs })).kind).toBe("pass");
    expect(judgeWindow(slots({ p99Seconds: 0.14 }), judging({ policy, deadlineMs })).kind).toBe("breach");
    expect(judgeWindow(slots({ target5xx: 150 }), judging({ policy, deadlineMs })).kind).toBe("breach");
  });
});

describe("any window at all", () => {
  const figure = fc.oneof(fc.constant(null), fc.constant(Number.NaN), fc.integer({ min: 0, max: 30_000 }));
  const anySlot = fc.record({
    requests: figure,
    target5xx: figure,
    elb5xx: figure,
    p99Seconds: fc.oneof(fc.constant(null), fc.constant(Number.NaN), fc.double({ min: 0, max: 10, noNaN: true })),
    healthyHosts: figure,
    status: fc.constantFrom("complete" as const, "partial" as const, "failed" as const),
  });

  it("never passes with less than 95 % of its slots conclusive, and a breach once seen stays", () => {
    fc.assert(
      fc.property(fc.array(anySlot, { minLength: 1, maxLength: 30 }), (drawn) => {
        const slots = scored(drawn.map((over) => counts(over)));
        const deadlineMs = slots.at(-1)?.endMs ?? 0;
        const verdict = judgeWindow(slots, judging({ deadlineMs }));
        if (verdict.kind === "pass") expect(verdict.conclusiveShare).toBeGreaterThanOrEqual(0.95);
        const sooner = judgeWindow(slots.slice(0, -1), judging({ deadlineMs: Number.POSITIVE_INFINITY }));
        if (sooner.kind === "breach") expect(verdict).toEqual(sooner);
      }),
      { numRuns: 300 },
    );
  });

  it("says the same whatever was judged before: fewer slots, other slots, other references, other disruptions", () => {
    const base = judging({ deadlineMs: Number.POSITIVE_INFINITY });
    const span = (fromSlot: number, untilSlot: number) => ({ startMs: startMs + fromSlot * quarterMs, endMs: startMs + untilSlot * quarterMs });
    const faster = base.references.map((each) => ({ ...each, p99SecondsByHour: each.p99SecondsByHour.map(() => 0.07) }));
    const judgings = [base, { ...base, disruptions: [span(2, 9)] }, { ...base, disruptions: [span(2, Infinity)] }, { ...base, references: faster }];
    const ordinary = fc.record({ target5xx: fc.integer({ min: 0, max: 180 }), p99Seconds: fc.double({ min: 0.05, max: 0.15, noNaN: true }) });
    const looks = fc.array(fc.record({ by: fc.constantFrom(...judgings), from: fc.constantFrom(0, 0, 1), until: fc.nat({ max: 20 }) }), { minLength: 10 });
    fc.assert(
      fc.property(fc.array(ordinary, { minLength: 20, maxLength: 20 }), looks, (drawn, each) => {
        const slots = scored(drawn.map((over) => counts(over)));
        for (const { by, from, until } of each) {
          expect(judgeWindow(slots.slice(from, until), by)).toEqual(judgeWindow(structuredClone(slots.slice(from, until)), by));
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("harm in an untouched region", () => {
  const breach = judgeWindow(scored(repeat(4, { p99Seconds: 0.2 })), judging());

  it("in most of the slots makes a breach not ours", () => {
    expect(isNotOurs({ ...breach, rule: "sequential-p99" }, [scored(repeat(8, { p99Seconds: 0.2 }))])).toBe(true);
  });

  it("in one noisy slot does not", () => {
    expect(isNotOurs({ ...breach, rule: "sequential-p99" }, [scored([...repeat(7), ...repeat(1, { p99Seconds: 0.2 })])])).toBe(false);
  });

  it("in one slot alone is chance, even beside severe harm; one more slot decides", () => {
    const severe = { ...breach, rule: "severe" as const };
    const [bad, good] = [scored(repeat(1, { target5xx: 5_000 })), scored(repeat(1))];
    expect(isNotOurs(severe, [bad])).toBe(false);
    expect(isNotOurs(severe, [[...good, ...bad]])).toBe(false);
    expect(isNotOurs({ ...breach, rule: "literal" }, [bad])).toBe(false);
    expect(mayBeNotOurs(severe, [[...good, ...bad]])).toBe(true);
    expect(mayBeNotOurs(severe, [[...bad, ...good]])).toBe(false);
    expect(isNotOurs(severe, [[...good, ...bad, ...bad]])).toBe(true);
    expect(isNotOurs(severe, [[...good, ...bad, ...good]])).toBe(false);
  });

  it("is not seen where the control says nothing", () => {
    expect(isNotOurs(breach, [])).toBe(false);
    expect(isNotOurs(breach, [scored(repeat(2, missing))])).toBe(false);
  });
});
