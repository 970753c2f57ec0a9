/** What a decision about a function is made of, by hand: each figure of the baseline, each projection, the calls and their way back. */
import { describe, expect, it } from "vitest";
import { changeFacts } from "../../../../../optimizer/core/levers/change-kinds.ts";
import type { EventSource, LambdaFunction } from "../../../../../optimizer/core/levers/lambda/lambda-function.ts";
import { resourceFacts } from "../../../../../optimizer/core/levers/resource-kinds.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Proposal } from "../../../../../optimizer/core/model/rule.ts";
import { aFunction, functionSees } from "../../../../support/functions.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("lambda.function");
const { proposal } = decisionsOf(rule);
type Load = NonNullable<Parameters<typeof functionSees>[2]>;
const seen = (overrides: Partial<LambdaFunction>, load: Load = {}): World => {
  const lambda = aFunction(overrides);
  return functionSees(aWorld().policed({ baselineDays: 14 }).with(lambda), lambda, load);
};
const called = (...value: readonly EventSource[]) => ({ eventSources: { kind: "seen", value } }) as const;
const stream = (mostAtOnce?: number): EventSource => ({
  arn: "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
  isBounded: true,
  ...(mostAtOnce !== undefined && { mostAtOnce: { kind: "seen", value: mostAtOnce } }),
});
const shown = ({ chosen }: Proposal) => (chosen?.projections ?? []).map(({ dimension, current, projected, limit }) => [dimension, current, projected, limit]);
const near = (value: number): unknown => expect.closeTo(value, 9);
/** What each second of one vCPU takes longer with 1024 MB than with 3008 MB. */
const longer = 1769 / 1024 - 1769 / 3008;

describe("what is shown of a function", () => {
  it("are its worst hours and all of its calls, and what Lambda Insights tells of them", () => {
    // 1000 calls an hour of 2 s, 4 s the longest, in two weeks; an hour with three times as many; 0.5 s of one vCPU each.
    const calls = (hour: number): number => (Math.floor(hour) === 100 ? 3000 : 1000);
    const figures = proposal(seen({}, { calls, cpuSeconds: 0.5, atOnce: 3 })).evidence.map(({ name, value, unit, statistic }) => [
      name,
      value,
      unit,
      statistic,
    ]);
    expect(figures).toEqual([
      ["duration, p95 of the worst hour", 2, "Seconds", "p95"],
      ["throttled calls", 0, "Count", "Sum"],
      ["longest call", 4, "Seconds", "Maximum"],
      ["calls", 336 * 1000 + 2000, "Count", "Sum"],
      ["calls at once", 3, "Count", "Maximum"],
      ["memory of the largest call", 300, "Megabytes", "Maximum"],
      ["processor time of the busiest call", 0.5, "Seconds", "Maximum"],
      ["processor time, of all time that calls took", near(0.25), "Ratio", "Sum"],
    ]);
  });

  it("are the usual figures alone where its memory is not looked at", () => {
    expect(proposal(seen({ memoryMb: 512 })).evidence.map(({ name }) => name)).toEqual([
      "duration, p95 of the worst hour",
      "throttled calls",
      "longest call",
      "calls",
      "calls at once",
    ]);
  });
});

