import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AutoScalingGroup, GroupHabits, ScalingPolicy } from "../../../../../optimizer/core/levers/asg/group.ts";
import { survivors } from "../../../../../optimizer/core/sizing/fleet-size.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Proposal } from "../../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../../optimizer/core/planning/decide-all.ts";
import { movingOn } from "../../../../support/courses.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aBalancer, aGroup, aWorld, groupSees, noHabits, primary, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("asg.capacity");
const { decisions, proposal, skipped } = decisionsOf(rule);

/** Fifteen of the target's type in three zones, so that only their number is left to decide. */
const small = (overrides: Partial<AutoScalingGroup> = {}): AutoScalingGroup => aGroup({ instanceType: "m5.2xlarge", minSize: 12, ...overrides });
const withHabits = (habits: Partial<GroupHabits>): AutoScalingGroup => small({ habits: { ...noHabits, ...habits } });
const sees = (group: AutoScalingGroup, load: Parameters<typeof groupSees>[2], world: World = aWorld()): World =>
  groupSees(world.with(group), "web", { memory: 5, ...load });
const refusedBy = (world: World) => proposal(world).refused.map(({ target }) => target);

const onCpu: ScalingPolicy = { name: "cpu", type: "TargetTrackingScaling", enabled: true, target: { metric: "ASGAverageCPUUtilization", value: 60 } };
const onRequests: ScalingPolicy = {
  name: "requests",
  type: "TargetTrackingScaling",
  enabled: true,
  target: { metric: "ALBRequestCountPerTarget", value: 1000 },
};
const steps: ScalingPolicy = { name: "steps", type: "StepScaling", enabled: true, target: null };
/** Sum of a slot of 15 minutes that asks for so many instances at 1,000 requests a minute each, held ten percent below. */
const requestsFor = (instances: number): number => instances * 900 * 15;

function sizesOf({
  action: {
    steps: [step],
  },
}: Proposal) {
  if (step?.kind !== "change" || step.change.kind !== "asg.size") throw new Error("the action's only step is the group's size");
  return step.change;
}

