import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Proposal, Skip } from "../../../../../optimizer/core/model/rule.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { aGroup, aWorld, bytesPerSample, groupSees, noHabits, primary, tagged, type World } from "../../../../support/world.ts";

const instanceType = ruleOf("asg.instance-type");

function only(world: World): Proposal | Skip {
  const [decision, ...more] = instanceType.decide(world.facts(instanceType));
  if (decision === undefined || more.length > 0) throw new Error(`expected one decision, got ${more.length + Number(decision !== undefined)}`);
  if (decision.kind === "advice") throw new Error(`advised: ${decision.summary}`);
  return decision;
}

function proposal(world: World): Proposal {
  const decision = only(world);
  if (decision.kind === "skip") throw new Error(`${decision.code}: ${decision.detail}`);
  return decision;
}

function skipped(world: World): Skip {
  const decision = only(world);
  if (decision.kind === "proposal") throw new Error(`proposed ${decision.to}`);
  return decision;
}

const calm = groupSees(aWorld().with(aGroup()), "web", { cpu: 26 });

describe("asg.instance-type", () => {
  it("projects onto what one lost zone of three leaves: 26 % × (16 × 15) ÷ (8 × 10) = 78 %", () => {
    const { to, risk, chosen } = proposal(calm);
    const cpu = chosen?.projections.find(({ dimension }) => dimension === "cpu");
    expect(to).toBe("m5.2xlarge");
    expect(cpu?.current).toBeCloseTo(0.26);
    expect(cpu?.projected).toBeCloseTo(0.78);
    expect(cpu?.method).toBe("p99.5 of hourly maxima 26 % × (16 × 15) ÷ (8 × 10), one zone of 3 lost, at the group's size then");
    expect(risk).toBeCloseTo(0.78);
  });

  it("refuses the target at 27 %, and says by which figures", () => {
    const decision = skipped(groupSees(aWorld().with(aGroup()), "web", { cpu: 27 }));
    expect(decision.code).toBe("does-not-fit");
    expect(decision.detail).toContain("m5.2xlarge: cpu would be 81 %, at most 80 %");
    expect(decision.refused.map(({ target }) => target)).toEqual(["m5.2xlarge"]);
  });

  it("proposes the size nearest the target that fits, with the target's refusal", () => {
    const decision = proposal(groupSees(aWorld().with(aGroup({ instanceType: "m5.8xlarge" })), "web", { cpu: 20 }));
    expect(decision.to).toBe("m5.4xlarge");
    expect(decision.reason).toContain("m5.4xlarge is the size nearest m5.2xlarge that fits (m5.2xlarge: cpu would be 120 %");
    expect(decision.refused.map(({ target }) => target)).toEqual(["m5.2xlarge"]);
  });

  it.each([
    ["memory", { cpu: 10, memory: 27 }, 0.81],
    ["network", { cpu: 10, gbps: 1.35 }, 0.81],
  ] as const)("refuses by %s alone", (dimension, load, projected) => {
    const decision = skipped(groupSees(aWorld().with(aGroup()), "web", load));
    expect(decision.code).toBe("does-not-fit");
    const tight = decision.refused[0]?.projections.filter(({ fits }) => !fits);
    expect(tight?.map((one) => one.dimension)).toEqual([dimension]);
    expect(tight?.[0]?.projected).toBeCloseTo(projected);
  });

  it("counts EBS throughput against the baseline where it is observed", () => {
    const mbps = (value: number) => (value * 1e6 * 300) / 8;
    const busyDisks = calm.sees(metrics.ec2EbsReadBytes, "web", mbps(1000)).sees(metrics.ec2EbsWriteBytes, "web", mbps(400));
    const tight = skipped(busyDisks).refused[0]?.projections.filter(({ fits }) => !fits);
    expect(tight?.map(({ dimension }) => dimension)).toEqual(["ebs"]);
    // 1400 Mbit/s of 2300, carried by 10 of 15.
    expect(tight?.[0]?.projected).toBeCloseTo((1400 / 2300) * 1.5);
  });

  it("counts EBS throughput of the hours that have any: idle volumes report none", () => {
    const now = (mbps: number) => (hour: number) => (Math.floor(hour) % 10 < 3 ? (mbps * 1e6 * 300) / 8 : Number.NaN);
    const batches = (mbps: number) => calm.sees(metrics.ec2EbsReadBytes, "web", now(mbps)).sees(metrics.ec2EbsWriteBytes, "web", now(mbps));
    expect(skipped(batches(700)).detail).toContain("ebs would be 91.3 %");
    expect(proposal(batches(300)).chosen?.projections.map(({ dimension }) => dimension)).toContain("ebs");
  });

  it("reads bytes per 60-second sample with detailed monitoring", () => {
    const detailed = groupSees(aWorld().with(aGroup({ detailedMonitoring: true })), "web", { cpu: 10 });
    const { evidence } = proposal(
      detailed.sees(metrics.ec2NetworkOut, "web", bytesPerSample(0.5, 60)).sees(metrics.ec2NetworkIn, "web", bytesPerSample(0.2, 60)),
    );
    // 0.5 of the 5 Gbit/s baseline, the larger direction.
    expect(evidence.find(({ name }) => name.startsWith("network"))?.value).toBeCloseTo(10);
  });

  it("takes the group's size of each hour into account", () => {
    const wasTwiceAsLarge = calm.sees(metrics.groupInService, "web", (hour) => (hour < 50 * 24 ? 30 : 15));
    // The demand of 30 instances met by the 10 that are left of 15.
    expect(skipped(wasTwiceAsLarge).refused[0]?.projections[0]?.projected).toBeCloseTo(0.26 * 2 * 3);
    const wasSmaller = groupSees(aWorld().with(aGroup()), "web", { cpu: 26, size: 6 });
    expect(proposal(wasSmaller).chosen?.projections[0]?.projected).toBeCloseTo((0.26 * 2 * 6) / 4);
  });

  it("does not count on instances that the group gave up within its last day, or its last hours", () => {
    const since = (hours: number) => calm.sees(metrics.groupInService, "web", (hour) => (hour < 60 * 24 - hours ? 30 : 15));
    for (const hours of [0, 24, 100]) expect(skipped(since(hours)).refused[0]?.projections[0]?.projected).toBeCloseTo(0.26 * 2 * 3);
  });

  it("decides the same whatever the hour of planning", () => {
    const size = (hour: number): number => (hour % 24 >= 8 && hour % 24 < 20 ? 15 : 4);
    const at = (desiredCapacity: number) =>
      groupSees(aWorld().with(aGroup({ minSize: 4, desiredCapacity })), "web", { cpu: 20 }).sees(metrics.groupInService, "web", size);
    const { action: _, ...night } = proposal(at(4));
    const { action: __, ...day } = proposal(at(15));
    expect(night).toEqual(day);
  });

  it("does not let a gap in the group's size hide a busy hour", () => {
    const peak = (hour: number) => hour % 100 === 0;
    const busy = calm
      .sees(metrics.ec2Cpu, "web", (hour) => (peak(hour) ? 35 : 10))
      .sees(metrics.groupInService, "web", (hour) => (peak(hour) ? Number.NaN : 15));
    expect(skipped(busy).refused[0]?.projections[0]?.projected).toBeCloseTo(0.35 * 3);
  });

  it("falls back to the desired size where group metrics are off, and says so", () => {
    const off = calm.sees(metrics.groupInService, "web", Number.NaN);
    expect(proposal(off).chosen?.projections[0]?.method).toContain("the desired 15 taken as the group's size since its own metrics are off");
  });

  it("has no zone to lose with a single zone", () => {
    const single = groupSees(aWorld().with(aGroup({ availabilityZones: ["us-east-1a"] })), "web", { cpu: 38 });
    expect(proposal(single).chosen?.projections[0]?.projected).toBeCloseTo(0.76);
  });

  it.each([
    ["CPU", groupSees(aWorld().with(aGroup()), "web", { cpu: 40 }), "CPU 40 % (p95 of hourly maxima), must be below 40 %"],
    [
      "network",
      groupSees(aWorld().with(aGroup()), "web", { cpu: 10, gbps: 1.5 }),
      "network, larger direction of the baseline of 5 Gbit/s 30 % (p95 of hourly maxima), must be below 30 %",
    ],
  ])("skips when p95 %s is not below the requirement's limit", (_, world, text) => {
    const decision = skipped(world);
    expect(decision.code).toBe("threshold-not-met");
    expect(decision.detail).toContain(text);
  });

  it.each([
    ["CPU", metrics.ec2Cpu],
    ["one network direction", metrics.ec2NetworkIn],
    ["memory", metrics.agentMemory],
  ])("never decides without %s", (_, metric) => {
    expect(skipped(calm.sees(metric, "web", Number.NaN)).code).toBe("insufficient-data");
  });

  it("takes less memory than an operating system holds, 64 MiB, for no measurement", () => {
    // Of the 65,536 MiB of m5.4xlarge.
    const percent = (mib: number): number => (100 * mib) / 65_536;
    expect(skipped(calm.sees(metrics.agentMemory, "web", percent(63.9)))).toMatchObject({ code: "insufficient-data" });
    expect(skipped(calm.sees(metrics.agentMemory, "web", (hour) => (hour % 8 === 0 ? 0.01 : 20)))).toMatchObject({ code: "insufficient-data" });
    expect(proposal(calm.sees(metrics.agentMemory, "web", percent(64))).to).toBe("m5.2xlarge");
    // A gap in some hours, as they are few; what the others tell counts.
    expect(proposal(calm.sees(metrics.agentMemory, "web", (hour) => (hour % 40 === 0 ? 0.01 : 20))).to).toBe("m5.2xlarge");
    expect(skipped(calm.sees(metrics.agentMemory, "web", (hour) => (hour % 40 === 0 ? 0.01 : 60))).code).toBe("does-not-fit");
  });

  it("is taken back in as long as its instances are replaced again, which is not known where their warm-up is not", () => {
    const of = (group: ReturnType<typeof aGroup>) => proposal(groupSees(aWorld().with(group), "web", { cpu: 26 })).action.undoMinutes;
    // Fifteen, each warmed up for five minutes.
    expect(of(aGroup({ warmUpSeconds: 300 }))).toBe(180);
    const { warmUpSeconds: _, ...untold } = aGroup();
    expect(of(untold)).toEqual({ kind: "unknown", reason: "AWS does not tell how long its instances warm up" });
  });

  it("says of a metric that only an agent publishes, and of no other, by which dimension it must be published", () => {
    expect(skipped(calm.sees(metrics.agentMemory, "web", Number.NaN)).detail).toContain("CWAgent must publish mem_used_percent by AutoScalingGroupName alone");
    expect(skipped(calm.sees(metrics.agentMemory, "web", (hour) => (hour % 8 === 0 ? Number.NaN : 20))).detail).not.toContain("publish");
    expect(skipped(calm.sees(metrics.ec2Cpu, "web", Number.NaN)).detail).not.toContain("publish");
  });

  it("needs 90 % of the points and 14 whole days, and gives the counts", () => {
    const gaps = calm.sees(metrics.ec2Cpu, "web", (hour) => (hour % 8 === 0 ? Number.NaN : 20));
    expect(skipped(gaps).detail).toBe("CPUUtilization Maximum has 87.5 % of its points, 90 % are needed");
    const short = groupSees(
      aWorld()
        .with(aGroup())
        .policed({ baselineDays: 14, completeness: { minWholeDays: 15 } }),
      "web",
      { cpu: 20 },
    );
    expect(skipped(short).detail).toBe("CPUUtilization Maximum has 14 whole days, 15 are needed");
  });

  it("does not trust a series that AWS left partial", () => {
    const facts = calm.facts(instanceType);
    const observations = new Map(
      [...facts.baseline.observations].map(([id, one]) => [id, one.key.metric === "NetworkIn" ? { ...one, status: "partial" as const } : one]),
    );
    expect(instanceType.decide({ ...facts, baseline: { ...facts.baseline, observations } })[0]).toMatchObject({
      code: "insufficient-data",
      detail: "network Maximum was not answered completely by AWS",
    });
  });

  it("never touches a tenant's group, whatever its load", () => {
    const decision = skipped(groupSees(aWorld().with(aGroup({ tags: tagged({ "Tenant-ID": "" }) })), "web", { cpu: 5 }));
    expect(decision).toMatchObject({ code: "tenant-resource", detail: 'tag "Tenant-ID" marks it as a tenant\'s own' });
  });

  it.each([
    ["m5.2xlarge", "already-there"],
    ["m5.xlarge", "already-there"],
    ["c5.4xlarge", "unsupported"],
    ["zz9.large", "unsupported"],
  ])("skips %s as %s", (type, code) => {
    expect(skipped(groupSees(aWorld().with(aGroup({ instanceType: type })), "web", { cpu: 10 })).code).toBe(code);
  });

  it("leaves a group alone while its instances are being replaced", () => {
    const decision = skipped(groupSees(aWorld().with(aGroup({ runningInstanceTypes: ["m5.2xlarge", "m5.4xlarge"] })), "web", { cpu: 10 }));
    expect(decision).toMatchObject({ code: "unsupported", detail: expect.stringContaining("a refresh is under way") });
  });

  it("leaves a group alone whose instances run another version of the template than it would launch", () => {
    const decision = skipped(groupSees(aWorld().with(aGroup({ launchTemplateVersion: 8, runningTemplateVersions: [7, 8] })), "web", { cpu: 10 }));
    expect(decision).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("run version 7, 8 of their template while it would launch version 8"),
    });
  });

  it("promises nothing for a region that has to take over a failed peer's load", () => {
    expect(skipped(calm.policed({ regionFailover: "peer" }))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("regionFailover: peer") });
    expect(proposal(calm.policed({ regionFailover: "peer", rules: { decision: "literal" } })).warnings).toEqual([
      expect.stringContaining("not projected: the load of a failed peer region"),
    ]);
  });

  it("tells the list price difference of the group's mean size", () => {
    expect(proposal(calm).savings).toEqual({ kind: "known", usd: expect.closeTo(0.384 * 15 * 730) });
    expect(proposal(calm.priced({ ec2Hourly: () => null })).savings).toEqual({ kind: "unknown", what: "m5.4xlarge in us-east-1", reason: "price unknown" });
    expect(proposal(calm.sees(metrics.groupInService, "web", Number.NaN)).savings).toEqual({ kind: "known", usd: expect.closeTo(0.384 * 15 * 730) });
  });

  it("changes template, group and instances, and takes the same three back in the same order, once a refresh at work is cancelled", () => {
    const { action } = proposal(calm);
    expect(action.id).toBe("asg.instance-type:us-east-1:web");
    const kinds = ["ec2.launch-template-version", "asg.launch-template", "asg.instance-refresh"];
    expect(action.steps.map((step) => step.kind === "change" && step.change.kind)).toEqual(kinds);
    const [stop, ...back] = action.rollback;
    expect(stop).toMatchObject({ urgent: true, change: { kind: "asg.refresh-stop", before: { refreshingTo: "m5.2xlarge" } } });
    expect(back.map(({ change }) => change.kind)).toEqual(kinds);
    const old = { instanceType: "m5.4xlarge" };
    expect(back.map(({ change }) => change.after)).toEqual([old, { ...old, reference: "number" }, old]);
    expect(new Set([...action.steps, ...action.rollback].map(({ id }) => id)).size).toBe(7);
    expect(action.writeBack).toEqual([{ type: "aws_autoscaling_group", id: "web", property: "instanceType", operation: "set", value: "m5.2xlarge" }]);
  });

  it.each([
    ["$Latest", "$Latest", 0],
    ["$Default", "number", 1],
    ["7", "number", 0],
  ] as const)("keeps the way in which a group names its version, %s, or says that it becomes a %s, and gives it back", (version, then, warnings) => {
    const named = groupSees(aWorld().with(aGroup({ launchTemplateReference: version })), "web", { cpu: 20 });
    const { action, warnings: told } = proposal(named);
    const references = [...action.steps, ...action.rollback].flatMap((step) =>
      step.kind === "change" && step.change.kind === "asg.launch-template" ? [step.change] : [],
    );
    expect(references.map(({ before, after }) => [before.reference, after.reference])).toEqual([
      [version === "7" ? "number" : version, then],
      [then, version === "7" ? "number" : version],
    ]);
    expect(told.filter((warning) => warning.includes("$Default"))).toHaveLength(warnings);
  });

  it("rests on all that decided", () => {
    expect(Object.keys(instanceType.restsOn(aGroup())).toSorted()).toEqual([
      "billed",
      "habits",
      "instanceType",
      "launchTemplate",
      "launchTemplateReference",
      "launchTemplateVersion",
      "loadBalancers",
      "neighbours",
      "runningInstanceTypes",
      "runningTemplateVersions",
      "strangers",
      "template",
      "unevenZones",
      "unread",
    ]);
  });

  it("rests on no moment at which an action recurs next, which is another one each day", () => {
    const at = (recurrence: string | null, startMs: number) => {
      const schedules = [{ name: "day", recurrence, timeZone: null, minSize: 1, desiredCapacity: null, maxSize: null, startMs }];
      return instanceType.restsOn(aGroup({ habits: { ...noHabits, scheduledActions: ["day"], schedules } }));
    };
    expect(at("0 8 * * *", 1)).toEqual(at("0 8 * * *", 2));
    expect(at(null, 1)).not.toEqual(at(null, 2));
  });

  it("skips groups that AWS could not describe", () => {
    const ref = aGroup().ref;
    const world = aWorld().undescribed({ ref, reason: "not-found", detail: "no such group" }, { ref, reason: "access-denied", detail: "denied" });
    expect(instanceType.decide(world.facts(instanceType)).map((decision) => decision.kind === "skip" && decision.code)).toEqual(["not-found", "unreadable"]);
  });
});

