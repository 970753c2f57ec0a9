import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand, RegisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListClustersCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type Deployment,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse, type Marks } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const ecs = answersOf(ECSClient);
const scaling = answersOf(ApplicationAutoScalingClient);

const place = { region: "us-east-1", cluster: "main", service: "app" } as const;
const size = { family: "app", before: { cpu: 1024, memoryMib: 2048 }, after: { cpu: 512, memoryMib: 1024 } } as const;
const definition: ChangeOf<"ecs.task-definition"> = { kind: "ecs.task-definition", ...place, ...size };
const deployment: ChangeOf<"ecs.deployment"> = { kind: "ecs.deployment", ...place, ...size };
const bounds: ChangeOf<"ecs.scaling-bounds"> = {
  kind: "ecs.scaling-bounds",
  ...place,
  before: { minCount: 8, maxCount: 24 },
  after: { minCount: 3, maxCount: 24 },
};
const fixed: ChangeOf<"ecs.desired-count"> = { kind: "ecs.desired-count", ...place, before: { desiredCount: 8 }, after: { desiredCount: 3 } };
const moved: ChangeOf<"ecs.desired-count"> = {
  kind: "ecs.desired-count",
  ...place,
  before: { desiredCount: 8, full: 8 },
  after: { desiredCount: 3, full: 8 },
};

const arnOf = (revision: number): string => `arn:aws:ecs:us-east-1:123456789012:task-definition/app:${revision}`;
const serviceArn = "arn:aws:ecs:us-east-1:123456789012:service/main/app";
const completed: Deployment = { id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED", runningCount: 8, desiredCount: 8 };

function serviceIs(found: Partial<Service> = {}): void {
  const service = { serviceName: "app", serviceArn, status: "ACTIVE", desiredCount: 8, runningCount: 8, pendingCount: 0, taskDefinition: arnOf(1) };
  ecs.on(DescribeServicesCommand).resolves({ services: [{ ...service, deployments: [completed], ...found }] });
}

/** Revisions in order; the last is the newest. */
function revisionsAre(...sizes: readonly (readonly [cpu: string, memory: string])[]): void {
  const described = sizes.map(([cpu, memory], at): TaskDefinition => ({
    family: "app",
    revision: at + 1,
    taskDefinitionArn: arnOf(at + 1),
    status: "ACTIVE",
    registeredBy: "somebody",
    registeredAt: new Date(0),
    compatibilities: ["FARGATE"],
    requiresAttributes: [{ name: "x" }],
    cpu,
    memory,
    networkMode: "awsvpc",
    enableFaultInjection: true,
    containerDefinitions: [{ name: "app", image: "app:1", ulimits: [{ name: "nofile", softLimit: 1, hardLimit: 2 }] }],
  }));
  const tags = [{ key: "Project", value: "tap" }];
  described.forEach((taskDefinition) => {
    const { revision } = taskDefinition;
    for (const wanted of [arnOf(revision ?? 0), `app:${revision}`])
      ecs.on(DescribeTaskDefinitionCommand, { taskDefinition: wanted, include: ["TAGS"] }).resolves({ taskDefinition, tags });
  });
  ecs.on(DescribeTaskDefinitionCommand, { taskDefinition: "app", include: ["TAGS"] }).resolves({ taskDefinition: described.at(-1), tags });
}

const large = ["1024", "2048"] as const;
const small = ["512", "1024"] as const;

beforeEach(() => {
  ecs.reset();
  scaling.reset();
  serviceIs();
  revisionsAre(large);
  ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [] });
});

const state = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change, marks: Marks = {}) => createChangeWriter(clients).apply(change, "run-1|step-1", marks);
const breaking = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const planned: Service = { serviceName: "app", serviceArn, status: "ACTIVE", launchType: "FARGATE", deploymentConfiguration: breaking };

const inputsOf = (command: Parameters<typeof ecs.commandCalls>[0]) => ecs.commandCalls(command).map(({ args }) => args[0].input);

