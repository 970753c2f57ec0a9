import type { ContainerLimits, ContainerService, ServiceScaling, TaskDefinition } from "../../optimizer/core/levers/ecs/container-service.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { Signal } from "./courses.ts";
import { primary, tagged, type World } from "./world.ts";

type Given = Partial<Omit<ContainerService, "task">> & { readonly name?: string; readonly region?: string; readonly task?: Partial<TaskDefinition> };

/** The requirement's: 8 tasks of 1024 CPU and 2048 MiB in three zones, whose number nobody moves. */
export function aService(overrides: Given = {}): ContainerService {
  const { name = "app", region = primary, task = {}, ...rest } = overrides;
  return {
    kind: "ecs-service",
    ref: { kind: "ecs-service", region, id: `main/${name}` },
    arn: `arn:aws:ecs:${region}:123456789012:service/main/${name}`,
    tags: tagged({}),
    cluster: "main",
    name,
    status: "ACTIVE",
    desiredCount: 8,
    underWay: null,
    deploymentController: "ECS",
    deploymentStrategy: "ROLLING",
    rollsBackFailures: true,
    schedulingStrategy: "REPLICA",
    launchType: "FARGATE",
    capacityProviders: [],
    zones: { kind: "seen", value: ["a", "b", "c"].map((zone) => region + zone) },
    targetGroupArns: [`arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/app/0123456789abcdef`],
    classicBalancers: [],
    loadBalancers: ["app/web/0123456789abcdef"],
    task: {
      family: name,
      revision: 7,
      latestRevision: 7,
      size: { cpu: 1024, memoryMib: 2048 },
      architecture: "x86_64",
      operatingSystem: "LINUX",
      ephemeralStorageGib: 20,
      containers: [aContainer()],
      ...task,
    },
    sizesBefore: { kind: "seen", value: [] },
    scaling: { kind: "seen", value: null },
    neighbours: { kind: "seen", value: [] },
    ...rest,
  };
}

export function aContainer(overrides: Partial<ContainerLimits> = {}): ContainerLimits {
  return { name: "app", cpu: 0, memoryMib: 0, heapSetting: null, ...overrides };
}

/** A target with the stacks' own policy: mean CPU of 60 %. */
export function scaled(overrides: Partial<NonNullable<ServiceScaling>> = {}): ContainerService["scaling"] {
  const policy = { name: "app-cpu", type: "TargetTrackingScaling", target: { metric: "ECSServiceAverageCPUUtilization", value: 60 } };
  return { kind: "seen", value: { minCount: 8, maxCount: 24, isSuspended: false, policies: [policy], scheduledActions: [], ...overrides } };
}

/** What a service publishes, steady: percent of CPU and memory, and how many tasks run. */
export function serviceSees(
  world: World,
  { ref, desiredCount }: ContainerService,
  load: { readonly cpu?: number | Signal; readonly memory?: number | Signal; readonly tasks?: number | Signal } = {},
): World {
  const { cpu = 6, memory = 6, tasks = desiredCount } = load;
  return world
    .sees(metrics.ecsCpu, ref.id, cpu, ref.region)
    .sees(metrics.ecsMemory, ref.id, memory, ref.region)
    .sees(metrics.insightsRunningTasks, ref.id, tasks, ref.region);
}