describe("asg.capacity, where nothing moves the size", () => {
  it("takes the requirement's eight, with a minimum that carries everything when a zone is lost: 21 % × 15 ÷ 4 = 79 %", () => {
    const decision = proposal(sees(small(), { cpu: 21 }));
    expect(decision).toMatchObject({ from: "15 (12 to 25)", to: "8 (6 to 17)", refused: [] });
    expect(decision.chosen?.projections[0]).toMatchObject({ projected: expect.closeTo(0.7875), method: expect.stringContaining("one zone of 3 lost") });
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(7 * 0.384 * 730) });
  });

  it("takes the smallest number that carries it where the requirement's does not, and says by which figures: 22 % × 15 ÷ 4 = 83 %", () => {
    const decision = proposal(sees(small(), { cpu: 22 }));
    expect(decision.to).toBe("8 (8 to 17)");
    expect(decision.reason).toContain("8 (6 to 17): cpu would be 82.5 %, at most 80 %");
    expect(refusedBy(sees(small(), { cpu: 22 }))).toEqual(["8 (6 to 17)", "8 (7 to 17)"]);
    // 35 % × 15 ÷ 10 = 53 %, but of twelve, eight are left: 66 %; of eleven, seven: 75 %; of ten, six: 88 %.
    expect(proposal(sees(small(), { cpu: 35 })).to).toBe("11 (11 to 17)");
  });

  it("lets each instance keep the memory that it uses without load, and shares out the rest: 30 % + 10 % × 15 ÷ 4 = 68 %", () => {
    const swing = (hour: number): number => (1 - Math.cos((2 * Math.PI * hour) / 24)) / 2;
    const load = { cpu: (hour: number) => 20 * swing(hour), memory: (hour: number) => 30 + 10 * swing(hour) };
    const decision = proposal(sees(small(), load));
    expect(decision.to).toBe("8 (6 to 17)");
    const memory = decision.chosen?.projections.filter(({ dimension }) => dimension === "memory");
    expect(memory).toMatchObject([
      { current: expect.closeTo(0.4), projected: expect.closeTo(0.675), method: expect.stringContaining("9830.4 without load") },
      { current: expect.closeTo(0.4), projected: expect.closeTo(0.3 + (0.1 * 15) / 6), method: expect.stringContaining("no zone lost") },
    ]);
    // 40 % that stay whatever the load would not be known to stay: all of it is shared out, of twelve, eight are left, 40 % × 15 ÷ 8 = 75 %.
    expect(proposal(sees(small(), { ...load, memory: 40 })).to).toBe("12 (12 to 17)");
  });

  it("raises nothing: a minimum that is lower already stays, and the desired number carries", () => {
    expect(proposal(sees(small({ minSize: 2 }), { cpu: 35 })).to).toBe("11 (2 to 17)");
    expect(proposal(sees(small({ minSize: 2 }), { cpu: 10 })).to).toBe("8 (2 to 17)");
    expect(proposal(sees(small({ maxSize: 16 }), { cpu: 10 })).to).toBe("8 (6 to 16)");
  });

  describe("in three hours that no percentile sees", () => {
    const peak = (percent: number, group = small()) =>
      sees(group, { cpu: 10 }).sees(metrics.ec2Cpu, "web", (hour) => (hour >= 1000 && hour < 1003 ? percent : 10));

    it("refuses by the worst hour alone, with nothing lost: 37 % × 15 ÷ 6 = 93 %", () => {
      const inOneZone = small({ availabilityZones: ["us-east-1a"] });
      expect(proposal(peak(36, inOneZone)).to).toBe("8 (6 to 17)");
      expect(proposal(peak(37, inOneZone)).to).toBe("8 (7 to 17)");
      expect(proposal(peak(37, inOneZone)).reason).toContain("in its worst hour, at most 90 %");
    });

    it("refuses what a lost zone would leave too little of: 27 % × 15 ÷ 4 = 101 %", () => {
      expect(proposal(peak(26)).to).toBe("8 (6 to 17)");
      // Of seven four are left, too; of eight, five: 81 %.
      expect(proposal(peak(27)).to).toBe("8 (8 to 17)");
      expect(proposal(peak(27)).reason).toContain(
        "cpu would be 101.3 % in its worst hour, at most 100 % (highest sample 2.16 × 15 ÷ (8 × 4), one zone of 3 lost",
      );
    });
  });

  it.each([
    ["memory", { cpu: 5, memory: 22 }],
    ["network", { cpu: 5, gbps: 0.55 }],
  ] as const)("refuses by %s alone", (dimension, load) => {
    const [refused] = proposal(sees(small(), load)).refused;
    expect(refused?.projections.filter(({ fits, worstHour }) => !fits && worstHour === undefined).map((one) => one.dimension)).toEqual([dimension]);
  });

  it("puts the load of each hour, by the size of that hour, on the smaller number", () => {
    // 14 % × 30 ÷ 6 = 70 %, which six of nine are; by today's fifteen alone four of six would do.
    const wasTwiceAsLarge = sees(small({ maxSize: 60 }), { cpu: 14 }).sees(metrics.groupInService, "web", (hour) => (hour < 50 * 24 ? 30 : 15));
    expect(proposal(wasTwiceAsLarge).to).toBe("9 (9 to 33)");
    expect(proposal(sees(small(), { cpu: 14, size: 6 })).to).toBe("8 (6 to 17)");
  });

  it("keeps what ever ran, and a refresh's surge, below the maximum", () => {
    const grew = sees(small({ maxSize: 60 }), { cpu: 5 }).sees(metrics.groupInService, "web", (hour) => (hour === 400 ? 40 : 15));
    expect(sizesOf(proposal(grew)).after.maxSize).toBe(44);
    expect(sizesOf(proposal(sees(small({ desiredCapacity: 10, minSize: 10 }), { cpu: 5, size: 10 }))).after.maxSize).toBe(15);
  });

  it("keeps two instances at least where a zone can be lost", () => {
    const policed = (zones: number) =>
      proposal(
        sees(small({ availabilityZones: Array.from({ length: zones }, (_, zone) => `zone-${zone}`) }), { cpu: 0.1, memory: 0.5, gbps: 0.001 }).policed({
          rules: { asgCapacity: { targetMin: 1, targetDesired: 1, targetMax: 2 } },
        }),
      ).to;
    expect(policed(3)).toBe("2 (2 to 17)");
    expect(policed(1)).toBe("1 (1 to 17)");
  });

  it("leaves a group alone of which a lost zone leaves one at least as it is, whatever the requirement asks for and whatever sets its size", () => {
    const world = (size: Partial<AutoScalingGroup>) =>
      sees(small(size), { cpu: 0.1, memory: 0.5, gbps: 0.001 }).policed({ rules: { asgCapacity: { targetMin: 1, targetDesired: 1, targetMax: 2 } } });
    const two = { code: "already-there", detail: "2 instances in 3 zones are the fewest of which a lost zone leaves one" };
    expect(skipped(world({ desiredCapacity: 2, minSize: 1 }))).toMatchObject(two);
    expect(skipped(world({ desiredCapacity: 4, minSize: 2, habits: { ...noHabits, scalingPolicies: [onCpu] } }))).toMatchObject(two);
    expect(proposal(world({ desiredCapacity: 3, minSize: 1 })).to).toBe("2 (1 to 17)");
  });

  it("leaves a group alone that has no more than the requirement's number", () => {
    expect(skipped(sees(small({ desiredCapacity: 8, minSize: 8 }), { cpu: 1 }))).toMatchObject({
      code: "already-there",
      detail: "8 instances are not more than 8",
    });
  });

  it("finds none where only today's number carries it, and says why", () => {
    const full = skipped(sees(small(), { cpu: 39 }).policed({ rules: { headroom: 0.42 } }));
    expect(full).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("on m5.2xlarge: 8 (6 to 17): cpu would be") });
    expect(full.refused.map(({ target }) => target)).toEqual(["8 (6 to 17)", "14 (12 to 17)"]);
  });

  it.each([
    ["CPU at 40 %", { cpu: 40 }],
    ["network at 30 %", { cpu: 5, gbps: 0.75 }],
  ])("skips %s: the requirement's condition", (_, load) => {
    expect(skipped(sees(small(), load)).code).toBe("threshold-not-met");
  });

  it("never decides without data, nor for a failed peer's load, nor about a tenant's group", () => {
    for (const metric of [metrics.ec2Cpu, metrics.ec2NetworkIn, metrics.agentMemory])
      expect(skipped(sees(small(), { cpu: 5 }).sees(metric, "web", Number.NaN)).code).toBe("insufficient-data");
    expect(skipped(sees(small(), { cpu: 5 }).policed({ regionFailover: "peer" })).code).toBe("unsupported");
    expect(skipped(sees(small({ tags: tagged({ TenantId: "" }) }), { cpu: 5 })).code).toBe("tenant-resource");
  });

  it("by the requirement's words alone takes its target, with what the projection says against it", () => {
    const literal = proposal(sees(small(), { cpu: 30 }).policed({ rules: { decision: "literal" } }));
    expect(literal.to).toBe("8 (6 to 15)");
    expect(literal.warnings).toEqual([
      expect.stringContaining("the projection speaks against it: 8 (6 to 15): cpu would be"),
      expect.stringContaining("the projection speaks against it: a maximum of 15 would be below 17"),
    ]);
    expect(proposal(sees(small({ maxSize: 14 }), { cpu: 10 }).policed({ rules: { decision: "literal" } }))).toMatchObject({ to: "8 (6 to 14)", warnings: [] });
  });

  it("says by which figure the requirement's maximum would be too low", () => {
    const words = "a maximum of 15 would be below 17: 15 ran or would be asked for at once, and a refresh launches a tenth more";
    expect(proposal(sees(small(), { cpu: 10 })).warnings).toEqual([words]);
    expect(proposal(sees(small({ desiredCapacity: 12, minSize: 12 }), { cpu: 10, size: 12 })).warnings).toEqual([]);
  });
});

