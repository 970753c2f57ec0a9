import { createHash } from "node:crypto";
import type {
  GetAccountSettingsCommandInput,
  GetAccountSettingsCommandOutput,
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandOutput,
  GetFunctionConfigurationCommandInput,
  GetFunctionConfigurationCommandOutput,
  ListEventSourceMappingsCommandInput,
  ListEventSourceMappingsCommandOutput,
  ListTagsCommandInput,
  ListTagsCommandOutput,
} from "@aws-sdk/client-lambda";
import { deterministicUuid } from "../../account/deterministic-id.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { isOf, mappingsIn, nameIn } from "./event-source-mappings.ts";
import { errors, functions, knownFunction, reservedAt, stateAt, type LambdaFunction } from "./function.ts";

/** The default of every account (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const accountConcurrency = 1000;

export function revisionIdAt(lambda: LambdaFunction, atMs: number): string {
  return deterministicUuid([lambda.arn, "revision", String(stateAt(lambda, atMs).revision)]);
}

export function configurationOf(lambda: LambdaFunction, atMs: number) {
  const { size, lastUpdate, modifiedMs } = stateAt(lambda, atMs);
  return {
    FunctionName: lambda.name,
    FunctionArn: lambda.arn,
    ...(lambda.runtime === "" ? {} : { Runtime: lambda.runtime as NonNullable<GetFunctionConfigurationCommandOutput["Runtime"]> }),
    MemorySize: size.memoryMb,
    Timeout: size.timeoutSeconds,
    Architectures: [lambda.architecture],
    EphemeralStorage: { Size: lambda.ephemeralStorageMb },
    PackageType: "Zip" as const,
    // As AWS writes it: with an offset, and no Z.
    LastModified: new Date(modifiedMs).toISOString().replace("Z", "+0000"),
    State: "Active" as const,
    LastUpdateStatus: lastUpdate,
    RevisionId: revisionIdAt(lambda, atMs),
    CodeSha256: codeSha256Of(lambda),
    Version: "$LATEST",
  };
}

/** Nobody deploys other code in this account. */
export function codeSha256Of({ arn }: LambdaFunction): string {
  return createHash("sha256").update(`code of ${arn}`).digest("base64");
}

export function getFunctionConfiguration(
  input: GetFunctionConfigurationCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<GetFunctionConfigurationCommandOutput> {
  refuseUnmodelled("GetFunctionConfiguration", input, ["FunctionName"]);
  return configurationOf(knownFunction(state, region, input.FunctionName), nowMs);
}

export function getFunctionConcurrency(
  input: GetFunctionConcurrencyCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<GetFunctionConcurrencyCommandOutput> {
  const reserved = reservedAt(knownFunction(state, region, input.FunctionName), nowMs);
  return reserved === null ? {} : { ReservedConcurrentExecutions: reserved };
}

/** What no function has reserved. */
export function unreservedIn({ state, region }: Pick<CallContext, "state" | "region">, atMs: number): number {
  const all = state.of(functions).in(region);
  return all.reduce((left, lambda) => left - (reservedAt(lambda, atMs) ?? 0), accountConcurrency);
}

export function getAccountSettings(_: GetAccountSettingsCommandInput, context: CallContext): Answer<GetAccountSettingsCommandOutput> {
  return { AccountLimit: { ConcurrentExecutions: accountConcurrency, UnreservedConcurrentExecutions: unreservedIn(context, context.nowMs) } };
}

/** By the function or the source, or both. */
export function listEventSourceMappings(input: ListEventSourceMappingsCommandInput, context: CallContext): Answer<ListEventSourceMappingsCommandOutput> {
  const { state, region } = context;
  const { EventSourceArn: source, FunctionName: name } = input;
  if (source === undefined && name === undefined) throw new NotSimulated("ListEventSourceMappings without EventSourceArn and FunctionName");
  if (name !== undefined) knownFunction(state, region, name);
  const all = mappingsIn(context).filter((mapping) => (source === undefined || mapping.sourceArn === source) && (name === undefined || isOf(mapping, name)));
  const page = paged(all, input.Marker, input.MaxItems ?? 100);
  return {
    EventSourceMappings: page.items.map(({ sourceArn, function: called, isEnabled, batchesPerShard, mostAtOnce }) => ({
      EventSourceArn: sourceArn,
      FunctionArn: `arn:aws:lambda:${region}:${state.accountId}:function:${nameIn(called)}`,
      State: isEnabled ? "Enabled" : "Disabled",
      ...(sourceArn.split(":")[2] === "sqs" ? {} : { ParallelizationFactor: batchesPerShard }),
      ...(mostAtOnce === null ? {} : { ScalingConfig: { MaximumConcurrency: mostAtOnce } }),
    })),
    ...page.marker,
  };
}

export function listTags(input: ListTagsCommandInput, { state, region }: CallContext): Answer<ListTagsCommandOutput> {
  return { Tags: { ...knownFunction(state, region, input.Resource).tags } };
}

export function paged<T>(
  all: readonly T[],
  marker: string | undefined,
  size: number,
): { readonly items: readonly T[]; readonly marker: { readonly NextMarker?: string } } {
  const page = pageOf(all, marker, size);
  if (page === undefined) throw errors.refuse("InvalidParameterValueException", "Invalid Marker");
  return { items: page.items, marker: page.next === undefined ? {} : { NextMarker: page.next } };
}
