import {
  ClientException,
  DescribeTaskDefinitionCommand,
  type ContainerDefinition,
  type DescribeTaskDefinitionCommandOutput,
  type ECSClient,
  type Tag,
  type TaskDefinition as AwsDefinition,
} from "@aws-sdk/client-ecs";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { ContainerLimits, TaskDefinition } from "../../../core/levers/ecs/container-service.ts";
import { answered } from "../answered.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";

export interface Revision {
  readonly family: string;
  readonly revision: number;
  readonly arn: string;
  readonly size: TaskSize;
  readonly definition: AwsDefinition;
  readonly tags: readonly Tag[];
}

/** A revision by ARN or `family:number`, whether it is active or not. */
export async function readDefinition(client: ECSClient, taskDefinition: string): Promise<Revision> {
  const told = await described(client, taskDefinition);
  if (told === undefined) throw new ResourceGone(`no task definition ${taskDefinition}`);
  return revisionOf(taskDefinition, told);
}

/** The newest active revision of a family: the only kind that a service can be brought to. None once all are deregistered, though services still run them. */
export async function newestDefinition(client: ECSClient, family: string): Promise<Revision | undefined> {
  const told = await described(client, family);
  return told === undefined ? undefined : revisionOf(family, told);
}

function revisionOf(taskDefinition: string, { taskDefinition: definition, tags = [] }: DescribeTaskDefinitionCommandOutput): Revision {
  const found = answered(definition, "taskDefinition");
  const size = { cpu: Number(found.cpu), memoryMib: Number(found.memory) };
  if (!(size.cpu > 0 && size.memoryMib > 0)) throw new UnsupportedResource(`${taskDefinition} gives its task no CPU and memory: Fargate takes none like that`);
  return {
    family: answered(found.family, "family"),
    revision: answered(found.revision, "revision"),
    arn: answered(found.taskDefinitionArn, "taskDefinitionArn"),
    size,
    definition: found,
    tags,
  };
}

async function described(client: ECSClient, taskDefinition: string): Promise<DescribeTaskDefinitionCommandOutput | undefined> {
  try {
    return await client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }));
  } catch (error) {
    // ECS has no error of its own for one that is not there (ECS API reference, DescribeTaskDefinition).
    if (error instanceof ClientException && error.message.includes("Unable to describe task definition")) return undefined;
    throw error;
  }
}

/** What is told of a family of which nothing can be run anew. */
export function noActiveRevision(family: string): string {
  return `no revision of ${family} is active any more: all are deregistered, and no service can be brought to one`;
}

export function taskDefinitionOf({ family, revision, size, definition }: Revision, latestRevision: number): TaskDefinition {
  const { runtimePlatform, ephemeralStorage, containerDefinitions = [] } = definition;
  return {
    family,
    revision,
    latestRevision,
    size,
    architecture: runtimePlatform?.cpuArchitecture === "ARM64" ? "arm64" : "x86_64",
    operatingSystem: runtimePlatform?.operatingSystemFamily ?? "LINUX",
    ephemeralStorageGib: ephemeralStorage?.sizeInGiB ?? 20,
    containers: containerDefinitions.map((container) => limitsOf(container)),
  };
}

/** Java's and Node's own ways to set a heap (https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib). */
const heapFlags = /-Xmx|-XX:MaxHeapSize|--max[-_]old[-_]space[-_]size/;

function limitsOf({ name, cpu, memory, memoryReservation, environment = [], command = [], entryPoint = [] }: ContainerDefinition): ContainerLimits {
  const variable = environment.find(({ value = "" }) => heapFlags.test(value))?.name;
  return {
    name: answered(name, "a container's name"),
    cpu: cpu ?? 0,
    memoryMib: Math.max(memory ?? 0, memoryReservation ?? 0),
    heapSetting: variable ?? ([...entryPoint, ...command].some((word) => heapFlags.test(word)) ? "the command" : null),
  };
}
