import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slowedInOneThread, slowedSeconds } from "../../../../../optimizer/core/levers/lambda/fit.ts";
import type { EventSource, LambdaFunction } from "../../../../../optimizer/core/levers/lambda/lambda-function.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Seen } from "../../../../../optimizer/core/model/seen.ts";
import { aFunction, functionSees } from "../../../../support/functions.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, tagged, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("lambda.function"));
type Load = NonNullable<Parameters<typeof functionSees>[2]>;

const short = aWorld().policed({ baselineDays: 14 });

/** 3008 MB and 900 s for calls of 2 s that compute for 0.2 s of them and take 300 MB. */
const seen = (load: Load = {}, lambda = aFunction()): World => functionSees(short.with(lambda), lambda, load);
const isSo = (overrides: Partial<LambdaFunction>, load: Load = {}): World => seen(load, aFunction(overrides));
const denied = { kind: "unseen", reason: "AccessDeniedException" } as const;

describe("lambda.function", () => {
  it("proposes the requirement's memory and time-out where calls fit in the worst case", () => {
    const decision = proposal(seen());
    expect(decision).toMatchObject({ from: "3008 MB, 900 s", to: "1024 MB, 300 s, 20 reserved" });
    expect(decision.action.steps).toMatchObject([
      { change: { kind: "lambda.concurrency", before: { reserved: null }, after: { reserved: 20 } } },
      { change: { kind: "lambda.configuration", before: { memoryMb: 3008, timeoutSeconds: 900 }, after: { memoryMb: 1024, timeoutSeconds: 300 } } },
    ]);
    expect(decision.action.rollback).toMatchObject([{ change: { after: { reserved: null } } }, { change: { after: { memoryMb: 3008, timeoutSeconds: 900 } } }]);
    expect(decision.action.writeBack.map(({ property, value }) => [property, value])).toEqual([
      ["memoryMib", 1024],
      ["timeoutSeconds", 300],
      ["reservedConcurrency", 20],
    ]);
  });

  it("claims what is saved where all computing slows down as much as it can, and says how much more it may be", () => {
    // 1000 calls an hour: 2 s × 3008 MB before; (2 + 0.2 × (1769/1024 − 1769/3008)) s × 1024 MB at most, 2 s × 1024 MB at least.
    const monthlyUsd = (seconds: number, mb: number): number => 1000 * 730 * seconds * (mb / 1024) * 0.000_013_333_4;
    const slowed = 2 + 0.2 * (1769 / 1024 - 1769 / 3008);
    const { savings } = proposal(seen());
    expect(savings).toMatchObject({ kind: "partly", usd: expect.closeTo(monthlyUsd(2, 3008) - monthlyUsd(slowed, 1024), 6) });
    const more = (monthlyUsd(slowed, 1024) - monthlyUsd(2, 1024)).toFixed(2);
    expect(savings).toMatchObject({ unknown: [{ what: `up to $${more} more of archive` }] });
  });

  it.each(["nodejs22.x", "python3.13"])("claims of %s what calls cost that compute in one thread, and says what several would cost more", (runtime) => {
    // 1.5 s of one vCPU: 1.5 × 1769/1024 s then, whatever memory above one vCPU's they had; at most 1.5 × (1769/1024 − 1769/3008) s more.
    const monthlyUsd = (seconds: number, mb: number): number => 1000 * 730 * seconds * (mb / 1024) * 0.000_013_333_4;
    const [likely, worst] = [2 + 1.5 * (1769 / 1024 - 1), 2 + 1.5 * (1769 / 1024 - 1769 / 3008)];
    const { savings, chosen } = proposal(isSo({ runtime }, { cpuSeconds: 1.5 }));
    expect(savings).toMatchObject({ kind: "partly", usd: expect.closeTo(monthlyUsd(2, 3008) - monthlyUsd(likely, 1024), 6) });
    const more = (monthlyUsd(likely, 1024) - monthlyUsd(2, 1024)).toFixed(2);
    const less = (monthlyUsd(worst, 1024) - monthlyUsd(likely, 1024)).toFixed(2);
    expect(savings).toMatchObject({ unknown: [{ what: `up to $${more} more, or $${less} less, of archive`, reason: expect.stringContaining(runtime) }] });
    // What decides is the worst case all the same.
    expect(chosen?.projections.find(({ dimension }) => dimension === "cost")?.projected).toBeCloseTo(monthlyUsd(worst, 1024) / monthlyUsd(2, 3008));
  });

  it("claims the worst case where calls together compute for longer than they take, or the runtime has threads", () => {
    const usd = (runtime: string | null, cpuSeconds: number) => {
      const { savings } = proposal(isSo({ runtime }, { cpuSeconds }));
      return savings.kind === "partly" ? savings.usd : Number.NaN;
    };
    expect(usd("nodejs22.x", 2)).toBeGreaterThan(usd("java21", 2));
    expect(usd("nodejs22.x", 2.01)).toBe(usd("java21", 2.01));
    expect(usd(null, 2)).toBe(usd("java21", 2));
  });

  it("changes no memory where nothing is sure to be saved: calls that compute all the time cost the same and take three times as long", () => {
    const computing = skipped(seen({ cpuSeconds: (2 * 3008) / 1769 }));
    expect(computing).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cost would be 100 %") });
  });

  it("is no riskier for what it costs, which is another matter than whether it fits", () => {
    const paid = (ephemeralStorageGbSecond: number) =>
      proposal(isSo({ ephemeralStorageMb: 10_240 }, { cpuSeconds: 0.4 }).priced({ lambda: () => ({ gbSecond: 0.000_013, ephemeralStorageGbSecond }) }));
    const costOf = ({ chosen }: ReturnType<typeof paid>) => chosen?.projections.find(({ dimension }) => dimension === "cost")?.projected ?? Number.NaN;
    const [cheap, dear] = [paid(0), paid(0.000_005)];
    expect(costOf(dear)).toBeGreaterThan(1.5 * costOf(cheap));
    expect(costOf(dear)).toBeGreaterThan(dear.risk);
    expect(dear.risk).toBe(cheap.risk);
  });

  it("tells, where no memory fits, of the requirement's and of the two nearest to today's; and how long calls take today", () => {
    const crowded = skipped(seen({ usedMb: 2900 }));
    expect(crowded.refused.map(({ target }) => target)).toEqual(["1024 MB, 300 s", "2880 MB, 300 s", "2944 MB, 300 s"]);
    const second = proposal(seen({ usedMb: 850 }));
    expect([second.to, second.refused.map(({ target }) => target)]).toEqual(["1088 MB, 300 s, 20 reserved", ["1024 MB, 300 s"]]);
    expect(second.warnings.join()).toContain("(p95 2 s today)");
  });

  it("changes no memory where slower calls would keep paid storage for longer than less memory saves", () => {
    const paid = { ephemeralStorageMb: 10_240 };
    expect(proposal(isSo(paid)).to).toBe("1024 MB, 300 s, 20 reserved");
    const half = skipped(
      isSo(paid, { cpuSeconds: 0.9 * ((2 * 3008) / 1769) }).priced({ lambda: () => ({ gbSecond: 0.000_013, ephemeralStorageGbSecond: 0.000_5 }) }),
    );
    expect(half).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cost would be") });
  });

  it("takes the smallest memory that holds the largest call, and the time-out that holds the longest", () => {
    // 1000 MB are 82.2 % of 1216 and 78.1 % of 1280.
    const decision = proposal(seen({ usedMb: 1000 }));
    expect(decision.to).toBe("1280 MB, 300 s, 20 reserved");
    expect(decision.refused).toMatchObject([{ target: "1024 MB, 300 s" }, { target: "1216 MB, 300 s" }]);
    expect(proposal(seen({ usedMb: 1024 })).to).toBe("1280 MB, 300 s, 20 reserved");
    expect(proposal(seen({ usedMb: 1025 })).to).toBe("1344 MB, 300 s, 20 reserved");
    // 200 s and 100 s of computing: 200 + 100 × 1.1395… = 313.95 s, of which 80 % of 420 s is the first whole minute that holds it.
    const long = proposal(seen({ seconds: 30, longestSeconds: 200, cpuSeconds: 10 }));
    expect(long.to).toBe("1024 MB, 300 s, 20 reserved");
    expect(proposal(seen({ seconds: 30, longestSeconds: 260, cpuSeconds: 10 })).to).toBe("1024 MB, 360 s, 20 reserved");
  });

  it.each([
    ["p95 at the limit", { seconds: 100 }, "duration, p95 of the worst hour 100"],
    ["a throttled call", { throttles: 1 }, "throttled calls"],
  ])("leaves a function alone with %s", (_, load, said) => {
    expect(skipped(seen(load))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining(said) });
  });

  it("keeps the slowest calls below the limit afterwards, too", () => {
    // 90 s and 20 vCPU-seconds: 112.8 s with 1024 MB, 100.35 s with 1600 MB, 99.5 s with 1664 MB.
    const decision = proposal(seen({ seconds: 90, longestSeconds: 95, cpuSeconds: 20 }));
    expect(decision.to).toBe("1664 MB, 300 s, 20 reserved");
    expect(decision.reason).toContain("becomes 100.35 s at most, of 100 s");
  });

  it("guesses no memory: without Lambda Insights, or with gaps in it where calls came, it is left alone", () => {
    const blind = seen({ usedMb: Number.NaN });
    expect(skipped(blind)).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("Lambda Insights") });
    const gappy = seen({ usedMb: (hour) => (hour % 4 < 1 ? Number.NaN : 300) });
    expect(skipped(gappy).code).toBe("insufficient-data");
  });

  it.each([
    ["calls at once", { atOnce: 0 }],
    ["durations", { seconds: 0 }],
  ])("takes no zero of %s for a figure where calls came", (_, load) => {
    expect(skipped(seen(load)).code).toBe("insufficient-data");
  });

  it("counts hours without calls as hours without telemetry, where the region is known to have reported", () => {
    const nightly = (hour: number): number => (hour % 24 < 12 ? 1000 : 0);
    expect(proposal(seen({ calls: nightly, usedMb: (hour) => (nightly(hour) === 0 ? Number.NaN : 300) })).to).toBe("1024 MB, 300 s, 20 reserved");
  });

  it("takes a pool without a point for an empty one in hours in which it was not called itself, and in no other", () => {
    const quiet = (hour: number): boolean => hour % 24 < 6;
    const shared = (unknown: (hour: number) => boolean) =>
      seen({ calls: (hour) => (quiet(hour) ? 0 : 1000) }).sees(metrics.lambdaUnreserved, "", (hour) => (unknown(hour) ? Number.NaN : 10));
    expect(proposal(shared(quiet)).to).toBe("1024 MB, 300 s, 20 reserved");
    expect(skipped(shared((hour) => hour % 24 < 12)).code).toBe("insufficient-data");
  });

  it("takes a baseline with another memory for none", () => {
    expect(skipped(seen({ ranWithMb: (hour) => (hour < 100 ? 1024 : 3008) }))).toMatchObject({
      code: "insufficient-data",
      detail: expect.stringContaining("had 1024 MB"),
    });
  });

  it("says nothing of a function that hardly ran", () => {
    expect(skipped(seen({ calls: 0.1 }))).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("ran 34 times") });
    const calling = (times: number) => seen({ calls: (hour) => (Math.floor(hour) < times ? 1 : 0) });
    expect(skipped(calling(49))).toMatchObject({ code: "insufficient-data", detail: "ran 49 times in the baseline, 50 are needed" });
    expect(proposal(calling(50)).to).toBe("1024 MB, 300 s, 20 reserved");
  });

  it("takes calls that ran into the time-out for calls of unknown length", () => {
    expect(skipped(isSo({ timeoutSeconds: 400 }, { longestSeconds: 400 }))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringContaining("ran into its time-out"),
    });
  });

  it("lowers a time-out alone without knowing any memory, and saves nothing by it", () => {
    const decision = proposal(isSo({ memoryMb: 512 }, { usedMb: Number.NaN }));
    expect(decision).toMatchObject({ from: "512 MB, 900 s", to: "512 MB, 300 s, 20 reserved", savings: { kind: "known", usd: 0 } });
    expect(decision.action.writeBack).toMatchObject([
      { property: "timeoutSeconds", value: 300 },
      { property: "reservedConcurrency", value: 20 },
    ]);
    expect(skipped(isSo({ memoryMb: 512, timeoutSeconds: 60 }))).toMatchObject({ code: "already-there", detail: "512 MB, 60 s: not more than 1024 MB, 300 s" });
  });

  it("lowers memory alone where the time-out is there already, and leaves a shorter one", () => {
    for (const timeoutSeconds of [60, 300])
      expect(proposal(isSo({ timeoutSeconds }))).toMatchObject({ from: `3008 MB, ${timeoutSeconds} s`, to: `1024 MB, ${timeoutSeconds} s, 20 reserved` });
  });

  it.each([
    ["a published version or an alias", { published: { kind: "seen", value: ["alias live on version 3"] } }, "unsupported", "alias live on version 3"],
    ["a heap of its own", { heapSetting: "JAVA_TOOL_OPTIONS" }, "unsupported", "JAVA_TOOL_OPTIONS"],
    ["managed instances", { onManagedInstances: true }, "unsupported", "managed instances"],
    ["durable executions", { isDurable: true }, "unsupported", "durable"],
    ["a change under way", { lastUpdate: "InProgress" }, "unsupported", "InProgress"],
    ["a state that is not active", { state: "Failed" }, "unsupported", "Failed"],
    ["a tenant's tag", { tags: tagged({ "tenant-id": "acme" }) }, "tenant-resource", "tenant-id"],
    ["no concurrency", { reservedConcurrency: { kind: "seen", value: 0 } }, "unsupported", "stopped"],
    ["versions that may not be listed", { published: denied }, "unreadable", "AccessDeniedException"],
    ["event sources that may not be listed", { eventSources: denied }, "unreadable", "AccessDeniedException"],
    ["a concurrency that may not be read", { reservedConcurrency: denied }, "unreadable", "AccessDeniedException"],
    ["account limits that may not be read", { unreservedConcurrency: denied }, "unreadable", "AccessDeniedException"],
  ] as const)("leaves a function with %s alone", (_, overrides, code, said) => {
    expect(skipped(isSo(overrides))).toMatchObject({ code, detail: expect.stringContaining(said) });
  });

  it("keeps room for the calls that run at once when each takes longer, of its own reservation or of what all share", () => {
    // 2 × 3008 ÷ 1024 = 5.9 at once.
    expect(proposal(isSo({ reservedConcurrency: { kind: "seen", value: 8 } })).to).toBe("1024 MB, 300 s");
    expect(skipped(isSo({ reservedConcurrency: { kind: "seen", value: 2 } })).detail).toContain("of 2 reserved");
    expect(skipped(seen({ sharedAtOnce: 900 })).detail).toContain("that nobody reserved");
  });

  it("lets shards of a stream not fall behind", () => {
    const eventSources = { kind: "seen", value: [{ arn: "arn:aws:kinesis:us-east-1:123456789012:stream/clicks", isBounded: true }] } as const;
    // 2700 × 2 s of 3600 s an hour are 1.5 at once: 75 % of two shards. To the 2 s 0.23 s are added by 1024 MB: 84 %; 0.134 s by 1408 MB: 80.01 %; 0.123 s by 1472 MB: 79.6 %.
    const behind = proposal(isSo({ eventSources }, { calls: 2700 }));
    expect(behind.to).toBe("1472 MB, 300 s, 20 reserved");
    expect(behind.reason).toContain("event sources busy 75 % of the busiest hour");
    expect(proposal(isSo({ eventSources }, { calls: 2400 })).to).toBe("1024 MB, 300 s, 20 reserved");
    expect(proposal(isSo({ eventSources: { kind: "seen", value: [] } }, { calls: 2700 })).to).toBe("1024 MB, 300 s, 20 reserved");
    // Of 1 s that each computes, 1.14 s are added by 1024 MB, 0.14 s by 2432 MB: 80.2 %; 0.12 s by 2496 MB: 79.5 %.
    expect(proposal(isSo({ eventSources }, { calls: 2700, cpuSeconds: 1 })).to).toBe("2496 MB, 300 s, 20 reserved");
  });

  describe("that streams and limited queues call", () => {
    const stream = (mostAtOnce?: Seen<number>) => ({
      arn: "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
      isBounded: true,
      ...(mostAtOnce && { mostAtOnce }),
    });
    const among = (...sources: readonly EventSource[]) => ({ eventSources: { kind: "seen", value: sources } }) as const;
    const told = (value: number): Seen<number> => ({ kind: "seen", value });

    it("is held against the calls that they let run at once, not against those that were seen", () => {
      // 1.5 at once, of two that were seen: 84 % with 1024 MB. Of four shards it is 42 %.
      const decision = proposal(isSo(among(stream(told(4))), { calls: 2700 }));
      expect(decision.to).toBe("1024 MB, 300 s, 20 reserved");
      expect(decision.chosen?.projections.find(({ method }) => method.includes("event sources"))?.method).toContain("of which 4 may run at once");
      expect(proposal(isSo(among(stream(told(2))), { calls: 2700 })).to).toBe("1472 MB, 300 s, 20 reserved");
    });

    it("takes all of an hour's calls for computing where Lambda Insights has a gap: they take as much longer as memory gets less", () => {
      const gappy = isSo(among(stream(told(4))), { calls: 2700 }).sees(metrics.insightsCpuTime, "archive", (hour, statistic) =>
        hour === 100 ? Number.NaN : statistic === "Sum" ? 2700 * 200 : 200,
      );
      const [target] = [...proposal(gappy).refused, proposal(gappy).chosen].filter((one) => one?.target.startsWith("1024 MB") === true);
      const method = target?.projections.find((one) => one.method.includes("event sources"))?.method;
      // 2700 calls of 2 s, 3008 ÷ 1024 times as long; of the other hours 6023 s.
      expect(method).toContain(`${Math.round(((2700 * 2 * 3008) / 1024) * 100) / 100} s of calls at most`);
    });

    it("asks nothing of its shards in hours without a call", () => {
      const usual = (calls: NonNullable<Load["calls"]>) =>
        proposal(isSo(among(stream(told(4))), { calls }))
          .chosen?.projections.map(({ method }) => method)
          .find((method) => method.includes("event sources"));
      expect(usual((hour) => (hour % 24 < 6 ? 0 : 2700))).toBe(usual(2700));
    });

    it("counts fewer than were seen at once where a stream has lost shards since", () => {
      expect(skipped(isSo(among(stream(told(1))), { calls: 2700 })).detail).toContain("of which 1 may run at once");
    });

    it("is held against the most that ever ran where a source does not tell, or may not be looked at", () => {
      for (const source of [stream(), stream(denied)]) {
        const decision = proposal(isSo(among(source, stream(told(100))), { calls: 2700 }));
        expect(decision.to).toBe("1472 MB, 300 s, 20 reserved");
        expect(decision.reason).toContain("of which 2 ever ran at once");
      }
    });

    it("has to find room in the narrowest of several, unless more were seen at once", () => {
      expect(
        proposal(isSo(among(stream(told(3)), stream(told(100))), { calls: 2700 }))
          .chosen?.projections.map(({ method }) => method)
          .join(),
      ).toContain("of which 3 may run at once");
      expect(proposal(isSo(among(stream(told(1)), stream(told(100))), { calls: 2700 })).reason).toContain("of which 2 ever ran at once");
    });
  });

  it("says that a price is not known rather than what is saved", () => {
    expect(skipped(seen().priced({ lambda: () => null }))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("no price is known") });
  });

  it("by the letter takes the requirement's target, with what speaks against it", () => {
    const world = functionSees(
      aWorld()
        .policed({ baselineDays: 14, rules: { decision: "literal" } })
        .with(aFunction()),
      aFunction(),
      { usedMb: 2000 },
    );
    const decision = proposal(world);
    expect(decision.to).toBe("1024 MB, 300 s, 20 reserved");
    expect(decision.warnings.join()).toContain("memory would be 195.3 %");
    const blind = proposal(
      functionSees(
        aWorld()
          .policed({ baselineDays: 14, rules: { decision: "literal" } })
          .with(aFunction()),
        aFunction(),
        { usedMb: Number.NaN },
      ),
    );
    expect(blind).toMatchObject({ to: "1024 MB, 300 s, 20 reserved", savings: { kind: "partly", usd: 0 } });
    expect(blind.warnings.join()).toContain("not projected: used_memory_max");
  });

  it("proposes the same or less for whoever uses more", () => {
    const chosen = (load: Load): number => {
      const [decision] = decisionsOf(ruleOf("lambda.function")).decisions(seen(load));
      return decision?.kind === "proposal" ? Number.parseInt(decision.to, 10) : aFunction().memoryMb;
    };
    const amount = fc.double({ min: 0, max: 1500, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (base, more) => chosen({ usedMb: base }) <= chosen({ usedMb: base + more })),
      { numRuns: 6 },
    );
    const computed = fc.double({ min: 0, max: 1.7, noNaN: true });
    fc.assert(
      fc.property(computed, computed, (base, more) => chosen({ cpuSeconds: base }) <= chosen({ cpuSeconds: base + more })),
      { numRuns: 6 },
    );
  });

  it("asks for what it decides by and for nothing that Lambda does not publish", () => {
    const asked = new Set(
      ruleOf("lambda.function")
        .demands(short.with(aFunction()).inventory, short.policy)
        .map(({ metric }) => metric),
    );
    expect(asked).toContain(metrics.insightsUsedMemory.metric);
    expect(asked).not.toContain("CPUUtilization");
  });
});

