/** What exactly fits, and what is one more than that; and where nothing smaller is left. */
import { describe, expect, it } from "vitest";
import type { LambdaFunction } from "../../../../../optimizer/core/levers/lambda/lambda-function.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aFunction, functionSees } from "../../../../support/functions.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, type World } from "../../../../support/world.ts";

const { proposal, skipped, decisions } = decisionsOf(ruleOf("lambda.function"));
type Load = NonNullable<Parameters<typeof functionSees>[2]>;
const deciding = (decision: "guarded" | "literal") => aWorld().policed({ baselineDays: 14, rules: { decision } });
const seen = (overrides: Partial<LambdaFunction>, load: Load = {}, world: World = deciding("guarded")): World => {
  const lambda = aFunction(overrides);
  return functionSees(world.with(lambda), lambda, load);
};
const reserved = (value: number) => ({ reservedConcurrency: { kind: "seen", value } }) as const;
const oneShard = {
  eventSources: {
    kind: "seen",
    value: [{ arn: "arn:aws:kinesis:us-east-1:123456789012:stream/clicks", isBounded: true, mostAtOnce: { kind: "seen", value: 1 } }],
  },
} as const;

describe("four fifths of what a function would have", () => {
  it.each<readonly [string, Partial<LambdaFunction>, Load, Load]>([
    ["of 900 s, the longest that a call may take", {}, { longestSeconds: 720, cpuSeconds: 0 }, { longestSeconds: 720.01, cpuSeconds: 0 }],
    // 128 × 3008 ÷ 1024 = 376; 32 × 3008 ÷ 1024 + 706 = 800.
    ["of 470 that it reserved", reserved(470), { atOnce: 128 }, { atOnce: 128.1 }],
    ["of 1000 that nobody reserved, with the others'", {}, { atOnce: 32, sharedAtOnce: 738 }, { atOnce: 32, sharedAtOnce: 739 }],
    // 1440 calls of 2 s an hour.
    ["of one shard's time", oneShard, { calls: 1440, cpuSeconds: 0, atOnce: 1 }, { calls: 1441, cpuSeconds: 0, atOnce: 1 }],
  ])("fits, and no more: %s", (_, overrides, fits, more) => {
    expect(proposal(seen(overrides, fits)).to).toMatch(/^1024 MB/);
    const [decision] = decisions(seen(overrides, more));
    expect(decision?.kind === "advice" ? [] : decision?.refused).toContainEqual(
      expect.objectContaining({ target: expect.stringMatching(/^1024 MB/), fits: false }),
    );
  });

  it("is not asked of the slowest calls, which stay below the policy's limit and do not reach it", () => {
    // Half the memory and twice as long: 50 s become 100 s.
    const world = aWorld().policed({ baselineDays: 14, rules: { lambdaFunction: { targetMemoryMb: 1504 } } });
    const { refused } = skipped(seen({}, { seconds: 50, longestSeconds: 60, cpuSeconds: 200 }, world));
    expect(
      refused.find(({ target }) => target === "1504 MB, 300 s")?.projections.filter(({ dimension, limit }) => dimension === "duration" && limit === 1),
    ).toMatchObject([{ projected: 1, fits: false }]);
  });
});

describe("memory that Lambda Insights tells", () => {
  it.each([
    [3007, undefined],
    [3009, undefined],
    [3006, "had 3006 MB"],
    [3010, "had 3010 MB"],
  ])("is the function's own by one more or less, since it is rounded: %i MB of 3008", (ranWithMb, said) => {
    const world = seen({}, { ranWithMb });
    if (said === undefined) expect(proposal(world).to).toBe("1024 MB, 300 s, 20 reserved");
    else expect(skipped(world).detail).toContain(said);
  });

  it("is not asked for where the function has the requirement's already", () => {
    expect(proposal(seen({ memoryMb: 1024 }, { usedMb: Number.NaN })).to).toBe("1024 MB, 300 s, 20 reserved");
  });
});

describe("a function that has the requirement's memory, and whose longest call needs the time-out that it has", () => {
  it.each<readonly [string, number, number, string]>([
    // Of 840 s they are 83.3 %; of 900 s 77.8 %.
    ["with room in it", 900, 700, "its longest call took 700 s: more than 80 % of each time-out of whole minutes below its 900 s"],
    ["without", 900, 730, "its longest call took 730 s: more than 80 % of each time-out of whole minutes below its 900 s"],
    ["of no whole minute", 330, 250, "its longest call took 250 s: more than 80 % of each time-out of whole minutes below its 330 s"],
  ])("is left alone: %s", (_, timeoutSeconds, longestSeconds, detail) => {
    for (const decision of ["guarded", "literal"] as const)
      for (const own of [{}, reserved(8), reserved(100)])
        expect(skipped(seen({ memoryMb: 512, timeoutSeconds, ...own }, { longestSeconds }, deciding(decision)))).toMatchObject({
          code: "does-not-fit",
          detail,
          evidence: expect.arrayContaining([expect.objectContaining({ name: "longest call", value: longestSeconds })]),
        });
  });

  it("goes to the shortest that holds it", () => {
    expect(proposal(seen({ memoryMb: 512 }, { longestSeconds: 672 })).to).toBe("512 MB, 840 s, 20 reserved");
    expect(proposal(seen({ memoryMb: 512, timeoutSeconds: 330 }, { longestSeconds: 240 })).to).toBe("512 MB, 300 s, 20 reserved");
  });
});

describe("a reservation that AWS would refuse", () => {
  it("is no candidate that was refused by what it would come to: nothing is shown of it", () => {
    const decision = proposal(seen({ unreservedConcurrency: { kind: "seen", value: 119 } }));
    expect(decision.to).toBe("1024 MB, 300 s");
    expect(decision.refused).toEqual([]);
  });

  it("is counted by each function that has more memory or a longer time-out than the requirement, either alone", () => {
    const unreserved = { unreservedConcurrency: { kind: "seen", value: 139 } } as const;
    for (const own of [{ memoryMb: 512 }, { timeoutSeconds: 300 }, { timeoutSeconds: 60 }]) {
      const other = aFunction({ name: "other", ...unreserved, ...own });
      const [ours] = decisions(seen(unreserved, {}, deciding("guarded").with(other))).flatMap((each) => (each.kind === "proposal" ? [each] : []));
      expect(ours?.to, JSON.stringify(own)).toBe("1024 MB, 300 s");
    }
  });
});

it("an hour of which nobody tells how long its calls took asks nothing of the shards of a stream", () => {
  const load: Load = { calls: 1440, cpuSeconds: 0, atOnce: 1 };
  const gappy = seen(oneShard, load).turned((value, key, hour) => (key.metric === metrics.lambdaDuration.metric && hour === 50 ? Number.NaN : value));
  const ofShard = (world: World) => proposal(world).chosen?.projections.find(({ method }) => method.includes("event sources"));
  expect(ofShard(gappy)).toEqual(ofShard(seen(oneShard, load)));
  expect(ofShard(gappy)).toMatchObject({ fits: true });
});
