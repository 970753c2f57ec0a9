import {
  type AliasConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const { stateOf } = createChangeReader(createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } }));
const lambda = answersOf(LambdaClient);
const change: ChangeOf<"lambda.configuration"> = {
  kind: "lambda.configuration",
  region: "us-east-1",
  functionName: "archive",
  before: { memoryMb: 3008, timeoutSeconds: 900 },
  after: { memoryMb: 1024, timeoutSeconds: 300 },
};
const large = { MemorySize: 3008, Timeout: 900 };
const small = { MemorySize: 1024, Timeout: 300 };

function published(code: string): string {
  return `$(aws lambda publish-version --region us-east-1 --function-name archive --code-sha256 ${code} --query Version --output text)`;
}

beforeEach(() => {
  lambda.reset();
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: "Active", LastUpdateStatus: "Successful", ...large });
  lambda
    .on(ListVersionsByFunctionCommand)
    .resolves({ Versions: [{ Version: "$LATEST", ...small }], NextMarker: "more" })
    .on(ListVersionsByFunctionCommand, { FunctionName: "archive", Marker: "more" })
    .resolves({
      Versions: [
        { Version: "6", ...large },
        { Version: "7", ...small, CodeSha256: "seven" },
        { Version: "8", ...small, CodeSha256: "eight" },
      ],
    });
});

describe("a function that is as it was", () => {
  it("has left versions that were published with its smaller size, and aliases that serve them, wholly or in part", async () => {
    lambda.on(ListAliasesCommand).resolves({
      Aliases: [
        { Name: "live", FunctionVersion: "7" },
        { Name: "old", FunctionVersion: "6" },
        { Name: "canary", FunctionVersion: "6", RoutingConfig: { AdditionalVersionWeights: { "7": 0.1 } } },
      ],
    });
    const state = await stateOf(inverse(change));
    expect(state).toMatchObject({
      kind: "settled",
      value: change.before,
      leftovers: [
        { isServing: true, words: expect.stringContaining("version 7 of archive was published with 1024 MB") },
        { isServing: true, words: expect.stringContaining("alias canary serves it") },
        { isServing: false, words: expect.stringContaining("version 8"), commands: [] },
      ],
    });
  });

  it.each<[string, AliasConfiguration, string]>([
    ["one of it alone", { FunctionVersion: "7" }, `--function-version "${published("seven")}" --revision-id r1`],
    [
      "its larger second version stays, with its share",
      { FunctionVersion: "7", RoutingConfig: { AdditionalVersionWeights: { "6": 0.1 } } },
      `--function-version "${published("seven")}" --revision-id r1`,
    ],
    [
      "its larger first version stays, and the second keeps its share",
      { FunctionVersion: "6", RoutingConfig: { AdditionalVersionWeights: { "7": 0.1 } } },
      `--routing-config "AdditionalVersionWeights={${published("seven")}=0.1}" --revision-id r1`,
    ],
    [
      "two that are too small become one",
      { FunctionVersion: "8", RoutingConfig: { AdditionalVersionWeights: { "7": 0.1 } } },
      `--function-version "${published("eight")}" --routing-config "AdditionalVersionWeights={}" --revision-id r1`,
    ],
  ])("is led back by a command that AWS takes of that code and of the alias as it is: %s", async (_words, alias, options) => {
    lambda.on(ListAliasesCommand).resolves({ Aliases: [{ Name: "live", RevisionId: "r1", ...alias }] });
    const state = await stateOf(inverse(change));
    const commands = state.kind === "settled" ? (state.leftovers ?? []).flatMap((each) => each.commands) : [];
    expect([...new Set(commands)]).toEqual([`aws lambda update-alias --region us-east-1 --function-name archive --name live ${options}`]);
  });

  it("has left none where no version has that size, and then aliases are not asked for", async () => {
    lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: "6", ...large }] });
    expect(await stateOf(inverse(change))).toEqual({ kind: "settled", value: change.before });
    expect(lambda.commandCalls(ListAliasesCommand)).toEqual([]);
  });

  it("is asked for versions on the way back alone, and only once it has its size", async () => {
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.before });
    lambda.on(GetFunctionConfigurationCommand).resolves({ State: "Active", LastUpdateStatus: "Successful", ...small });
    expect(await stateOf(inverse(change))).toEqual({ kind: "settled", value: change.after });
    expect(await stateOf(change)).toEqual({ kind: "settled", value: change.after });
    expect(lambda.commandCalls(ListVersionsByFunctionCommand)).toEqual([]);
  });
});
