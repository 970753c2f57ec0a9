import { LambdaServiceException, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { UserError } from "../../../contract/user-error.ts";
import { liveResource } from "../../account/live-resource.ts";
import type { DeploymentContext, ResourceType } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type AccountState, type Owned } from "../../account/state.ts";
import { Timeline } from "../../account/timeline.ts";
import { resizedBefore } from "../../scenario/resized.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import { anonymous, argument, arn } from "../../terraform/attributes.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { demandOf } from "./demand.ts";
import { mappingTypes } from "./event-source-mappings.ts";

export const errors = serviceErrors(LambdaServiceException, "restJson");

export interface FunctionSize {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

export interface FunctionState {
  /** As it is described. */
  readonly size: FunctionSize;
  /** As calls get it: until an update has settled, the one before. */
  readonly running: FunctionSize;
  readonly lastUpdate: "Successful" | "InProgress";
  /** Counts on when an update is taken, and once more when it has settled. */
  readonly revision: number;
  /** When an update was taken last, or the function made. */
  readonly modifiedMs: number;
}

/** A version as it was published: it keeps its size whatever becomes of the function. */
export interface PublishedVersion {
  readonly number: string;
  readonly size: FunctionSize;
  readonly description: string;
  readonly publishedMs: number;
}

export interface Alias {
  readonly version: string;
  /** A second version with its share of the calls, 0 to 1. */
  readonly second?: { readonly version: string; readonly share: number };
  readonly description: string;
  /** Counts on with each update. */
  readonly revision: number;
}

export interface LambdaFunction extends Owned {
  readonly name: string;
  readonly runtime: string;
  readonly architecture: "x86_64" | "arm64";
  readonly ephemeralStorageMb: number;
  /** Executions at once that are its own; null: it shares what nobody reserved. */
  readonly reserved: Timeline<number | null>;
  readonly state: Timeline<FunctionState>;
  /** By number, those of the scenario first. */
  readonly published: PublishedVersion[];
  readonly aliases: Map<string, Alias>;
}

export const functions = regionalStore<LambdaFunction>();

/** Lambda's own defaults (https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html). */
const defaults = { memoryMb: 128, timeoutSeconds: 3, ephemeralStorageMb: 512 } as const;

/** A function's life until the start: with the memory that is deployed, and with another before where the scenario says that it was changed. */
function lifeOf({ state, scenario }: DeploymentContext, region: string, name: string, size: FunctionSize): Timeline<FunctionState> {
  const now: FunctionState = { size, running: size, lastUpdate: "Successful", revision: 1, modifiedMs: state.bornMs };
  const resized = resizedBefore(scenario, region, name);
  if (resized === undefined) return new Timeline(state.bornMs, now);
  const { from, atMs } = resized;
  if (!/^\d+$/.test(from))
    throw new UserError({ code: "bad-scenario", message: `${name} cannot have had ${from} of memory`, hint: "name MB of memory such as 2048" });
  const before = { ...size, memoryMb: Number(from) };
  const life = new Timeline<FunctionState>(state.bornMs, { ...now, size: before, running: before });
  life.set(atMs, { ...now, modifiedMs: atMs });
  state.calls.push({
    atMs,
    region,
    service: "lambda",
    command: "UpdateFunctionConfiguration",
    input: { FunctionName: name, MemorySize: size.memoryMb },
    output: { FunctionName: name, MemorySize: size.memoryMb },
  });
  return life;
}

function deployFunction(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const name = given.text("function_name");
  const size = { memoryMb: given.number("memory_size", defaults.memoryMb), timeoutSeconds: given.number("timeout", defaults.timeoutSeconds) };
  const reserved = given.number("reserved_concurrent_executions", -1);
  const [storage] = given.blocks("ephemeral_storage");
  const { reservedConcurrency, versions = [], aliases = {} } = demandOf(context.scenario, resource.region, name);
  context.state.of(functions).add(name, {
    ...context.owned(resource, name),
    name,
    published: versions.map((number) => ({ number, size, description: "", publishedMs: context.state.bornMs })),
    aliases: new Map(Object.entries(aliases).map(([alias, version]) => [alias, { version, description: "", revision: 1 }])),
    runtime: given.optionalText("runtime") ?? "",
    architecture: given.texts("architectures")[0] === "arm64" ? "arm64" : "x86_64",
    ephemeralStorageMb: storage?.number("size") ?? defaults.ephemeralStorageMb,
    reserved: new Timeline(context.state.bornMs, reservedConcurrency ?? (reserved < 0 ? null : reserved)),
    state: lifeOf(context, resource.region, name, size),
  });
}

/** By name or ARN, as AWS takes either. */
export function knownFunction(state: AccountState, region: string, nameOrArn: string | undefined): LambdaFunction {
  const name = nameOrArn?.split(":").at(-1) ?? "";
  const found = state.of(functions).get(region, name);
  if (found !== undefined) return found;
  const missing = `arn:aws:lambda:${region}:${state.accountId}:function:${name}`;
  throw new ResourceNotFoundException(refusal(`Function not found: ${missing}`, 404));
}

export function stateAt({ state }: LambdaFunction, atMs: number): FunctionState {
  return state.at(atMs) ?? state.final();
}

export function reservedAt({ reserved }: LambdaFunction, atMs: number): number | null {
  return reserved.at(atMs) ?? null;
}

export const lambdaTypes: Readonly<Record<string, ResourceType>> = {
  aws_lambda_function: {
    attributes: {
      id: argument("function_name"),
      function_name: argument("function_name"),
      arn: arn("lambda", (self) => `function:${self.text("function_name")}`),
    },
    deploy: deployFunction,
    live: liveResource(functions, {
      memory_size: (lambda, _given, atMs) => stateAt(lambda, atMs).size.memoryMb,
      timeout: (lambda, _given, atMs) => stateAt(lambda, atMs).size.timeoutSeconds,
      // Absent is -1 to Terraform: none.
      reserved_concurrent_executions: (lambda, given, atMs) =>
        reservedAt(lambda, atMs) ?? (given["reserved_concurrent_executions"] === undefined ? undefined : -1),
    }),
  },
  ...mappingTypes,
  aws_lambda_permission: { attributes: anonymous },
};