describe("asg.capacity, where something moves the size", () => {
  it.each<[string, Partial<GroupHabits>, string]>([
    ["scheduled actions", { scheduledActions: ["morning"] }, "scheduled actions morning"],
    ["a step policy", { scalingPolicies: [onCpu, steps] }, "policy steps (StepScaling)"],
    ["a metric that cannot be told", { scalingPolicies: [{ ...onCpu, name: "disks", target: { metric: "EBSReadOps", value: 5 } }] }, "EBSReadOps"],
    ["a metric of one's own", { scalingPolicies: [{ ...onCpu, name: "own", target: null }] }, "policy own (TargetTrackingScaling)"],
    [
      "a forecast, whatever is suspended",
      { scalingPolicies: [{ ...steps, type: "PredictiveScaling" }], suspendedProcesses: ["AlarmNotification"] },
      "Predictive",
    ],
  ])("refuses %s by name", (_, habits, words) => {
    expect(skipped(sees(withHabits(habits), { cpu: 5 }))).toMatchObject({ code: "scaled", detail: expect.stringContaining(words) });
  });

  it("refuses where zones need not be balanced", () => {
    expect(skipped(sees(withHabits({ suspendedProcesses: ["AZRebalance"] }), { cpu: 5 }))).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("AZRebalance"),
    });
  });

  it("takes policies that are off, or that hear no alarm, for none", () => {
    const deaf = proposal(sees(withHabits({ scalingPolicies: [steps], suspendedProcesses: ["AlarmNotification"] }), { cpu: 5 }));
    expect(deaf.to).toBe("8 (6 to 17)");
    expect(deaf.warnings).toEqual([expect.stringContaining("a maximum of 15 would be below 17"), expect.stringContaining("AlarmNotification")]);
    expect(proposal(sees(withHabits({ scalingPolicies: [{ ...steps, enabled: false }] }), { cpu: 5 })).to).toBe("8 (6 to 17)");
  });

  it("lowers the minimum that the policies rest on, and counts what they would keep", () => {
    const group = withHabits({ scalingPolicies: [onCpu] });
    const decision = proposal(sees(group, { cpu: 20, size: 15 }));
    expect(decision.to).toBe("8 (6 to 17)");
    // 20 % × 15 = 300 % of one: at 54 % six.
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(9 * 0.384 * 730) });
    expect(decision.warnings).toEqual([
      expect.stringContaining("a maximum of 15 would be below 17"),
      expect.stringContaining("its policies cpu set its desired number"),
    ]);
    expect(sizesOf(decision)).toMatchObject({
      before: { minSize: 12, desiredMoves: true },
      after: { minSize: 6, desiredCapacity: 8, maxSize: 17, desiredMoves: true },
    });
  });

  it("never below what carries everything when a zone is lost, whatever the policies would allow", () => {
    expect(proposal(sees(withHabits({ scalingPolicies: [onCpu] }), { cpu: 35 })).to).toBe("11 (11 to 17)");
    expect(skipped(sees(withHabits({ scalingPolicies: [onCpu] }), { cpu: 38 }))).toMatchObject({ code: "does-not-fit" });
  });

  it("says that a smaller desired number alone would be set anew", () => {
    const atTarget = skipped(sees(small({ minSize: 6, habits: { ...noHabits, scalingPolicies: [onCpu] } }), { cpu: 5 }));
    expect(atTarget).toMatchObject({ code: "scaled", detail: expect.stringContaining("would be set anew") });
  });

  it("replays requests by the load balancers before it, and saves nothing where they keep the size", () => {
    const group = withHabits({ scalingPolicies: [onCpu, onRequests] });
    const asked = (instances: number) => sees(group, { cpu: 5 }).sees(metrics.balancerRequests, "app/web/0123456789abcdef", requestsFor(instances));
    expect(proposal(asked(11)).savings).toEqual({ kind: "known", usd: expect.closeTo(4 * 0.384 * 730) });
    expect(skipped(asked(15))).toMatchObject({ code: "scaled", detail: expect.stringContaining("nothing would be saved") });
    expect(skipped(sees(group, { cpu: 5 }))).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("RequestCount") });
  });

  it("adds up the requests of all load balancers before it", () => {
    const group = { ...withHabits({ scalingPolicies: [onRequests] }), loadBalancers: ["app/web/0123456789abcdef", "app/api/0123456789abcdef"] };
    const asked = (web: number, api: number) =>
      sees(group, { cpu: 5 }, aWorld().with(aBalancer(), aBalancer(primary, "api")))
        .sees(metrics.balancerRequests, "app/web/0123456789abcdef", requestsFor(web))
        .sees(metrics.balancerRequests, "app/api/0123456789abcdef", requestsFor(api));
    expect(proposal(asked(4, 7)).savings).toEqual({ kind: "known", usd: expect.closeTo(4 * 0.384 * 730) });
    expect(skipped(asked(7, 8)).code).toBe("scaled");
    expect(skipped(asked(4, Number.NaN)).code).toBe("insufficient-data");
  });

  it("keeps the maximum above what the policies would ask for", () => {
    const group = withHabits({ scalingPolicies: [onRequests] });
    const busyOnce = sees(group, { cpu: 5 })
      .turned(movingOn)
      .sees(metrics.balancerRequests, "app/web/0123456789abcdef", (hour) => requestsFor(Math.floor(hour) === 700 ? 20 : 3));
    expect(sizesOf(proposal(busyOnce)).after.maxSize).toBe(22);
  });

  it("counts an hour of which a policy's metric tells nothing, and the one after it, with the size that the group had", () => {
    const group = withHabits({ scalingPolicies: [onCpu] });
    const oneGap = sees(group, { cpu: 20, size: 15 }).sees(metrics.ec2Cpu, "web", (hour) => (hour === 700 ? Number.NaN : 20));
    const hours = 60 * 24;
    expect(proposal(oneGap).savings).toEqual({ kind: "known", usd: expect.closeTo((9 * (hours - 2) * 0.384 * 730) / hours) });
  });

  it("cannot tell what would run where the group's own metrics are off", () => {
    const off = sees(withHabits({ scalingPolicies: [onCpu] }), { cpu: 5 }).sees(metrics.groupInService, "web", Number.NaN);
    expect(skipped(off)).toMatchObject({ code: "insufficient-data", detail: expect.stringContaining("GroupInServiceInstances") });
    expect(proposal(sees(small(), { cpu: 5 }).sees(metrics.groupInService, "web", Number.NaN)).to).toBe("8 (6 to 25)");
  });
});

