import { describe, expect, it } from "vitest";
import type {
  AutoScalingGroup,
  GroupHabits,
  Neighbour,
  ScalingPolicy,
  StartingAlarm,
  Stepping,
  TemplateTraits,
} from "../../../../../optimizer/core/levers/asg/group.ts";
import type { LoadBalancer, TargetGroupRouting } from "../../../../../optimizer/core/levers/load-balancer/load-balancer.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aBalancer, aGroup, aWorld, groupSees, noHabits, plainTemplate, secondary, tagged, type World } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("asg.instance-type"));

const idle = (group: AutoScalingGroup, world: World = aWorld()): World => groupSees(world.with(group), "web", { cpu: 12 });
const withHabits = (habits: Partial<GroupHabits>) => idle(aGroup({ habits: { ...noHabits, ...habits } }));
const withTemplate = (template: Partial<TemplateTraits>) => idle(aGroup({ template: { ...plainTemplate, ...template } }));

describe("a group that cannot be changed without harm", () => {
  it.each<[string, World, string]>([
    ["is being deleted", withHabits({ status: "Delete in progress" }), "being deleted (Delete in progress)"],
    ["has a process suspended that replacing needs", withHabits({ suspendedProcesses: ["Launch"] }), "suspended its processes Launch"],
    ["protects its instances", withHabits({ protectedInstances: 2 }), "2 of its instances are protected from scale-in"],
    ["protects new instances", withHabits({ protectsNewInstances: true }), "its new instances are protected from scale-in"],
    ["has instances in standby", withHabits({ standbyInstances: 1 }), "1 of its instances are in standby"],
    ["has a warm pool", withHabits({ warmPool: true }), "warm pool"],
    ["fixes cores", withTemplate({ cpuOptions: true }), "CpuOptions"],
    ["runs on dedicated hardware", withTemplate({ tenancy: "dedicated" }), "dedicated tenancy"],
    ["runs in a placement group", withTemplate({ placementGroup: "close" }), "placement group close"],
    ["runs on Spot", withTemplate({ spot: true }), "Spot"],
    [
      "runs in a capacity reservation that takes whatever matches",
      idle(aGroup({ billed: { platforms: [], capacityReservations: ["cr-1"] } })),
      "run in the capacity reservation cr-1, which is paid whether they are used or not",
    ],
    [
      "runs in two of them",
      idle(aGroup({ billed: { platforms: [], capacityReservations: ["cr-1", "cr-2"] } })),
      "the capacity reservations cr-1, cr-2, which are paid",
    ],
    ["aims at a capacity reservation", withTemplate({ capacityReservation: "cr-1" }), "capacity reservation cr-1"],
    [
      "asks for what not every size has",
      withTemplate({ sizeBound: "an Elastic Fabric Adapter" }),
      "an Elastic Fabric Adapter, which another size may have less of",
    ],
    [
      "is replaced by somebody's refresh",
      idle(aGroup({ refresh: "its instance refresh r-1 is InProgress" })),
      "somebody replaces its instances: its instance refresh r-1",
    ],
    ["is burstable", idle(aGroup({ instanceType: "t3.xlarge" })), "burstable"],
    ["has disks of its own", idle(aGroup({ instanceType: "m5d.4xlarge" })), "disks of its own"],
  ])("%s: unsupported, in words", (_, world, words) => {
    expect(skipped(world)).toMatchObject({ code: "unsupported", detail: expect.stringContaining(words) });
  });

  const inTwoOfThree = { ...aBalancer(), zones: ["us-east-1a", "us-east-1b"] };

  it.each<[string, World, string]>([
    ["keeps its zones from being balanced", withHabits({ suspendedProcesses: ["AZRebalance"] }), "suspended its process AZRebalance"],
    [
      "has more instances in one zone than in another",
      idle(aGroup({ unevenZones: "13 of its 15 instances are in us-east-1a" })),
      "13 of its 15 instances are in us-east-1a: a lost zone would leave less than of equal shares",
    ],
    [
      "runs in a zone to which its load balancer sends nothing",
      idle(aGroup(), aWorld().with(inTwoOfThree)),
      "app/web/0123456789abcdef is not enabled in us-east-1c, where a part of it runs",
    ],
  ])("%s: what a lost zone leaves is not known, for its type and for its number", (_, world, words) => {
    const refused = { code: "unsupported", detail: expect.stringContaining(words) };
    expect(skipped(world)).toMatchObject(refused);
    expect(decisionsOf(ruleOf("asg.capacity")).skipped(world)).toMatchObject(refused);
  });

  it("has zones of unlike size only where it has several", () => {
    const uneven = (...availabilityZones: readonly string[]) => idle(aGroup({ unevenZones: "13 of its 15 instances are in us-east-1a", availabilityZones }));
    expect(skipped(uneven("us-east-1a", "us-east-1b")).detail).toContain("13 of its 15 instances");
    expect(proposal(uneven("us-east-1a")).to).toBe("m5.2xlarge");
  });

  const spreading = (given: Partial<TargetGroupRouting>): LoadBalancer => {
    const targetGroup = "targetgroup/web/0123456789abcdef";
    return { ...aBalancer(), routing: { kind: "seen", value: [{ targetGroup, keepsToZone: false, leastHealthy: 1, ...given }] } };
  };
  const capacity = decisionsOf(ruleOf("asg.capacity"));

  it("behind a target group that keeps requests in their zone is left alone: an equal part of all is not what each zone carries", () => {
    const world = idle(aGroup(), aWorld().with(spreading({ keepsToZone: true })));
    const refused = {
      code: "unsupported",
      detail: expect.stringContaining("targetgroup/web/0123456789abcdef keeps requests in the zone in which they arrive"),
    };
    expect(skipped(world)).toMatchObject(refused);
    expect(capacity.skipped(world)).toMatchObject(refused);
    expect(skipped(idle(aGroup({ availabilityZones: ["us-east-1a", "us-east-1b"] }), aWorld().with(spreading({ keepsToZone: true }))))).toMatchObject(refused);
    // One zone has all of it, and another target group of the same load balancer is none of this group's.
    expect(proposal(idle(aGroup({ availabilityZones: ["us-east-1a"] }), aWorld().with(spreading({ keepsToZone: true })))).to).toBe("m5.2xlarge");
    expect(proposal(idle(aGroup(), aWorld().with(spreading({ keepsToZone: true, targetGroup: "targetgroup/api/0123456789abcdef" })))).to).toBe("m5.2xlarge");
    expect(proposal(idle(aGroup(), aWorld().with(spreading({})))).to).toBe("m5.2xlarge");
  });

  it("is told by the load balancer of its own region, whatever one of the same name in another says", () => {
    const elsewhere = (given: Partial<LoadBalancer>): World => idle(aGroup(), aWorld().with(spreading({}), { ...aBalancer(secondary), ...given }));
    for (const given of [
      { zones: ["us-west-2a"] },
      { routing: { kind: "unseen", reason: "AccessDenied" } },
      { routing: { kind: "seen", value: [{ targetGroup: "targetgroup/web/0123456789abcdef", keepsToZone: true, leastHealthy: 9 }] } },
    ] satisfies readonly Partial<LoadBalancer>[]) {
      expect(proposal(elsewhere(given)).to).toBe("m5.2xlarge");
      expect(capacity.decisions(elsewhere(given))).toEqual(capacity.decisions(idle(aGroup(), aWorld().with(spreading({})))));
    }
  });

  it("is told of each zone to which its load balancer sends nothing", () => {
    expect(skipped(idle(aGroup(), aWorld().with({ ...aBalancer(), zones: ["us-east-1b"] }))).detail).toContain(
      "is not enabled in us-east-1a, us-east-1c, where",
    );
  });

  it("is left alone where AWS does not tell how its target groups spread requests", () => {
    const unseen = { ...aBalancer(), routing: { kind: "unseen", reason: "DescribeTargetGroupAttributes: AccessDenied: no" } } as const;
    expect(skipped(idle(aGroup(), aWorld().with(unseen)))).toMatchObject({
      code: "unreadable",
      detail: expect.stringContaining("app/web/0123456789abcdef spread requests could not be seen: DescribeTargetGroupAttributes"),
    });
  });

  it("keeps its number where its target group asks for more than one healthy target; its type is another matter", () => {
    const world = idle(aGroup(), aWorld().with(spreading({ leastHealthy: 4 })));
    expect(capacity.skipped(world)).toMatchObject({ code: "unsupported", detail: expect.stringContaining("asks for at least 4 healthy targets") });
    expect(proposal(world).to).toBe("m5.2xlarge");
  });

  it("is none in one zone alone, of which nothing is left however large it is: the projection says so", () => {
    const alone = { availabilityZones: ["us-east-1a"] };
    for (const world of [
      idle(aGroup({ ...alone, habits: { ...noHabits, suspendedProcesses: ["AZRebalance"] } })),
      idle(aGroup(alone), aWorld().with(inTwoOfThree)),
    ])
      expect(
        proposal(world)
          .chosen?.projections.map(({ method }) => method)
          .filter((method) => method.includes("zone")),
      ).toEqual(expect.arrayContaining([expect.stringContaining("no zone to lose")]));
  });

  it.each([
    ["eks:nodegroup-name", "EKS manages it"],
    ["eks:cluster-name", "EKS manages it"],
    ["kubernetes.io/cluster/main", "nodes of a Kubernetes cluster"],
    ["k8s.io/cluster-autoscaler/enabled", "nodes of a Kubernetes cluster"],
    ["KubernetesCluster", "nodes of a Kubernetes cluster"],
    ["elasticbeanstalk:environment-name", "Elastic Beanstalk keeps it"],
    ["AmazonECSManaged", "ECS scales it as a capacity provider"],
    ["AWSBatchServiceTag", "AWS Batch launches it"],
  ])("is somebody else's to manage by its tag %s, or by its instances' and its template's", (key, words) => {
    const own = tagged({ [key]: "" });
    for (const group of [aGroup({ tags: own }), aGroup({ memberTags: [tagged({}), own] })])
      expect(skipped(idle(group))).toMatchObject({ code: "unsupported", detail: expect.stringContaining(words) });
  });

  it("is CodeDeploy's by its name: the next deployment replaces it", () => {
    const world = groupSees(aWorld().with(aGroup({ name: "CodeDeploy_web_d-ABC" })), "CodeDeploy_web_d-ABC", { cpu: 12 });
    expect(skipped(world)).toMatchObject({ code: "unsupported", detail: expect.stringContaining("CodeDeploy made it as a copy") });
  });

  it.each(["team", "aws:ec2:fleet-id", "aws:cloudformation:stack-name", "myeks:cluster"])("is nobody else's by its tag %s", (key) => {
    expect(proposal(idle(aGroup({ memberTags: [tagged({ [key]: "x" })] }))).to).toBe("m5.2xlarge");
  });

  it.each([
    "c5d.large",
    "m6gd.large",
    "r5dn.large",
    "c6id.large",
    "i3.large",
    "i4i.large",
    "im4gn.large",
    "is4gen.large",
    "d3en.large",
    "x2idn.large",
    "g5.xlarge",
    "p4d.24xlarge",
    "m3.large",
  ])("%s has disks of its own", (instanceType) => {
    expect(skipped(idle(aGroup({ instanceType }))).detail).toContain("disks of its own");
  });

  it.each(["m5.4xlarge", "c6in.large", "r6g.large", "m7i-flex.large"])("%s has not", (instanceType) => {
    const [decision] = decisionsOf(ruleOf("asg.instance-type")).decisions(idle(aGroup({ instanceType })));
    expect(JSON.stringify(decision)).not.toContain("disks of its own");
  });

  it("says what it could not see", () => {
    const unread = [{ what: "scaling policies", reason: "AccessDenied: no" }];
    expect(skipped(idle(aGroup({ unread })))).toMatchObject({ code: "unreadable", detail: "its scaling policies could not be read (AccessDenied: no)" });
  });
});

