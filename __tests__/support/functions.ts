import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import type { LambdaFunction } from "../../optimizer/core/levers/lambda/lambda-function.ts";
import type { Statistic } from "../../optimizer/core/model/observation.ts";
import type { Signal } from "./courses.ts";
import { primary, tagged, type World } from "./world.ts";

/** 3008 MB and 900 s, called by nothing that AWS lists. */
export function aFunction(overrides: Partial<LambdaFunction> & { readonly name?: string; readonly region?: string } = {}): LambdaFunction {
  const { name = "archive", region = primary, ...rest } = overrides;
  return {
    kind: "lambda-function",
    ref: { kind: "lambda-function", region, id: name },
    arn: `arn:aws:lambda:${region}:123456789012:function:${name}`,
    tags: tagged({}),
    memoryMb: 3008,
    sizesBefore: { kind: "seen", value: [] },
    timeoutSeconds: 900,
    architecture: "arm64",
    runtime: null,
    ephemeralStorageMb: 512,
    state: "Active",
    lastUpdate: "Successful",
    onManagedInstances: false,
    isDurable: false,
    heapSetting: null,
    published: { kind: "seen", value: [] },
    eventSources: { kind: "seen", value: [] },
    reservedConcurrency: { kind: "seen", value: null },
    unreservedConcurrency: { kind: "seen", value: 1000 },
    ...rest,
  };
}

/** What a function publishes, steady, with Lambda Insights: each hour so many calls, each of so many seconds. */
export function functionSees(
  world: World,
  lambda: LambdaFunction,
  load: {
    readonly calls?: number | Signal;
    readonly seconds?: number;
    readonly longestSeconds?: number;
    readonly cpuSeconds?: number;
    readonly usedMb?: number | Signal;
    readonly ranWithMb?: number | Signal;
    readonly throttles?: number;
    readonly atOnce?: number;
    readonly sharedAtOnce?: number;
  } = {},
): World {
  const { calls = 1000, seconds = 2, longestSeconds = 4, cpuSeconds = 0.2, usedMb = 300, ranWithMb = lambda.memoryMb, throttles = 0 } = load;
  const { atOnce = 2, sharedAtOnce = 10 } = load;
  const { id, region } = lambda.ref;
  const callsAt = (hour: number, statistic: Statistic): number => (typeof calls === "number" ? calls : calls(hour, statistic));
  return world
    .sees(metrics.lambdaInvocations, id, calls, region)
    .sees(metrics.lambdaThrottles, id, throttles, region)
    .sees(metrics.lambdaConcurrency, id, atOnce, region)
    .sees(metrics.lambdaUnreserved, "", sharedAtOnce, region)
    .sees(metrics.lambdaDuration, id, sumOrEach(callsAt, seconds * 1000, longestSeconds * 1000), region)
    .sees(metrics.insightsUsedMemory, id, usedMb, region)
    .sees(metrics.insightsTotalMemory, id, ranWithMb, region)
    .sees(metrics.insightsCpuTime, id, sumOrEach(callsAt, cpuSeconds * 1000, cpuSeconds * 1000), region);
}

function sumOrEach(callsAt: Signal, each: number, longest: number): Signal {
  return (hour, statistic) => (statistic === "Sum" ? callsAt(hour, statistic) * each : statistic === "Maximum" ? longest : each);
}