describe("asg.capacity together with asg.instance-type", () => {
  const both = [ruleOf("asg.instance-type"), rule];
  const decided = (world: World) => decideAll(both, world.facts(both));

  it("starts from the type that is proposed, comes right behind it, and counts instances of it", () => {
    const decision = proposal(sees(aGroup({ minSize: 12 }), { cpu: 20 }));
    // 20 % × (16 × 15) ÷ (8 × 8) = 75 %.
    expect(decision).toMatchObject({
      to: "12 (12 to 17)",
      paidAs: "m5.4xlarge",
      runsOn: "m5.2xlarge",
      reason: expect.stringContaining("on m5.2xlarge, as proposed"),
    });
    expect(decision.action.behind).toBe("asg.instance-type:us-east-1:web");
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(3 * 0.384 * 730) });
  });

  it("stays with today's type where no smaller one fits", () => {
    const decision = proposal(sees(aGroup({ minSize: 12 }), { cpu: 30 }));
    expect(decision.action.behind).toBeUndefined();
    // 30 % × 15 ÷ 6 = 75 %: six of nine.
    expect(decision.to).toBe("9 (9 to 17)");
  });

  it("fits jointly, whatever the load: no two of its proposals contradict one another", () => {
    const vcpus: Readonly<Record<string, number>> = { "m5.2xlarge": 8, "m5.4xlarge": 16, "m5.8xlarge": 32 };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(vcpus)), fc.integer({ min: 1, max: 39 }), fc.integer({ min: 9, max: 24 }), (from, cpu, desired) => {
        const group = aGroup({ instanceType: from, desiredCapacity: desired, minSize: Math.min(desired, 12) });
        const found = decided(sees(group, { cpu, size: desired }, aWorld().policed({ baselineDays: 14 })));
        const to = found.find(({ rule: id }) => id === "asg.instance-type");
        const type = to?.kind === "proposal" ? to.to : from;
        const size = found.find(({ rule: id }) => id === "asg.capacity");
        if (size?.kind !== "proposal") return;
        const { minSize, desiredCapacity, maxSize } = sizesOf(size).after;
        const carrying = minSize < group.minSize ? minSize : desiredCapacity;
        const needed = (cpu / 100) * (vcpus[from] ?? 0) * desired;
        expect(needed / ((vcpus[type] ?? 0) * survivors(carrying, 3))).toBeLessThanOrEqual(0.8 + 1e-9);
        expect(minSize).toBeLessThanOrEqual(desiredCapacity);
        expect(desiredCapacity).toBeLessThan(desired);
        expect(maxSize).toBeGreaterThanOrEqual(Math.min(group.maxSize, Math.ceil((desired * 110) / 100)));
      }),
      { numRuns: 40 },
    );
  });

  it("more load never makes a smaller group", () => {
    // Less memory than 64 MiB is no measurement.
    const load = fc.double({ min: 0.5, max: 60, noNaN: true });
    fc.assert(
      fc.property(load, load, fc.constantFrom("cpu", "memory"), fc.constantFrom([], [onCpu]), (base, more, dimension, scalingPolicies) => {
        const at = (value: number): readonly number[] => {
          const world = sees(withHabits({ scalingPolicies }), { cpu: 10, [dimension]: value }, aWorld().policed({ baselineDays: 14 }));
          const [decision] = decisions(world);
          const { minSize, desiredCapacity } = decision?.kind === "proposal" ? sizesOf(decision).after : small();
          return [minSize, desiredCapacity];
        };
        const [less, greater] = [at(base), at(base + more)];
        greater.forEach((count, index) => expect(count).toBeGreaterThanOrEqual(less[index] ?? 0));
      }),
      { numRuns: 40 },
    );
  });
});