describe("the state of a service's changes", () => {
  it("is the newest revision's size, with its number", async () => {
    revisionsAre(large, small);
    expect(await state(definition)).toEqual({ kind: "settled", value: { cpu: 512, memoryMib: 1024 }, marks: { revision: 2 } });
  });

  it("is the tasks' size once the deployment is over, which a deployment to elsewhere mixes and one to it is", async () => {
    revisionsAre(large, small);
    expect(await state(deployment)).toEqual({ kind: "settled", value: size.before });
    const underWay = { ...completed, rolloutState: "IN_PROGRESS", runningCount: 2 } as const;
    serviceIs({ taskDefinition: arnOf(2), deployments: [underWay, { id: "ecs-svc/0", status: "ACTIVE", rolloutState: "COMPLETED" }] });
    expect(await state(deployment)).toMatchObject({ kind: "in-progress", share: 0.25 });
    expect(await state(inverse(deployment))).toMatchObject({ kind: "mixed", foreign: true });
    serviceIs({ taskDefinition: arnOf(1), deployments: [underWay, { id: "ecs-svc/0", status: "ACTIVE", rolloutState: "FAILED" }] });
    expect(await state(deployment)).toMatchObject({ kind: "in-progress" });
    serviceIs({ taskDefinition: arnOf(2), deployments: [{ ...underWay, rolloutState: "FAILED", rolloutStateReason: "tasks failed to start" }] });
    expect(await state(deployment)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("tasks failed to start") });
  });

  it("is the third size that somebody else deploys, so that its place is never taken, there and back", async () => {
    revisionsAre(large, ["2048", "8192"]);
    const underWay = { ...completed, rolloutState: "IN_PROGRESS", runningCount: 2 } as const;
    serviceIs({ taskDefinition: arnOf(2), deployments: [underWay, { id: "ecs-svc/0", status: "ACTIVE", rolloutState: "COMPLETED" }] });
    for (const change of [deployment, inverse(deployment)]) expect(await state(change)).toEqual({ kind: "settled", value: { cpu: 2048, memoryMib: 8192 } });
  });

  it("is mixed for tasks of an older revision of the newest one's size, which the stacks would deploy again", async () => {
    revisionsAre(large, small, large);
    expect(await state(inverse(deployment))).toMatchObject({ kind: "mixed", detail: expect.stringContaining("revision 1") });
  });

  it("is missing where the service, its cluster or its target is not there", async () => {
    serviceIs({ status: "INACTIVE" });
    expect(await state(deployment)).toMatchObject({ kind: "missing" });
    ecs.on(DescribeServicesCommand).rejects(Object.assign(new Error("Cluster not found."), { name: "ClusterNotFoundException" }));
    expect(await state(fixed)).toMatchObject({ kind: "missing" });
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
    expect(await state(bounds)).toMatchObject({ kind: "missing" });
  });

  it("is the number of tasks once so many run; where policies move it, all of them or fewer", async () => {
    expect(await state(fixed)).toEqual({ kind: "settled", value: { desiredCount: 8 } });
    serviceIs({ desiredCount: 3, runningCount: 8 });
    expect(await state(fixed)).toMatchObject({ kind: "in-progress" });
    expect(await state(moved)).toEqual({ kind: "settled", value: { desiredCount: 3, full: 8 } });
    serviceIs({ desiredCount: 9, runningCount: 5, pendingCount: 4 });
    expect(await state(inverse(moved))).toMatchObject({ kind: "in-progress" });
  });
});

