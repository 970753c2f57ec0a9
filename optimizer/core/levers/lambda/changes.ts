import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, nothingElse, optionsSet, usualPatience, waitLine } from "../change-facts.ts";

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

/** Executions at once that a function has for itself and may not exceed; null: none, it shares what the account has left. */
export interface Reservation {
  readonly reserved: number | null;
}

/** PutFunctionConcurrency, or DeleteFunctionConcurrency where none is to be left: UpdateFunctionConfiguration takes no reservation. */
interface ConcurrencyChange {
  readonly kind: "lambda.concurrency";
  readonly region: string;
  readonly functionName: string;
  readonly before: Reservation;
  readonly after: Reservation;
}

export type LambdaChange = ConfigurationChange | ConcurrencyChange;

/** A function takes one change at a time. */
function updatedLine({ region, functionName }: LambdaChange): readonly [string] {
  const describe = `aws lambda get-function-configuration --region ${shellWord(region)} --function-name ${shellWord(functionName)}`;
  return [waitLine("while", describe, "LastUpdateStatus", "InProgress")];
}

/** An alias of which one version, or both, were published with the size that was taken back. */
export interface ServingAlias {
  readonly region: string;
  readonly functionName: string;
  readonly name: string;
  /** AWS refuses the command where somebody has changed the alias since. */
  readonly revisionId: string | undefined;
  /** Of the version that was published too small: the function may have other code by now, which AWS then refuses to publish. */
  readonly codeSha256: string | undefined;
  /** Whether its first version is too small. */
  readonly isFirst: boolean;
  /** What share of the calls its second version has, where that one is too small: it stays what it is. */
  readonly secondShare: number | undefined;
}

/** An alias is led to a version that has the size which the function has again: what it served cannot be changed any more. */
export function renewedAlias({ region, functionName, name, revisionId, codeSha256, isFirst, secondShare }: ServingAlias): string {
  const named = `--region ${shellWord(region)} --function-name ${shellWord(functionName)}`;
  const code = codeSha256 === undefined ? "" : ` --code-sha256 ${shellWord(codeSha256)}`;
  const published = `$(aws lambda publish-version ${named}${code} --query Version --output text)`;
  const weights = isFirst ? "" : `${published}=${secondShare}`;
  return [
    `aws lambda update-alias ${named} --name ${shellWord(name)}`,
    ...(isFirst ? [`--function-version "${published}"`] : []),
    // Two versions that were too small become one.
    ...(secondShare === undefined ? [] : [`--routing-config "AdditionalVersionWeights={${weights}}"`]),
    ...(revisionId === undefined ? [] : [`--revision-id ${shellWord(revisionId)}`]),
  ].join(" ");
}

export const lambdaChanges: { readonly [C in LambdaChange as C["kind"]]: ChangeFacts<C> } = {
  "lambda.configuration": {
    resourceOf: ({ region, functionName }) => ({ kind: "lambda-function", region, id: functionName }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, functionName, before, after }) =>
      [
        `aws lambda update-function-configuration --region ${shellWord(region)} --function-name ${shellWord(functionName)}`,
        ...optionsSet(before, after, { memoryMb: "--memory-size", timeoutSeconds: "--timeout" }),
      ].join(" "),
    first: updatedLine,
    wait: updatedLine,
    touches: nothingElse,
  },
  "lambda.concurrency": {
    resourceOf: ({ region, functionName }) => ({ kind: "lambda-function", region, id: functionName }),
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, functionName, after: { reserved } }) => {
      const named = `--region ${shellWord(region)} --function-name ${shellWord(functionName)}`;
      return reserved === null
        ? `aws lambda delete-function-concurrency ${named}`
        : `aws lambda put-function-concurrency ${named} --reserved-concurrent-executions ${reserved}`;
    },
    first: updatedLine,
    wait: { notNeeded: "a reservation holds when the call is answered" },
    touches: nothingElse,
  },
};