describe("a group whose users no window sees", () => {
  it.each<[string, AutoScalingGroup, string]>([
    ["no target group", aGroup({ targetGroupArns: [], loadBalancers: [] }), "no load balancer stands before it"],
    ["a target group of no load balancer", aGroup({ loadBalancers: [] }), "no load balancer forwards"],
    ["a classic load balancer", aGroup({ habits: { ...noHabits, classicBalancers: ["old"] } }), "classic load balancer old"],
    ["another load balancer than the outputs name", aGroup({ loadBalancers: ["app/other/1"] }), "app/other/1, which the outputs do not name"],
    [
      "a target group of VPC Lattice beside it",
      aGroup({ habits: { ...noHabits, latticeTargets: ["arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1"] } }),
      "VPC Lattice target group arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-1, too",
    ],
    ["one more", aGroup({ loadBalancers: [aBalancer().fullName, "app/other/1"] }), "app/other/1, which the outputs do not name"],
  ])("has %s: it could not be judged", (_, group, words) => {
    expect(skipped(idle(group, aWorld().with(aBalancer())))).toMatchObject({ code: "cannot-judge", detail: expect.stringContaining(words) });
  });

  it("is told of when several watched load balancers stand before it", () => {
    const world = aWorld().with(aBalancer(), aBalancer("us-east-1", "api"));
    const both = aGroup({ loadBalancers: [aBalancer().fullName, aBalancer("us-east-1", "api").fullName] });
    expect(proposal(idle(both, world)).warnings).toEqual([expect.stringContaining("2 load balancers")]);
    // The outputs name one of this name in another region alone.
    const elsewhere = aWorld().with(aBalancer(), aBalancer("us-west-2", "api"));
    expect(skipped(idle(both, elsewhere))).toMatchObject({
      code: "cannot-judge",
      detail: expect.stringContaining("app/api/0123456789abcdef, which the outputs do not name"),
    });
  });
});

