import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand, UpdateFunctionConfigurationCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { sameJson } from "../../../../contract/canonical-json.ts";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import type { FunctionSize, LambdaChange } from "../../../core/levers/lambda/changes.ts";
import { ChangeRejected } from "../../../errors.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { readConfiguration, readReserved } from "./lambda-function.ts";
import { publishedWith } from "./small-versions.ts";

export const lambdaChangeAdapters: { readonly [C in LambdaChange as C["kind"]]: ChangeAdapter<C> } = {
  "lambda.configuration": {
    describe: ({ lambda }, change) => configurationState(lambda, change),
    prepare: prepareConfiguration,
    permissions: { calls: ["UpdateFunctionConfiguration"], besides: [] },
  },
  // A reservation never waits: it holds, for new calls, from AWS's answer on.
  "lambda.concurrency": {
    describe: async ({ lambda }, { functionName }) => ({ kind: "settled", value: { reserved: await readReserved(lambda, functionName) } }),
    prepare: prepareConcurrency,
    permissions: { calls: ["PutFunctionConcurrency", "DeleteFunctionConcurrency"], besides: [] },
  },
};

/** A change is there once AWS says `Successful`: until then calls still get the function as it was (https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html). */
async function configurationState(client: LambdaClient, change: ChangeOf<"lambda.configuration">): Promise<ChangeState<typeof change>> {
  const found = await readConfiguration(client, change.functionName);
  const { State: state, LastUpdateStatus: lastUpdate, LastUpdateStatusReason: reason = "for no reason that AWS tells" } = found;
  if (state === "Pending") return { kind: "in-progress", detail: `function ${change.functionName} is Pending` };
  if (lastUpdate === "InProgress") return { kind: "in-progress", detail: `function ${change.functionName} is being updated` };
  if (lastUpdate === "Failed") return { kind: "mixed", detail: `the latest update of ${change.functionName} failed: ${reason}` };
  const value = sizeOf(found);
  const { region, functionName, before, after } = change;
  const isBack = sameJson(value, after) && (after.memoryMb > before.memoryMb || after.timeoutSeconds > before.timeoutSeconds);
  const leftovers = isBack ? await publishedWith(client, { region, functionName, size: before }) : [];
  return { kind: "settled", value, ...(leftovers.length === 0 ? {} : { leftovers }) };
}

function sizeOf({ MemorySize: memory, Timeout: timeout }: { readonly MemorySize?: number | undefined; readonly Timeout?: number | undefined }): FunctionSize {
  return { memoryMb: answered(memory, "MemorySize"), timeoutSeconds: answered(timeout, "Timeout") };
}

/**
 * `RevisionId` makes AWS refuse it (PreconditionFailedException) where anybody changed the function since it was read here. The revision of an
 * earlier answer would not do: AWS counts on once more when an update has settled (https://github.com/aws/aws-sdk/issues/377).
 */
async function prepareConfiguration(clients: RegionClients, change: ChangeOf<"lambda.configuration">): Promise<PreparedUpdate> {
  const found = await readConfiguration(clients.lambda, change.functionName);
  if (found.LastUpdateStatus === "InProgress")
    throw new ChangeRejected("busy", "ResourceConflictException", `function ${change.functionName} is being updated by somebody else`);
  // Since it was described a moment ago: it is described again, and then told as somebody else's.
  if (found.LastUpdateStatus !== "Failed" && !sameJson(sizeOf(found), change.before))
    throw new ChangeRejected("busy", "PreconditionFailedException", `function ${change.functionName} was changed just now`);
  const command = new UpdateFunctionConfigurationCommand({
    FunctionName: change.functionName,
    MemorySize: change.after.memoryMb,
    Timeout: change.after.timeoutSeconds,
    RevisionId: answered(found.RevisionId, "RevisionId"),
  });
  return async () => {
    await clients.writers.lambda.send(command);
  };
}

function prepareConcurrency({ writers }: RegionClients, { functionName, after: { reserved } }: ChangeOf<"lambda.concurrency">): PreparedUpdate {
  const named = { FunctionName: functionName };
  return async () => {
    if (reserved === null) await writers.lambda.send(new DeleteFunctionConcurrencyCommand(named));
    else await writers.lambda.send(new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions: reserved }));
  };
}
