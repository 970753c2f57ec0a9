import type { MiddlewareStack } from "@smithy/types";
import type { CallWatch, WatchedCall } from "../../ports/calls.ts";
import { awsNameOf, readFailureOf } from "./aws-errors.ts";
import { iamActionOfCommand } from "./iam-actions.ts";

/** Tells of each call how it ended. The outermost link of a client's chain: repetitions are behind it. */
export function watchCalls<Input extends object, Output extends object>(
  { middlewareStack }: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  region: string,
  watch: CallWatch,
): void {
  middlewareStack.add(
    (next, { clientName = "", commandName = "" }) => {
      const action = iamActionOfCommand(clientName, commandName);
      return async (args) => {
        try {
          const answer = await next(args);
          watch({ action, region, outcome: "answered", detail: "" });
          return answer;
        } catch (error) {
          watch({ action, region, ...outcomeOf(error) });
          throw error;
        }
      };
    },
    { step: "initialize", name: "tapWatchedCalls", priority: "high" },
  );
}

/** Cost Explorer's words to an account that never opened it (https://docs.aws.amazon.com/cost-management/latest/userguide/ce-enable.html). */
const neverOpened = /not enabled for cost explorer/i;

function outcomeOf(error: unknown): Pick<WatchedCall, "outcome" | "detail"> {
  const message = error instanceof Error ? error.message : String(error);
  const detail = `${awsNameOf(error)}: ${message}`;
  if (neverOpened.test(message) || awsNameOf(error) === "OptInRequired") return { outcome: "not-enabled", detail };
  switch (readFailureOf(error)) {
    case "denied":
      return { outcome: "denied", detail };
    case "throttled":
      return { outcome: "throttled", detail };
    case "credentials":
      return { outcome: "credentials-refused", detail };
    case "missing":
    case "refused":
      return { outcome: "answered", detail };
    case "lost":
    case "other":
      return { outcome: "unanswered", detail };
  }
}
