import { rememberPerModel, type LoadModel, type Stage } from "../../load/load-model.ts";
import { normalShare } from "../../load/noise.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { tickAt, tickMs, tickSeconds } from "../../load/tick.ts";
import { demandOf, type FunctionDemand } from "./demand.ts";
import { atOnceBySources } from "./event-source-mappings.ts";
import { unreservedIn } from "./describe.ts";
import { functions, reservedAt, stateAt, type LambdaFunction } from "./function.ts";

/**
 * Fields of a function's row: calls that ran, failed and were turned away in the tick; seconds of their median; executions at once; memory; and
 * seconds by which what it reads came to wait longer, less than 0 where there was time to catch up.
 */
export const functionField = { calls: 0, failed: 1, throttled: 2, seconds: 3, atOnce: 4, memoryMb: 5, behind: 6 } as const;

/** One vCPU at so much memory, and of it in proportion (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const mbPerVcpu = 1769;
const mbPerGb = 1024;
/** What a runtime takes before anything is done in it. */
const idleMemoryMb = 64;
/** Standard deviation of the logarithm of a call's duration: the longest of a hundred calls takes twice the median. */
export const durationSigma = 0.3;
/** The standard normal quantile that one of a hundred exceeds. */
const z99 = 2.326;

/** Seconds of a median call. One thread uses no more than one vCPU. */
export function callSeconds({ waitSeconds = 0.05, vcpuSecondsPerCall = 0.01 }: FunctionDemand, memoryMb: number): number {
  return waitSeconds + vcpuSecondsPerCall / Math.min(1, memoryMb / mbPerVcpu);
}

export function usedMemoryMb({ usedMemoryMb: used = idleMemoryMb }: FunctionDemand): number {
  return used;
}

/** Calls that would take longer than the time-out, of log-normal durations: they are cut off there, and fail. */
function cutOffShare(medianSeconds: number, timeoutSeconds: number): number {
  const deviations = Math.log(timeoutSeconds / medianSeconds) / durationSigma;
  // Fewer than one of a billion calls.
  return deviations > 6 ? 0 : 1 - normalShare(deviations);
}

const remembered = rememberPerModel<TickRows>();

/** The functions of a region that its requests wait for: a call that is turned away or fails makes its request fail. */
export function functionsStage(model: LoadModel, region: string): Stage | null {
  const waitedFor = model.state
    .of(functions)
    .in(region)
    .map((lambda) => ({ rows: functionLoad(model, lambda), demand: demandOf(model.scenario, region, lambda.name) }))
    .filter(({ demand }) => demand.answersRequests === true);
  if (waitedFor.length === 0) return null;
  const secondsAt = (tick: number): number =>
    waitedFor.reduce((sum, { rows, demand }) => sum + Math.min(1, demand.callsPerRequest ?? 0) * orZero(rows.at(tick, functionField.seconds)), 0);
  return {
    failed: (tick) =>
      Math.min(
        1,
        waitedFor.reduce((sum, { rows, demand }) => sum + (demand.callsPerRequest ?? 0) * lostShare(rows, tick), 0),
      ),
    waitMedian: secondsAt,
    waitP99: (tick) => secondsAt(tick) * Math.exp(z99 * durationSigma),
  };
}

function lostShare(rows: TickRows, tick: number): number {
  const [calls, failed, throttled] = [functionField.calls, functionField.failed, functionField.throttled].map((field) => orZero(rows.at(tick, field)));
  const wanted = (calls ?? 0) + (throttled ?? 0);
  return wanted === 0 ? 0 : ((failed ?? 0) + (throttled ?? 0)) / wanted;
}

/** Figures of a function by tick. */
export function functionLoad(model: LoadModel, lambda: LambdaFunction): TickRows {
  const { region, name } = lambda;
  const demand = demandOf(model.scenario, region, name);
  return remembered(model, `${region}/${name}`, () => functionRows(model, lambda, demand));
}

function functionRows(model: LoadModel, lambda: LambdaFunction, demand: FunctionDemand): TickRows {
  const { history, state, scenario } = model;
  const { region } = lambda;
  const requestsPerSecond = model.requests(region);
  const runningAt = history.remember((atMs) => stateAt(lambda, atMs).running);
  const mostAtOnceAt = history.remember((atMs) => reservedAt(lambda, atMs) ?? unreservedIn({ state, region }, atMs));
  // What requests wait for, they call themselves.
  const isCalledDirectly = demand.answersRequests === true;
  const bySourcesAt = history.remember((atMs) => (isCalledDirectly ? Infinity : atOnceBySources({ state, scenario, region }, lambda.name, atMs)));
  return rememberRows(7, (tick, values, offset) => {
    const wanted = (demand.callsPerSecond ?? 0) + (demand.callsPerRequest ?? 0) * requestsPerSecond(tick);
    history.eachPart(region, tick, 0, (atMs, share) => {
      const size = runningAt(atMs);
      if (size === null) return;
      const seconds = Math.min(size.timeoutSeconds, callSeconds(demand, size.memoryMb));
      // Little's law: calls a second × seconds of each are there at once.
      const mean = seconds * Math.exp(durationSigma ** 2 / 2);
      const allowed = Math.min(wanted, (mostAtOnceAt(atMs) ?? 0) / mean);
      // What its sources hold back waits there, and is not throttled.
      const bySources = bySourcesAt(atMs) ?? Infinity;
      const ran = Math.min(allowed, bySources / mean);
      const failed = usedMemoryMb(demand) > size.memoryMb ? 1 : cutOffShare(callSeconds(demand, size.memoryMb), size.timeoutSeconds);
      const calls = ran * tickSeconds * share;
      addTo(values, offset + functionField.calls, calls);
      addTo(values, offset + functionField.failed, calls * failed);
      addTo(values, offset + functionField.throttled, (wanted - allowed) * tickSeconds * share);
      addTo(values, offset + functionField.seconds, share * seconds);
      addTo(values, offset + functionField.atOnce, share * ran * mean);
      addTo(values, offset + functionField.memoryMb, share * size.memoryMb);
      addTo(values, offset + functionField.behind, share * tickSeconds * ((wanted * mean) / bySources - 1));
    });
  });
}

/** A stream forgets what is older (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html). */
const streamTicks = 86_400 / tickSeconds;

/** Seconds that a record has waited when it is read at the end of a tick: what was added since its source was last caught up with. */
export function secondsBehind(rows: TickRows, tick: number): number {
  let most = 0;
  for (let sum = 0, back = 0; back < streamTicks; back++) {
    sum += orZero(rows.at(tick - back, functionField.behind));
    most = Math.max(most, sum);
  }
  return most;
}

/** What all functions of a region are billed for. */
export function secondsUsed(model: LoadModel, region: string, fromMs: number, untilMs: number): readonly { readonly usage: string; readonly units: number }[] {
  const used = new Map<string, number>();
  for (const lambda of model.state.of(functions).in(region)) {
    const rows = functionLoad(model, lambda);
    const usage = lambda.architecture === "arm64" ? "Lambda-GB-Second-ARM" : "Lambda-GB-Second";
    for (let tick = tickAt(fromMs); (tick + 1) * tickMs <= untilMs; tick++) {
      const calls = orZero(rows.at(tick, functionField.calls));
      const seconds = orZero(rows.at(tick, functionField.seconds)) * Math.exp(durationSigma ** 2 / 2);
      used.set(usage, (used.get(usage) ?? 0) + (calls * seconds * orZero(rows.at(tick, functionField.memoryMb))) / mbPerGb);
    }
  }
  return [...used].map(([usage, units]) => ({ usage, units }));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
