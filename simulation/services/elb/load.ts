import { driftingNormal, hashPoisson, streamOf } from "../../load/noise.ts";
import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { tickSeconds } from "../../load/tick.ts";
import { application, type Application } from "../../shared/application.ts";
import { loadBalancers } from "../../shared/load-balancer.ts";

/** Fields of a load balancer's row; counts are of the tick. Latency is log-normal: logarithm of the median, and its deviation. */
export const balancerField = {
  /** Requests for which a target was chosen. */
  requests: 0,
  /** Requests a target answered, in time. */
  answered: 1,
  target5xx: 2,
  balancer5xx: 3,
  latencyLocation: 4,
  latencyScale: 5,
  healthyHosts: 6,
} as const;

const fields = 7;
const z99 = 2.326;
/** 502 and 504 that even a healthy load balancer gives, as a share of requests. */
const balancerErrorShare = 0.00001;

const remembered = rememberPerModel<TickRows>();

/** Figures of a load balancer by tick; `null` for one that the region does not have, that sends its requests nowhere, or whose load is not described. */
export function balancerLoad(model: LoadModel, region: string, fullName: string): TickRows | null {
  return remembered(model, `${region}/${fullName}`, () => {
    const demand = application.of(model.scenario, region);
    const balancer = model.state
      .of(loadBalancers)
      .in(region)
      .find((candidate) => candidate.fullName === fullName);
    if (demand === undefined || balancer === undefined) return null;
    const stages = model.stages(region, balancer);
    const [targets] = stages.flatMap((stage) => stage.targets ?? []);
    if (targets === undefined) return null;
    const through = model.requestsThrough(region, (candidate) => candidate.fullName === fullName);
    return balancerRows({ seed: model.scenario.seed, name: `${region}/${fullName}`, demand, requestsPerSecond: through, targets, stages });
  });
}

interface LoadedBalancer {
  readonly seed: number;
  /** Its own stream of random numbers is drawn by this name. */
  readonly name: string;
  readonly demand: Application;
  readonly requestsPerSecond: ByTick;
  /** Healthy targets; not a number while nothing is known of them. */
  readonly targets: ByTick;
  /** What takes part in answering a request, such as the group and its database. */
  readonly stages: readonly Stage[];
}

/**
 * What clients of a load balancer see. Quantiles of the parts of the response time are added, which is exact when they rise
 * together and slightly pessimistic otherwise. Requests that find no room in the group are answered 504 after the time-out,
 * 503 when there is no target at all; those whose statement fails in the database are answered 500 by the application.
 */
function balancerRows({ seed, name, demand, requestsPerSecond, targets, stages }: LoadedBalancer): TickRows {
  const stream = streamOf(name);
  const drift = driftingNormal(seed, stream + 2);
  const rejectedOf = sumOf(stages, "rejected");
  const failedOf = sumOf(stages, "failed");
  const storageSecondsOf = sumOf(stages, "storageSeconds");
  const waitMedianOf = sumOf(stages, "waitMedian");
  const waitP99Of = sumOf(stages, "waitP99");
  return rememberRows(fields, (tick, values, offset) => {
    const instances = targets(tick);
    if (Number.isNaN(instances)) return;
    const offered = Math.round(requestsPerSecond(tick) * tickSeconds);
    const rejected = rejectedOf(tick);
    const failed = failedOf(tick) * (1 - rejected);
    const balancer5xx = Math.min(offered, hashPoisson(offered * (rejected + balancerErrorShare), seed, stream, tick));
    const target5xx = Math.min(offered - balancer5xx, hashPoisson(offered * (failed + demand.errorShare), seed, stream + 1, tick));
    values[offset + balancerField.requests] = instances === 0 ? 0 : offered;
    values[offset + balancerField.answered] = instances === 0 ? 0 : offered - balancer5xx;
    values[offset + balancerField.target5xx] = instances === 0 ? 0 : target5xx;
    values[offset + balancerField.balancer5xx] = balancer5xx;
    values[offset + balancerField.healthyHosts] = instances;

    const storageSeconds = storageSecondsOf(tick);
    const swing = Math.exp(demand.latencySigma * drift(tick));
    const median = waitMedianOf(tick, demand.medianSeconds * swing + storageSeconds);
    const p99 = waitP99Of(tick, demand.p99Seconds * swing + storageSeconds);
    const cappedMedian = Math.min(demand.timeoutSeconds, median);
    values[offset + balancerField.latencyLocation] = Math.log(cappedMedian);
    values[offset + balancerField.latencyScale] = Math.log(Math.max(1.001, Math.min(demand.timeoutSeconds, p99) / cappedMedian)) / z99;
  });
}

/** Adds what all stages have of a figure to a start. */
function sumOf(stages: readonly Stage[], figure: Exclude<keyof Stage, "targets">): (tick: number, from?: number) => number {
  const parts = stages.flatMap((stage) => stage[figure] ?? []);
  return (tick, from = 0) => {
    let sum = from;
    for (const part of parts) {
      const value = part(tick);
      if (!Number.isNaN(value)) sum += value;
    }
    return sum;
  };
}