describe("what is projected of a function", () => {
  it("are shares of what it has and would have, the reservation's among them; and its risk the largest, but for cost", () => {
    // 1700 calls an hour of 2 s, 3400 s: of what two shards take at once 47.2 %.
    const decision = proposal(seen(called(stream()), { calls: 1700, cpuSeconds: 0.5 }));
    expect(shown(decision)).toEqual([
      ["duration", near(4 / 900), near((4 + 0.5 * longer) / 300), 0.8],
      ["memory", near(300 / 3008), near(300 / 1024), 0.8],
      ["duration", 0.02, near((2 + 0.5 * longer) / 100), 1],
      ["concurrency", 0.01, near(((2 * 3008) / 1024 + 8) / 1000), 0.8],
      ["concurrency", near(3400 / 3600 / 2), near((3400 + 850 * longer) / 3600 / 2), 0.8],
      ["cost", 1, near(((2 + 0.5 * longer) * 1024) / (2 * 3008)), 1],
      ["concurrency", 0.002, near((2 * 3008) / 1024 / 20), 0.8],
      ["concurrency", 0.008, near(8 / 980), 0.8],
    ]);
    expect(decision.risk).toBeCloseTo((3400 + 850 * longer) / 3600 / 2, 9);
    expect(decision.refused).toEqual([]);
    const methods = decision.chosen?.projections.map(({ method }) => method);
    expect(methods).toContain(
      `its event sources busy 47.22 % of the busiest hour (3400 s of calls, of which 2 ever ran at once), ${(3400 + 850 * longer).toFixed(2)} s of calls at most`,
    );
    expect(methods).toContain("seconds of calls × GB: at most 43.74 % of today's, and to be changed it has to be less than all of it");
  });

  it("are of its own reservation alone where it has one", () => {
    const decision = proposal(seen({ reservedConcurrency: { kind: "seen", value: 100 } }));
    expect(shown(decision).filter(([dimension]) => dimension === "concurrency")).toEqual([
      ["concurrency", 0.02, near((2 * 3008) / 1024 / 100), 0.8],
      ["concurrency", 0.02, near((2 * 3008) / 1024 / 20), 0.8],
    ]);
  });

  it.each([
    ["is nothing of a queue that runs as many beside one another as there are", [{ ...stream(), isBounded: false }], undefined],
    ["is of the streams alone where others call it, too", [{ ...stream(50), isBounded: false }, stream(4)], "of which 4 may run at once"],
    ["is of the narrowest of two with as many as were seen at once", [stream(2), stream(9)], "of which 2 may run at once"],
  ] as const)("%s", (_, sources, said) => {
    const methods = proposal(seen(called(...sources))).chosen?.projections.map(({ method }) => method) ?? [];
    const ofSources = methods.filter((method) => method.includes("event sources"));
    expect(ofSources).toEqual(said === undefined ? [] : [expect.stringContaining(said)]);
  });

  it("is paid for by nobody knows how much where no price is known, by the letter", () => {
    const lambda = aFunction({ runtime: "nodejs22.x" });
    const literal = aWorld().policed({ baselineDays: 14, rules: { decision: "literal" } });
    const unpriced = proposal(functionSees(literal.with(lambda), lambda).priced({ lambda: () => null }));
    expect(unpriced).toMatchObject({ savings: { kind: "unknown", what: "Lambda in us-east-1", reason: "price unknown" } });
    expect(shown(unpriced).map(([dimension]) => dimension)).toEqual(["duration", "memory", "duration", "concurrency", "concurrency", "concurrency"]);
    // Nor does anything tell in how many threads calls compute without Lambda Insights: three times as long at a third of the price.
    const blind = proposal(functionSees(literal.with(lambda), lambda, { usedMb: Number.NaN }));
    expect(blind.savings).toMatchObject({ kind: "partly", usd: 0 });
  });
});