describe("changing a service", () => {
  it("registers every field of the revision in use, its tags among them, with another size", async () => {
    await apply(definition);
    expect(inputsOf(RegisterTaskDefinitionCommand)).toEqual([
      {
        family: "app",
        cpu: "512",
        memory: "1024",
        networkMode: "awsvpc",
        enableFaultInjection: true,
        containerDefinitions: [{ name: "app", image: "app:1", ulimits: [{ name: "nofile", softLimit: 1, hardLimit: 2 }] }],
        tags: [{ key: "Project", value: "tap" }],
      },
    ]);
  });

  it("deploys the revision that the step before registered, whatever became the newest since", async () => {
    revisionsAre(large, small, large);
    await apply(deployment, { revision: 2 });
    expect(inputsOf(UpdateServiceCommand)).toEqual([{ cluster: "main", service: "app", taskDefinition: arnOf(2) }]);
    await expect(apply(deployment)).rejects.toMatchObject({ kind: "invalid", awsName: "NotAsPlanned" });
  });

  it("does not deploy again what ECS gave up, except on the way back", async () => {
    revisionsAre(large, small);
    const failed = { targetServiceRevisionArn: "r-1", status: "ROLLBACK_SUCCESSFUL", statusReason: "circuit breaker" } as const;
    ecs.on(ListServiceDeploymentsCommand).resolves({ serviceDeployments: [failed] });
    ecs.on(DescribeServiceRevisionsCommand).resolves({ serviceRevisions: [{ serviceRevisionArn: "r-1", taskDefinition: arnOf(2) }] });
    await expect(apply(deployment)).rejects.toMatchObject({
      kind: "invalid",
      awsName: "DeploymentFailed",
      message: expect.stringContaining("circuit breaker"),
    });
    ecs.on(DescribeServiceRevisionsCommand).resolves({ serviceRevisions: [{ serviceRevisionArn: "r-1", taskDefinition: arnOf(9) }] });
    await apply(deployment);
    revisionsAre(large, small, large);
    ecs.on(DescribeServiceRevisionsCommand).resolves({ serviceRevisions: [{ serviceRevisionArn: "r-1", taskDefinition: arnOf(3) }] });
    await apply(inverse(deployment));
    expect(inputsOf(UpdateServiceCommand)).toHaveLength(2);
  });

  it("names the bounds alone, so that what else a target has stays", async () => {
    await apply(bounds);
    expect(scaling.commandCalls(RegisterScalableTargetCommand).map(({ args }) => args[0].input)).toEqual([
      { ServiceNamespace: "ecs", ResourceId: "service/main/app", ScalableDimension: "ecs:service:DesiredCount", MinCapacity: 3, MaxCapacity: 24 },
    ]);
  });

  it("takes no task away that policies have added, there or back", async () => {
    await apply(moved);
    serviceIs({ desiredCount: 12 });
    await expect(apply(moved)).rejects.toMatchObject({ kind: "busy" });
    await apply(inverse(moved));
    await apply(fixed);
    expect(inputsOf(UpdateServiceCommand)).toMatchObject([{ desiredCount: 3 }, { desiredCount: 12 }, { desiredCount: 3 }]);
  });

  it("reaches other services that run a revision of the family", async () => {
    const other = { serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/main/jobs", serviceName: "jobs", status: "ACTIVE", taskDefinition: arnOf(1) };
    ecs.on(ListClustersCommand).resolves({ clusterArns: ["main"] });
    ecs.on(ListServicesCommand).resolves({ serviceArns: [serviceArn, other.serviceArn] });
    ecs.on(DescribeServicesCommand).resolves({ services: [{ ...planned, taskDefinition: arnOf(1) }, other] });
    expect(await createChangeReader(clients).reaches(definition, [])).toEqual([expect.stringContaining("service main/jobs")]);
  });

  it.each<[string, Partial<Service>, string]>([
    ["somebody else deploys it", { deploymentController: { type: "EXTERNAL" } }, "EXTERNAL deploys app by now"],
    ["its tasks run elsewhere", { launchType: "EC2" }, "run on EC2 by now"],
    ["it is deployed in another way", { deploymentConfiguration: { ...breaking, strategy: "BLUE_GREEN" } }, "deployed BLUE_GREEN by now"],
    ["nobody undoes what fails", { deploymentConfiguration: {} }, "its circuit breaker is off"],
  ])("is not made of a service that has become another since the plan: %s", async (_, difference, words) => {
    ecs.on(ListClustersCommand).resolves({ clusterArns: [] });
    ecs.on(DescribeServicesCommand).resolves({ services: [planned] });
    expect(await createChangeReader(clients).reaches(definition, [])).toEqual([]);
    ecs.on(DescribeServicesCommand).resolves({ services: [{ ...planned, ...difference }] });
    expect(await createChangeReader(clients).reaches(definition, [])).toEqual([expect.stringContaining(words)]);
  });
});