describe("asg.instance-type, literal", () => {
  const literal = calm.policed({ rules: { decision: "literal" } });

  it("goes by the requirement's condition alone and keeps the projection as a warning", () => {
    const busy = groupSees(literal, "web", { cpu: 39 });
    const decision = proposal(busy);
    expect(decision.to).toBe("m5.2xlarge");
    expect(decision.warnings).toEqual([expect.stringContaining("the projection speaks against it: m5.2xlarge: cpu would be 117 %")]);
    expect(decision.risk).toBe(1);
  });

  it("says what it did not project", () => {
    expect(proposal(literal.sees(metrics.agentMemory, "web", Number.NaN)).warnings).toEqual([
      'not projected: mem_used_percent Maximum has 0 % of its points, 90 % are needed: CWAgent must publish mem_used_percent by AutoScalingGroupName alone (aggregation_dimensions [["AutoScalingGroupName"]])',
    ]);
  });

  it("has nothing to warn of where the target fits", () => {
    expect(proposal(literal).warnings).toEqual([]);
  });
});

describe("refinement of asg.instance-type", () => {
  /** Short spikes: the hour's maximum is high, 5-minute samples rarely. */
  const spiky = calm.sees(metrics.ec2Cpu, "web", (hour, statistic) =>
    statistic === "Maximum" && (Number.isInteger(hour) ? hour % 24 === 9 : false) ? 33 : 20,
  );

  it("asks for 5 minutes only where they could change the verdict", () => {
    expect(instanceType.refinements(calm.facts(instanceType))).toEqual([]);
    const asked = instanceType.refinements({ ...spiky.facts([]), baseline: hourlyOnly(spiky) });
    expect(asked.length).toBeGreaterThan(0);
    expect(new Set(asked.map(({ periodSeconds }) => periodSeconds))).toEqual(new Set([300]));
  });

  it("decides by the finer figure and labels it", () => {
    const cpu = proposal(spiky).evidence.filter(({ name }) => name === "CPU");
    expect(cpu.map(({ statistic, value }) => [statistic, value])).toEqual([
      ["p95 of 5-minute averages", 20],
      ["p99.5 of 5-minute maxima", 20],
    ]);
  });

  it("stays careful when the finer data do not come", () => {
    const facts = { ...spiky.facts([]), baseline: hourlyOnly(spiky) };
    expect(instanceType.decide(facts)[0]).toMatchObject({ kind: "skip", code: "does-not-fit" });
  });

  function hourlyOnly(world: World) {
    return world.facts([{ ...instanceType, refinements: () => [] }]).baseline;
  }
});

it("asks one region's CloudWatch for one region's groups", () => {
  const asked = instanceType.demands(calm.inventory, calm.policy);
  expect(new Set(asked.map(({ region }) => region))).toEqual(new Set([primary]));
});
