import {
  PreconditionFailedException,
  ResourceConflictException,
  ResourceNotFoundException,
  type AliasConfiguration,
  type CreateAliasCommandInput,
  type CreateAliasCommandOutput,
  type FunctionConfiguration,
  type ListAliasesCommandInput,
  type ListAliasesCommandOutput,
  type ListVersionsByFunctionCommandInput,
  type ListVersionsByFunctionCommandOutput,
  type PublishVersionCommandInput,
  type PublishVersionCommandOutput,
  type UpdateAliasCommandInput,
  type UpdateAliasCommandOutput,
} from "@aws-sdk/client-lambda";
import { deterministicUuid } from "../../account/deterministic-id.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { codeSha256Of, configurationOf, paged, revisionIdAt } from "./describe.ts";
import { errors, knownFunction, stateAt, type Alias, type LambdaFunction, type PublishedVersion } from "./function.ts";
import { refuseWhileUpdated } from "./update-function.ts";

/** Patterns and bounds: https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
const aliasName = /^(?![0-9]+$)[a-zA-Z0-9-_]{1,128}$/;

/**
 * Nothing is published where neither code nor configuration has changed since the last version: that one is answered
 * (https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html).
 */
export function publishVersion(input: PublishVersionCommandInput, { state, region, nowMs }: MutationContext): () => Answer<PublishVersionCommandOutput> {
  refuseUnmodelled("PublishVersion", input, ["FunctionName", "CodeSha256", "Description", "RevisionId"]);
  const lambda = knownFunction(state, region, input.FunctionName);
  refuseWhileUpdated(lambda, nowMs);
  if (input.RevisionId !== undefined && input.RevisionId !== revisionIdAt(lambda, nowMs)) throw anotherRevision();
  const code = codeSha256Of(lambda);
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== code)
    throw errors.refuse(
      "InvalidParameterValueException",
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${code}). Please try again with the CodeSHA256 in $LATEST.`,
    );
  const now = stateAt(lambda, nowMs);
  const last = lambda.published.at(-1);
  if (last !== undefined && last.size.memoryMb === now.size.memoryMb && last.size.timeoutSeconds === now.size.timeoutSeconds)
    return () => describedVersion(lambda, last, nowMs);
  const number = String(1 + Math.max(0, ...lambda.published.map((each) => Number(each.number))));
  const version: PublishedVersion = { number, size: now.size, description: input.Description ?? "", publishedMs: nowMs };
  return () => {
    lambda.published.push(version);
    lambda.state.adjustFrom(nowMs, (each) => ({ ...each, revision: each.revision + 1 }));
    return describedVersion(lambda, version, nowMs);
  };
}

function describedVersion(lambda: LambdaFunction, { number, size, description, publishedMs }: PublishedVersion, atMs: number): FunctionConfiguration {
  return {
    ...configurationOf(lambda, atMs),
    FunctionArn: `${lambda.arn}:${number}`,
    MemorySize: size.memoryMb,
    Timeout: size.timeoutSeconds,
    Description: description,
    LastModified: new Date(publishedMs).toISOString().replace("Z", "+0000"),
    LastUpdateStatus: "Successful",
    RevisionId: deterministicUuid([lambda.arn, "version", number]),
    Version: number,
  };
}

export function listVersionsByFunction(
  input: ListVersionsByFunctionCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<ListVersionsByFunctionCommandOutput> {
  refuseUnmodelled("ListVersionsByFunction", input, ["FunctionName", "Marker", "MaxItems"]);
  const lambda = knownFunction(state, region, input.FunctionName);
  const all = [configurationOf(lambda, nowMs), ...lambda.published.map((version) => describedVersion(lambda, version, nowMs))];
  const page = paged(all, input.Marker, input.MaxItems ?? 50);
  return { Versions: [...page.items], ...page.marker };
}

export function listAliases(input: ListAliasesCommandInput, { state, region }: CallContext): Answer<ListAliasesCommandOutput> {
  refuseUnmodelled("ListAliases", input, ["FunctionName", "FunctionVersion", "Marker", "MaxItems"]);
  const lambda = knownFunction(state, region, input.FunctionName);
  const wanted = [...lambda.aliases].filter(([, { version }]) => input.FunctionVersion === undefined || input.FunctionVersion === version);
  const page = paged(wanted, input.Marker, input.MaxItems ?? 50);
  return { Aliases: page.items.map(([name, alias]) => describedAlias(lambda, name, alias)), ...page.marker };
}

function describedAlias({ arn }: LambdaFunction, name: string, { version, second, description, revision }: Alias): AliasConfiguration {
  return {
    AliasArn: `${arn}:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: description,
    RevisionId: deterministicUuid([arn, "alias", name, String(revision)]),
    ...(second === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: { [second.version]: second.share } } }),
  };
}

