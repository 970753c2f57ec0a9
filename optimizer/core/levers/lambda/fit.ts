import { pointAt } from "../../model/observation.ts";
import type { LambdaPrices, Projection, RuleFacts } from "../../model/rule.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { outgrown } from "../../sizing/growth.ts";
import { figure, rounding } from "../../sizing/projection.ts";
import type { FunctionSize } from "./changes.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { FunctionStudy } from "./study.ts";

/** A function has one whole vCPU at so much memory, and of it or more in proportion (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const mbPerVcpu = 1769;
const mbPerGb = 1024;
/** So much of `/tmp` is in the price of memory (https://aws.amazon.com/lambda/pricing/). */
const freeEphemeralMb = 512;
const secondsPerHour = 3600;

/** What a function without Lambda Insights does inside is not known, and only its time-out can be looked at. */
export interface CallLoad {
  readonly usual: ReturnType<FunctionStudy["usual"]>;
  readonly inside: ReturnType<FunctionStudy["inside"]> | undefined;
}

/** One of which Lambda Insights tells. */
interface KnownLoad extends CallLoad {
  readonly inside: ReturnType<FunctionStudy["inside"]>;
}

/**
 * The longest that calls of so many seconds can take with less memory. With a share of a vCPU for each MB, work of C vCPU-seconds that ran as
 * fast as it could takes C ÷ share; what waits takes as long as before. So at most the difference of both is added, and never more than all
 * of it being computed.
 */
export function slowedSeconds(seconds: number, cpuSeconds: number, fromMb: number, toMb: number): number {
  if (toMb >= fromMb) return seconds;
  const added = cpuSeconds * (mbPerVcpu / toMb - mbPerVcpu / fromMb);
  return Math.min(seconds * (fromMb / toMb), seconds + added);
}

/**
 * The same of calls that compute in one thread at a time, which has no more than one vCPU: memory above that made none of them faster, and less
 * of it makes none slower.
 */
export function slowedInOneThread(seconds: number, cpuSeconds: number, fromMb: number, toMb: number): number {
  return slowedSeconds(seconds, cpuSeconds, Math.min(fromMb, mbPerVcpu), Math.min(toMb, mbPerVcpu));
}

/**
 * Runtimes that run a program in one thread at a time unless it asks for more (https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick,
 * https://docs.python.org/3/library/threading.html on the global interpreter lock).
 */
const oneThread = /^(?:nodejs|python)/;

/** Whether its calls are likely to compute in one thread: its runtime does, and together they did not compute for longer than they took. */
function computesInOneThread({ usual, inside }: CallLoad, { runtime }: LambdaFunction): boolean {
  return runtime !== null && oneThread.test(runtime) && inside !== undefined && inside.monthlyCpuSeconds <= usual.monthlySeconds;
}

/** Seconds of the longest call after a change of memory, in the worst case. */
export function longestAfter({ usual, inside }: CallLoad, from: FunctionSize, toMb: number): number {
  return slowedSeconds(usual.longestSeconds, inside?.mostCpuSeconds ?? Infinity, from.memoryMb, toMb);
}

export interface MonthlyBill {
  readonly before: number;
  /** Where all computing slows down as much as it can. */
  readonly worstAfter: number;
  /** Where what it computes runs in as many threads as its runtime has. */
  readonly likelyAfter: number;
  /** Where nothing slows down: what it does is wait. */
  readonly bestAfter: number;
}

/** US dollars a month for memory and `/tmp`; what calls cost each is the same whatever the size. */
export function monthlyBill({ usual, inside }: CallLoad, lambda: LambdaFunction, toMb: number, price: LambdaPrices): MonthlyBill {
  const ephemeralGb = Math.max(0, lambda.ephemeralStorageMb - freeEphemeralMb) / mbPerGb;
  const cost = (seconds: number, memoryMb: number): number => seconds * ((memoryMb / mbPerGb) * price.gbSecond + ephemeralGb * price.ephemeralStorageGbSecond);
  const secondsBy = (slowed: typeof slowedSeconds): number => slowed(usual.monthlySeconds, inside?.monthlyCpuSeconds ?? Infinity, lambda.memoryMb, toMb);
  return {
    before: cost(usual.monthlySeconds, lambda.memoryMb),
    worstAfter: cost(secondsBy(slowedSeconds), toMb),
    likelyAfter: cost(secondsBy(computesInOneThread({ usual, inside }, lambda) ? slowedInOneThread : slowedSeconds), toMb),
    bestAfter: cost(usual.monthlySeconds, toMb),
  };
}

export interface FunctionFit {
  readonly facts: RuleFacts;
  readonly lambda: LambdaFunction;
  readonly load: CallLoad;
  /** Executions at once that it may have, alone or with all others. */
  readonly pool: { readonly limit: number; readonly isOwn: boolean };
  /** Calls that its streams and limited queues let run at once, and how that is known; undefined where nothing bounds them. */
  readonly bound: { readonly atOnce: number; readonly how: "may run at once" | "ever ran at once" } | undefined;
  readonly price: LambdaPrices | null;
}

