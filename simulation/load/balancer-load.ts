import type { Application } from "./demand-schema.ts";
import { clusterField, type ClusterLoad } from "./cluster-load.ts";
import { groupField } from "./group-load.ts";
import { driftingNormal, hashPoisson, streamOf } from "./noise.ts";
import { rememberRows, type TickRows } from "./tick-rows.ts";
import { tickSeconds } from "./tick.ts";

/** Fields of a balancer's row; counts are of the tick. Latency is log-normal: logarithm of the median, and its deviation. */
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
/** 502 and 504 that even a healthy balancer gives, as a share of requests. */
const balancerErrorShare = 0.00001;

/**
 * What clients of a balancer see. Quantiles of the parts of the response time are added, which is exact when they rise
 * together and slightly pessimistic otherwise. Requests that find no room in the group are answered 504 after the time-out,
 * 503 when there is no target at all; those whose statement fails in the database are answered 500 by the application.
 */
export function balancerRows(
  seed: number,
  name: string,
  demand: Application,
  requestsPerSecond: (tick: number) => number,
  group: TickRows,
  cluster: ClusterLoad | null,
): TickRows {
  const stream = streamOf(name);
  return rememberRows(fields, (tick, values, offset) => {
    const instances = group.at(tick, groupField.instances);
    if (Number.isNaN(instances)) return;
    const offered = Math.round(requestsPerSecond(tick) * tickSeconds);
    const rejected = group.at(tick, groupField.rejected);
    const failed = orZero(cluster?.rows.at(tick, clusterField.failed)) * (1 - rejected);
    const balancer5xx = Math.min(offered, hashPoisson(offered * (rejected + balancerErrorShare), seed, stream, tick));
    const target5xx = Math.min(offered - balancer5xx, hashPoisson(offered * (failed + demand.errorShare), seed, stream + 1, tick));
    values[offset + balancerField.requests] = instances === 0 ? 0 : offered;
    values[offset + balancerField.answered] = instances === 0 ? 0 : offered - balancer5xx;
    values[offset + balancerField.target5xx] = instances === 0 ? 0 : target5xx;
    values[offset + balancerField.balancer5xx] = balancer5xx;
    values[offset + balancerField.healthyHosts] = instances;

    const ioSeconds = orZero(cluster?.rows.at(tick, clusterField.readIoSeconds));
    const swing = Math.exp(demand.latencySigma * driftingNormal(seed, stream + 2, tick));
    const median = demand.medianSeconds * swing + ioSeconds + group.at(tick, groupField.waitMedian) + orZero(cluster?.rows.at(tick, clusterField.waitMedian));
    const p99 = demand.p99Seconds * swing + ioSeconds + group.at(tick, groupField.waitP99) + orZero(cluster?.rows.at(tick, clusterField.waitP99));
    const cappedMedian = Math.min(demand.timeoutSeconds, median);
    values[offset + balancerField.latencyLocation] = Math.log(cappedMedian);
    values[offset + balancerField.latencyScale] = Math.log(Math.max(1.001, Math.min(demand.timeoutSeconds, p99) / cappedMedian)) / z99;
  });
}

function orZero(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}
