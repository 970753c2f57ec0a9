import { metrics } from "../../metrics/catalogue.ts";
import type { Action, OwnCheck } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import { mostCheck, neverCheck } from "../own-checks.ts";

/** No load balancer shows a call that is refused or cut off of a function behind none. */
export function functionChecks(policy: Policy, { region, resource: { id }, steps }: Action): readonly OwnCheck[] {
  const of = [{ FunctionName: id }];
  const sizes = steps.flatMap((step) => (step.kind === "change" && step.change.kind === "lambda.configuration" ? [step.change.after] : []));
  const reservations = steps.flatMap((step) => (step.kind === "change" && step.change.kind === "lambda.concurrency" ? (step.change.after.reserved ?? []) : []));
  return [
    neverCheck(policy, { name: `throttled calls of ${id}`, region, metric: metrics.lambdaThrottles, of }),
    ...sizes.flatMap(({ timeoutSeconds }) =>
      mostCheck(policy, {
        name: `longest call of ${id}, whose time-out is ${timeoutSeconds} s`,
        region,
        metric: metrics.lambdaDuration,
        of,
        statistic: "Maximum",
        unit: "Milliseconds",
        whole: timeoutSeconds * 1000,
      }),
    ),
    ...reservations.flatMap((reserved) =>
      mostCheck(policy, {
        name: `calls at once of ${id}, for which ${reserved} are reserved`,
        region,
        metric: metrics.lambdaConcurrency,
        of,
        statistic: "Maximum",
        unit: "Count",
        whole: reserved,
      }),
    ),
  ];
}