describe("the action of asg.capacity", () => {
  it("sets three numbers at once, sets them back before anything else is undone, and writes them into the sizing", () => {
    const { action } = proposal(sees(small(), { cpu: 10 }));
    expect(action).toMatchObject({
      summary: "web: 15 (12 to 25) → 8 (6 to 17) instances",
      reversibility: "immediate",
      steps: [{ change: { before: { minSize: 12, desiredCapacity: 15, maxSize: 25 }, after: { minSize: 6, desiredCapacity: 8, maxSize: 17 } } }],
      rollback: [
        { urgent: true, change: { before: { minSize: 6, desiredCapacity: 8, maxSize: 17 }, after: { minSize: 12, desiredCapacity: 15, maxSize: 25 } } },
        { change: { before: { minSize: 6, desiredCapacity: 8, maxSize: 17 }, after: { minSize: 12, desiredCapacity: 15, maxSize: 25 } } },
      ],
    });
    expect(action.writeBack.map(({ property, value }) => [property, value])).toEqual([
      ["minSize", 6],
      ["desiredCapacity", 8],
      ["maxSize", 17],
    ]);
  });
});

describe("a group whose number may be lowered", () => {
  it.each<[string, World, string]>([
    ["processes it needs not", sees(withHabits({ suspendedProcesses: ["AlarmNotification"] }), { cpu: 21 }), "suspended its processes AlarmNotification: "],
    ["lifecycle hooks", sees(withHabits({ lifecycleHooks: ["drain", "log"] }), { cpu: 21 }), "waits for the lifecycle hook drain, log"],
  ])("is told with %s besides", (_, world, words) => {
    expect(proposal(world).warnings).toEqual([...proposal(sees(small(), { cpu: 21 })).warnings, expect.stringContaining(words)]);
  });

  it("rests on its bounds and its zones", () => {
    const { minSize, maxSize, availabilityZones } = small();
    expect(rule.restsOn(small())).toMatchObject({ minSize, maxSize, availabilityZones });
  });

  it.each([
    { targetMin: 6, targetDesired: 6, targetMax: 6 },
    { targetMin: 5, targetDesired: 6, targetMax: 6 },
    { targetMin: 6, targetDesired: 6, targetMax: 7 },
  ])("may be brought to one number alone, as to bounds around it: %o", (asgCapacity) => {
    const { action } = proposal(sees(small(), { cpu: 1 }).policed({ rules: { asgCapacity } }));
    expect(action.writeBack.map(({ value }) => value)).toContain(asgCapacity.targetDesired);
  });

  it.each([
    { targetMin: 7, targetDesired: 6, targetMax: 8 },
    { targetMin: 5, targetDesired: 9, targetMax: 8 },
  ])("may not be brought to bounds that are in no order: %o", (asgCapacity) => {
    expect(() => aWorld().policed({ rules: { asgCapacity } })).toThrow(/not in this order/);
  });
});
