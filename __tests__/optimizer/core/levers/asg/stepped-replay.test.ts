import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replaySizes, type SteppedAmount, stepsPerHour } from "../../../../../optimizer/core/levers/asg/replay.ts";
import { isInBreach, sizeAskedFor, type SteppingRule, unknownWord } from "../../../../../optimizer/core/levers/asg/stepping.ts";
import { StepScaling, type StepSettings } from "../../../../../simulation/services/auto-scaling/step-scaling.ts";
import { agreedSize } from "../../../../../simulation/shared/target-tracking.ts";

type Adjustment = StepSettings["adjustment"];
interface Policy {
  readonly comparison: StepSettings["alarm"]["comparison"];
  readonly threshold: number;
  readonly minutes: number;
  readonly adjustment?: Adjustment;
  readonly leastChange?: number;
  readonly cooldownSeconds?: number;
  readonly steps: readonly { readonly from?: number; readonly until?: number; readonly change: number }[];
}

function ruleOf({ comparison, threshold, minutes, adjustment = "ChangeInCapacity", leastChange = 0, cooldownSeconds = 0, steps }: Policy): SteppingRule {
  return {
    stepping: {
      adjustment,
      leastChange,
      steps: steps.map(({ from = null, until = null, change }) => ({ from, until, change })),
      aggregation: "Average",
      cooldownSeconds,
      alarms: [],
    },
    alarm: {
      name: "alarm",
      watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "web" },
      comparison,
      threshold,
      periodSeconds: 60,
      datapoints: minutes,
      periods: minutes,
      acts: true,
    },
  };
}

const above = { comparison: "GreaterThanOrEqualToThreshold", threshold: 60, minutes: 5 } as const;
const below = { comparison: "LessThanThreshold", threshold: 30, minutes: 15 } as const;

