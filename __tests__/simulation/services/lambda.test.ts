import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { callSeconds } from "../../../simulation/services/lambda/load.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const named = { FunctionName: names.lambda };
const send = (account: SimulatedAccount) => clientsOf(account).lambda;
const described = (account: SimulatedAccount) => send(account).send(new GetFunctionConfigurationCommand(named));
const update = (account: SimulatedAccount, input: Partial<UpdateFunctionConfigurationCommandInput>) =>
  send(account).send(new UpdateFunctionConfigurationCommand({ ...named, ...input }));

describe("a simulated function", () => {
  it("shows its configuration, limits, tags and what calls it", async () => {
    const account = deployedAccount();
    const lambda = send(account);
    expect(await described(account)).toMatchObject({
      MemorySize: 3008,
      Timeout: 900,
      Architectures: ["arm64"],
      State: "Active",
      LastUpdateStatus: "Successful",
    });
    expect((await lambda.send(new GetFunctionConcurrencyCommand(named))).ReservedConcurrentExecutions).toBeUndefined();
    expect((await lambda.send(new GetAccountSettingsCommand({}))).AccountLimit).toEqual({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 });
    expect((await lambda.send(new ListEventSourceMappingsCommand(named))).EventSourceMappings).toMatchObject([
      { EventSourceArn: expect.stringContaining(`table/${names.table}/stream/`) },
    ]);
    const { FunctionArn: arn } = await described(account);
    expect((await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags).toEqual({ Project: "tap" });
  });

  it("has the versions and aliases that the scenario says", async () => {
    const region = { traffic: { peakRequestsPerSecond: 1 }, functions: { [names.lambda]: { versions: ["1", "2"], aliases: { live: "2" } } } };
    const lambda = send(deployedAccount(accountScenario({ regions: { "us-east-1": { ...region, application: { vcpuSecondsPerRequest: 0.01 } } } })));
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand(named));
    expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
    expect((await lambda.send(new ListAliasesCommand(named))).Aliases).toMatchObject([{ Name: "live", FunctionVersion: "2" }]);
  });

  it("takes one update at a time, of the latest revision alone, which counts on again when it has settled", async () => {
    const account = deployedAccount();
    const { RevisionId: first = "" } = await described(account);
    const { RevisionId: taken = "", MemorySize } = await update(account, { MemorySize: 1024, RevisionId: first });
    expect(MemorySize).toBe(1024);
    expect(await described(account)).toMatchObject({ LastUpdateStatus: "InProgress", RevisionId: taken });
    await expect(update(account, { Timeout: 300 })).rejects.toMatchObject({ name: "ResourceConflictException" });
    advanceMinutes(account, 1);
    const settled = await described(account);
    expect(settled).toMatchObject({ LastUpdateStatus: "Successful", MemorySize: 1024, Timeout: 900 });
    expect(new Set([first, taken, settled.RevisionId]).size).toBe(3);
    await expect(update(account, { Timeout: 300, RevisionId: taken })).rejects.toMatchObject({ name: "PreconditionFailedException" });
    await update(account, { Timeout: 300, RevisionId: settled.RevisionId });
  });

  it.each([{ MemorySize: 127 }, { MemorySize: 10_241 }, { Timeout: 0 }, { Timeout: 901 }])("refuses %o", async (input) => {
    await expect(update(deployedAccount(), input)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("that does not exist gets AWS's name, whatever is asked of it", async () => {
    const lambda = send(deployedAccount());
    const nobody = { FunctionName: "nobody" };
    const missing = { name: "ResourceNotFoundException" };
    await expect(lambda.send(new GetFunctionConfigurationCommand(nobody))).rejects.toMatchObject(missing);
    await expect(lambda.send(new GetFunctionConcurrencyCommand(nobody))).rejects.toMatchObject(missing);
    await expect(lambda.send(new ListEventSourceMappingsCommand(nobody))).rejects.toMatchObject(missing);
    await expect(lambda.send(new UpdateFunctionConfigurationCommand(nobody))).rejects.toMatchObject(missing);
  });
});

describe("a simulated call", () => {
  it("computes in one thread by the share of a vCPU that its memory brings, and waits as long whatever its memory", () => {
    const demand = { waitSeconds: 1, vcpuSecondsPerCall: 0.5 };
    expect(callSeconds(demand, 1769)).toBeCloseTo(1.5);
    expect(callSeconds(demand, 3008)).toBeCloseTo(1.5);
    expect(callSeconds(demand, 884.5)).toBeCloseTo(2);
  });
});