describe("what is done to a function", () => {
  const place = { region: "us-east-1", functionName: "archive" };
  const sizes = [
    { memoryMb: 3008, timeoutSeconds: 900 },
    { memoryMb: 1024, timeoutSeconds: 300 },
  ] as const;

  it("are two calls where fewer executions are reserved for it, each of which is taken back by itself", () => {
    const lowered = proposal(seen({ reservedConcurrency: { kind: "seen", value: 100 } }));
    const reservations = [{ reserved: 100 }, { reserved: 20 }] as const;
    expect(lowered.action).toMatchObject({
      summary: "archive: 3008 MB, 900 s, 100 reserved → 1024 MB, 300 s, 20 reserved",
      steps: [
        {
          change: { kind: "lambda.concurrency", ...place, before: reservations[0], after: reservations[1] },
          description: "archive: 100 executions reserved → 20 executions reserved",
        },
        { change: { kind: "lambda.configuration", ...place, before: sizes[0], after: sizes[1] }, description: "archive: 3008 MB, 900 s → 1024 MB, 300 s" },
      ],
      rollback: [
        {
          change: { kind: "lambda.concurrency", ...place, before: reservations[1], after: reservations[0] },
          description: "archive: 20 executions reserved → 100 executions reserved",
        },
        {
          change: { kind: "lambda.configuration", ...place, before: sizes[1], after: sizes[0] },
          description: "archive: 1024 MB, 300 s → 3008 MB, 900 s",
          alone: true,
        },
      ],
      reversibility: "immediate",
      disruptions: [],
    });
    expect(lowered.action.writeBack.map(({ property, value }) => [property, value])).toEqual([
      ["memoryMib", 1024],
      ["timeoutSeconds", 300],
      ["reservedConcurrency", 20],
    ]);
  });

  it("says in words that none was reserved, and is one call where none is to be", () => {
    const [reserving] = proposal(seen({})).action.steps;
    expect(reserving).toMatchObject({ description: "archive: no execution reserved → 20 executions reserved" });
    const kept = proposal(seen({ reservedConcurrency: { kind: "seen", value: 8 } }));
    expect(kept.from).toBe("3008 MB, 900 s");
    expect(kept.action.summary).toBe("archive: 3008 MB, 900 s → 1024 MB, 300 s");
    expect(kept.action.steps).toHaveLength(1);
    expect(kept.action.writeBack.map(({ property }) => property)).toEqual(["memoryMib", "timeoutSeconds"]);
  });

  it("waits for what AWS is doing to the function, before it and after it", () => {
    const waiting =
      "while aws lambda get-function-configuration --region us-east-1 --function-name archive --query LastUpdateStatus --output text | grep -qwE InProgress; do sleep 30; done";
    for (const step of proposal(seen({})).action.steps) {
      if (step.kind !== "change") throw new Error("there are changes alone");
      const { first, wait } = changeFacts(step.change);
      const lines = [first, wait].map((each) => (typeof each === "function" ? each(step.change) : each));
      expect(lines, step.change.kind).toEqual([[waiting], step.change.kind === "lambda.configuration" ? [waiting] : { notNeeded: expect.any(String) }]);
    }
  });

  it("is watched in the function's own metrics alone", () => {
    const { action } = proposal(seen(called(stream(4))));
    expect(action.checks?.map(({ series }) => series.map(({ metric, statistic, dimensions }) => [metric, statistic, dimensions]))).toEqual([
      [[metrics.lambdaThrottles.metric, "Sum", { FunctionName: "archive" }]],
      [[metrics.lambdaIteratorAge.metric, "Maximum", { FunctionName: "archive" }]],
      [[metrics.lambdaDuration.metric, "Maximum", { FunctionName: "archive" }]],
      [[metrics.lambdaConcurrency.metric, "Maximum", { FunctionName: "archive" }]],
    ]);
  });

  it("is told to slow calls down by what they compute where memory goes, and to save nothing where a time-out alone does", () => {
    const reserved = expect.stringContaining("a reservation saves nothing");
    expect(proposal(seen({})).warnings).toEqual([
      expect.stringMatching(/^has 34 % of today's processors: .+ \(p95 2 s today\)$/),
      expect.stringContaining("400,000"),
      reserved,
    ]);
    expect(proposal(seen({ memoryMb: 512 })).warnings).toEqual(["saves nothing by itself: it bounds what a call that hangs can cost", reserved]);
    expect(proposal(seen({ memoryMb: 512, reservedConcurrency: { kind: "seen", value: 8 } })).warnings).toHaveLength(1);
  });
});

describe("what a plan for a function rests on", () => {
  const lambda = aFunction();
  const others: Partial<LambdaFunction> = {
    memoryMb: 2048,
    timeoutSeconds: 600,
    architecture: "x86_64",
    runtime: "java21",
    ephemeralStorageMb: 1024,
    heapSetting: "JAVA_TOOL_OPTIONS",
    published: { kind: "seen", value: ["version 3"] },
    eventSources: { kind: "seen", value: [stream()] },
    reservedConcurrency: { kind: "seen", value: 8 },
    isDurable: true,
    onManagedInstances: true,
    sizesBefore: { kind: "unseen", reason: "denied" },
  };

  it.each(Object.entries(others))("is that it is the same by %s", (name, other) => {
    const differing = (of: (one: LambdaFunction) => Readonly<Record<string, unknown>>) => {
      const [was, is] = [of(lambda), of({ ...lambda, [name]: other })];
      return Object.keys(was).filter((each) => was[each] !== is[each]);
    };
    expect(differing((one) => rule.restsOn(one))).toEqual([name]);
    // What no change of this program alters is compared right before each write, too.
    const isForm = ["architecture", "runtime", "heapSetting", "published", "isDurable", "onManagedInstances"].includes(name);
    expect(differing((one) => resourceFacts(one).form(one))).toEqual(isForm ? [name] : []);
  });

  it("is that nobody tagged it since; and what an older inventory does not tell of its sizes is nothing", () => {
    const tags = tagged({ "tenant-id": "acme" });
    expect(resourceFacts(lambda).restsOnAlways({ ...lambda, tags })).toEqual({ tags });
    const { sizesBefore: _, ...older } = lambda;
    expect(rule.restsOn(older)).toMatchObject({ sizesBefore: null });
  });
});