describe("how much slower calls get with less memory", () => {
  const mb = fc.integer({ min: 128, max: 10_240 });
  const seconds = fc.double({ min: 0.001, max: 900, noNaN: true });

  it("is bounded by a processor that follows memory, and by what is computed at all", () => {
    // A call of 10 s that computes for 2 s of a whole vCPU, from one vCPU to half of it: 2 s more.
    expect(slowedSeconds(10, 2, 1769, 884.5)).toBeCloseTo(12);
    expect(slowedSeconds(10, Infinity, 3008, 1024)).toBeCloseTo(29.375);
    expect(slowedSeconds(10, 5, 1024, 3008)).toBe(10);
  });

  it("is never less than nothing, never more than memory gets less, and grows with what is computed", () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, mb, mb, (took, cpu, moreCpu, one, other) => {
        const [to, from] = [Math.min(one, other), Math.max(one, other)];
        const slowed = slowedSeconds(took, cpu, from, to);
        expect(slowed).toBeGreaterThanOrEqual(took);
        expect(slowed).toBeLessThanOrEqual(took * (from / to) * (1 + 1e-9));
        expect(slowedSeconds(took, cpu + moreCpu, from, to)).toBeGreaterThanOrEqual(slowed);
      }),
    );
  });

  it("is what a call really takes, whatever it computes and however many threads it has, or more", () => {
    fc.assert(
      fc.property(seconds, seconds, fc.integer({ min: 1, max: 6 }), mb, mb, (waits, computes, threads, one, other) => {
        const [to, from] = [Math.min(one, other), Math.max(one, other)];
        const takes = (memory: number): number => waits + computes / Math.min(threads, memory / 1769);
        expect(slowedSeconds(takes(from), computes, from, to) * (1 + 1e-9)).toBeGreaterThanOrEqual(takes(to));
        if (threads === 1) expect(slowedInOneThread(takes(from), computes, from, to)).toBeCloseTo(takes(to), 6);
      }),
    );
  });
});