describe("what a policy of steps asks for", () => {
  it.each<[string, Policy, number, number, number | undefined]>([
    [
      "a step whose lower bound is met",
      {
        ...above,
        steps: [
          { from: 0, until: 10, change: 1 },
          { from: 10, change: 4 },
        ],
      },
      60,
      10,
      11,
    ],
    [
      "the next one from its lower bound on",
      {
        ...above,
        steps: [
          { from: 0, until: 10, change: 1 },
          { from: 10, change: 4 },
        ],
      },
      70,
      10,
      14,
    ],
    ["nothing below all of them", { ...above, steps: [{ from: 5, change: 4 }] }, 64, 10, undefined],
    [
      "below the threshold, a step up to its upper bound",
      {
        ...below,
        steps: [
          { from: -10, until: 0, change: -1 },
          { until: -10, change: -3 },
        ],
      },
      20,
      10,
      7,
    ],
    [
      "and above its lower one",
      {
        ...below,
        steps: [
          { from: -10, until: 0, change: -1 },
          { until: -10, change: -3 },
        ],
      },
      21,
      10,
      9,
    ],
    ["a number", { ...above, adjustment: "ExactCapacity", steps: [{ from: 0, change: 12 }] }, 60, 10, 12],
    ["a percentage, rounded down", { ...above, adjustment: "PercentChangeInCapacity", steps: [{ from: 0, change: 19 }] }, 60, 10, 11],
    ["a percentage that is less than one instance, as one", { ...above, adjustment: "PercentChangeInCapacity", steps: [{ from: 0, change: 5 }] }, 60, 10, 11],
    ["a percentage of so many at least", { ...above, adjustment: "PercentChangeInCapacity", leastChange: 3, steps: [{ from: 0, change: 5 }] }, 60, 10, 13],
    ["a percentage downwards, rounded towards zero", { ...below, adjustment: "PercentChangeInCapacity", steps: [{ until: 0, change: -19 }] }, 20, 10, 9],
    ["no change by no percent", { ...above, adjustment: "PercentChangeInCapacity", leastChange: 3, steps: [{ from: 0, change: 0 }] }, 60, 10, 10],
    ["never fewer than none", { ...below, steps: [{ until: 0, change: -30 }] }, 20, 10, 0],
  ])("is %s", (_, policy, value, size, asked) => {
    expect(sizeAskedFor(ruleOf(policy), value, size)).toBe(asked);
  });

  it.each([
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["GreaterThanThreshold", [false, false, true]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
    ["LessThanThreshold", [true, false, false]],
  ] as const)("begins where the alarm compares %s", (comparison, breaches) => {
    const rule = ruleOf({ ...above, comparison, steps: [] });
    expect([59, 60, 61].map((value) => isInBreach(rule, value))).toEqual(breaches);
    expect(isInBreach(rule, Number.NaN)).toBe(false);
  });

  it("is not known by words that AWS may have and we do not", () => {
    const rule = ruleOf({ ...above, steps: [] });
    expect(unknownWord(rule)).toBeUndefined();
    expect(unknownWord({ ...rule, stepping: { ...rule.stepping, adjustment: "NextFibonacci" } })).toBe("NextFibonacci is not understood");
    expect(unknownWord({ ...rule, stepping: { ...rule.stepping, adjustment: "" } })).toBe("no adjustment type is not understood");
    expect(unknownWord({ ...rule, stepping: { ...rule.stepping, aggregation: "Maximum" } })).toBe("it looks at the Maximum of its metric");
    expect(unknownWord({ ...rule, alarm: { ...rule.alarm, comparison: "GreaterThanUpperThreshold" } })).toBe(
      "its alarm alarm compares by GreaterThanUpperThreshold",
    );
    expect(unknownWord({ ...rule, alarm: { ...rule.alarm, comparison: "toString" } })).toBe("its alarm alarm compares by toString");
    expect(isInBreach({ ...rule, alarm: { ...rule.alarm, comparison: "GreaterThanUpperThreshold" } }, 1e9)).toBe(false);
  });
});

const watched = (amount: readonly number[], policy: Policy, more: Partial<SteppedAmount> = {}): SteppedAmount => ({
  amount: Float64Array.from(amount),
  rule: ruleOf(policy),
  stepsUntilMore: 1,
  stepsUntilFewer: 1,
  fewerEachStep: 15,
  ...more,
});
const bounds = (steps: number, least: number, most: number) => ({
  least: new Float64Array(steps).fill(least),
  most: new Float64Array(steps).fill(most),
  set: new Float64Array(steps).fill(Number.NaN),
});
const hours = (...values: readonly number[]): readonly number[] => values.flatMap((value) => Array.from({ length: stepsPerHour }, () => value));
const out: Policy = { ...above, steps: [{ from: 0, change: 2 }] };
const inwards: Policy = { ...below, steps: [{ until: 0, change: -1 }] };

describe("the replay of policies of steps", () => {
  it("adds once in each quarter of an hour while the alarm is in breach, stays between both alarms, and shrinks until one is clear", () => {
    const amounts = hours(900, 900, 900, 300, 300);
    const both = [watched(amounts, out), watched(amounts, inwards)];
    // 900 % on 10 are 90: 12, 14, and 16, which is clear; 300 % on 16 are 18.75: down to 10, of which 30 is no longer below 30.
    const { mean, least, asked } = replaySizes(both, bounds(20, 1, 99), 10);
    expect([...least]).toEqual([10, 16, 16, 10, 10]);
    expect([...mean]).toEqual([13, 16, 16, (16 + 10 * 3) / 4, 10]);
    expect([...asked]).toEqual([16, 16, 16, 10, 10]);
  });

  it("waits for as many quarters of an hour as the alarm takes, each way", () => {
    const up = hours(900, 900);
    expect([...replaySizes([watched(up, out, { stepsUntilMore: 3 })], bounds(8, 1, 99), 10).least]).toEqual([10, 14]);
    const down = hours(200, 200);
    expect([...replaySizes([watched(down, inwards, { stepsUntilFewer: 4, fewerEachStep: 1 })], bounds(8, 1, 99), 10).mean]).toEqual([10, (9 + 8 + 7 + 6) / 4]);
  });

  it("does not ask again for what warms up", () => {
    const up = hours(900, 900);
    // 12 after the first quarter of an hour; counted on only once they are ready, until when 90 % of 10 ask for no more than those 12.
    expect([...replaySizes([watched(up, out)], bounds(8, 1, 99), 10, 3).mean]).toEqual([(10 + 12 * 3) / 4, (14 * 3 + 16) / 4]);
  });

  it("takes a maximum for one that binds only where more are asked for", () => {
    const up = hours(900, 900);
    expect(replaySizes([watched(up, out)], bounds(8, 1, 16), 10).bound).toEqual([false, false]);
    expect(replaySizes([watched(up, out)], bounds(8, 1, 14), 10).bound).toEqual([true, true]);
  });

  it("lets no target that is met take away what steps ask for at that moment, nor steps what a target needs", () => {
    const amounts = hours(900, 900);
    const tracked = (target: number) => ({ amount: Float64Array.from(amounts), target, neverShrinks: false });
    expect(replaySizes([tracked(100), watched(amounts, out)], bounds(8, 1, 99), 10).asked[0]).toBe(16);
    const shrinking = watched(amounts, { ...below, threshold: 95, steps: [{ until: 0, change: -1 }] });
    expect(replaySizes([tracked(50), shrinking], bounds(8, 1, 99), 10).asked[0]).toBe(18);
  });

  it("comes to the most of several policies that take some away, and leaves one instance", () => {
    const down = hours(100);
    const byFour = watched(down, { ...below, steps: [{ until: 0, change: -4 }] }, { fewerEachStep: 1 });
    const byOne = watched(down, inwards, { fewerEachStep: 1 });
    for (const policies of [
      [byFour, byOne],
      [byOne, byFour],
    ])
      expect([...replaySizes(policies, bounds(4, 1, 99), 10).mean]).toEqual([(10 + 9 + 8 + 7) / 4]);
    expect([...replaySizes([watched(down, { ...below, steps: [{ until: 0, change: -40 }] })], bounds(4, 0, 99), 10).least]).toEqual([1]);
  });

  it("takes the most of several that add, whatever stands before them, and nothing away meanwhile", () => {
    const up = hours(900);
    const byFour = watched(up, { ...above, steps: [{ from: 0, change: 4 }] });
    const shrinking = watched(up, { ...below, threshold: 95, steps: [{ until: 0, change: -1 }] });
    for (const policies of [
      [byFour, watched(up, out)],
      [watched(up, out), byFour],
      [shrinking, byFour],
      [byFour, shrinking],
    ])
      expect(replaySizes(policies, bounds(4, 1, 14), 10).least[0]).toBe(10);
    expect([...replaySizes([watched(up, out), byFour], bounds(4, 1, 14), 10).mean]).toEqual([(10 + 14 * 3) / 4]);
    expect([...replaySizes([byFour, watched(up, out)], bounds(4, 1, 14), 10).mean]).toEqual([(10 + 14 * 3) / 4]);
  });

  it("stops taking away where no step is for what is left, or where a step adds", () => {
    const down = hours(100);
    const far: Policy = { ...below, steps: [{ until: -15, change: -3 }] };
    // 10 % on 10 and 14.3 % on 7 are further below than 15; 25 % on 4 is not.
    expect([...replaySizes([watched(down, far)], bounds(4, 1, 99), 10).least]).toEqual([4]);
    const turning: Policy = {
      ...below,
      steps: [
        { until: -15, change: -3 },
        { from: -15, until: 0, change: 1 },
      ],
    };
    expect([...replaySizes([watched(down, turning)], bounds(4, 1, 99), 10).least]).toEqual([4]);
  });

  it("goes on from what a step is for: none is, and nothing changes", () => {
    const down = hours(280);
    const policy: Policy = { ...below, steps: [{ from: -5, until: 0, change: -1 }] };
    // 28 % on 10 is 2 below, and 31 % on 9 is clear; 14 % on 20 is 16 below, which no step is for.
    expect([...replaySizes([watched(down, policy)], bounds(4, 1, 99), 10).least]).toEqual([9]);
    expect([...replaySizes([watched(down, policy)], bounds(4, 1, 99), 20).least]).toEqual([20]);
  });
});

/** The account's own policies, tick by tick: what is asked for serves two ticks later. */
function simulated(amount: readonly number[], policies: readonly Policy[], first: number, [least, most]: readonly [number, number]): readonly number[] {
  const alarms = policies.map(
    ({ comparison, threshold, minutes, adjustment = "ChangeInCapacity", leastChange = 0, cooldownSeconds = 0, steps }) =>
      new StepScaling({
        kind: "StepScaling",
        alarm: { metric: "CPUUtilization", comparison, threshold, evaluationMinutes: minutes },
        adjustment,
        leastChange,
        steps,
        cooldownSeconds,
      }),
  );
  const launchTicks = 1;
  let launched = [first, first];
  return amount.map((shared, tick) => {
    const desired = launched.at(-1) ?? first;
    const serving = Math.min(...launched.slice(-1 - launchTicks));
    const wanted = agreedSize(
      [],
      alarms.map((alarm) => alarm.see(shared / serving, serving, tick * 300_000)),
      desired,
    );
    launched = [...launched, Math.min(most, Math.max(least, wanted))];
    return serving;
  });
}

it("counts on no more than a little above what the account's policies keep of random loads, and pays for about as many", () => {
  // A load that only just reaches an alarm in its highest moment is answered or not by a hair, and what was added stays.
  const load = fc.record({
    base: fc.integer({ min: 150, max: 500 }),
    times: fc.double({ min: 2.2, max: 4, noNaN: true }),
    change: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(load, ({ base, times, change }) => {
      const days = 4;
      const ticksPerHour = 12;
      const ticks = Array.from({ length: days * 24 * ticksPerHour }, (_, tick) => {
        const day = (1 - Math.cos((tick / ticksPerHour / 24) * 2 * Math.PI)) / 2;
        return base * (1 + (times - 1) * day);
      });
      const quarters = ticks.filter((_, tick) => tick % 3 === 1);
      const policies: readonly Policy[] = [
        { ...above, steps: [{ from: 0, change }] },
        { ...below, steps: [{ until: 0, change: -1 }] },
      ];
      const first = Math.ceil(base / 50);
      const kept = simulated(ticks, policies, first, [2, 99]);
      const { mean, least } = replaySizes(
        policies.map((policy) => watched(quarters, policy)),
        bounds(quarters.length, 2, 99),
        first,
      );
      const hourly = (of: (some: readonly number[]) => number) =>
        Array.from(least, (_, hour) => of(kept.slice(hour * ticksPerHour, (hour + 1) * ticksPerHour)));
      const fewest = hourly((some) => Math.min(...some));
      for (const [hour, count] of least.entries()) {
        const had = fewest[hour] ?? 0;
        // Where a load falls instances are taken away, of which a few more or fewer are told while none of them has much to do.
        const busiest = Math.max(...ticks.slice(hour * ticksPerHour, (hour + 1) * ticksPerHour)) / had;
        if (busiest > 45) expect(count).toBeLessThanOrEqual(had + change);
      }
      const sum = (some: ArrayLike<number>) => Array.from(some).reduce((all, each) => all + each, 0);
      const paid = sum(hourly((some) => sum(some) / some.length));
      expect(sum(mean) / paid).toBeGreaterThan(0.93);
      expect(sum(mean) / paid).toBeLessThan(1.07);
    }),
  );
});