export function createAlias(input: CreateAliasCommandInput, { state, region }: MutationContext): () => Answer<CreateAliasCommandOutput> {
  refuseUnmodelled("CreateAlias", input, ["FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig"]);
  const { Name: name = "", FunctionVersion: version = "", Description: description = "" } = input;
  if (!aliasName.test(name))
    throw errors.refuse(
      "ValidationException",
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
    );
  const lambda = knownFunction(state, region, input.FunctionName);
  refuseUnknown(lambda, version);
  if (lambda.aliases.has(name)) throw new ResourceConflictException(refusal(`Alias already exists: ${lambda.arn}:${name}`, 409));
  const second = secondOf(lambda, input.RoutingConfig?.AdditionalVersionWeights, version);
  const alias: Alias = { version, description, revision: 1, ...(second === undefined ? {} : { second }) };
  return () => {
    lambda.aliases.set(name, alias);
    return describedAlias(lambda, name, alias);
  };
}

/** What is not named stays; no weights at all lead every call to the one version. */
export function updateAlias(input: UpdateAliasCommandInput, { state, region }: MutationContext): () => Answer<UpdateAliasCommandOutput> {
  refuseUnmodelled("UpdateAlias", input, ["FunctionName", "Name", "FunctionVersion", "Description", "RoutingConfig", "RevisionId"]);
  const lambda = knownFunction(state, region, input.FunctionName);
  const { Name: name = "" } = input;
  const now = lambda.aliases.get(name);
  if (now === undefined) throw new ResourceNotFoundException(refusal(`Cannot find alias arn: ${lambda.arn}:${name}`, 404));
  if (input.RevisionId !== undefined && input.RevisionId !== describedAlias(lambda, name, now).RevisionId) throw anotherRevision();
  const version = input.FunctionVersion ?? now.version;
  refuseUnknown(lambda, version);
  const kept = now.second === undefined ? {} : { [now.second.version]: now.second.share };
  const second = secondOf(lambda, input.RoutingConfig === undefined ? kept : input.RoutingConfig.AdditionalVersionWeights, version);
  const alias: Alias = {
    version,
    description: input.Description ?? now.description,
    revision: now.revision + 1,
    ...(second === undefined ? {} : { second }),
  };
  return () => {
    lambda.aliases.set(name, alias);
    return describedAlias(lambda, name, alias);
  };
}

/** An alias shares its calls out among two versions at most, both published (https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html). */
function secondOf(lambda: LambdaFunction, weights: Readonly<Record<string, number>> = {}, first: string): Alias["second"] {
  const [entry, another] = Object.entries(weights);
  if (another !== undefined) throw errors.refuse("InvalidParameterValueException", "Number of items in AdditionalVersionWeights cannot be greater than 1");
  if (entry === undefined) return undefined;
  const [version, share] = entry;
  if (!(share >= 0 && share <= 1))
    throw errors.refuse(
      "ValidationException",
      `1 validation error detected: Value '{${version}=${share}}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]`,
    );
  if (version === first)
    throw errors.refuse(
      "InvalidParameterValueException",
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  if (first === "$LATEST") throw errors.refuse("InvalidParameterValueException", "$LATEST is not supported for an alias pointing to more than 1 version");
  refuseUnknown(lambda, version);
  return { version, share };
}

function refuseUnknown(lambda: LambdaFunction, version: string): void {
  if (version === "$LATEST" || lambda.published.some(({ number }) => number === version)) return;
  throw new ResourceNotFoundException(refusal(`Function not found: ${lambda.arn}:${version}`, 404));
}

function anotherRevision(): PreconditionFailedException {
  return new PreconditionFailedException(
    refusal("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id", 412),
  );
}