/** Every dimension of a size, as shares of what it has, in the worst case that the figures allow. */
export function projectionsOf(fit: FunctionFit, to: FunctionSize): readonly Projection[] {
  const { lambda, load, facts } = fit;
  const limit = limitsOf(facts.policy).usual;
  const longest = longestAfter(load, lambda, to.memoryMb);
  const timeout: Projection = {
    dimension: "duration",
    current: load.usual.longestSeconds / lambda.timeoutSeconds,
    projected: longest / to.timeoutSeconds,
    limit,
    fits: longest / to.timeoutSeconds <= limit + rounding,
    method: `the longest call's ${seconds(load.usual.longestSeconds)} become ${seconds(longest)} at most, of a time-out of ${to.timeoutSeconds} s`,
  };
  const { usual, inside } = load;
  const kept = [timeout, ...outgrown(facts.policy, timeout, usual.hourly.longestSeconds)];
  return inside === undefined ? kept : [...kept, ...slower(fit, { usual, inside }, to, limit), ...costProjection(fit, to)];
}

/** What less memory, and slower calls for it, ask for. */
function slower({ facts, lambda, pool, bound }: FunctionFit, load: KnownLoad, { memoryMb }: FunctionSize, limit: number): readonly Projection[] {
  const { usual, inside } = load;
  const used = inside.usedMemoryMb;
  const { maxP95Seconds } = facts.policy.rules.lambdaFunction;
  const p95 = slowedSeconds(usual.p95Seconds, inside.mostCpuSeconds, lambda.memoryMb, memoryMb);
  const slowdown = lambda.memoryMb / memoryMb;
  const others = pool.isOwn ? 0 : Math.max(0, usual.sharedAtOnce - usual.mostAtOnce);
  const atOnce = usual.mostAtOnce * slowdown + others;
  const memory: Projection = {
    dimension: "memory",
    current: used / lambda.memoryMb,
    projected: used / memoryMb,
    limit,
    fits: used / memoryMb <= limit + rounding,
    method: `the largest call's ${figure(used)} MB of ${memoryMb} MB`,
  };
  const concurrency: Projection = {
    dimension: "concurrency",
    current: (usual.mostAtOnce + others) / pool.limit,
    projected: atOnce / pool.limit,
    limit,
    fits: atOnce / pool.limit <= limit + rounding,
    method: `${figure(usual.mostAtOnce)} calls at once × ${lambda.memoryMb} ÷ ${memoryMb}${pool.isOwn ? "" : ` and ${figure(others)} of other functions`}, of ${pool.limit}${pool.isOwn ? " reserved" : " that nobody reserved"}`,
  };
  const streaming = bound === undefined ? undefined : streams(load, bound, { fromMb: lambda.memoryMb, toMb: memoryMb, limit });
  return [
    memory,
    ...outgrown(facts.policy, memory, inside.usedMemoryMbByHour),
    {
      dimension: "duration",
      current: usual.p95Seconds / maxP95Seconds,
      projected: p95 / maxP95Seconds,
      limit: 1,
      fits: p95 < maxP95Seconds,
      method: `p95 of the worst hour, ${seconds(usual.p95Seconds)}, becomes ${seconds(p95)} at most, of ${maxP95Seconds} s`,
    },
    concurrency,
    ...outgrown(facts.policy, concurrency, pool.isOwn ? usual.hourly.atOnce : usual.hourly.sharedAtOnce),
    ...(streaming === undefined ? [] : [streaming, ...outgrown(facts.policy, streaming, inside.hourly.seconds)]),
  ];
}

/**
 * Shards and limited queues are not read faster by more executions. The calls of an hour together get no more slower than by what all of them
 * compute. What a shard more than the others is used by nobody tells: the window watches how old a record gets until it is read.
 */
function streams(
  { usual, inside }: KnownLoad,
  { atOnce, how }: NonNullable<FunctionFit["bound"]>,
  { fromMb, toMb, limit }: { readonly fromMb: number; readonly toMb: number; readonly limit: number },
): Projection {
  const { hourly } = inside;
  const slowest = hourly.seconds.reduce(
    (most, seconds, hour) => (seconds > 0 ? Math.max(most, slowedSeconds(seconds, knownOr(pointAt(hourly.cpuSeconds, hour), Infinity), fromMb, toMb)) : most),
    0,
  );
  const share = usual.busiestHourAtOnce / atOnce;
  const projected = slowest / secondsPerHour / atOnce;
  const method = `its event sources busy ${figure(share * 100)} % of the busiest hour (${figure(usual.busiestHourAtOnce * secondsPerHour)} s of calls, of which ${figure(atOnce)} ${how}), ${figure(slowest)} s of calls at most`;
  return { dimension: "concurrency", current: share, projected, limit, fits: projected <= limit + rounding, method };
}

/** A gap of the telemetry counts as the other. */
function knownOr(value: number, other: number): number {
  return Number.isNaN(value) ? other : value;
}

/** Less memory costs more where calls get slower by more than memory gets less; where nothing is sure to be saved, slower calls are for nothing. */
function costProjection({ lambda, load, price }: FunctionFit, { memoryMb }: FunctionSize): readonly Projection[] {
  if (price === null) return [];
  const { before, worstAfter } = monthlyBill(load, lambda, memoryMb, price);
  const projected = worstAfter / before;
  const method = `seconds of calls × GB: at most ${figure(projected * 100)} % of today's, and to be changed it has to be less than all of it`;
  return [{ dimension: "cost", current: 1, projected, limit: 1, fits: projected < 1 - rounding, method }];
}

function seconds(value: number): string {
  return `${figure(value)} s`;
}
