import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AutoScalingGroup, GroupHabits, ScalingPolicy } from "../../../../../optimizer/core/levers/asg/group.ts";
import { replaySizes, type StepBounds } from "../../../../../optimizer/core/levers/asg/replay.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Proposal, Skip } from "../../../../../optimizer/core/model/rule.ts";
import { knownUsd } from "../../../../../optimizer/core/money/monthly.ts";
import { aGroup, aWorld, groupSees, noHabits, type World } from "../../../../support/world.ts";

const rule = ruleOf("asg.instance-type");

function decided(world: World): Proposal | Skip {
  const [decision] = rule.decide(world.facts(rule));
  if (decision === undefined || decision.kind === "advice") throw new Error("no decision");
  return decision;
}

function proposal(world: World): Proposal {
  const decision = decided(world);
  if (decision.kind === "skip") throw new Error(`${decision.code}: ${decision.detail}`);
  return decision;
}

function skipped(world: World): Skip {
  const decision = decided(world);
  if (decision.kind === "proposal") throw new Error(`proposed ${decision.to}`);
  return decision;
}

const cpuAt = (value: number, more: Partial<ScalingPolicy> = {}): ScalingPolicy => ({
  name: "cpu",
  type: "TargetTrackingScaling",
  enabled: true,
  target: { metric: "ASGAverageCPUUtilization", value },
  ...more,
});
const groupWith = (habits: Partial<GroupHabits>, more: Partial<AutoScalingGroup> = {}): AutoScalingGroup =>
  aGroup({ minSize: 12, desiredCapacity: 12, habits: { ...noHabits, ...habits }, ...more });
const hourMs = 3_600_000;
const short = aWorld().policed({ baselineDays: 14 });
/** Twelve instances, at 12 % by night and `day` % from six to eighteen. */
const byDay = (group: AutoScalingGroup, day: number): World =>
  groupSees(short.with(group), "web", { cpu: 12, size: 12 }).sees(metrics.ec2Cpu, "web", (hour) => (hour % 24 >= 6 && hour % 24 < 18 ? day : 12));