describe("a group that shares", () => {
  const neighbour = (overrides: Partial<Neighbour>): Neighbour => ({
    name: "acme",
    tags: tagged({}),
    followsLatest: false,
    targetGroupArns: [],
    ...overrides,
  });
  const beside = (overrides: Partial<Neighbour>, world?: World) => idle(aGroup({ neighbours: [neighbour(overrides)] }), world);

  it("its template with a tenant's group that follows the latest version is refused, and the tag named", () => {
    expect(skipped(beside({ followsLatest: true, tags: tagged({ TenantId: "7" }) }))).toMatchObject({
      code: "shared",
      detail: expect.stringMatching(/group acme, a tenant's \(tag "TenantId".*\), follows its launch template: it launches the latest version of/),
    });
  });

  it("its template with a group that stays at its own version of it and serves no target group of its is changed all the same", () => {
    expect(proposal(beside({})).to).toBe("m5.2xlarge");
  });

  it("its template with a group that the outputs do not name is refused", () => {
    expect(skipped(beside({ followsLatest: true }))).toMatchObject({ code: "shared", detail: expect.stringContaining("which the outputs do not name") });
  });

  it.each(["EC2 Fleet", "Spot Fleet"] as const)("its template with an %s that follows the latest version is refused", (launchedBy) => {
    expect(skipped(beside({ name: "fleet-1", launchedBy, followsLatest: true }))).toMatchObject({
      code: "shared",
      detail: expect.stringContaining(`${launchedBy} fleet-1, which the outputs do not name, follows its launch template`),
    });
  });

  it("its template with a group of ours is refused as well: nobody may follow the latest version", () => {
    const ours = aWorld().with(aGroup({ name: "acme" }));
    expect(skipped(beside({ followsLatest: true }, ours.reversed()).reversed())).toMatchObject({ code: "shared" });
  });

  it("its target group with a group of ours is changed all the same", () => {
    const ours = groupSees(aWorld().with(aGroup({ name: "acme" })), "acme", { cpu: 12 });
    const shares = { targetGroupArns: ["arn:x:targetgroup/web/1"] };
    const toOf = (world: World, name: string) =>
      decisionsOf(ruleOf("asg.instance-type"))
        .decisions(world)
        .flatMap((each) => (each.resource.id === name ? [each.kind === "proposal" ? each.to : each.kind === "skip" ? each.code : each.kind] : []));
    expect(toOf(beside(shares, ours), "web")).toEqual(["m5.2xlarge"]);
    // Of the same name in another region it is none of ours, nor what a fleet of that name launches.
    expect(toOf(beside(shares, aWorld().with(aGroup({ name: "acme", region: "us-west-2" }))), "web")).toEqual(["shared"]);
    expect(toOf(beside({ ...shares, launchedBy: "EC2 Fleet" }, ours), "web")).toEqual(["shared"]);
  });

  it.each([{ tags: tagged({ "tenant-id": "7" }) }, {}])("its target group with somebody else's group is refused: %o", (whose) => {
    expect(skipped(beside({ targetGroupArns: ["arn:x:targetgroup/web/1"], ...whose }))).toMatchObject({
      code: "shared",
      detail: expect.stringContaining("serves the same target group (targetgroup/web/1)"),
    });
  });

  it.each([
    [["i-0a1b2c3d4e5f60718"], "i-0a1b2c3d4e5f60718 is registered with its target groups beside its own instances"],
    [["10.0.0.9", "i-0a1b2c3d4e5f60718"], "10.0.0.9, i-0a1b2c3d4e5f60718 are registered"],
  ])("its target groups with targets of no group is refused: %o", (strangers, words) => {
    expect(skipped(idle(aGroup({ strangers })))).toMatchObject({ code: "shared", detail: expect.stringContaining(words) });
  });

  it("is a tenant's where its template or an instance is", () => {
    expect(skipped(idle(aGroup({ memberTags: [tagged({}), tagged({ customer_tenant: "7" })] })))).toMatchObject({ code: "tenant-resource" });
  });
});

const anAlarm = (more: Partial<StartingAlarm> = {}): StartingAlarm => ({
  name: "busy",
  watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "web" },
  comparison: "GreaterThanThreshold",
  threshold: 60,
  periodSeconds: 60,
  datapoints: 3,
  periods: 3,
  acts: true,
  ...more,
});
const onMetric = (watched: Partial<NonNullable<StartingAlarm["watches"]>>, more: Partial<StartingAlarm> = {}): StartingAlarm =>
  anAlarm({ watches: { namespace: "AWS/EC2", metric: "CPUUtilization", statistic: "Average", group: "web", ...watched }, ...more });
