import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";
import { aFunction } from "../../../../support/functions.ts";
import { tagged } from "../../../../support/world.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const lambda = answersOf(LambdaClient);
const cloudTrail = answersOf(CloudTrailClient);
const arn = "arn:aws:lambda:us-east-1:123456789012:function:archive";

function functionIs(found: Partial<FunctionConfiguration> = {}): void {
  lambda.on(GetFunctionConfigurationCommand).resolves({
    LastModified: "2026-01-01T10:00:00.000+0000",
    FunctionArn: arn,
    MemorySize: 3008,
    Timeout: 900,
    State: "Active",
    LastUpdateStatus: "Successful",
    Architectures: ["arm64"],
    ...found,
  });
}

beforeEach(() => {
  lambda.reset();
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  functionIs();
  lambda.on(ListTagsCommand).resolves({ Tags: { team: "data" } });
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: "$LATEST" }] });
  lambda.on(ListAliasesCommand).resolves({ Aliases: [{ Name: "dev", FunctionVersion: "$LATEST" }] });
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [] });
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 } });
});

const described = async (names: readonly string[] = ["archive"]) =>
  createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, { functions: names }));
const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } });

describe("a described function", () => {
  it("is as AWS tells it, with what AWS leaves out taken for its default", async () => {
    const { resources } = await described();
    expect(resources).toEqual([aFunction({ tags: tagged({ team: "data" }), unreservedConcurrency: { kind: "seen", value: 900 } })]);
    expect(await createTagReader(clients).tagsOf([{ kind: "lambda-function", region, id: "archive" }])).toEqual([{ kind: "tags", tags: { team: "data" } }]);
  });

  it("has the runtime that AWS names, and none of a container image", async () => {
    expect((await described()).resources).toMatchObject([{ runtime: null }]);
    functionIs({ Runtime: "nodejs22.x" });
    expect((await described()).resources).toMatchObject([{ runtime: "nodejs22.x" }]);
  });

  it("names versions and the aliases on them, of every page", async () => {
    lambda
      .on(ListVersionsByFunctionCommand)
      .resolvesOnce({ Versions: [{ Version: "$LATEST" }], NextMarker: "more" })
      .resolves({ Versions: [{ Version: "3" }] });
    lambda.on(ListAliasesCommand).resolves({
      Aliases: [
        { Name: "live", FunctionVersion: "3" },
        { Name: "dev", FunctionVersion: "$LATEST" },
      ],
    });
    expect((await described()).resources).toMatchObject([{ published: { kind: "seen", value: ["version 3", "alias live on version 3"] } }]);
  });

  it("names a variable that sets a heap, and keeps no value of any variable", async () => {
    functionIs({ Environment: { Variables: { SECRET: "swordfish", JAVA_TOOL_OPTIONS: "-Xmx2g -verbose" } } });
    const { resources } = await described();
    expect(resources).toMatchObject([{ heapSetting: "JAVA_TOOL_OPTIONS" }]);
    expect(JSON.stringify(resources)).not.toMatch(/swordfish|Xmx/);
  });

  it("says what may not be looked at, by the call's name", async () => {
    lambda.reset();
    lambda.rejects(denied);
    functionIs();
    const unseen = (call: string) => ({ kind: "unseen", reason: expect.stringContaining(call) });
    expect((await described()).resources).toMatchObject([
      {
        tags: { kind: "unreadable" },
        published: unseen("ListVersionsByFunction"),
        eventSources: unseen("ListEventSourceMappings"),
        reservedConcurrency: unseen("GetFunctionConcurrency"),
        unreservedConcurrency: unseen("GetAccountSettings"),
      },
    ]);
  });

  it("asks for the account's limits once, however many functions there are", async () => {
    await described(["archive", "ingest", "transform"]);
    expect(lambda.commandCalls(GetAccountSettingsCommand)).toHaveLength(1);
  });

  it("is undescribed where it is not there or may not be read", async () => {
    lambda.on(GetFunctionConfigurationCommand).rejects(denied);
    expect((await described()).undescribed).toMatchObject([{ reason: "access-denied" }]);
    lambda.on(GetFunctionConfigurationCommand).rejects(Object.assign(new Error("Function not found"), { name: "ResourceNotFoundException" }));
    expect((await described()).undescribed).toMatchObject([{ reason: "not-found" }]);
  });
});
