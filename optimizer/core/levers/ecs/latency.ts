import { metrics, seriesKey } from "../../metrics/catalogue.ts";
import type { SeriesKey } from "../../model/observation.ts";
import type { Policy } from "../../model/policy.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { type FleetSize, sizeThen } from "../../sizing/fleet-size.ts";
import { figure, rounding } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { mapped, pointAt, readSeries } from "../../sizing/series.ts";
import { secondsExceededBy } from "../../sizing/waiting.ts";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import type { ContainerService } from "./container-service.ts";
import { cpuPercent } from "./load.ts";

const cpuUnits = 1024;
const tail = 0.01;
const milliseconds = 1000;
/** Hours with fewer requests than nine tenths of all have: what is done beside requests is the larger part of them. */
const busyHours = 0.9;

/** What requests wait for processors and compute, and how long they take in all, by the hour. */
export interface Answering {
  /** One whole vCPU's seconds of a request. */
  readonly vcpuSecondsPerRequest: number;
  /** vCPUs that all tasks together kept busy, by the mean of the hour. */
  readonly busyVcpu: Float64Array;
  readonly tasks: Float64Array;
  /** The mean of the load balancers' p99 by slot, the lowest of several load balancers. */
  readonly p99Seconds: Float64Array;
}

export function answeringKeys({ ref, loadBalancers }: ContainerService, { window }: Policy): readonly SeriesKey[] {
  return loadBalancers.flatMap((fullName) => {
    const of = { LoadBalancer: fullName };
    return [
      seriesKey(metrics.balancerRequests, ref.region, of, "Sum", window.slotMinutes * 60),
      seriesKey(metrics.balancerResponseTime, ref.region, of, "p99", window.slotMinutes * 60),
    ];
  });
}

/** Undefined where no load balancer tells how many requests there are and how long they take. */
export function answeringOf({ baseline, policy }: RuleFacts, service: ContainerService, size: FleetSize): Answering | undefined {
  const series = answeringKeys(service, policy).map((key) => ({ key, ...readSeries(baseline, key) }));
  const cpu = cpuPercent(baseline, service)("Average", hourSeconds);
  if (series.length === 0 || [cpu, ...series].some((each) => incompleteness(each, policy) !== undefined)) return undefined;
  const slotsPerHour = hourSeconds / (policy.window.slotMinutes * 60);
  const hourly = (statistic: string, join: (values: readonly number[]) => number) =>
    mapped(cpu.values, (_, hour) =>
      join(
        series.filter(({ key }) => key.statistic === statistic).map(({ values }) => meanOf(values.subarray(hour * slotsPerHour, (hour + 1) * slotsPerHour))),
      ),
    );
  const perSecond = mapped(
    hourly("Sum", (each) => each.reduce((sum, value) => sum + value, 0)),
    (count) => count / (policy.window.slotMinutes * 60),
  );
  const tasks = sizeThen(size, cpu);
  const busyVcpu = mapped(cpu.values, (percent, hour) => (percent / 100) * (service.task.size.cpu / cpuUnits) * pointAt(tasks, hour));
  const least = quantile(perSecond, busyHours);
  let [vcpuSeconds, requests] = [0, 0];
  for (let hour = 0; hour < perSecond.length; hour++) {
    if (!(pointAt(perSecond, hour) >= least) || Number.isNaN(pointAt(busyVcpu, hour))) continue;
    vcpuSeconds += pointAt(busyVcpu, hour);
    requests += pointAt(perSecond, hour);
  }
  if (requests === 0) return undefined;
  return { vcpuSecondsPerRequest: vcpuSeconds / requests, busyVcpu, tasks, p99Seconds: hourly("p99", (each) => Math.min(...each)) };
}

/**
 * What is added to the p99 of an hour by waiting for processors and by computing on smaller ones, as a share of what a window allows, in the hour
 * that it adds most to. Utilization alone does not tell: a task of half a vCPU that is half busy lets requests wait longer for one another than
 * one of a whole vCPU does, and each computes twice as long.
 */
export function slowdownOn({ policy, baseline }: RuleFacts, answering: Answering, now: TaskSize, to: TaskSize, tasks: number): Projection {
  const { maxP99Increase } = policy.window;
  // Of the worst hour, as utilization is.
  const limit = policy.rules.maxWorstHourShare;
  let worst = { hour: 0, projected: 0, addedSeconds: 0, p99Seconds: Number.NaN };
  for (let hour = 0; hour < answering.busyVcpu.length; hour++) {
    const p99Seconds = pointAt(answering.p99Seconds, hour);
    const addedSeconds = secondsOn(answering, hour, to, tasks) - secondsOn(answering, hour, now, pointAt(answering.tasks, hour));
    const projected = addedSeconds / (p99Seconds * maxP99Increase);
    if (projected > worst.projected) worst = { hour, projected, addedSeconds, p99Seconds };
  }
  const { hour, projected, addedSeconds, p99Seconds } = worst;
  return {
    dimension: "latency",
    current: 0,
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: `${figure(addedSeconds * milliseconds)} ms more of a p99 of ${figure(p99Seconds * milliseconds)} ms, of the ${figure(maxP99Increase * 100)} % that a window allows: ${figure(answering.vcpuSecondsPerRequest * milliseconds)} ms of a vCPU a request (M/M/c)`,
    worstHour: { atMs: baseline.span.startMs + hour * hourSeconds * milliseconds, rarePeaksMs: [] },
  };
}

/** A task with less than one vCPU is one processor that is as much slower. */
function secondsOn({ busyVcpu, vcpuSecondsPerRequest }: Answering, hour: number, { cpu }: TaskSize, tasks: number): number {
  const vcpu = cpu / cpuUnits;
  return secondsExceededBy(tail, {
    servers: Math.max(1, Math.floor(vcpu)),
    load: pointAt(busyVcpu, hour) / (vcpu * tasks),
    serviceSeconds: vcpuSecondsPerRequest / Math.min(1, vcpu),
  });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