describe("a group whose policies move its size, on a smaller type", () => {
  it("saves what the sizes cost that its policies would keep there, not today's number times the price", () => {
    const decision = proposal(byDay(groupWith({ scalingPolicies: [cpuAt(40)] }), 25));
    // By day 25 % × 12 = 300 % of one, 600 % of one half as large: 15 at 40 %. By night 288 %: its minimum of 12.
    const [before, after] = [
      knownUsd(decision.monthlyCost?.before ?? { kind: "known", usd: 0 }),
      knownUsd(decision.monthlyCost?.after ?? { kind: "known", usd: 0 }),
    ];
    expect(before).toBeCloseTo(12 * 0.768 * 730);
    expect(after / (0.384 * 730)).toBeGreaterThan(13.3);
    expect(after / (0.384 * 730)).toBeLessThan(13.7);
    expect(knownUsd(decision.savings)).toBeCloseTo(before - after);
    expect(decision.warnings).toEqual([
      expect.stringMatching(/^its policies cpu set its desired number: they would keep 13\.\d+ instances on average instead of 12/),
    ]);
  });

  it("counts on the instances that its policies would add, less those of a lost zone", () => {
    // On twelve, 32 % × (16 × 12) ÷ (8 × 8) = 96 % at noon; then there are twenty, of which a zone leaves twelve or thirteen.
    const wave = (group: AutoScalingGroup): World => byDay(group, 25).sees(metrics.ec2Cpu, "web", (hour) => 22 - 10 * Math.cos(((hour % 24) / 12) * Math.PI));
    expect(skipped(wave(groupWith({}))).detail).toContain("cpu would be 96 %");
    const decision = proposal(wave(groupWith({ scalingPolicies: [cpuAt(40)] })));
    const cpu = decision.chosen?.projections.find(({ dimension }) => dimension === "cpu");
    expect(cpu?.projected).toBeGreaterThan(0.6);
    expect(cpu?.projected).toBeLessThan(0.8);
  });

  it.each<[string, Partial<AutoScalingGroup>, Partial<GroupHabits>, string]>([
    ["ten minutes", { warmUpSeconds: 600 }, {}, "m5.2xlarge"],
    ["fifty minutes", { warmUpSeconds: 3000 }, {}, "does-not-fit"],
    ["ten minutes of their policies", { warmUpSeconds: 3000 }, { policyWarmUpSeconds: 600 }, "m5.2xlarge"],
    ["fifty minutes of their policies", { warmUpSeconds: 600 }, { policyWarmUpSeconds: 3000 }, "does-not-fit"],
  ])("counts on them once they are warm: %s in a morning in which the load triples", (_, more, habits, said) => {
    const group = groupWith({ scalingPolicies: [cpuAt(40)], ...habits }, more);
    // 10 % of twelve from seven to eight, 30 % from nine on: on half as large ones 60 % until the eighteen are there.
    const morning = byDay(group, 30).sees(metrics.ec2Cpu, "web", (hour) => (hour % 24 < 8 || hour % 24 > 18 ? 10 : hour % 24 === 8 ? 20 : 30));
    const decision = decided(morning);
    expect(decision.kind === "proposal" ? decision.to : decision.code).toBe(said);
  });

  it("is refused where its maximum would bind, and says when and how often", () => {
    const decision = skipped(byDay(groupWith({ scalingPolicies: [cpuAt(40)] }, { maxSize: 14 }), 25));
    expect(decision.code).toBe("does-not-fit");
    expect(decision.detail).toMatch(
      /instances would be 107\.\d %, at most 100 %.*they would ask for 15 at 2026-04-06 (?:0[6-9]|1[0-8]):00 UTC, its maximum of 14 would bind in \d+ of 336 hours/,
    );
  });

  it("is replayed from its minimum on where nobody knows what ran in the first hour, or nothing did", () => {
    const world = byDay(groupWith({ scalingPolicies: [cpuAt(40)] }), 25);
    const costIn = (seen: World): number => knownUsd(proposal(seen).monthlyCost?.after ?? { kind: "known", usd: Number.NaN });
    for (const first of [Number.NaN, 0, 0.4]) {
      const begun = world.sees(metrics.groupInService, "web", (hour) => (hour < 1 ? first : 12));
      // Of its 336 hours one may cost another number of instances.
      expect(Math.abs(costIn(begun) / costIn(world) - 1), `${first} in the first hour`).toBeLessThan(1 / 336);
    }
  });

  it("is told nothing new where its policies keep the size they keep today", () => {
    const calm = proposal(byDay(groupWith({ scalingPolicies: [cpuAt(70)] }), 25));
    expect(calm.warnings).toEqual([]);
    expect(calm.savings).toEqual(proposal(byDay(groupWith({}), 25)).savings);
  });

  it("goes on paying for instances that ran although its policies asked for fewer", () => {
    const idle = groupSees(short.with(groupWith({ scalingPolicies: [cpuAt(60)] }, { minSize: 2 })), "web", { cpu: 12, size: 12 });
    expect(knownUsd(proposal(idle).savings)).toBeCloseTo(12 * 0.384 * 730);
  });

  it("does not count on policies that would have asked today's type for more than ran", () => {
    // At 10 % target the policies would keep 30 of today's: nobody knows why twelve ran.
    const deaf = byDay(groupWith({ scalingPolicies: [cpuAt(10)] }, { maxSize: 90 }), 32);
    expect(skipped(deaf)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("÷ (8 × 8)") });
  });

  it("counts on policies that would have asked for more in a twentieth of the hours, and not in one hour more", () => {
    const wave = byDay(groupWith({ scalingPolicies: [cpuAt(40)] }), 25).sees(metrics.ec2Cpu, "web", (hour) => 22 - 10 * Math.cos(((hour % 24) / 12) * Math.PI));
    // Of 336 hours sixteen, by night in the first week, in which five ran and not the twelve of its minimum.
    const fewIn = (hours: number): World =>
      wave.sees(metrics.groupInService, "web", (hour) =>
        hour % 24 < 3 && hour < 24 * 6 && Math.floor(hour / 24) * 3 + Math.floor(hour % 24) < hours ? 5 : 12,
      );
    expect(proposal(fewIn(16)).to).toBe("m5.2xlarge");
    expect(skipped(fewIn(17)).code).toBe("does-not-fit");
  });

  it("counts on no instance that its policies would have asked today's type for, too, and that never ran", () => {
    const policy: ScalingPolicy = { ...cpuAt(1000), name: "requests", target: { metric: "ALBRequestCountPerTarget", value: 1000 } };
    const alone = groupWith({ scalingPolicies: [policy] }, { minSize: 1, desiredCapacity: 1, maxSize: 9, availabilityZones: ["us-east-1a"] });
    const seen = (perMinute: number): World =>
      groupSees(short.with(alone), "web", { cpu: 20, size: 1 })
        .sees(metrics.ec2Cpu, "web", (hour) => (hour % 24 === 12 ? 44 : 20))
        .sees(metrics.balancerRequests, "app/web/0123456789abcdef", perMinute * 15);
    // Where its balancer serves others besides, 1,400 a minute would be two of today's, and one ran.
    for (const perMinute of [900, 1400])
      expect(skipped(seen(perMinute)).detail).toContain("cpu would be 88 %, at most 80 % (p99.5 of hourly maxima 44 % × (16 × 1) ÷ (8 × 1)");
  });

  it("follows schedules of its bounds, in their own time zone", () => {
    const schedules = [
      { name: "day", recurrence: "0 8 * * *", timeZone: "Europe/Berlin", minSize: 20, desiredCapacity: null, maxSize: null },
      { name: "night", recurrence: "0 20 * * *", timeZone: "Europe/Berlin", minSize: 12, desiredCapacity: null, maxSize: null },
    ];
    const scheduled = { scalingPolicies: [cpuAt(70)], scheduledActions: ["day", "night"], schedules };
    const decision = proposal(byDay(groupWith(scheduled, { maxSize: 40 }), 25));
    // Half of the hours at 20, the others at 12.
    expect(knownUsd(decision.monthlyCost?.after ?? { kind: "known", usd: 0 }) / (0.384 * 730)).toBeCloseTo(16, 0);
  });

  it("counts on no schedule that begins later, nor on one that has ended", () => {
    const endMs = byDay(groupWith({}), 25).facts(rule).baseline.span.endMs;
    const raised = { name: "day", recurrence: "0 8 * * *", timeZone: null, minSize: 20, desiredCapacity: null, maxSize: null };
    const afterwards = (more: object): number => {
      const habits = { scalingPolicies: [cpuAt(70)], scheduledActions: ["day"], schedules: [{ ...raised, ...more }] };
      return knownUsd(proposal(byDay(groupWith(habits, { maxSize: 40 }), 25)).monthlyCost?.after ?? { kind: "known", usd: 0 }) / (0.384 * 730);
    };
    // AWS tells of each the next time it acts: that of one in force is its next recurrence.
    const nextMs = Math.ceil((endMs - 8 * hourMs) / (24 * hourMs)) * 24 * hourMs + 8 * hourMs;
    expect(afterwards({ startMs: nextMs })).toBeCloseTo(20, 0);
    expect(afterwards({ startMs: nextMs + 10 * 24 * hourMs })).toBeCloseTo(12, 0);
    expect(afterwards({ endMs: endMs - hourMs })).toBeCloseTo(12, 0);
  });

  it("is left alone where a schedule makes it smaller for the first time, or ends: no hour of the baseline shows either", () => {
    const endMs = byDay(groupWith({}), 25).facts(rule).baseline.span.endMs;
    const action = { name: "cut", recurrence: null, timeZone: null, minSize: null, desiredCapacity: null, maxSize: null, startMs: endMs + 24 * hourMs };
    const withAction = (more: object, habits: Partial<GroupHabits> = {}) =>
      byDay(groupWith({ scheduledActions: ["cut"], schedules: [{ ...action, ...more }], ...habits }), 20);
    const smaller = /its scheduled action cut makes it smaller from .* UTC on, which no hour of the baseline shows/;
    for (const size of [{ desiredCapacity: 4 }, { maxSize: 4 }, { minSize: 4 }])
      expect(skipped(withAction(size))).toMatchObject({ code: "scaled", detail: expect.stringMatching(smaller) });
    expect(skipped(withAction({ recurrence: "0 8 * * *", startMs: endMs + 9 * 24 * hourMs, desiredCapacity: 4 })).detail).toMatch(smaller);
    expect(skipped(withAction({ recurrence: "0 8 * * *", startMs: endMs, endMs: endMs + hourMs, minSize: 12 })).detail).toContain("cut ends at");
    expect(proposal(withAction({ desiredCapacity: 30 })).kind).toBe("proposal");
    const { desiredCapacity, minSize } = groupWith({});
    for (const asItIs of [{ desiredCapacity }, { maxSize: desiredCapacity }, { minSize }]) expect(proposal(withAction(asItIs)).kind).toBe("proposal");
    expect(proposal(withAction({ desiredCapacity: 4, startMs: endMs - 1 })).kind).toBe("proposal");
    expect(proposal(withAction({ desiredCapacity: 4 }, { suspendedProcesses: ["ScheduledActions"] })).kind).toBe("proposal");
  });

  it("is left alone where what its schedules set is not known, or its own metrics are off", () => {
    const unknown = byDay(groupWith({ scalingPolicies: [cpuAt(40)], scheduledActions: ["day"] }), 25);
    expect(skipped(unknown)).toMatchObject({ code: "insufficient-data", detail: "what its scheduled actions day set is not known" });
    const recurs = (recurrence: string, timeZone: string | null): string => {
      const schedules = [{ name: "day", recurrence, timeZone, minSize: 2, desiredCapacity: null, maxSize: null }];
      return skipped(byDay(groupWith({ scalingPolicies: [cpuAt(40)], scheduledActions: ["day"], schedules }), 25)).detail;
    };
    expect(recurs("0 8 * * SAT-SUN", null)).toBe("when its scheduled action day recurs (0 8 * * SAT-SUN in UTC) is not understood");
    expect(recurs("0 8 * * *", "Mars/Olympus")).toBe("when its scheduled action day recurs (0 8 * * * in Mars/Olympus) is not understood");
    const off = byDay(groupWith({ scalingPolicies: [cpuAt(40)] }), 25).sees(metrics.groupInService, "web", Number.NaN);
    expect(skipped(off)).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("GroupInServiceInstances") });
  });
});

