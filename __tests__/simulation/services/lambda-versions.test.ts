import {
  CreateAliasCommand,
  type CreateAliasCommandInput,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  type PublishVersionCommandInput,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const named = { FunctionName: names.lambda };
const publish = (account: SimulatedAccount, input: Partial<PublishVersionCommandInput> = {}) =>
  clientsOf(account).lambda.send(new PublishVersionCommand({ ...named, ...input }));
const create = (account: SimulatedAccount, input: Partial<CreateAliasCommandInput> = {}) =>
  clientsOf(account).lambda.send(new CreateAliasCommand({ ...named, Name: "live", FunctionVersion: "1", ...input }));
const update = (account: SimulatedAccount, input: Partial<UpdateAliasCommandInput>) =>
  clientsOf(account).lambda.send(new UpdateAliasCommand({ ...named, Name: "live", ...input }));
const latest = (account: SimulatedAccount) => clientsOf(account).lambda.send(new GetFunctionConfigurationCommand(named));

async function resize(account: SimulatedAccount, MemorySize: number): Promise<void> {
  await clientsOf(account).lambda.send(new UpdateFunctionConfigurationCommand({ ...named, MemorySize }));
  advanceMinutes(account, 1);
}

/** Two versions, of 3008 and of 1024 MB. */
async function twice(): Promise<SimulatedAccount> {
  const account = deployedAccount();
  await publish(account);
  await resize(account, 1024);
  await publish(account);
  return account;
}

describe("a published version of a simulated function", () => {
  it("keeps its size whatever becomes of the function, and is listed with the others", async () => {
    const account = await twice();
    await resize(account, 2048);
    const { Versions } = await clientsOf(account).lambda.send(new ListVersionsByFunctionCommand(named));
    expect(Versions?.map(({ Version, MemorySize }) => [Version, MemorySize])).toEqual([
      ["$LATEST", 2048],
      ["1", 3008],
      ["2", 1024],
    ]);
    expect(Versions?.[1]?.FunctionArn).toMatch(/:1$/);
  });

  it("is the last one again where nothing has changed since", async () => {
    const account = await twice();
    expect((await publish(account)).Version).toBe("2");
    await resize(account, 2048);
    expect((await publish(account)).Version).toBe("3");
  });

  it("makes the function another revision, and is refused of another revision or code, and while an update is under way", async () => {
    const account = deployedAccount();
    const { RevisionId, CodeSha256 } = await latest(account);
    await publish(account, { RevisionId, CodeSha256 });
    await resize(account, 1024);
    await expect(publish(account, { RevisionId })).rejects.toMatchObject({ name: "PreconditionFailedException" });
    await expect(publish(account, { CodeSha256: "another" })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    await clientsOf(account).lambda.send(new UpdateFunctionConfigurationCommand({ ...named, MemorySize: 2048 }));
    await expect(publish(account)).rejects.toMatchObject({ name: "ResourceConflictException" });
    await expect(publish(account, { FunctionName: "nobody" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("leaves an update that was read before it to be read again", async () => {
    const account = deployedAccount();
    const { RevisionId } = await latest(account);
    await publish(account);
    const stale = new UpdateFunctionConfigurationCommand({ ...named, MemorySize: 1024, RevisionId });
    await expect(clientsOf(account).lambda.send(stale)).rejects.toMatchObject({ name: "PreconditionFailedException" });
  });
});

describe("an alias of a simulated function", () => {
  it("serves one version, or shares its calls out among two; what an update does not name stays", async () => {
    const account = await twice();
    await create(account, { RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } }, Description: "for all" });
    const { RevisionId: first } = await update(account, { FunctionVersion: "1" });
    const { Aliases } = await clientsOf(account).lambda.send(new ListAliasesCommand(named));
    expect(Aliases).toMatchObject([
      { Name: "live", FunctionVersion: "1", Description: "for all", RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } }, RevisionId: first },
    ]);
    await update(account, { FunctionVersion: "2", RoutingConfig: { AdditionalVersionWeights: {} }, RevisionId: first });
    const { Aliases: [after] = [] } = await clientsOf(account).lambda.send(new ListAliasesCommand({ ...named, FunctionVersion: "2" }));
    expect(after).toMatchObject({ FunctionVersion: "2" });
    expect(after?.RoutingConfig).toBeUndefined();
    await expect(update(account, { RevisionId: first })).rejects.toMatchObject({ name: "PreconditionFailedException" });
  });

  it.each<[string, Partial<CreateAliasCommandInput>, string]>([
    ["a name of digits", { Name: "7" }, "ValidationException"],
    ["a name with a space", { Name: "the live one" }, "ValidationException"],
    ["a version that is not there", { FunctionVersion: "9" }, "ResourceNotFoundException"],
    ["a second version that is not there", { RoutingConfig: { AdditionalVersionWeights: { "9": 0.1 } } }, "ResourceNotFoundException"],
    ["two versions besides", { RoutingConfig: { AdditionalVersionWeights: { "2": 0.1, "3": 0.1 } } }, "InvalidParameterValueException"],
    ["its own version besides", { RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } } }, "InvalidParameterValueException"],
    ["$LATEST and another", { FunctionVersion: "$LATEST", RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } } }, "InvalidParameterValueException"],
    ["a share of more than all", { RoutingConfig: { AdditionalVersionWeights: { "2": 1.1 } } }, "ValidationException"],
    ["a function that is not there", { FunctionName: "nobody" }, "ResourceNotFoundException"],
  ])("is refused with %s", async (_words, input, name) => {
    await expect(create(await twice(), input)).rejects.toMatchObject({ name });
  });

  it("is made once, and updated only where it is there", async () => {
    const account = await twice();
    await expect(update(account, { FunctionVersion: "1" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await create(account);
    await expect(create(account)).rejects.toMatchObject({ name: "ResourceConflictException" });
    await expect(update(account, { FunctionVersion: "9" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
