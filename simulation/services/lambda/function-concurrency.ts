import {
  InvalidParameterValueException,
  type DeleteFunctionConcurrencyCommandInput,
  type PutFunctionConcurrencyCommandInput,
  type PutFunctionConcurrencyCommandOutput,
} from "@aws-sdk/client-lambda";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { unreservedIn } from "./describe.ts";
import { errors, knownFunction, reservedAt } from "./function.ts";
import { refuseWhileUpdated } from "./update-function.ts";

/** What AWS keeps for all functions without a reservation (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). */
const leastUnreserved = 100;

export function putFunctionConcurrency(
  input: PutFunctionConcurrencyCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<PutFunctionConcurrencyCommandOutput> {
  refuseUnmodelled("PutFunctionConcurrency", input, ["FunctionName", "ReservedConcurrentExecutions"]);
  const { ReservedConcurrentExecutions: reserved = Number.NaN } = input;
  if (!(Number.isInteger(reserved) && reserved >= 0))
    throw errors.refuse(
      "ValidationException",
      `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    );
  const lambda = knownFunction(state, region, input.FunctionName);
  refuseWhileUpdated(lambda, nowMs);
  // What it has already comes back to the account.
  if (unreservedIn({ state, region }, nowMs) + (reservedAt(lambda, nowMs) ?? 0) - reserved < leastUnreserved)
    throw new InvalidParameterValueException(
      refusal(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreserved}].`,
        400,
      ),
    );
  return () => {
    lambda.reserved.set(nowMs, reserved);
    return { ReservedConcurrentExecutions: reserved };
  };
}

/** Does nothing where the function has no reservation. */
export function deleteFunctionConcurrency(
  input: DeleteFunctionConcurrencyCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Record<string, never> {
  refuseUnmodelled("DeleteFunctionConcurrency", input, ["FunctionName"]);
  const lambda = knownFunction(state, region, input.FunctionName);
  refuseWhileUpdated(lambda, nowMs);
  return () => {
    lambda.reserved.set(nowMs, null);
    return {};
  };
}
