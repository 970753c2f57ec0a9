import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";

const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const lambda = answersOf(LambdaClient);

beforeEach(() => {
  lambda.reset();
});

const change: ChangeOf<"lambda.configuration"> = {
  kind: "lambda.configuration",
  region: "us-east-1",
  functionName: "archive",
  before: { memoryMb: 3008, timeoutSeconds: 900 },
  after: { memoryMb: 1024, timeoutSeconds: 300 },
};
const quiet = { State: "Active", LastUpdateStatus: "Successful", MemorySize: 3008, Timeout: 900, RevisionId: "r-1" } as const;

function functionIs(found: Partial<FunctionConfiguration> = {}): void {
  lambda.on(GetFunctionConfigurationCommand).resolves({ ...quiet, ...found });
}

const state = () => createChangeReader(clients).stateOf(change);
const apply = (made = change) => createChangeWriter(clients).apply(made, "run-1|step-1");

describe("the state of a function's change", () => {
  it("is settled once AWS calls the latest update successful", async () => {
    functionIs();
    expect(await state()).toEqual({ kind: "settled", value: change.before });
    functionIs({ MemorySize: 1024, Timeout: 300 });
    expect(await state()).toEqual({ kind: "settled", value: change.after });
  });

  it("is under way while AWS updates it or makes it ready, and mixed where the update failed", async () => {
    functionIs({ MemorySize: 1024, Timeout: 300, LastUpdateStatus: "InProgress" });
    expect(await state()).toMatchObject({ kind: "in-progress" });
    functionIs({ State: "Pending" });
    expect(await state()).toMatchObject({ kind: "in-progress" });
    functionIs({ LastUpdateStatus: "Failed", LastUpdateStatusReason: "The KMS key is disabled" });
    expect(await state()).toMatchObject({ kind: "mixed", detail: expect.stringContaining("KMS key is disabled") });
  });

  it("is missing where AWS knows no such function", async () => {
    lambda.on(GetFunctionConfigurationCommand).rejects(Object.assign(new Error("Function not found"), { name: "ResourceNotFoundException" }));
    expect(await state()).toMatchObject({ kind: "missing" });
  });
});

describe("changing a function", () => {
  it("sets memory and time-out in one call, of the revision that was read just before", async () => {
    functionIs();
    await apply();
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: "archive", MemorySize: 1024, Timeout: 300, RevisionId: "r-1" },
    ]);
  });

  it("takes both back in one call", async () => {
    functionIs({ MemorySize: 1024, Timeout: 300, RevisionId: "r-7" });
    await apply(inverse(change));
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)[0]?.args[0].input).toEqual({
      FunctionName: "archive",
      MemorySize: 3008,
      Timeout: 900,
      RevisionId: "r-7",
    });
  });

  it.each([
    ["somebody updates it", { LastUpdateStatus: "InProgress" }],
    ["somebody gave it another size since it was described", { MemorySize: 2048 }],
  ] as const)("sends nothing while %s, and is tried again", async (_, found) => {
    functionIs(found);
    await expect(apply()).rejects.toMatchObject({ kind: "busy" });
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)).toEqual([]);
  });

  it("writes over what a failed update left", async () => {
    functionIs({ LastUpdateStatus: "Failed", MemorySize: 1024, Timeout: 300 });
    await apply();
    expect(lambda.commandCalls(UpdateFunctionConfigurationCommand)).toHaveLength(1);
  });

  it.each([
    ["PreconditionFailedException", 412, "busy"],
    ["ResourceConflictException", 409, "busy"],
    ["TooManyRequestsException", 429, "throttled"],
    ["InvalidParameterValueException", 400, "invalid"],
    ["ResourceNotFoundException", 404, "missing"],
    ["AccessDeniedException", 403, "denied"],
    ["CodeVerificationFailedException", 400, "invalid"],
  ])("takes %s for what it is", async (name, httpStatusCode, kind) => {
    functionIs();
    lambda.on(UpdateFunctionConfigurationCommand).rejects(Object.assign(new Error("refused"), { name, $metadata: { httpStatusCode } }));
    await expect(apply()).rejects.toMatchObject({ name: "ChangeRejected", kind });
  });

  it("does not know what became of a call that AWS could not answer", async () => {
    functionIs();
    lambda
      .on(UpdateFunctionConfigurationCommand)
      .rejects(Object.assign(new Error("try later"), { name: "ServiceException", $metadata: { httpStatusCode: 500 } }));
    await expect(apply()).rejects.toMatchObject({ name: "ChangeOutcomeUnknown" });
  });
});

describe("changing what is reserved for a function", () => {
  const reservation: ChangeOf<"lambda.concurrency"> = {
    kind: "lambda.concurrency",
    region: "us-east-1",
    functionName: "archive",
    before: { reserved: null },
    after: { reserved: 20 },
  };
  const reserved = () => createChangeReader(clients).stateOf(reservation);
  const make = (made: ChangeOf<"lambda.concurrency">) => createChangeWriter(clients).apply(made, "run-1|step-1");

  it("is settled as soon as it is described, whether there is a reservation or none", async () => {
    lambda.on(GetFunctionConcurrencyCommand).resolves({});
    expect(await reserved()).toEqual({ kind: "settled", value: { reserved: null } });
    lambda.on(GetFunctionConcurrencyCommand).resolves({ ReservedConcurrentExecutions: 20 });
    expect(await reserved()).toEqual({ kind: "settled", value: { reserved: 20 } });
  });

  it("is missing where AWS knows no such function", async () => {
    lambda.on(GetFunctionConcurrencyCommand).rejects(Object.assign(new Error("Function not found"), { name: "ResourceNotFoundException" }));
    expect(await reserved()).toMatchObject({ kind: "missing" });
  });

  it("reserves in a call of its own, and deletes on the way back what was not there", async () => {
    await make(reservation);
    await make(inverse(reservation));
    expect(lambda.commandCalls(PutFunctionConcurrencyCommand).map(({ args }) => args[0].input)).toEqual([
      { FunctionName: "archive", ReservedConcurrentExecutions: 20 },
    ]);
    expect(lambda.commandCalls(DeleteFunctionConcurrencyCommand).map(({ args }) => args[0].input)).toEqual([{ FunctionName: "archive" }]);
  });

  it("brings back the number that was there", async () => {
    await make(inverse({ ...reservation, before: { reserved: 100 } }));
    expect(lambda.commandCalls(PutFunctionConcurrencyCommand)[0]?.args[0].input).toEqual({ FunctionName: "archive", ReservedConcurrentExecutions: 100 });
    expect(lambda.commandCalls(DeleteFunctionConcurrencyCommand)).toEqual([]);
  });

  it("takes AWS's refusal at the account's floor for one that no repetition changes", async () => {
    const refused = Object.assign(new Error("decreases account's UnreservedConcurrentExecution below its minimum value of [100]."), {
      name: "InvalidParameterValueException",
      $metadata: { httpStatusCode: 400 },
    });
    lambda.on(PutFunctionConcurrencyCommand).rejects(refused);
    await expect(make(reservation)).rejects.toMatchObject({ name: "ChangeRejected", kind: "invalid" });
  });
});
