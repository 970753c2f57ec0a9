import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { DescribeTagsCommand, DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { answersOf } from "../../../../support/answers-of.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const ecs = answersOf(ECSClient);
const ec2 = answersOf(EC2Client);
const cloudTrail = answersOf(CloudTrailClient);
const elb = answersOf(ElasticLoadBalancingV2Client);
const scaling = answersOf(ApplicationAutoScalingClient);

const arnOf = (name: string): string => `arn:aws:ecs:us-east-1:123456789012:service/main/${name}`;
const definitionArn = "arn:aws:ecs:us-east-1:123456789012:task-definition/app:7";
const groupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/app/0123456789abcdef";
const service: Service = {
  serviceName: "app",
  serviceArn: arnOf("app"),
  status: "ACTIVE",
  desiredCount: 8,
  runningCount: 8,
  pendingCount: 0,
  launchType: "FARGATE",
  taskDefinition: definitionArn,
  clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/main",
  deployments: [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED" }],
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  loadBalancers: [{ targetGroupArn: groupArn }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1", "subnet-2", "subnet-3"] } },
  tags: [{ key: "Project", value: "tap" }],
};

/** Tasks that run, by the last letter of their zones. */
function tasksIn(zones: string): void {
  ecs.on(ListTasksCommand).resolves({ taskArns: Array.from(zones, (_, place) => `task-${place}`) });
  ecs.on(DescribeTasksCommand).resolves({ tasks: Array.from(zones, (zone) => ({ lastStatus: "RUNNING", availabilityZone: `us-east-1${zone}` })) });
}

function serviceIs(found: Partial<Service> = {}): void {
  ecs.on(DescribeServicesCommand).resolves({ services: [{ ...service, ...found }] });
}

beforeEach(() => {
  for (const each of [ecs, ec2, elb, scaling]) each.reset();
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  serviceIs();
  ecs.on(DescribeTaskDefinitionCommand).resolves({
    taskDefinition: {
      family: "app",
      revision: 7,
      taskDefinitionArn: definitionArn,
      cpu: "1024",
      memory: "2048",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      ephemeralStorage: { sizeInGiB: 30 },
      containerDefinitions: [
        { name: "app", cpu: 256, memory: 1024, memoryReservation: 512, environment: [{ name: "JAVA_OPTS", value: "-Xmx768m" }] },
        { name: "proxy", memoryReservation: 128, command: ["node", "--max-old-space-size=64"] },
      ],
    },
    tags: [{ key: "of the", value: "task definition" }],
  });
  ecs.on(DescribeClustersCommand).resolves({ clusters: [{ tags: [{ key: "of the", value: "cluster" }] }] });
  elb.on(DescribeTagsCommand).resolves({
    TagDescriptions: [{ Tags: [{ Key: "group", Value: "app" }] }, { Tags: [{ Key: "balancer", Value: "web" }] }],
  });
  ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [] });
  ecs.on(ListClustersCommand).resolves({ clusterArns: ["arn:aws:ecs:us-east-1:123456789012:cluster/main"] });
  ecs.on(ListServicesCommand).resolves({ serviceArns: [arnOf("app")] });
  tasksIn("aaaabbbb");
  ec2.on(DescribeSubnetsCommand).resolves({ Subnets: ["a", "b", "b"].map((zone) => ({ AvailabilityZone: `us-east-1${zone}` })) });
  elb
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [{ LoadBalancerArns: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1"] }] });
  scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
});

const inventory = () => createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment("us-east-1", { containerServices: ["main/app"] }));
const found = async () => (await inventory()).resources[0];

describe("a service that the outputs name", () => {
  it("is described with its definition, zones, load balancers and tags", async () => {
    expect(await found()).toEqual({
      kind: "ecs-service",
      ref: { kind: "ecs-service", region: "us-east-1", id: "main/app" },
      arn: arnOf("app"),
      tags: { kind: "tags", tags: { Project: "tap" } },
      cluster: "main",
      name: "app",
      status: "ACTIVE",
      desiredCount: 8,
      underWay: null,
      deploymentController: "ECS",
      deploymentStrategy: "ROLLING",
      rollsBackFailures: true,
      deploymentPercents: { minimumHealthy: 100, maximum: 200 },
      schedulingStrategy: "REPLICA",
      launchType: "FARGATE",
      capacityProviders: [],
      zones: { kind: "seen", value: ["us-east-1a", "us-east-1b"] },
      unevenZones: { kind: "seen", value: null },
      targetGroupArns: [groupArn],
      classicBalancers: [],
      loadBalancers: ["app/web/1"],
      task: {
        family: "app",
        revision: 7,
        latestRevision: 7,
        size: { cpu: 1024, memoryMib: 2048 },
        architecture: "arm64",
        operatingSystem: "LINUX",
        ephemeralStorageGib: 30,
        containers: [
          { name: "app", cpu: 256, memoryMib: 1024, heapSetting: "JAVA_OPTS" },
          { name: "proxy", cpu: 0, memoryMib: 128, heapSetting: "the command" },
        ],
      },
      sizesBefore: { kind: "seen", value: [] },
      countsBefore: { kind: "seen", value: [] },
      scaling: { kind: "seen", value: null },
      neighbours: { kind: "seen", value: [] },
      ranBeside: { kind: "seen", value: [] },
      alsoBehind: { kind: "seen", value: [] },
      surroundingTags: [
        { kind: "tags", tags: { "of the": "task definition" } },
        { kind: "tags", tags: { "of the": "cluster" } },
        { kind: "tags", tags: { group: "app", balancer: "web" } },
      ],
    });
  });

  it("has the bounds of its deployments, and the services that serve its target groups", async () => {
    ecs.on(ListServicesCommand).resolves({ serviceArns: [arnOf("app"), arnOf("canary")] });
    const canary = { serviceName: "canary", serviceArn: arnOf("canary"), status: "ACTIVE", taskDefinition: "x/other:1", loadBalancers: service.loadBalancers };
    ecs.on(DescribeServicesCommand).resolves({
      services: [{ ...service, deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 150 } }, canary],
    });
    expect(await found()).toMatchObject({
      deploymentPercents: { minimumHealthy: 50, maximum: 150 },
      neighbours: { value: [] },
      alsoBehind: { value: ["service main/canary"] },
    });
  });

  it("counts as a tenant's where tags of what it stands on may not be read", async () => {
    elb.on(DescribeTagsCommand).rejects(Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } }));
    expect(await found()).toMatchObject({ surroundingTags: [{ kind: "tags" }, { kind: "tags" }, { kind: "unreadable" }] });
  });

  it("is asked for the same tags once more before it is changed", async () => {
    const tags = await createTagReader(clients).tagsOf([{ kind: "ecs-service", region: "us-east-1", id: "main/app" }]);
    expect(JSON.stringify(tags)).toMatch(/Project.*task definition.*cluster.*balancer/);
  });

  it("has what Application Auto Scaling may do, and a policy that may not shrink as none that is understood", async () => {
    scaling.on(DescribeScalableTargetsCommand).resolves({
      ScalableTargets: [
        {
          ServiceNamespace: "ecs",
          ResourceId: "service/main/app",
          ScalableDimension: "ecs:service:DesiredCount",
          MinCapacity: 8,
          MaxCapacity: 24,
          RoleARN: "r",
          CreationTime: new Date(0),
          SuspendedState: { ScheduledScalingSuspended: true },
        },
      ],
    });
    const tracking = (TargetValue: number, DisableScaleIn: boolean) => ({
      PolicyARN: "p",
      PolicyType: "TargetTrackingScaling" as const,
      ServiceNamespace: "ecs" as const,
      ResourceId: "service/main/app",
      ScalableDimension: "ecs:service:DesiredCount" as const,
      CreationTime: new Date(0),
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue,
        DisableScaleIn,
        PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" as const },
      },
    });
    scaling.on(DescribeScalingPoliciesCommand).resolves({
      ScalingPolicies: [
        { PolicyName: "up", ...tracking(70, true) },
        { PolicyName: "cpu", ...tracking(60, false) },
      ],
    });
    scaling.on(DescribeScheduledActionsCommand).resolves({ ScheduledActions: [] });
    expect(await found()).toMatchObject({
      scaling: {
        value: {
          minCount: 8,
          maxCount: 24,
          isSuspended: true,
          scheduledActions: [],
          policies: [
            { name: "cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 60 } },
            { name: "up", target: null },
          ],
        },
      },
    });
  });

  it("names other services of the family, not itself, nor those of other families or that were deleted", async () => {
    const other = (serviceName: string, taskDefinition: string, status = "ACTIVE"): Service => ({
      serviceName,
      serviceArn: arnOf(serviceName),
      taskDefinition,
      status,
    });
    ecs.on(DescribeServicesCommand).resolves({
      services: [
        service,
        other("jobs", definitionArn.replace(":7", ":6")),
        other("web", definitionArn.replace("app:7", "apple:7")),
        other("old", definitionArn, "INACTIVE"),
      ],
    });
    expect(await found()).toMatchObject({ neighbours: { kind: "seen", value: ["service main/jobs"] } });
  });

  it.each([
    ["aaaabbbb", null],
    ["aaaabbb", null],
    ["aaaaabbb", "5 of its 8 tasks are in us-east-1a"],
    ["bbbb", "4 of its 4 tasks are in us-east-1b"],
    ["", null],
  ])("with tasks in %s has uneven zones, or not: %s", async (zones, value) => {
    tasksIn(zones);
    expect(await found()).toMatchObject({ unevenZones: { kind: "seen", value } });
  });

  it("counts the tasks that run, a hundred a call", async () => {
    const arns = Array.from({ length: 101 }, (_, place) => `task-${place}`);
    ecs.on(ListTasksCommand, { desiredStatus: "RUNNING", serviceName: "app" }).resolves({ taskArns: arns });
    const stopped = { lastStatus: "DEPROVISIONING", availabilityZone: "us-east-1b" };
    ecs.on(DescribeTasksCommand, { tasks: arns.slice(0, 100) }).resolves({ tasks: [{ lastStatus: "RUNNING", availabilityZone: "us-east-1a" }, stopped] });
    ecs.on(DescribeTasksCommand, { tasks: arns.slice(100) }).resolves({ tasks: [{ lastStatus: "RUNNING", availabilityZone: "us-east-1a" }] });
    expect(await found()).toMatchObject({ unevenZones: { kind: "seen", value: "2 of its 2 tasks are in us-east-1a" } });
  });

  const group = service.loadBalancers?.[0];

  it.each<[string, Partial<Service>, object]>([
    ["in its task sets", { taskSets: [{ taskDefinition: definitionArn }] }, { neighbours: ["service main/jobs"] }],
    ["in a deployment under way", { taskDefinition: "x/other:1", deployments: [{ taskDefinition: definitionArn }] }, { neighbours: ["service main/jobs"] }],
    [
      "by its task sets' load balancers",
      { taskSets: [{ taskDefinition: "x/other:1", ...(group && { loadBalancers: [group] }) }] },
      { alsoBehind: ["service main/jobs"] },
    ],
    [
      "by the target group to which it switches",
      {
        taskDefinition: "x/other:1",
        loadBalancers: [{ targetGroupArn: "x", advancedConfiguration: { ...(group?.targetGroupArn && { alternateTargetGroupArn: group.targetGroupArn }) } }],
      },
      { alsoBehind: ["service main/jobs"] },
    ],
  ])("shares what another service uses %s", async (_, other, seen) => {
    ecs.on(ListServicesCommand).resolves({ serviceArns: [arnOf("app"), arnOf("jobs")] });
    ecs.on(DescribeServicesCommand).resolves({ services: [service, { serviceName: "jobs", serviceArn: arnOf("jobs"), status: "ACTIVE", ...other }] });
    const all = { neighbours: [], alsoBehind: [], ...seen };
    expect(await found()).toMatchObject({ neighbours: { kind: "seen", value: all.neighbours }, alsoBehind: { kind: "seen", value: all.alsoBehind } });
  });

  it.each<[string, Partial<Service>, string]>([
    ["a deployment", { deployments: [{ id: "ecs-svc/2", status: "PRIMARY", rolloutState: "IN_PROGRESS" }] }, "ecs-svc/2 is IN_PROGRESS"],
    ["old tasks", { deployments: [{ id: "ecs-svc/1", status: "ACTIVE", rolloutState: "COMPLETED" }] }, "ecs-svc/1"],
    ["tasks to come", { runningCount: 5, pendingCount: 3 }, "5 of its 8 tasks run, 3 are to come"],
  ])("has %s under way", async (_, given, said) => {
    serviceIs(given);
    expect(await found()).toMatchObject({ underWay: expect.stringContaining(said) });
  });

  it("says what it may not look at, and is not there where AWS calls it INACTIVE", async () => {
    const denied = Object.assign(new Error("no"), { name: "AccessDeniedException" });
    ec2.on(DescribeSubnetsCommand).rejects(denied);
    ecs.on(ListClustersCommand).rejects(denied);
    scaling.on(DescribeScalableTargetsCommand).rejects(denied);
    expect(await found()).toMatchObject({ zones: { kind: "unseen" }, neighbours: { kind: "unseen" }, scaling: { kind: "unseen" } });
    serviceIs({ status: "INACTIVE" });
    expect((await inventory()).undescribed).toMatchObject([{ reason: "not-found" }]);
    serviceIs({ taskDefinition: undefined });
    expect((await inventory()).undescribed).toMatchObject([{ reason: "unsupported" }]);
  });
});