const bounds = (steps: number, least: number, most: number): StepBounds => ({
  least: new Float64Array(steps).fill(least),
  most: new Float64Array(steps).fill(most),
  set: new Float64Array(steps).fill(Number.NaN),
});
const tracked = (amount: readonly number[], target: number, neverShrinks = false) => ({ amount: Float64Array.from(amount), target, neverShrinks });

describe("target tracking, replayed", () => {
  it("grows above the target, stays between it and nine tenths of it, and shrinks below", () => {
    const { mean } = replaySizes([tracked([500, 500, 500, 500, 460, 460, 460, 460, 440, 440, 440, 440], 50)], bounds(12, 1, 99), 8);
    // 500 ÷ 8 = 62.5: ten from the second step on. 460 ÷ 10 = 46 stays. 440 ÷ 10 = 44 shrinks to nine.
    expect([...mean]).toEqual([9.5, 10, 9.25]);
  });

  it("takes the most that any policy asks for, and shrinks only where all agree", () => {
    const steps = bounds(4, 1, 99);
    const amounts = [tracked([500, 500, 500, 500], 50), tracked([900, 900, 900, 900], 100)];
    expect([...replaySizes(amounts, steps, 20).mean]).toEqual([(20 + 10 * 3) / 4]);
    expect([...replaySizes([tracked([100, 100, 100, 100], 50), tracked([1900, 1900, 1900, 1900], 100)], steps, 20).mean]).toEqual([20]);
    expect([...replaySizes([tracked([100, 100, 100, 100], 50, true)], steps, 20).mean]).toEqual([20]);
  });

  it("counts on new instances once they are ready, and asks for them once", () => {
    const ramp = tracked([500, 1000, 1000, 1000, 1000, 1000, 1000, 1000], 50);
    const at = (readySteps: number) => replaySizes([ramp], bounds(8, 1, 99), 10, readySteps);
    expect([...at(1).least]).toEqual([10, 20]);
    // Twenty are launched from the third step on, and ready three steps after that.
    expect([...at(4).least]).toEqual([10, 10]);
    expect([...at(4).mean]).toEqual([...at(1).mean]);
    expect([...at(4).asked]).toEqual([20, 20]);
  });

  it("stays where nobody knows the load, and within its bounds whatever is asked", () => {
    expect([...replaySizes([tracked([Number.NaN, Number.NaN, Number.NaN, Number.NaN], 50)], bounds(4, 1, 99), 7).mean]).toEqual([7]);
    const held = replaySizes([tracked([9000, 9000, 9000, 9000], 50)], bounds(4, 1, 20), 7);
    expect([...held.asked, ...held.bound]).toEqual([180, true]);
    expect([...held.mean]).toEqual([(7 + 20 * 3) / 4]);
  });

  it("stays within its bounds, whatever the load, and never waits to grow", () => {
    const load = fc.array(fc.integer({ min: 0, max: 6000 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 90 }), (amount, first) => {
        const { least, mean, asked } = replaySizes([tracked(amount, 50)], bounds(16, 3, 60), first);
        expect(Math.min(...least)).toBeGreaterThanOrEqual(3);
        expect(Math.max(...mean)).toBeLessThanOrEqual(60);
        const needed = [0, 1, 2, 3].map((hour) => Math.ceil((amount[hour * 4 + 3] ?? 0) / 50));
        expect([...asked].every((count, hour) => count >= (needed[hour] ?? 0))).toBe(true);
      }),
    );
  });
});

