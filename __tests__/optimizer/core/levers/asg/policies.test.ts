import { describe, expect, it } from "vitest";
import type { AutoScalingGroup, GroupHabits, ScalingPolicy, StartingAlarm, Stepping } from "../../../../../optimizer/core/levers/asg/group.ts";
import { ownerObstacle } from "../../../../../optimizer/core/levers/asg/owners.ts";
import { replaySizes } from "../../../../../optimizer/core/levers/asg/replay.ts";
import { askedByHour, fleetWords, type ScaledFleet, scaledFleet } from "../../../../../optimizer/core/levers/asg/scaled-fleet.ts";
import { type ReplayedPolicy, scalingOf, type TrackingPolicy } from "../../../../../optimizer/core/levers/asg/replayed-policies.ts";
import { sharedAmount, wantedByHour } from "../../../../../optimizer/core/levers/asg/scaling.ts";
import { changesLater, scheduledBounds } from "../../../../../optimizer/core/levers/asg/schedule.ts";
import { groupStudies, type GroupStudy } from "../../../../../optimizer/core/levers/asg/study.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { quantile } from "../../../../../optimizer/core/sizing/quantile.ts";
import { aGroup, aWorld, groupSees, noHabits, type World } from "../../../../support/world.ts";

const hourMs = 3_600_000;
const short = aWorld().policed({ baselineDays: 14 });
const policyOn = (metric: string, value: number): ScalingPolicy => ({
  name: "keeps",
  type: "TargetTrackingScaling",
  enabled: true,
  target: { metric, value },
});
const scaled = (policy: ScalingPolicy, more: Partial<AutoScalingGroup> = {}): AutoScalingGroup =>
  aGroup({ minSize: 2, desiredCapacity: 4, maxSize: 90, habits: { ...noHabits, scalingPolicies: [policy] }, ...more });

function studied(world: World): GroupStudy {
  const [group] = world.inventory.resources;
  if (group?.kind !== "auto-scaling-group") throw new Error("no group");
  return groupStudies.study(world.facts(ruleOf("asg.instance-type")), group)("careful");
}

function policiesOf({ group }: GroupStudy): readonly ReplayedPolicy[] {
  const scaling = scalingOf(group);
  if (scaling.kind !== "policies") throw new Error(scaling.kind);
  return scaling.policies;
}

const trackingOf = (study: GroupStudy): readonly TrackingPolicy[] => policiesOf(study).filter((policy) => policy.kind === "tracking");

function fleetOf(study: GroupStudy, type = "m5.2xlarge"): ScaledFleet {
  const fleet = scaledFleet(study, policiesOf(study), type);
  if (typeof fleet === "string") throw new Error(fleet);
  return fleet;
}

describe("a policy on the bytes of each instance", () => {
  it.each(["ASGAverageNetworkIn", "ASGAverageNetworkOut"] as const)("shares out what all of them move, whatever their type: %s", (metric) => {
    const study = studied(groupSees(short.with(scaled(policyOn(metric, 1e9))), "web", { cpu: 10, gbps: 0.1, size: 4 }));
    const [first = Number.NaN] = sharedAmount(study, metric, "m5.2xlarge").values;
    // 0.1 Gbit/s out, a quarter of it in, in the 300 seconds of a sample, of four instances.
    expect(first).toBeCloseTo((4 * 300 * (metric === "ASGAverageNetworkIn" ? 0.025e9 : 0.1e9)) / 8);
  });
});

