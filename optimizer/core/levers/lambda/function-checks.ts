import { metrics } from "../../metrics/catalogue.ts";
import { type Action, changesAmong, type OwnCheck } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import { checkSeries, mostCheck, neverCheck } from "../own-checks.ts";
import type { LambdaFunction } from "./lambda-function.ts";

/** Records that wait longer than this are the stacks' own alarm, too; a stream forgets them after a day at the earliest. */
const mostRecordAgeMs = 600_000;

/** No load balancer shows a call that is refused or cut off of a function behind none. */
export function functionChecks(policy: Policy, lambda: LambdaFunction, { region, resource: { id }, steps }: Action): readonly OwnCheck[] {
  const of = [{ FunctionName: id }];
  const changes = changesAmong(steps);
  const sizes = changes.flatMap((change) => (change.kind === "lambda.configuration" ? [change.after] : []));
  const reservations = changes.flatMap((change) => (change.kind === "lambda.concurrency" ? (change.after.reserved ?? []) : []));
  return [
    neverCheck(policy, { name: `throttled calls of ${id}`, region, metric: metrics.lambdaThrottles, of }),
    ...(sizes.some(({ memoryMb }) => memoryMb < lambda.memoryMb) && readsStream(lambda) ? [recordAgeCheck(policy, region, id)] : []),
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

/** Only of streams does Lambda publish how old records get. */
function readsStream({ eventSources }: LambdaFunction): boolean {
  return eventSources.kind === "seen" && eventSources.value.some(({ arn }) => ["kinesis", "dynamodb"].includes(arn.split(":")[2] ?? ""));
}

/** Shows, too, a shard that more comes to than to the others: the projection takes them for equally busy. */
function recordAgeCheck(policy: Policy, region: string, id: string): OwnCheck {
  return {
    name: `age of records when ${id} reads them`,
    kind: "at-most",
    series: checkSeries(policy, { region, metric: metrics.lambdaIteratorAge, of: [{ FunctionName: id }] }, "Maximum"),
    limit: mostRecordAgeMs,
    unit: "Milliseconds",
    why: "a stream that falls behind keeps its records for a day, and slower calls must not let them wait",
  };
}
