import {
  PreconditionFailedException,
  ResourceConflictException,
  type UpdateFunctionConfigurationCommandInput,
  type UpdateFunctionConfigurationCommandOutput,
} from "@aws-sdk/client-lambda";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { configurationOf, revisionIdAt } from "./describe.ts";
import { errors, knownFunction, stateAt, type LambdaFunction } from "./function.ts";
import { changeSeconds } from "../../../contract/change-seconds.ts";

const updateMs = changeSeconds.functionUpdate * 1000;

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html */
const limits = { memory: { least: 128, most: 10_240 }, timeout: { least: 1, most: 900 } } as const;

export function updateFunctionConfiguration(
  input: UpdateFunctionConfigurationCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<UpdateFunctionConfigurationCommandOutput> {
  refuseUnmodelled("UpdateFunctionConfiguration", input, ["FunctionName", "MemorySize", "Timeout", "RevisionId"]);
  within("memorySize", input.MemorySize, limits.memory);
  within("timeout", input.Timeout, limits.timeout);
  const lambda = knownFunction(state, region, input.FunctionName);
  const now = stateAt(lambda, nowMs);
  refuseWhileUpdated(lambda, nowMs);
  if (input.RevisionId !== undefined && input.RevisionId !== revisionIdAt(lambda, nowMs))
    throw new PreconditionFailedException(
      refusal("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id", 412),
    );
  const size = { memoryMb: input.MemorySize ?? now.size.memoryMb, timeoutSeconds: input.Timeout ?? now.size.timeoutSeconds };
  return () => {
    lambda.state.set(nowMs, { size, running: now.running, lastUpdate: "InProgress", revision: now.revision + 1, modifiedMs: nowMs });
    lambda.state.set(nowMs + updateMs, { size, running: size, lastUpdate: "Successful", revision: now.revision + 2, modifiedMs: nowMs });
    return configurationOf(lambda, nowMs);
  };
}

/** A function takes one change at a time (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html). */
export function refuseWhileUpdated(lambda: LambdaFunction, nowMs: number): void {
  if (stateAt(lambda, nowMs).lastUpdate === "InProgress")
    throw new ResourceConflictException(refusal(`The operation cannot be performed at this time. An update is in progress for resource: ${lambda.arn}`, 409));
}

function within(name: string, value: number | undefined, { least, most }: { readonly least: number; readonly most: number }): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw errors.refuse(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
  );
}