describe("a group that had another type before", () => {
  const startMs = aWorld().policed({ baselineDays: 14 }).with(aGroup()).facts(rule).baseline.span.startMs;
  const hourMs = 3_600_000;
  const had = (fromHour: number, untilHour: number | null): Skip | Proposal => {
    const span = { instanceType: "m5.12xlarge", fromMs: startMs + fromHour * hourMs, untilMs: untilHour === null ? null : startMs + untilHour * hourMs };
    return decided(groupSees(short.with(aGroup({ otherTypes: [span] })), "web", { cpu: 12 }));
  };

  it("is not judged by hours that are shares of another type, and says so", () => {
    expect(had(-500, 100)).toMatchObject({
      kind: "skip",
      code: "insufficient-data",
      detail: expect.stringContaining("in which its instances were not m5.4xlarge (m5.12xlarge), has 70.2 % of its points"),
    });
    expect(had(10, null), "nobody knows until when").toMatchObject({ kind: "skip", code: "insufficient-data" });
  });

  it("is judged by the others where they are enough, and by all once those are out of reach", () => {
    expect(had(10, 12)).toMatchObject({ kind: "proposal", evidence: expect.arrayContaining([expect.objectContaining({ completeness: 1 - 2 / 336 })]) });
    expect(had(-500, -10)).toMatchObject({ kind: "proposal" });
  });
});

describe("a group whose instances reported each minute before", () => {
  const startMs = aWorld().policed({ baselineDays: 14 }).with(aGroup()).facts(rule).baseline.span.startMs;
  const was = (fromHour: number, untilHour: number, detailedMonitoring = true): Skip | Proposal => {
    const span = { instanceType: "m5.4xlarge", detailedMonitoring, fromMs: startMs + fromHour * 3_600_000, untilMs: startMs + untilHour * 3_600_000 };
    return decided(groupSees(short.with(aGroup({ detailedMonitoring: false, otherTypes: [span] })), "web", { cpu: 12 }));
  };

  it("is not judged by bytes of a minute as if they were of five, and says so", () => {
    expect(was(-500, 100)).toMatchObject({
      kind: "skip",
      code: "insufficient-data",
      detail: expect.stringContaining("in which its instances reported not every five minutes (each minute)"),
    });
  });

  it("is judged by the hours that are left where they are enough, and by all where they reported as now", () => {
    expect(was(10, 12).kind).toBe("proposal");
    expect(was(-500, 100, false).kind).toBe("proposal");
  });
});
