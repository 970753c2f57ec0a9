import { shellWord } from "../../model/shell-words.ts";
import { type ChangeFacts, nothingElse, sameValues, usualPatience, waitLine } from "../change-facts.ts";

/** What one UpdateFunctionConfiguration sets. */
export interface FunctionSize {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
}

/** UpdateFunctionConfiguration of `$LATEST`: memory, and processors with it, and how long a call may take. */
interface ConfigurationChange {
  readonly kind: "lambda.configuration";
  readonly region: string;
  readonly functionName: string;
  readonly before: FunctionSize;
  readonly after: FunctionSize;
}

export type LambdaChange = ConfigurationChange;

/** A function takes one change at a time. */
function updatedLine({ region, functionName }: ConfigurationChange): readonly [string] {
  const describe = `aws lambda get-function-configuration --region ${shellWord(region)} --function-name ${shellWord(functionName)}`;
  return [waitLine("while", describe, "LastUpdateStatus", "InProgress")];
}

export const lambdaChanges: { readonly [C in LambdaChange as C["kind"]]: ChangeFacts<C> } = {
  "lambda.configuration": {
    resourceOf: ({ region, functionName }) => ({ kind: "lambda-function", region, id: functionName }),
    same: sameValues,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, functionName, after }) =>
      `aws lambda update-function-configuration --region ${shellWord(region)} --function-name ${shellWord(functionName)} --memory-size ${after.memoryMb} --timeout ${after.timeoutSeconds}`,
    first: updatedLine,
    wait: updatedLine,
    touches: nothingElse,
  },
};
