import { DeregisterTaskDefinitionCommand, RegisterTaskDefinitionCommand, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import type { ChangeOf } from "../../../optimizer/core/levers/change-kinds.ts";
import { east } from "../plan-builder.ts";
import { names } from "../terraform-fixture.ts";
import { type Opened, type Refusal, refusalsOf } from "./refusal.ts";
import { withResources } from "./with-resources.ts";

const ecsApi = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const scalingApi = "https://docs.aws.amazon.com/autoscaling/application/APIReference";
const ours = { region: east, cluster: names.containers, service: names.service } as const;
const today = { cpu: 1024, memoryMib: 2048 };

export const definition = (cpu: number, memoryMib: number): ChangeOf<"ecs.task-definition"> => ({
  kind: "ecs.task-definition",
  ...ours,
  family: names.service,
  before: today,
  after: { cpu, memoryMib },
});
const count = (desiredCount: number, where: { readonly cluster?: string; readonly service?: string } = {}): ChangeOf<"ecs.desired-count"> => ({
  kind: "ecs.desired-count",
  ...ours,
  ...where,
  before: { desiredCount: 8 },
  after: { desiredCount },
});
export const bounds = (minCount: number, maxCount: number): ChangeOf<"ecs.scaling-bounds"> => ({
  kind: "ecs.scaling-bounds",
  ...ours,
  before: { minCount: 8, maxCount: 24 },
  after: { minCount, maxCount },
});
const suspension = (resourceId: string): ChangeOf<"dynamodb.scaling-suspension"> => ({
  kind: "dynamodb.scaling-suspension",
  region: east,
  table: names.table,
  resourceId,
  dimension: "dynamodb:table:ReadCapacityUnits",
  before: { scaleIn: false, scaleOut: false, scheduled: false },
  after: { scaleIn: true, scaleOut: true, scheduled: true },
});

/** The one container asks for memory of its own. */
const greedy = withResources({
  aws_ecs_task_definition: (definitions) => ({
    ...definitions,
    app: { ...definitions["app"], container_definitions: JSON.stringify([{ name: "app", image: "app:1", essential: true, memory: 2048 }]) },
  }),
});

const registrations = refusalsOf("RegisterTaskDefinition", `${ecsApi}/API_RegisterTaskDefinition.html`, [
  {
    error: "ClientException",
    status: 400,
    when: "a pair of CPU and memory that Fargate does not offer",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
    asked: { change: definition(512, 8192) },
    met: "invalid",
  },
  {
    error: "ClientException",
    status: 400,
    when: "containers that ask for more than their task has",
    stacks: greedy,
    asked: { change: definition(512, 1024) },
    met: "invalid",
  },
  {
    error: "ClientException",
    status: 400,
    when: "no container",
    asked: {
      send: ({ clients }) =>
        clients.ecs.send(new RegisterTaskDefinitionCommand({ family: names.service, containerDefinitions: [], cpu: "512", memory: "1024" })),
      never: "it copies the containers of the revision that runs",
    },
    met: "invalid",
  },
]);

const update =
  (input: { readonly cluster?: string; readonly service?: string; readonly desiredCount?: number; readonly taskDefinition?: string }) =>
  ({ clients }: Opened) =>
    clients.ecs.send(new UpdateServiceCommand({ cluster: names.containers, service: names.service, ...input }));

const updates = refusalsOf("UpdateService", `${ecsApi}/API_UpdateService.html`, [
  {
    error: "ClusterNotFoundException",
    status: 400,
    when: "the cluster is not there",
    asked: {
      send: update({ cluster: "no-such-cluster", desiredCount: 3 }),
      instead: count(3, { cluster: "no-such-cluster" }),
      reads: { kind: "missing", name: "ClusterNotFoundException" },
    },
    met: "missing",
  },
  {
    error: "ServiceNotFoundException",
    status: 400,
    when: "the service is not there",
    asked: {
      send: update({ service: "no-such-service", desiredCount: 3 }),
      instead: count(3, { service: "no-such-service" }),
      reads: { kind: "missing", name: "ResourceGone" },
    },
    met: "missing",
  },
  { error: "InvalidParameterException", status: 400, when: "fewer than no tasks", asked: { change: count(-1) }, met: "invalid" },
  {
    error: "ClientException",
    status: 400,
    when: "the revision is not there",
    asked: {
      send: update({ taskDefinition: `${names.service}:7` }),
      instead: { kind: "ecs.deployment", ...ours, family: names.service, before: today, after: { cpu: 512, memoryMib: 1024 } },
      reads: { kind: "invalid", name: "NotAsPlanned" },
    },
    met: "invalid",
  },
  {
    error: "ClientException",
    status: 400,
    when: "the revision was deregistered",
    source: `${ecsApi}/API_DeregisterTaskDefinition.html`,
    given: ({ clients }) => clients.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${names.service}:1` })),
    asked: {
      send: update({ taskDefinition: `${names.service}:1` }),
      instead: { kind: "ecs.deployment", ...ours, family: names.service, before: { cpu: 512, memoryMib: 1024 }, after: today },
      reads: { kind: "invalid", name: "NotAsPlanned" },
    },
    met: "invalid",
  },
]);

const targets = refusalsOf("RegisterScalableTarget", `${scalingApi}/API_RegisterScalableTarget.html`, [
  {
    error: "ValidationException",
    status: 400,
    when: "the target is not there, and no bounds are given",
    asked: { change: suspension("table/no-such-table") },
    met: "invalid",
  },
  { error: "ValidationException", status: 400, when: "a maximum below the minimum", asked: { change: bounds(8, 6) }, met: "invalid" },
  { error: "ValidationException", status: 400, when: "a minimum below none", asked: { change: bounds(-1, 6) }, met: "invalid" },
]);

const lambdaApi = "https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html";
const sizes = { memoryMb: 3008, timeoutSeconds: 900 };
export const configuration = (after: Partial<typeof sizes>, functionName: string = names.lambda, before = sizes): ChangeOf<"lambda.configuration"> => ({
  kind: "lambda.configuration",
  region: east,
  functionName,
  before,
  after: { ...sizes, ...after },
});
const configure =
  (input: { readonly FunctionName?: string; readonly RevisionId?: string }) =>
  ({ clients }: Opened) =>
    clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: names.lambda, MemorySize: 1024, ...input }));

const functions = refusalsOf("UpdateFunctionConfiguration", lambdaApi, [
  {
    error: "ResourceNotFoundException",
    status: 404,
    when: "the function is not there",
    asked: {
      send: configure({ FunctionName: "no-such-function" }),
      instead: configuration({ memoryMb: 1024 }, "no-such-function"),
      reads: { kind: "missing", name: "ResourceNotFoundException" },
    },
    met: "missing",
  },
  {
    error: "ResourceConflictException",
    status: 409,
    when: "another update is under way",
    given: configure({}),
    asked: { send: configure({}), instead: configuration({ memoryMb: 1024 }), reads: { kind: "busy", name: "ResourceConflictException" } },
    met: "busy",
  },
  {
    error: "PreconditionFailedException",
    status: 412,
    when: "the function was changed since it was read",
    asked: {
      send: configure({ RevisionId: "00000000-0000-0000-0000-000000000000" }),
      instead: configuration({ memoryMb: 1024 }, names.lambda, { ...sizes, memoryMb: 2048 }),
      reads: { kind: "busy", name: "PreconditionFailedException" },
    },
    met: "busy",
  },
  { error: "ValidationException", status: 400, when: "memory outside of 128 to 10,240 MB", asked: { change: configuration({ memoryMb: 64 }) }, met: "invalid" },
  { error: "ValidationException", status: 400, when: "a time-out above 900 s", asked: { change: configuration({ timeoutSeconds: 901 }) }, met: "invalid" },
]);

const concurrency = (before: number | null, after: number | null, functionName: string = names.lambda): ChangeOf<"lambda.concurrency"> => ({
  kind: "lambda.concurrency",
  region: east,
  functionName,
  before: { reserved: before },
  after: { reserved: after },
});
const reservations = refusalsOf("PutFunctionConcurrency", "https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html", [
  {
    error: "ResourceNotFoundException",
    status: 404,
    when: "the function is not there",
    asked: { change: concurrency(null, 20, "no-such-function") },
    met: "missing",
  },
  {
    error: "ResourceConflictException",
    status: 409,
    when: "an update is under way",
    given: configure({}),
    asked: { change: concurrency(null, 20) },
    met: "busy",
  },
  {
    error: "InvalidParameterValueException",
    status: 400,
    when: "fewer than 100 executions would stay unreserved",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    asked: { change: concurrency(null, 901) },
    met: "invalid",
  },
  { error: "ValidationException", status: 400, when: "a reservation below none", asked: { change: concurrency(null, -1) }, met: "invalid" },
]);

const releases = refusalsOf("DeleteFunctionConcurrency", "https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html", [
  {
    error: "ResourceNotFoundException",
    status: 404,
    when: "the function is not there",
    asked: { change: concurrency(20, null, "no-such-function") },
    met: "missing",
  },
  {
    error: "ResourceConflictException",
    status: 409,
    when: "an update is under way",
    given: configure({}),
    asked: { change: concurrency(20, null) },
    met: "busy",
  },
]);

export const containerAndFunctionRefusals: readonly Refusal[] = [...registrations, ...updates, ...targets, ...functions, ...reservations, ...releases];
