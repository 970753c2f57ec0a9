import {
  CreateFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { LambdaChange } from "../../../optimizer/core/levers/lambda/changes.ts";
import { roleFor } from "./roles.ts";
import type { TrialOf, WireAccount } from "./trial.ts";

export const lambdaTrials: { readonly [C in LambdaChange as C["kind"]]: TrialOf<C> } = {
  "lambda.configuration": {
    prepare: async (account) => {
      const { lambda, describe } = await madeFunction(account);
      const { memoryMb, timeoutSeconds } = lambda;
      const change = {
        kind: "lambda.configuration",
        region: account.region,
        functionName: account.name,
        before: { memoryMb, timeoutSeconds },
        after: { memoryMb: 1024, timeoutSeconds: 120 },
      } as const;
      return {
        change,
        describe,
        sets: ["Configuration.MemorySize", "Configuration.Timeout", "Configuration.RevisionId"],
        otherAfterwards: { "Configuration.RevisionId": "it counts changes" },
        takesTime: true,
        refusals: [
          {
            because: "a function has at most 10,240 MB",
            change: { ...change, after: { memoryMb: 10_304, timeoutSeconds } },
            kind: "invalid",
            name: "ValidationException",
          },
          {
            because: "a call takes at most 15 minutes",
            change: { ...change, after: { memoryMb, timeoutSeconds: 901 } },
            kind: "invalid",
            name: "ValidationException",
          },
          {
            because: "another update is under way",
            change,
            meanwhile: () => account.clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: account.name, Description: "theirs" })),
            kind: "busy",
            name: "ResourceConflictException",
          },
        ],
      };
    },
  },
  "lambda.concurrency": {
    prepare: async (account) => {
      const { describe } = await madeFunction(account);
      const change = {
        kind: "lambda.concurrency",
        region: account.region,
        functionName: account.name,
        before: { reserved: 50 },
        after: { reserved: 20 },
      } as const;
      return {
        change,
        describe,
        sets: ["ReservedConcurrentExecutions"],
        takesTime: false,
        refusals: [
          {
            because: "less than 100 executions would stay unreserved",
            change: { ...change, after: { reserved: 901 } },
            kind: "invalid",
            name: "InvalidParameterValueException",
          },
        ],
      };
    },
  },
};

async function madeFunction(account: WireAccount) {
  const { lambda } = account.clients;
  const FunctionName = account.name;
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: await roleFor(account, "lambda.amazonaws.com"),
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: Buffer.from("exports.handler = async () => ({});") },
      MemorySize: 3008,
      Timeout: 300,
      Environment: { Variables: { TABLE: "orders" } },
      Tags: { Team: "orders" },
    }),
  );
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 50 }));
  const describe = async () => {
    const { $metadata: _, ...Configuration } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { Tags } = await lambda.send(new ListTagsCommand({ Resource: FunctionArn }));
    const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    return { Configuration, Tags, ReservedConcurrentExecutions };
  };
  return { describe, lambda: await account.inventory("lambda-function", { functions: [FunctionName] }) };
}
