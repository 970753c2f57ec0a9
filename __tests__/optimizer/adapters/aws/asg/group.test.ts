import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DescribeWarmPoolCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeLaunchTemplateVersionsCommand, DescribeTagsCommand as DescribeInstanceTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { noHabits, plainTemplate } from "../../../../support/world.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = answersOf(AutoScalingClient);
const ec2 = answersOf(EC2Client);
const elb = answersOf(ElasticLoadBalancingV2Client);

const cloudTrail = answersOf(CloudTrailClient);

beforeEach(() => {
  for (const mock of [autoScaling, ec2, elb]) mock.reset();
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
});

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, parts));
}

describe("Auto Scaling groups", () => {
  const group = {
    AutoScalingGroupName: "g",
    AutoScalingGroupARN: "arn:g",
    MinSize: 12,
    DesiredCapacity: 15,
    MaxSize: 25,
    DefaultCooldown: 300,
    HealthCheckType: "ELB",
    CreatedTime: new Date(0),
    AvailabilityZones: ["us-east-1b", "us-east-1a"],
    LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Latest" },
    Instances: [
      {
        InstanceId: "i-1",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "6" },
        InstanceType: "m5.4xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-2",
        InstanceType: "m5.2xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-3",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "5" },
        InstanceType: "t3.micro",
        LifecycleState: "Terminating" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
    ],
    Tags: [{ Key: "TenantId", Value: "7" }],
  };

  it("have the template version resolved that they really use", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group] });
    // The version that instances were launched from has been deleted since.
    ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({ LaunchTemplateVersions: [] });
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves({
      LaunchTemplateVersions: [
        { LaunchTemplateId: "lt-1", VersionNumber: 7, LaunchTemplateData: { InstanceType: "m5.2xlarge", Monitoring: { Enabled: true } } },
      ],
    });
    const { resources } = await described({ autoScalingGroups: ["g"] });
    expect(resources).toMatchObject([
      {
        launchTemplateId: "lt-1",
        launchTemplateVersion: 7,
        instanceType: "m5.2xlarge",
        detailedMonitoring: true,
        runningInstanceTypes: ["m5.2xlarge", "m5.4xlarge"],
        runningTemplateVersions: [6],
        availabilityZones: ["us-east-1a", "us-east-1b"],
        tags: { tags: { TenantId: "7" } },
      },
    ]);
  });

  describe("behind target groups", () => {
    const targetGroup = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
    const balancer = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/2";
    beforeEach(() => {
      autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({
        AutoScalingGroups: [
          {
            ...group,
            TrafficSources: [
              { Identifier: targetGroup, Type: "elbv2" },
              { Identifier: "arn:lattice", Type: "vpc-lattice" },
            ],
          },
        ],
      });
      autoScaling.on(DescribeLifecycleHooksCommand).resolves({}).on(DescribePoliciesCommand).resolves({}).on(DescribeWarmPoolCommand).resolves({});
      autoScaling.on(DescribeScheduledActionsCommand).resolves({
        ScheduledUpdateGroupActions: [{ ScheduledActionName: "cut", StartTime: new Date(1000), EndTime: new Date(2000), MinSize: 2 }],
      });
      ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
        LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 7, LaunchTemplateData: { InstanceType: "m5.2xlarge" } }],
      });
      elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [{ LoadBalancerArns: [balancer] }] });
      elb.on(DescribeTagsCommand, { ResourceArns: [targetGroup, balancer] }).resolves({ TagDescriptions: [{ Tags: [{ Key: "Tenant", Value: "7" }] }] });
      const target = (Id: string, State: "healthy" | "draining" = "healthy") => ({ Target: { Id }, TargetHealth: { State } });
      elb.on(DescribeTargetHealthCommand).resolves({
        TargetHealthDescriptions: [target("i-1"), target("i-8"), target("i-9"), target("i-7", "draining"), target("10.0.0.9")],
      });
      ec2.on(DescribeInstanceTagsCommand).resolves({ Tags: [] });
      const ofGroups = [
        { Name: "resource-id", Values: ["i-8", "i-9"] },
        { Name: "key", Values: ["aws:autoscaling:groupName"] },
      ];
      ec2.on(DescribeInstanceTagsCommand, { Filters: ofGroups }).resolves({ Tags: [{ ResourceId: "i-8", Key: "aws:autoscaling:groupName", Value: "other" }] });
    });

    it("have the tags of those and of their load balancers, and targets that no group launched", async () => {
      const { resources } = await described({ autoScalingGroups: ["g"] });
      expect(resources).toMatchObject([
        {
          targetGroupArns: [targetGroup],
          loadBalancers: ["app/web/2"],
          strangers: ["10.0.0.9", "i-9"],
          memberTags: expect.arrayContaining([{ kind: "tags", tags: { Tenant: "7" } }]),
          habits: { latticeTargets: ["arn:lattice"], schedules: [{ name: "cut", recurrence: null, startMs: 1000, endMs: 2000 }] },
        },
      ]);
    });

    it("are asked for the same tags once more before they are changed", async () => {
      const tags = await createTagReader(clients).tagsOf([{ kind: "auto-scaling-group", region, id: "g" }]);
      expect(tags).toContainEqual({ kind: "tags", tags: { Tenant: "7" } });
    });

    it("say that targets could not be read", async () => {
      elb.on(DescribeTargetHealthCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } }));
      const { resources } = await described({ autoScalingGroups: ["g"] });
      expect(resources).toMatchObject([{ unread: expect.arrayContaining([{ what: "targets beside its instances", reason: "AccessDenied: no" }]) }]);
    });
  });

  it.each<[string, Readonly<Record<string, number>>, Readonly<Record<string, unknown>>]>([
    ["more in one zone than its part", { "us-east-1a": 3, "us-east-1b": 1 }, { unevenZones: "3 of its 4 instances are in us-east-1a" }],
    ["one more in one zone, since they cannot be shared out equally", { "us-east-1a": 2, "us-east-1b": 1 }, {}],
    ["all in one zone of two", { "us-east-1b": 2 }, { unevenZones: "2 of its 2 instances are in us-east-1b" }],
    ["none", {}, {}],
  ])("have %s", async (_, counts, told) => {
    const [like] = group.Instances;
    const inService = Object.entries(counts).flatMap(([zone, count]) => Array.from({ length: count }, () => ({ ...like!, AvailabilityZone: zone })));
    // Those that come or go carry nothing.
    const instances = [...inService, { ...like!, AvailabilityZone: "us-east-1a", LifecycleState: "Pending" as const }];
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, Instances: instances }] });
    ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 6, LaunchTemplateData: { InstanceType: "m5.4xlarge" } }],
    });
    const { resources } = await described({ autoScalingGroups: ["g"] });
    expect(resources).toHaveLength(1);
    expect(resources.map((each) => ("unevenZones" in each ? { unevenZones: each.unevenZones } : {}))).toEqual([told]);
  });

  it.each([
    ["its default warm-up", { DefaultInstanceWarmup: 90, HealthCheckGracePeriod: 300 }, 90],
    ["its grace period where it has none", { HealthCheckGracePeriod: 300 }, 300],
    ["nothing where AWS tells neither", {}, undefined],
  ])("give a new instance %s", async (_, told, seconds) => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, ...told }] });
    ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
      LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 7, LaunchTemplateData: { InstanceType: "m5.2xlarge" } }],
    });
    const { resources } = await described({ autoScalingGroups: ["g"] });
    expect(resources.map((resource) => "warmUpSeconds" in resource && resource.warmUpSeconds)).toEqual([seconds ?? false]);
  });

  it.each([
    ["a mixed instances policy", { LaunchTemplate: undefined, MixedInstancesPolicy: {} }, "mixed instances"],
    ["a launch configuration", { LaunchTemplate: undefined, LaunchConfigurationName: "lc" }, "no launch template"],
  ])("with %s are undescribed, with the reason", async (_, difference, detail) => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, ...difference }] });
    const { undescribed } = await described({ autoScalingGroups: ["g"] });
    expect(undescribed).toMatchObject([{ reason: "unsupported", detail: expect.stringContaining(detail) }]);
  });

  it("with types chosen by attributes are undescribed, with the reason", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group] });
    ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
      LaunchTemplateVersions: [
        { LaunchTemplateId: "lt-1", VersionNumber: 1, LaunchTemplateData: { InstanceRequirements: { VCpuCount: { Min: 4 }, MemoryMiB: { Min: 4 } } } },
      ],
    });
    const { undescribed } = await described({ autoScalingGroups: ["g"] });
    expect(undescribed).toMatchObject([{ reason: "unsupported", detail: expect.stringContaining("by attributes") }]);
  });

  describe("and what bears on whether they may be changed", () => {
    async function only(of: object = {}, template: object = {}, others: readonly object[] = []) {
      const own = { ...group, LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" }, ...of };
      autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [own, ...(others as (typeof own)[])] });
      autoScaling.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ["g"] }).resolves({ AutoScalingGroups: [own] });
      ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
        LaunchTemplateVersions: [
          { LaunchTemplateId: "lt-1", LaunchTemplateName: "web", VersionNumber: 1, LaunchTemplateData: { InstanceType: "m5.4xlarge", ...template } },
        ],
      });
      const [resource] = (await described({ autoScalingGroups: ["g"] })).resources;
      if (resource?.kind !== "auto-scaling-group") throw new Error("no group");
      return resource;
    }

    beforeEach(() => {
      autoScaling.onAnyCommand().resolves({});
      ec2.onAnyCommand().resolves({});
    });

    it("ask for nothing that binds to sizes: no enclave, and interfaces that every size takes", async () => {
      const template = {
        EnclaveOptions: { Enabled: false },
        NetworkInterfaces: [{ InterfaceType: "interface" }, {}],
        CpuOptions: { AmdSevSnp: "disabled" as const },
      };
      expect((await only({ Instances: [] }, template)).template).toEqual(plainTemplate);
    });

    it("are plain where nothing is set", async () => {
      expect(await only({ Instances: [] })).toMatchObject({
        template: plainTemplate,
        habits: noHabits,
        neighbours: [],
        unread: [],
        launchTemplateReference: "1",
      });
    });

    it.each<[string, object, object]>([
      ["a number of cores", { CpuOptions: { CoreCount: 8, ThreadsPerCore: 2 } }, { cpuOptions: true }],
      ["one thread a core", { CpuOptions: { ThreadsPerCore: 1 } }, { cpuOptions: true }],
      ["dedicated tenancy", { Placement: { Tenancy: "dedicated" } }, { tenancy: "dedicated" }],
      ["a host", { Placement: { HostId: "h-1" } }, { tenancy: "host" }],
      ["shared hardware, said aloud", { Placement: { Tenancy: "default" } }, { tenancy: null }],
      ["a placement group", { Placement: { GroupName: "close" } }, { placementGroup: "close" }],
      ["an enclave", { EnclaveOptions: { Enabled: true } }, { sizeBound: "an enclave, which takes vCPUs and memory away" }],
      ["an Elastic Fabric Adapter", { NetworkInterfaces: [{ InterfaceType: "efa-only" }] }, { sizeBound: "an Elastic Fabric Adapter" }],
      ["many network interfaces", { NetworkInterfaces: [{}, {}, {}, {}] }, { sizeBound: "4 network interfaces" }],
      ["licences", { LicenseSpecifications: [{ LicenseConfigurationArn: "arn:l" }] }, { sizeBound: "licences that are counted by vCPUs or cores" }],
      ["AMD SEV-SNP", { CpuOptions: { AmdSevSnp: "enabled" } }, { cpuOptions: false, sizeBound: "AMD SEV-SNP" }],
      ["a capacity block", { InstanceMarketOptions: { MarketType: "capacity-block" } }, { capacityReservation: "of a capacity block" }],
      ["Spot", { InstanceMarketOptions: { MarketType: "spot" } }, { spot: true }],
      [
        "a capacity reservation",
        { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: "cr-1" } } },
        { capacityReservation: "cr-1" },
      ],
      ["an open preference for reservations", { CapacityReservationSpecification: { CapacityReservationPreference: "open" } }, { capacityReservation: null }],
    ])("read of the template: %s", async (_, template, traits) => {
      expect((await only({}, template)).template).toMatchObject(traits);
    });

    it.each<[string, object, object]>([
      ["being deleted", { Status: "Delete in progress" }, { status: "Delete in progress" }],
      ["suspended processes", { SuspendedProcesses: [{ ProcessName: "Launch" }] }, { suspendedProcesses: ["Launch"] }],
      ["protection of what is new", { NewInstancesProtectedFromScaleIn: true }, { protectsNewInstances: true }],
      ["protection of what runs", { Instances: [{ ...group.Instances[0], ProtectedFromScaleIn: true }] }, { protectedInstances: 1 }],
      ["standby", { Instances: [{ ...group.Instances[0], LifecycleState: "Standby" }] }, { standbyInstances: 1 }],
      ["classic load balancers", { LoadBalancerNames: ["old"] }, { classicBalancers: ["old"] }],
    ])("read of the group: %s", async (_, of, habits) => {
      expect((await only(of)).habits).toMatchObject(habits);
    });

    it("read of the group's own descriptions: hooks, pool, policies, schedules", async () => {
      autoScaling.on(DescribeLifecycleHooksCommand).resolves({ LifecycleHooks: [{ LifecycleHookName: "drain" }] });
      autoScaling.on(DescribeWarmPoolCommand).resolves({ WarmPoolConfiguration: {} });
      autoScaling.on(DescribeScheduledActionsCommand).resolves({ ScheduledUpdateGroupActions: [{ ScheduledActionName: "morning" }] });
      const tracking = { TargetValue: 60, PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" as const } };
      autoScaling.on(DescribePoliciesCommand).resolves({
        ScalingPolicies: [
          { PolicyName: "steps", PolicyType: "StepScaling", Enabled: false },
          { PolicyName: "cpu", PolicyType: "TargetTrackingScaling", Enabled: true, TargetTrackingConfiguration: tracking },
        ],
      });
      expect((await only()).habits).toMatchObject({
        lifecycleHooks: ["drain"],
        warmPool: true,
        scheduledActions: ["morning"],
        scalingPolicies: [
          { name: "cpu", type: "TargetTrackingScaling", enabled: true, target: { metric: "ASGAverageCPUUtilization", value: 60 } },
          { name: "steps", type: "StepScaling", enabled: false, target: null },
        ],
      });
    });

    it.each([
      ["lifecycle hooks", () => autoScaling.on(DescribeLifecycleHooksCommand)],
      ["warm pool", () => autoScaling.on(DescribeWarmPoolCommand)],
      ["scaling policies", () => autoScaling.on(DescribePoliciesCommand)],
      ["scheduled actions", () => autoScaling.on(DescribeScheduledActionsCommand)],
      ["neighbours", () => autoScaling.on(DescribeAutoScalingGroupsCommand, { MaxRecords: 100 })],
    ])("are noted as unread where they may not be read: %s", async (what, call) => {
      const denied = Object.assign(new Error("not authorized"), { name: "AccessDenied", $fault: "client", $metadata: {} });
      const reading = only;
      autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group] });
      call().rejects(denied);
      const unread = what === "neighbours" ? (await afterDenial()).unread : (await reading()).unread;
      expect(unread).toEqual([{ what: expect.stringContaining(what), reason: "AccessDenied: not authorized" }]);

      async function afterDenial() {
        autoScaling.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ["g"] }).resolves({ AutoScalingGroups: [group] });
        ec2.on(DescribeLaunchTemplateVersionsCommand).resolves({
          LaunchTemplateVersions: [{ LaunchTemplateId: "lt-1", VersionNumber: 1, LaunchTemplateData: { InstanceType: "m5.4xlarge" } }],
        });
        const [resource] = (await described({ autoScalingGroups: ["g"] })).resources;
        if (resource?.kind !== "auto-scaling-group") throw new Error("no group");
        return resource;
      }
    });

    const latest = { Version: "$Latest" };
    it.each<[string, object, boolean]>([
      ["by id", { LaunchTemplate: { LaunchTemplateId: "lt-1", ...latest } }, true],
      ["by name", { LaunchTemplate: { LaunchTemplateName: "web", ...latest } }, true],
      [
        "in a mixed instances policy",
        { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", ...latest } } } },
        true,
      ],
      [
        "in an override of one",
        { MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", ...latest } }] } } },
        true,
      ],
      ["at a number", { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" } }, false],
      ["at the default", { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Default" } }, false],
      ["of another template", { LaunchTemplate: { LaunchTemplateId: "lt-2", ...latest } }, false],
    ])("know the other groups that follow the template's latest version, %s", async (_, other, isNeighbour) => {
      const stranger = { ...group, LaunchTemplate: undefined, AutoScalingGroupName: "other", Tags: [{ Key: "tenant-id", Value: "1" }], ...other };
      const { neighbours } = await only({}, {}, [stranger]);
      const expected = { name: "other", followsLatest: true, tags: { kind: "tags", tags: { "tenant-id": "1" } }, targetGroupArns: [] };
      expect(neighbours).toEqual(isNeighbour ? [expected] : []);
    });

    it("know them from every page of the region's groups", async () => {
      const follower = { ...group, AutoScalingGroupName: "late", LaunchTemplate: { LaunchTemplateId: "lt-1", ...latest } };
      await only();
      autoScaling.on(DescribeAutoScalingGroupsCommand, { MaxRecords: 100 }).resolves({ AutoScalingGroups: [], NextToken: "2" });
      autoScaling.on(DescribeAutoScalingGroupsCommand, { MaxRecords: 100, NextToken: "2" }).resolves({ AutoScalingGroups: [follower] });
      const [resource] = (await described({ autoScalingGroups: ["g"] })).resources;
      expect(resource).toMatchObject({ neighbours: [{ name: "late" }] });
    });
  });

  it("have the tags of their launch template and instances read too", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, Tags: [] }] });
    ec2
      .on(DescribeInstanceTagsCommand, { Filters: [{ Name: "resource-id", Values: ["lt-1", "i-1", "i-2", "i-3"] }] })
      .resolves({ Tags: [{ Key: "tenant-id", Value: "9", ResourceId: "i-2" }] });
    const tags = await createTagReader(clients).tagsOf([{ kind: "auto-scaling-group", region, id: "g" }]);
    expect(tags).toEqual([
      { kind: "tags", tags: {} },
      { kind: "tags", tags: { "tenant-id": "9" } },
    ]);
  });
});
