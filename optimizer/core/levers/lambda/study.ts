import { knownSizes } from "../../sizing/sizes-before.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { hoursPerMonth } from "../../money/monthly.ts";
import { firstIncompleteness } from "../../sizing/completeness.ts";
import { evidence } from "../../sizing/evidence.ts";
import { quantile, total } from "../../sizing/quantile.ts";
import type { Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import { type LambdaFunction, lambdaFunctionFacts } from "./lambda-function.ts";
import { type FunctionLoad, functionKeys, functionLoad } from "./load.ts";

/** A function under load: what every rule on it starts from. */
export interface FunctionStudy extends Study {
  readonly facts: RuleFacts;
  readonly lambda: LambdaFunction;
  readonly usual: () => UsualCalls;
  /** What a call takes of memory and processors: Lambda Insights' figures. */
  readonly inside: () => InsideCalls;
}

export const functionStudies: Studies<"lambda-function", FunctionStudy> = {
  kind: "lambda-function",
  otherSizes: ({ sizesBefore }) => knownSizes(sizesBefore),
  looksCloser: false,
  series: functionKeys,
  study: (facts, lambda) => () => {
    const tenant = tenantReason(lambdaFunctionFacts.tags(lambda), facts.policy.tenantTags);
    const load = once(() => functionLoad(facts.baseline, lambda));
    return {
      facts,
      lambda,
      refusal: tenant === undefined ? undefined : { code: "tenant-resource", detail: tenant },
      usual: once(() => usualCalls(facts, load())),
      inside: once(() => insideCalls(facts, lambda, load())),
    };
  },
};

/** What AWS publishes of every function. */
export interface UsualCalls {
  /** Why the figures prove nothing. */
  readonly incomplete: string | undefined;
  readonly evidence: readonly Evidence[];
  readonly invocations: number;
  readonly p95Seconds: number;
  readonly longestSeconds: number;
  /** Seconds of all calls together, in a month of 730 hours. */
  readonly monthlySeconds: number;
  /** Executions at once at the most, and on average in the busiest hour. */
  readonly mostAtOnce: number;
  readonly busiestHourAtOnce: number;
  /** The same of all functions without a reservation. */
  readonly sharedAtOnce: number;
  readonly hourly: { readonly longestSeconds: Float64Array; readonly atOnce: Float64Array; readonly sharedAtOnce: Float64Array };
}

const secondsPerHour = 3600;

function usualCalls({ policy }: RuleFacts, load: FunctionLoad): UsualCalls {
  const { maxP95Seconds } = policy.rules.lambdaFunction;
  const { invocations, throttles, concurrency, unreserved, p95Seconds, longestSeconds, allSeconds } = load;
  const p95 = quantile(p95Seconds.values, 1);
  const longest = quantile(longestSeconds.values, 1);
  return {
    incomplete: firstIncompleteness([invocations, throttles, p95Seconds, longestSeconds, allSeconds, concurrency, unreserved], policy),
    evidence: [
      evidence("duration, p95 of the worst hour", p95, { series: p95Seconds, statistic: "p95", unit: "Seconds", limit: maxP95Seconds }),
      evidence("throttled calls", total(throttles.values), { series: throttles, statistic: "Sum", unit: "Count", limit: 1 }),
      evidence("longest call", longest, { series: longestSeconds, statistic: "Maximum", unit: "Seconds" }),
      evidence("calls", total(invocations.values), { series: invocations, statistic: "Sum", unit: "Count" }),
      evidence("calls at once", quantile(concurrency.values, 1), { series: concurrency, statistic: "Maximum", unit: "Count" }),
    ],
    invocations: total(invocations.values),
    p95Seconds: p95,
    longestSeconds: longest,
    monthlySeconds: monthly(allSeconds),
    mostAtOnce: quantile(concurrency.values, 1),
    busiestHourAtOnce: quantile(allSeconds.values, 1) / secondsPerHour,
    sharedAtOnce: quantile(unreserved.values, 1),
    hourly: { longestSeconds: longestSeconds.values, atOnce: concurrency.values, sharedAtOnce: unreserved.values },
  };
}

interface InsideCalls {
  readonly incomplete: string | undefined;
  /** Memory that it had in the baseline, in MB; durations at another size say nothing of today's. */
  readonly otherMemoryMb: number | undefined;
  readonly evidence: readonly Evidence[];
  readonly usedMemoryMb: number;
  /** Seconds of one whole vCPU: of the call that took most, and of all calls of a month. */
  readonly mostCpuSeconds: number;
  readonly monthlyCpuSeconds: number;
  /** Of all calls of each hour together: how long they took, and seconds of one whole vCPU. */
  readonly hourly: { readonly seconds: Float64Array; readonly cpuSeconds: Float64Array };
  readonly usedMemoryMbByHour: Float64Array;
}

function insideCalls({ policy }: RuleFacts, { memoryMb }: LambdaFunction, load: FunctionLoad): InsideCalls {
  const { usedMemoryMb, leastMemoryMb, mostMemoryMb, mostCpuSeconds, allCpuSeconds } = load;
  const sizes = [...leastMemoryMb.values, ...mostMemoryMb.values].filter((value) => value > 0);
  return {
    incomplete: firstIncompleteness([usedMemoryMb, leastMemoryMb, mostMemoryMb, mostCpuSeconds, allCpuSeconds], policy),
    otherMemoryMb: sizes.find((size) => Math.abs(size - memoryMb) > 1),
    evidence: [
      evidence("memory of the largest call", quantile(usedMemoryMb.values, 1), { series: usedMemoryMb, statistic: "Maximum", unit: "Megabytes" }),
      evidence("processor time of the busiest call", quantile(mostCpuSeconds.values, 1), { series: mostCpuSeconds, statistic: "Maximum", unit: "Seconds" }),
      evidence("processor time, of all time that calls took", total(allCpuSeconds.values) / total(load.allSeconds.values), {
        series: allCpuSeconds,
        statistic: "Sum",
        unit: "Ratio",
      }),
    ],
    usedMemoryMb: quantile(usedMemoryMb.values, 1),
    mostCpuSeconds: quantile(mostCpuSeconds.values, 1),
    monthlyCpuSeconds: monthly(allCpuSeconds),
    hourly: { seconds: load.allSeconds.values, cpuSeconds: allCpuSeconds.values },
    usedMemoryMbByHour: usedMemoryMb.values,
  };
}

/** A month at the pace of the hours that are known. */
function monthly({ values }: Series): number {
  const hours = values.reduce((known, value) => known + (Number.isNaN(value) ? 0 : 1), 0);
  return (total(values) / hours) * hoursPerMonth;
}
