import {
  ClientException,
  ECSServiceException,
  type DeregisterTaskDefinitionCommandInput,
  type DeregisterTaskDefinitionCommandOutput,
  type DescribeTaskDefinitionCommandInput,
  type DescribeTaskDefinitionCommandOutput,
  type RegisterTaskDefinitionCommandInput,
  type RegisterTaskDefinitionCommandOutput,
  type Tag,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { fargateMemories, type TaskSize } from "../../../contract/fargate-sizes.ts";
import { liveResource, type Values } from "../../account/live-resource.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, DeploymentContext, MutationContext, ResourceType } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { argumentsOf, type Arguments } from "../../terraform/arguments.ts";
import { arn, argument } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

export const errors = serviceErrors(ECSServiceException, "json");

/** What a revision carries, as it was registered. */
type Registered = Omit<RegisterTaskDefinitionCommandInput, "tags">;

interface Revision {
  readonly number: number;
  readonly createdMs: number;
  readonly registered: Registered;
  readonly tags: readonly Tag[];
  /** From then on it is INACTIVE: whatever runs it goes on, and nothing else is brought to it. */
  deregisteredMs?: number;
}

/** Revisions of one name; its tags are those of the stacks. */
export interface Family extends Owned {
  readonly name: string;
  readonly revisions: Revision[];
}

export const families = regionalStore<Family>();

const createdBy = "terraform";

function deployDefinition(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const name = given.text("family");
  const owned = context.owned(resource, name);
  const tags = Object.entries(owned.tags).map(([key, value]) => ({ key, value }));
  context.state.of(families).add(name, {
    ...owned,
    name,
    revisions: [{ number: 1, createdMs: context.state.bornMs, registered: registeredOf(given, name), tags }],
  });
}

/** What this account knows of a definition; everything else of the stacks is of no effect here. */
function registeredOf(given: Arguments, family: string): Registered {
  const [platform] = given.blocks("runtime_platform");
  const [storage] = given.blocks("ephemeral_storage");
  const optional = { executionRoleArn: given.optionalText("execution_role_arn"), taskRoleArn: given.optionalText("task_role_arn") };
  return {
    family,
    containerDefinitions: JSON.parse(given.text("container_definitions")) as NonNullable<Registered["containerDefinitions"]>,
    cpu: given.text("cpu"),
    memory: given.text("memory"),
    networkMode: "awsvpc",
    requiresCompatibilities: given.texts("requires_compatibilities").map((each) => (each === "FARGATE" ? "FARGATE" : "EC2")),
    volumes: given.blocks("volume").map((volume) => ({ name: volume.text("name") })),
    ...(optional.executionRoleArn === null ? {} : { executionRoleArn: optional.executionRoleArn }),
    ...(optional.taskRoleArn === null ? {} : { taskRoleArn: optional.taskRoleArn }),
    ...(platform === undefined
      ? {}
      : { runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: platform.optionalText("cpu_architecture") === "ARM64" ? "ARM64" : "X86_64" } }),
    ...(storage === undefined ? {} : { ephemeralStorage: { sizeInGiB: storage.number("size_in_gib") } }),
  };
}

function arnOf(family: Family, { number }: Revision): string {
  return `${family.arn.slice(0, family.arn.lastIndexOf(":"))}:${number}`;
}

function isActive({ deregisteredMs = Number.POSITIVE_INFINITY }: Revision, atMs: number): boolean {
  return atMs < deregisteredMs;
}

function revisionsAt({ revisions }: Family, atMs: number): readonly Revision[] {
  return revisions.filter(({ createdMs }) => createdMs <= atMs);
}

export interface FoundRevision {
  readonly arn: string;
  readonly family: string;
  readonly number: number;
  readonly registered: Registered;
  readonly tags: readonly Tag[];
  readonly createdMs: number;
  readonly size: TaskSize;
  readonly isArm: boolean;
  readonly isActive: boolean;
}

/** By ARN, `family:number`, or the newest active one of a family; undefined where there is none. */
export function revisionOf({ state, region, nowMs }: Pick<CallContext, "state" | "region" | "nowMs">, wanted: string): FoundRevision | undefined {
  const [name = "", number] = wanted.slice(wanted.lastIndexOf("/") + 1).split(":");
  const family = state.of(families).get(region, name);
  const known = family === undefined ? [] : revisionsAt(family, nowMs);
  const found = number === undefined ? known.findLast((revision) => isActive(revision, nowMs)) : known.find((revision) => revision.number === Number(number));
  if (family === undefined || found === undefined) return undefined;
  const { registered, tags, createdMs } = found;
  return {
    arn: arnOf(family, found),
    family: name,
    number: found.number,
    registered,
    tags,
    createdMs,
    size: { cpu: Number(registered.cpu), memoryMib: Number(registered.memory) },
    isArm: registered.runtimePlatform?.cpuArchitecture === "ARM64",
    isActive: isActive(found, nowMs),
  };
}

