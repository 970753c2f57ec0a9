import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import type { SimulatedAccount } from "../../../simulation/account/account.ts";
import { createLoadModel } from "../../../simulation/load/load-model.ts";
import { tickMs } from "../../../simulation/load/tick.ts";
import { services } from "../../../simulation/services.ts";
import { functions } from "../../../simulation/services/lambda/function.ts";
import { functionField, functionLoad } from "../../../simulation/services/lambda/load.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { names } from "../../support/terraform-fixture.ts";

const region = "us-east-1";
const named = { FunctionName: names.lambda };
const reserve = (account: SimulatedAccount, ReservedConcurrentExecutions: number) =>
  clientsOf(account).lambda.send(new PutFunctionConcurrencyCommand({ ...named, ReservedConcurrentExecutions }));
const release = (account: SimulatedAccount) => clientsOf(account).lambda.send(new DeleteFunctionConcurrencyCommand(named));

async function told(account: SimulatedAccount) {
  const { lambda } = clientsOf(account);
  const { ReservedConcurrentExecutions: reserved } = await lambda.send(new GetFunctionConcurrencyCommand(named));
  const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
  return { reserved, unreserved: AccountLimit?.UnreservedConcurrentExecutions };
}

describe("what is reserved for a simulated function", () => {
  it("holds at once, is taken from what the account has unreserved, and comes back to it", async () => {
    const account = deployedAccount();
    expect(await reserve(account, 20)).toMatchObject({ ReservedConcurrentExecutions: 20 });
    expect(await told(account)).toEqual({ reserved: 20, unreserved: 980 });
    await reserve(account, 50);
    expect(await told(account)).toEqual({ reserved: 50, unreserved: 950 });
    await release(account);
    expect(await told(account)).toEqual({ reserved: undefined, unreserved: 1000 });
  });

  it("leaves the revision as it is, so that an update that was read before it is still taken", async () => {
    const account = deployedAccount();
    const { lambda } = clientsOf(account);
    const { RevisionId } = await lambda.send(new GetFunctionConfigurationCommand(named));
    await reserve(account, 20);
    await lambda.send(new UpdateFunctionConfigurationCommand({ ...named, MemorySize: 1024, RevisionId }));
  });

  it("never leaves fewer than 100 to all others, of which its own reservation of before counts as theirs", async () => {
    const account = deployedAccount();
    await reserve(account, 900);
    await reserve(account, 890);
    await expect(reserve(account, 901)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("below its minimum value of [100]"),
    });
    expect(await told(account)).toEqual({ reserved: 890, unreserved: 110 });
  });

  it("is not below 0, not of a function that is not there, and not changed while an update is under way", async () => {
    const account = deployedAccount();
    const { lambda } = clientsOf(account);
    const nobody = { FunctionName: "nobody" };
    await expect(reserve(account, -1)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(lambda.send(new PutFunctionConcurrencyCommand({ ...nobody, ReservedConcurrentExecutions: 20 }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(lambda.send(new DeleteFunctionConcurrencyCommand(nobody))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await lambda.send(new UpdateFunctionConfigurationCommand({ ...named, MemorySize: 1024 }));
    await expect(reserve(account, 20)).rejects.toMatchObject({ name: "ResourceConflictException" });
    await expect(release(account)).rejects.toMatchObject({ name: "ResourceConflictException" });
    advanceMinutes(account, 1);
    await release(account);
  });

  it("throttles from its moment on what is more at once, and nothing before", async () => {
    const scenario = accountScenario({
      regions: {
        [region]: {
          traffic: { peakRequestsPerSecond: 50, noiseSigma: 0, nightShare: 1, weekendShare: 1 },
          application: { vcpuSecondsPerRequest: 0.01 },
          tables: { [names.table]: { streamShards: 1000 } },
          functions: { [names.lambda]: { callsPerSecond: 100, waitSeconds: 0.4, vcpuSecondsPerCall: 0.1 } },
        },
      },
    });
    const account = deployedAccount(scenario);
    advanceMinutes(account, 60);
    const at = Math.floor(account.nowMs() / tickMs);
    await reserve(account, 20);
    advanceMinutes(account, 60);
    const { state } = account;
    const [lambda] = state.of(functions).in(region);
    if (lambda === undefined) throw new Error("the function is there");
    const rows = functionLoad(createLoadModel(scenario, state, services), lambda);
    expect(rows.at(at - 2, functionField.throttled)).toBe(0);
    expect(rows.at(at + 2, functionField.throttled)).toBeGreaterThan(0);
    expect(rows.at(at + 2, functionField.atOnce)).toBeCloseTo(20);
  });
});