const stepped = (alarms: readonly StartingAlarm[], more: Partial<Stepping> = {}): ScalingPolicy => {
  const steps = [{ from: 0, until: null, change: 2 }];
  const stepping = { adjustment: "ChangeInCapacity", leastChange: 0, steps, aggregation: "Average", cooldownSeconds: 0, alarms, ...more };
  return { name: "p", type: "StepScaling", enabled: true, target: null, stepping };
};

describe("what is told of a group that may be changed", () => {
  const policy = (type: string, metric?: string, enabled = true) => ({
    name: "p",
    type,
    enabled,
    target: metric === undefined ? null : { metric, value: 1000 },
  });
  it.each<[string, Partial<GroupHabits>, string]>([
    ["processes it needs not", { suspendedProcesses: ["AlarmNotification"] }, "suspended its processes AlarmNotification"],
    ["lifecycle hooks", { lifecycleHooks: ["drain"] }, "lifecycle hook drain"],
    ["scheduled actions", { scheduledActions: ["morning"] }, "scheduled actions set its size (morning)"],
  ])("%s", (_, habits, words) => {
    expect(proposal(withHabits(habits)).warnings).toEqual([expect.stringContaining(words)]);
  });

  it("a policy that keeps requests on each instance, whatever its size", () => {
    const group = withHabits({ scalingPolicies: [policy("TargetTrackingScaling", "ALBRequestCountPerTarget")] });
    const asked = group.sees(metrics.balancerRequests, "app/web/0123456789abcdef", 15 * 15 * 1000);
    expect(proposal(asked).warnings).toEqual([expect.stringContaining("1000 requests a minute on each instance")]);
  });

  it.each<[string, Partial<GroupHabits>, string]>([
    ["step scaling", { scalingPolicies: [policy("StepScaling")] }, "its policy p (StepScaling) sets its desired number, and is not replayed"],
    ["simple scaling", { scalingPolicies: [policy("SimpleScaling")] }, "p (SimpleScaling)"],
    ["predictive scaling", { scalingPolicies: [policy("PredictiveScaling")] }, "p (PredictiveScaling)"],
    ["tracking of a metric of its own", { scalingPolicies: [policy("TargetTrackingScaling")] }, "p (TargetTrackingScaling)"],
    [
      "steps that no alarm starts",
      { scalingPolicies: [stepped([])] },
      "p (StepScaling) sets its desired number, and is not replayed: no alarm is known to start it",
    ],
    ["steps whose alarm is switched off", { scalingPolicies: [stepped([anAlarm({ acts: false })])] }, "the actions of its alarm busy are switched off"],
    ["steps by an expression", { scalingPolicies: [stepped([anAlarm({ watches: null })])] }, "its alarm busy watches more than one metric by one statistic"],
    ["steps by another metric", { scalingPolicies: [stepped([onMetric({ metric: "DiskReadOps" })])] }, "watches Average of AWS/EC2 DiskReadOps of web"],
    [
      "steps by a word every object knows",
      { scalingPolicies: [stepped([onMetric({ metric: "constructor" })])] },
      "watches Average of AWS/EC2 constructor of web",
    ],
    ["steps by a queue", { scalingPolicies: [stepped([onMetric({ namespace: "AWS/SQS", group: null })])] }, "watches Average of AWS/SQS CPUUtilization"],
    ["steps by a metric of one's own", { scalingPolicies: [stepped([onMetric({ namespace: "Shop" })])] }, "watches Average of Shop CPUUtilization of web"],
    ["steps by the highest", { scalingPolicies: [stepped([onMetric({ statistic: "Maximum" })])] }, "watches Maximum of AWS/EC2 CPUUtilization of web"],
    ["steps by another group", { scalingPolicies: [stepped([anAlarm(), onMetric({ group: "jobs" })])] }, "watches Average of AWS/EC2 CPUUtilization of jobs"],
    [
      "steps by a band",
      { scalingPolicies: [stepped([anAlarm({ comparison: "LessThanLowerThreshold" })])] },
      "its alarm busy compares by LessThanLowerThreshold",
    ],
    ["steps of another kind", { scalingPolicies: [stepped([anAlarm()], { adjustment: "Fibonacci" })] }, "Fibonacci is not understood"],
  ])("%s, which cannot be told for another size: the group is left alone", (_, habits, words) => {
    expect(skipped(withHabits(habits))).toMatchObject({ code: "scaled", detail: expect.stringContaining(words) });
  });

  it.each(["CPUUtilization", "NetworkIn", "NetworkOut"])("a policy of steps by the mean %s of the group's own instances, which is replayed", (metric) => {
    const far = proposal(withHabits({ scalingPolicies: [stepped([onMetric({ metric }, { threshold: 1e12 })])] }));
    expect(far).toMatchObject({ to: "m5.2xlarge", chosen: { projections: expect.arrayContaining([expect.objectContaining({ fits: true })]) } });
    // From the first sample on, two more each time: 90 do not do.
    const near = withHabits({ scalingPolicies: [stepped([onMetric({ metric }, { comparison: "GreaterThanOrEqualToThreshold", threshold: 0 })])] });
    expect(skipped(near)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("its policies p set its desired number: they would ask for") });
  });

  it("a maximum below what a refresh needs for a while", () => {
    expect(proposal(idle(aGroup({ maxSize: 16 }))).warnings).toEqual([
      "a refresh launches before it terminates: up to 17 instances for a while, above its maximum of 16",
    ]);
    expect(proposal(idle(aGroup({ maxSize: 17 }))).warnings).toEqual([]);
  });

  it("nothing of a policy that is off, or that tracks CPU", () => {
    expect(proposal(withHabits({ scalingPolicies: [policy("StepScaling", undefined, false)] })).warnings).toEqual([]);
    expect(proposal(withHabits({ scalingPolicies: [policy("TargetTrackingScaling", "ASGAverageCPUUtilization")] })).warnings).toEqual([]);
  });
});