describe("the replay of a group's policies", () => {
  it("is not to be had of a type that nobody knows, nor of a group that runs on one", () => {
    const policy = policyOn("ASGAverageCPUUtilization", 40);
    const study = studied(groupSees(short.with(scaled(policy)), "web", { cpu: 30, size: 4 }));
    expect(scaledFleet(study, policiesOf(study), "x9.huge")).toContain("CPUUtilization Average has 0 % of its points");
    expect(wantedByHour(study, trackingOf(study), "x9.huge")).toContain("CPUUtilization Average has 0 % of its points");
    const unknown = studied(groupSees(short.with(scaled(policy, { instanceType: "x9.huge" })), "web", { cpu: 30, size: 4 }));
    expect(scaledFleet(unknown, policiesOf(unknown), "m5.2xlarge")).toContain("has 0 % of its points");
  });

  it.each([
    // Five ran where 30 % × 5 = 150 % ask for four at 40 %, and 162 % for five: with such swings 330 % of half as large ones, nine.
    [30, 9],
    // 146.5 % come to five only with the largest swing that is looked for.
    [29.3, 9],
    // 144 % never do: something else kept the fifth one, and 288 % ask for eight.
    [28.8, 8],
  ])("lets minutes swing by as much as it takes that today's type comes to the size that ran: of %d %% to %d", (cpu, instances) => {
    const group = scaled(policyOn("ASGAverageCPUUtilization", 40), { desiredCapacity: 5 });
    expect(quantile(fleetOf(studied(groupSees(short.with(group), "web", { cpu, size: 5 }))).running, 0.5)).toBe(instances);
  });

  describe("of steps", () => {
    const stepped = (more: Partial<Stepping> = {}, alarm: Partial<StartingAlarm> = {}): ScalingPolicy => ({
      name: "steps",
      type: "StepScaling",
      enabled: true,
      target: null,
      stepping: {
        adjustment: "ChangeInCapacity",
        leastChange: 0,
        steps: [{ from: null, until: null, change: -1 }],
        aggregation: "Average",
        cooldownSeconds: 0,
        alarms: [
          {
            name: "idle",
            watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "web" },
            comparison: "LessThanThreshold",
            threshold: 20,
            periodSeconds: 300,
            datapoints: 3,
            periods: 3,
            acts: true,
            ...alarm,
          },
        ],
        ...more,
      },
    });
    const group = (policy: ScalingPolicy) => scaled(policy, { desiredCapacity: 20 });
    const at = (policy: ScalingPolicy) => studied(groupSees(short.with(group(policy)), "web", { cpu: 5, size: 20 }));

    it("takes instances away once a minute, or once a cooldown where it is simple scaling", () => {
      // 10 % of CPU on twenty of half the size are 200 %: below 20 % on more than ten.
      const afterQuarterHour = (policy: ScalingPolicy) => {
        const study = at(policy);
        const asked = askedByHour(study, policiesOf(study), "m5.2xlarge", 2);
        return typeof asked === "string" ? asked : asked[0];
      };
      expect(afterQuarterHour(stepped())).toBe(10);
      expect(afterQuarterHour(stepped({ cooldownSeconds: 300 }))).toBe(17);
      expect(afterQuarterHour(stepped({ cooldownSeconds: 1800 }))).toBe(19);
      expect(afterQuarterHour(stepped({ cooldownSeconds: 1800 }, { datapoints: 6, periods: 6 }))).toBe(20);
    });

    it("counts on none that only minutes which stand out have asked for, though they are paid for", () => {
      const alarms = stepped().stepping?.alarms ?? [];
      const at30 = stepped({ alarms: alarms.map((alarm) => ({ ...alarm, threshold: 30 })) });
      const above40 = stepped({
        steps: [{ from: 0, until: null, change: 1 }],
        alarms: alarms.map((alarm) => ({ ...alarm, name: "busy", comparison: "GreaterThanThreshold", threshold: 40 })),
      });
      const both = aGroup({ minSize: 2, desiredCapacity: 5, maxSize: 90, habits: { ...noHabits, scalingPolicies: [at30, { ...above40, name: "more" }] } });
      const { running, carrying } = fleetOf(studied(groupSees(short.with(both), "web", { cpu: 28, size: 5 })));
      // Five ran where 28 % would take one away: minutes swing by as much as 10 %. 308 % on half the size ask for eight at 40 %, 280 % for seven.
      expect([quantile(running, 0.5), quantile(carrying, 0.5)]).toEqual([8, 7]);
    });

    it("asks for what is not known where sizes, or the metric, are not", () => {
      const policy = stepped();
      const study = at(policy);
      expect(askedByHour(study, policiesOf(study), "x9.huge", 2)).toContain("CPUUtilization Average has 0 % of its points");
      const unknown = studied(groupSees(short.with(group(policy)), "web", { cpu: 5 }).sees(metrics.groupInService, "web", () => Number.NaN));
      expect(askedByHour(unknown, policiesOf(unknown), "m5.2xlarge", 2)).toContain("its size by hour is not known");
      const untold = studied(short.with(group(policy)).sees(metrics.groupInService, "web", 20));
      expect(askedByHour(untold, policiesOf(untold), "m5.2xlarge", 2)).toContain("CPUUtilization Average has 0 % of its points");
    });
  });

  it("starts at the minimum where no instance ran in the first hour", () => {
    const group = scaled(policyOn("ASGAverageCPUUtilization", 40));
    const late = groupSees(short.with(group), "web", { cpu: 39 }).sees(metrics.groupInService, "web", (hour) => (hour < 1 ? 0 : 4));
    // Two in the first quarter of an hour, the nine that 312 % ask for with the smallest swing in the other three.
    expect(fleetOf(studied(late)).running[0]).toBe((2 + 3 * 9) / 4);
  });

  it("says how often its maximum holds a fleet back", () => {
    const carrying = Float64Array.of(2, 3);
    const fleet = { running: carrying, carrying, grown: carrying, hoursAtMaximum: 1, bound: undefined };
    expect(fleetWords(fleet, 2)).toBe("2.5 instances on average instead of 2, at its maximum in 1 of 2 hours");
    expect(fleetWords({ ...fleet, hoursAtMaximum: 0 }, 2)).toBe("2.5 instances on average instead of 2");
  });

  it("takes the number that a schedule sets, and goes on from there", () => {
    const set = Float64Array.of(Number.NaN, 9, Number.NaN, Number.NaN);
    const bounds = { least: new Float64Array(4).fill(1), most: new Float64Array(4).fill(99), set };
    expect([...replaySizes([], bounds, 3).mean]).toEqual([(3 + 9 * 3) / 4]);
  });
});