describe("a function that had other memory before", () => {
  const startMs = short.facts([]).baseline.span.startMs;
  const was = (untilHour: number): Partial<LambdaFunction> => ({
    sizesBefore: { kind: "seen", value: [{ size: "10240 MB", fromMs: null, untilMs: startMs + untilHour * 3_600_000 }] },
  });

  it("is judged by the hours of today's alone, whatever Lambda Insights tells of the others", () => {
    const ranWithMb = (hour: number): number => (hour < 2 ? 10_240 : 3008);
    expect(proposal(isSo(was(2), { ranWithMb })).to).toBe("1024 MB, 300 s, 20 reserved");
    expect(skipped(isSo({}, { ranWithMb })), "which alone tells nothing of the time-out").toMatchObject({ detail: expect.stringContaining("10240 MB") });
  });

  it("is left alone while those are too few, also where its time-out alone is looked at", () => {
    const few = { code: "insufficient-data", detail: expect.stringContaining("without the hours in which archive had not 3008 MB (10240 MB)") };
    expect(skipped(isSo(was(300)))).toMatchObject(few);
    expect(skipped(isSo({ ...was(300), memoryMb: 1024 }))).toMatchObject({ code: "insufficient-data" });
  });

  it("is skipped where CloudTrail could not be asked, with the call", () => {
    expect(skipped(isSo({ sizesBefore: denied }))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("AccessDeniedException") });
  });
});
