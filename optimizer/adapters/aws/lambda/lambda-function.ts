import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListTagsCommand,
  paginateListAliases,
  paginateListVersionsByFunction,
  type FunctionConfiguration,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { LambdaFunction } from "../../../core/levers/lambda/lambda-function.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import { seen } from "../seen.ts";
import { readEventSources } from "./event-sources.ts";
import { memoryBefore } from "./memory-before.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { readTags } from "../tag-records.ts";

export const lambdaFunctionAdapter: ResourceAdapter<LambdaFunction> = {
  idsOf: ({ functions = [] }) => functions,
  describe: describeFunction,
  tagsOf: async (clientsOf, { region, id }) => {
    const { lambda } = clientsOf(region);
    const { FunctionArn } = await readConfiguration(lambda, id);
    return [await readOwnTags(lambda, answered(FunctionArn, "FunctionArn"))];
  },
  bornOf: { notTold: "Lambda tells when a function was last modified, by any deployment too, and not when it was made" },
};

/** Of `$LATEST`. */
export function readConfiguration(client: LambdaClient, name: string): Promise<FunctionConfiguration> {
  return client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
}

/** Executions at once that are the function's own; null where it has no reservation. */
export async function readReserved(client: LambdaClient, name: string): Promise<number | null> {
  const { ReservedConcurrentExecutions: reserved } = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
  return reserved ?? null;
}

async function describeFunction(clients: RegionClients, region: string, id: string, reading: Reading): Promise<LambdaFunction> {
  const client = clients.lambda;
  const found = await readConfiguration(client, id);
  const arn = answered(found.FunctionArn, "FunctionArn");
  const memoryMb = answered(found.MemorySize, "MemorySize");
  return {
    kind: "lambda-function",
    ref: { kind: "lambda-function", region, id },
    arn,
    tags: await readOwnTags(client, arn),
    memoryMb,
    sizesBefore: await memoryBefore({ clients, ...reading }, { name: id, memoryMb, lastModifiedMs: Date.parse(answered(found.LastModified, "LastModified")) }),
    timeoutSeconds: answered(found.Timeout, "Timeout"),
    architecture: found.Architectures?.[0] ?? "x86_64",
    runtime: found.Runtime ?? null,
    ephemeralStorageMb: found.EphemeralStorage?.Size ?? 512,
    state: answered(found.State, "State"),
    lastUpdate: answered(found.LastUpdateStatus, "LastUpdateStatus"),
    onManagedInstances: found.CapacityProviderConfig !== undefined,
    isDurable: found.DurableConfig !== undefined,
    heapSetting: heapSettingOf(found),
    published: await seen("ListVersionsByFunction", () => publishedOf(client, id)),
    eventSources: await seen("ListEventSourceMappings", () => readEventSources(clients, reading.once, id)),
    reservedConcurrency: await seen("GetFunctionConcurrency", () => readReserved(client, id)),
    unreservedConcurrency: await seen("GetAccountSettings", () => reading.once("GetAccountSettings", () => unreservedOf(client))),
  };
}

/** Java's and Node's own ways to set a heap (https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html, https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib). */
const heapFlags = /-Xmx|-XX:MaxHeapSize|--max[-_]old[-_]space[-_]size/;

function heapSettingOf({ Environment: environment }: FunctionConfiguration): string | null {
  return Object.entries(environment?.Variables ?? {}).find(([, value]) => heapFlags.test(value))?.[0] ?? null;
}

async function publishedOf(client: LambdaClient, name: string): Promise<readonly string[]> {
  const published: string[] = [];
  for await (const page of paginateListVersionsByFunction({ client }, { FunctionName: name })) {
    published.push(...(page.Versions ?? []).flatMap(({ Version: version }) => (version === undefined || version === "$LATEST" ? [] : [`version ${version}`])));
  }
  for await (const page of paginateListAliases({ client }, { FunctionName: name })) {
    published.push(
      ...(page.Aliases ?? []).flatMap(({ Name: alias, FunctionVersion: version }) => (version === "$LATEST" ? [] : [`alias ${alias} on version ${version}`])),
    );
  }
  return published;
}

async function unreservedOf(client: LambdaClient): Promise<number> {
  const { AccountLimit: limit } = await client.send(new GetAccountSettingsCommand({}));
  return answered(limit?.UnreservedConcurrentExecutions, "UnreservedConcurrentExecutions");
}

function readOwnTags(client: LambdaClient, arn: string): Promise<Tags> {
  return readTags(async () => {
    const { Tags: tags = {} } = await client.send(new ListTagsCommand({ Resource: arn }));
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  });
}