export function describeTaskDefinition(input: DescribeTaskDefinitionCommandInput, context: CallContext): Answer<DescribeTaskDefinitionCommandOutput> {
  refuseUnmodelled("DescribeTaskDefinition", input, ["taskDefinition", "include"]);
  const found = revisionOf(context, input.taskDefinition ?? "");
  if (found === undefined) throw new ClientException(refusal("Unable to describe task definition."));
  return { taskDefinition: described(found), ...(input.include?.includes("TAGS") === true ? { tags: [...found.tags] } : {}) };
}

function described({ registered, arn, number, createdMs, isActive: active }: FoundRevision): TaskDefinition {
  return {
    ...registered,
    taskDefinitionArn: arn,
    revision: number,
    status: active ? "ACTIVE" : "INACTIVE",
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [],
    placementConstraints: [],
    registeredAt: new Date(createdMs),
    registeredBy: createdBy,
  };
}

const registrable = [
  "family",
  "containerDefinitions",
  "cpu",
  "memory",
  "networkMode",
  "requiresCompatibilities",
  "volumes",
  "executionRoleArn",
  "taskRoleArn",
  "runtimePlatform",
  "ephemeralStorage",
  "placementConstraints",
  "tags",
];

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
export function registerTaskDefinition(
  input: RegisterTaskDefinitionCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<RegisterTaskDefinitionCommandOutput> {
  refuseUnmodelled("RegisterTaskDefinition", input, registrable);
  const { tags = [], ...registered } = input;
  const family = state.of(families).get(region, input.family ?? "");
  if (family === undefined) throw new NotSimulated("RegisterTaskDefinition of a family that no stack has");
  const [cpu, memory] = [Number(input.cpu), Number(input.memory)];
  if (!fargateMemories(cpu).includes(memory)) throw new ClientException(refusal("No Fargate configuration exists for given values."));
  const containers = input.containerDefinitions ?? [];
  if (containers.length === 0) throw new ClientException(refusal("Container list cannot be empty."));
  if (sum(containers.map((each) => each.cpu ?? 0)) > cpu || sum(containers.map((each) => each.memory ?? each.memoryReservation ?? 0)) > memory)
    throw new ClientException(refusal("Invalid setting for containers: they ask for more than the task has."));
  return () => {
    const revision: Revision = { number: family.revisions.length + 1, createdMs: nowMs, registered, tags };
    family.revisions.push(revision);
    const found = revisionOf({ state, region, nowMs }, family.name);
    return { ...(found === undefined ? {} : { taskDefinition: described(found) }), tags: [...tags] };
  };
}

/**
 * What runs it goes on, and can still be given another number of tasks; AWS's ten minutes until it refuses the rest are not taken.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
 */
export function deregisterTaskDefinition(
  input: DeregisterTaskDefinitionCommandInput,
  context: MutationContext,
): () => Answer<DeregisterTaskDefinitionCommandOutput> {
  refuseUnmodelled("DeregisterTaskDefinition", input, ["taskDefinition"]);
  const wanted = input.taskDefinition ?? "";
  const name = wanted.slice(wanted.lastIndexOf("/") + 1);
  if (!/:\d+$/.test(name)) throw new ClientException(refusal("The task definition must be named with its revision."));
  const found = revisionOf(context, wanted);
  const revision = context.state
    .of(families)
    .get(context.region, found?.family ?? "")
    ?.revisions.find(({ number }) => number === found?.number);
  if (found === undefined || revision === undefined) throw new ClientException(refusal("The specified task definition does not exist."));
  return () => {
    revision.deregisteredMs ??= context.nowMs;
    return { taskDefinition: described({ ...found, isActive: false }) };
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** With `track_latest` Terraform reads the newest revision, else its own. */
function read(member: "cpu" | "memory"): (family: Family, given: Values, atMs: number) => unknown {
  return (family, given, atMs) => {
    const revisions = revisionsAt(family, atMs);
    return (given["track_latest"] === true ? revisions.at(-1) : revisions[0])?.registered[member];
  };
}

function latestArn(family: Family, atMs: number): string | undefined {
  const latest = revisionsAt(family, atMs).at(-1);
  return latest === undefined ? undefined : arnOf(family, latest);
}

export const taskDefinition: ResourceType = {
  attributes: {
    id: argument("family"),
    family: argument("family"),
    arn: arn("ecs", (self) => `task-definition/${self.text("family")}:1`),
    arn_without_revision: arn("ecs", (self) => `task-definition/${self.text("family")}`),
    revision: () => 1,
  },
  deploy: deployDefinition,
  live: liveResource(
    families,
    { cpu: read("cpu"), memory: read("memory") },
    {
      attributes: { arn: latestArn, revision: (family, atMs) => revisionsAt(family, atMs).length },
      // Applying a changed definition makes a revision.
      renewed: { arn: (live) => String(live).replace(/\d+$/, (number) => String(Number(number) + 1)), revision: (live) => Number(live) + 1 },
    },
  ),
};
