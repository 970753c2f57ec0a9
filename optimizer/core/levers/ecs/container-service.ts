import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { Described, Tags } from "../../model/resource-ref.ts";
import type { Seen } from "../../model/seen.ts";
import type { SizesBefore } from "../../sizing/sizes-before.ts";
import type { ResourceFacts } from "../resource-facts.ts";

/** A service of Elastic Container Service. Its id is `<cluster>/<service>`: a service's name is unique in its cluster alone. */
export interface ContainerService extends Described {
  readonly kind: "ecs-service";
  readonly cluster: string;
  readonly name: string;
  /** `ACTIVE`, or what AWS calls it else. */
  readonly status: string;
  readonly desiredCount: number;
  /** What is on its way, in words: a deployment, or tasks that are still to come or to go. */
  readonly underWay: string | null;
  /** `ECS` for deployments that ECS carries out itself. */
  readonly deploymentController: string;
  /** `ROLLING`, or e.g. `BLUE_GREEN`. */
  readonly deploymentStrategy: string;
  /** Whether a deployment whose tasks do not come up is given up and undone by ECS. */
  readonly rollsBackFailures: boolean;
  /** Percent of its tasks that a deployment keeps at least, and has at most. Absent in plans of older releases. */
  readonly deploymentPercents?: DeploymentPercents;
  /** `REPLICA`, or `DAEMON` for a task on each instance. */
  readonly schedulingStrategy: string;
  /** `FARGATE`, `EC2` or `EXTERNAL`; null where capacity providers place the tasks. */
  readonly launchType: string | null;
  readonly capacityProviders: readonly string[];
  readonly zones: Seen<readonly string[]>;
  /** Which zone has more of its tasks than an equal part, in words. Absent with one zone, and in plans of older releases. */
  readonly unevenZones?: Seen<string | null>;
  readonly targetGroupArns: readonly string[];
  readonly classicBalancers: readonly string[];
  /** Full names of the load balancers before those target groups. */
  readonly loadBalancers: readonly string[];
  readonly task: TaskDefinition;
  /** Other sizes of its tasks. */
  readonly sizesBefore?: SizesBefore;
  /** Other numbers of them; looked at where nothing else tells the number by the hour. */
  readonly countsBefore?: SizesBefore;
  readonly scaling: Seen<ServiceScaling>;
  /** Other services of the region that run a revision of the same family. */
  readonly neighbours: Seen<readonly string[]>;
  /** Who ran tasks of the family by itself in 90 days and named no revision, in words. Absent in plans of older releases. */
  readonly ranBeside?: Seen<readonly string[]>;
  /** Other services of the region that serve the same target groups. Absent in plans of older releases. */
  readonly alsoBehind?: Seen<readonly string[]>;
  /** Tags of what it stands on, which need not be its own: cluster, task definition, target groups, load balancers. Absent in plans of older releases. */
  readonly surroundingTags?: readonly Tags[];
}

export interface DeploymentPercents {
  readonly minimumHealthy: number;
  readonly maximum: number;
}

export interface TaskDefinition {
  readonly family: string;
  /** The revision that the service runs, and the newest one that there is. */
  readonly revision: number;
  readonly latestRevision: number;
  readonly size: TaskSize;
  readonly architecture: "x86_64" | "arm64";
  /** `LINUX`, or what AWS calls a kind of Windows. */
  readonly operatingSystem: string;
  /** Disk of a task; what is above 20 GiB is paid for by the hour. */
  readonly ephemeralStorageGib: number;
  readonly containers: readonly ContainerLimits[];
}

/** What a container of a task asks for by itself: a task has to hold the sum of all. */
export interface ContainerLimits {
  readonly name: string;
  /** CPU units, and MiB: the hard limit or the reservation, whichever is more; 0 where nothing is said. */
  readonly cpu: number;
  readonly memoryMib: number;
  /** The environment variable that gives a runtime a heap of its own size, e.g. `-Xmx`, or `command`; its value is not kept. */
  readonly heapSetting: string | null;
}

/** What Application Auto Scaling may do to the number of tasks; null where it knows nothing of the service. */
export type ServiceScaling = {
  readonly minCount: number;
  readonly maxCount: number;
  /** Whether somebody keeps it from growing, shrinking or following schedules. */
  readonly isSuspended: boolean;
  readonly policies: readonly ServicePolicy[];
  readonly scheduledActions: readonly string[];
} | null;

export interface ServicePolicy {
  readonly name: string;
  /** AWS's word: `TargetTrackingScaling`, `StepScaling`, `PredictiveScaling`. */
  readonly type: string;
  /** Of a target tracking policy on a predefined metric that may shrink, too. */
  readonly target: { readonly metric: string; readonly value: number } | null;
}

/** Its bounds are what a change sets. */
function withoutBounds({ minCount: _min, maxCount: _max, ...rest }: NonNullable<ServiceScaling>): object {
  return rest;
}

export const containerServiceFacts: ResourceFacts<ContainerService> = {
  word: "service",
  partWord: "",
  tags: ({ tags, surroundingTags = [] }) => [tags, ...surroundingTags],
  restsOnAlways: ({ tags, surroundingTags = null }) => ({ tags, surroundingTags }),
  form: ({ task, scaling, ...service }) => ({
    deploymentController: service.deploymentController,
    deploymentStrategy: service.deploymentStrategy,
    rollsBackFailures: service.rollsBackFailures,
    schedulingStrategy: service.schedulingStrategy,
    launchType: service.launchType,
    capacityProviders: service.capacityProviders,
    targetGroupArns: service.targetGroupArns,
    classicBalancers: service.classicBalancers,
    family: task.family,
    architecture: task.architecture,
    operatingSystem: task.operatingSystem,
    heapSettings: task.containers.flatMap(({ heapSetting }) => heapSetting ?? []),
    scaling: scaling.kind === "seen" && scaling.value !== null ? withoutBounds(scaling.value) : scaling,
  }),
  otherZones: ({ zones }) => (zones.kind === "seen" ? `Fargate places its tasks in ${zones.value.join(", ")}` : "Fargate places its tasks itself"),
};