describe("what scheduled actions make of a group's limits", () => {
  const startMs = Date.UTC(2026, 3, 6);
  const nothing = { name: "day", recurrence: "0 8 * * *", timeZone: null, minSize: null, desiredCapacity: null, maxSize: null };
  const bounded = (schedule: object, habits: Partial<GroupHabits> = {}) => {
    const group = aGroup({ minSize: 2, maxSize: 20, habits: { ...noHabits, scheduledActions: ["day"], schedules: [{ ...nothing, ...schedule }], ...habits } });
    const bounds = scheduledBounds(group, startMs, 4 * 24);
    if (typeof bounds === "string") throw new Error(bounds);
    return bounds;
  };

  it("sets a number at the step in which it acts, and no other", () => {
    const { set, least, most } = bounded({ desiredCapacity: 7 });
    expect([...set].flatMap((count, step) => (Number.isNaN(count) ? [] : [[step, count]]))).toEqual([[4 * 8, 7]]);
    expect([new Set(least), new Set(most)]).toEqual([new Set([2]), new Set([20])]);
  });

  it("raises and lowers limits from that step on, as set by the day before until then", () => {
    const { least, most } = bounded({ minSize: 3, maxSize: 9 });
    expect([new Set(least), new Set(most)]).toEqual([new Set([3]), new Set([9])]);
  });

  it("is nothing of actions that act once, or that somebody suspended", () => {
    expect(new Set(bounded({ recurrence: null, maxSize: 9 }).most)).toEqual(new Set([20]));
    expect(new Set(bounded({ maxSize: 9 }, { suspendedProcesses: ["ScheduledActions"] }).most)).toEqual(new Set([20]));
  });

  it("does not take a number set at the very end for one of the baseline", () => {
    expect([...bounded({ recurrence: "50 23 * * *", desiredCapacity: 7 }).set].every(Number.isNaN)).toBe(true);
  });

  it("foretells nothing of a recurrence, or a time zone, that nobody knows", () => {
    const later = (schedule: object) =>
      changesLater(aGroup({ habits: { ...noHabits, schedules: [{ ...nothing, desiredCapacity: 1, startMs: startMs + 72 * hourMs, ...schedule }] } }), startMs);
    expect(later({})).toContain("its scheduled action day makes it smaller from");
    expect(later({ recurrence: "0 8 * * SAT-SUN" })).toBeUndefined();
    expect(later({ timeZone: "Mars/Olympus" })).toBeUndefined();
    expect(later({ timeZone: "Europe/Berlin" })).toContain("its scheduled action day makes it smaller from");
  });
});

describe("who else manages a group", () => {
  it("is told by the tags that could be read", () => {
    const group = aGroup({ tags: { kind: "unreadable", reason: "AccessDenied" }, memberTags: [{ kind: "tags", tags: { "eks:nodegroup-name": "a" } }] });
    expect(ownerObstacle(group)).toBe('EKS manages it as a group of nodes (tag "eks:nodegroup-name")');
    expect(ownerObstacle({ ...group, memberTags: [] })).toBeUndefined();
  });
});
