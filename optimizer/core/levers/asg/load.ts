import type { Ec2Capacity } from "../../../../contract/capacities.ts";
import { metrics, seriesKey, type Metric } from "../../metrics/catalogue.ts";
import type { Baseline, SeriesKey, Statistic } from "../../model/observation.ts";
import type { Policy } from "../../model/policy.ts";
import type { AutoScalingGroup } from "./group.ts";
import { fineSeconds, hourSeconds, type Quantity } from "../../sizing/estimate.ts";
import { answeredKeys } from "../../sizing/latency.ts";
import { added, combine, mapped, readSeries, scale, scaleOwn, type Series } from "../../sizing/series.ts";
import { ofTodaysSize, type OtherSize } from "../../sizing/sizes-before.ts";

/** Bits a second of one byte a sample: EC2 publishes a sample every 60 s with detailed monitoring, every 300 s with basic. */
export function bitsPerSecond(group: AutoScalingGroup): number {
  return 8 / (group.detailedMonitoring ? 60 : 300);
}

function key(group: AutoScalingGroup, metric: Metric, statistic: Statistic, periodSeconds: number): SeriesKey {
  return seriesKey(metric, group.ref.region, { AutoScalingGroupName: group.ref.id }, statistic, periodSeconds);
}

/** Without the points of hours in which its instances were of another type. */
function ofTodaysType(baseline: Baseline, group: AutoScalingGroup, series: Series): Series {
  return ofTodaysSize(baseline, { whose: "its instances were", today: group.instanceType, before: otherTypesOf(group) }, series);
}

/** When they were, or may have been, of another type. */
export function otherTypesOf({ otherTypes = [], instanceType }: AutoScalingGroup): readonly OtherSize[] {
  return otherTypes.flatMap(({ instanceType: size, fromMs, untilMs }) => (size === instanceType ? [] : { size, fromMs, untilMs }));
}

/** Without the points of hours in which they reported at other times: a sample is of the bytes since the one before it. */
function ofTodaysSamples(baseline: Baseline, { otherTypes = [], detailedMonitoring: isNow }: AutoScalingGroup, series: Series): Series {
  const before = otherTypes.flatMap(({ instanceType, otherTemplate, detailedMonitoring, fromMs, untilMs }) => {
    if (otherTemplate === true) return { size: instanceType, fromMs, untilMs };
    return detailedMonitoring === undefined || detailedMonitoring === isNow ? [] : { size: samplesText(detailedMonitoring), fromMs, untilMs };
  });
  return ofTodaysSize(baseline, { whose: "its instances reported", today: samplesText(isNow), before }, series);
}

function samplesText(detailedMonitoring: boolean): string {
  return detailedMonitoring ? "each minute" : "every five minutes";
}

/** CPU of an instance of the group, percent. */
export function cpuPercent(baseline: Baseline, group: AutoScalingGroup): Quantity {
  return (statistic, periodSeconds) => ofTodaysType(baseline, group, readSeries(baseline, key(group, metrics.ec2Cpu, statistic, periodSeconds)));
}

/** Bytes that an instance receives or sends between two samples, by hour. */
export function bytesPerSample(baseline: Baseline, group: AutoScalingGroup, direction: "in" | "out"): Series {
  const asked = key(group, direction === "in" ? metrics.ec2NetworkIn : metrics.ec2NetworkOut, "Average", hourSeconds);
  return ofTodaysSamples(baseline, group, readSeries(baseline, asked));
}

/** The larger of both directions of an instance's network, percent of its type's baseline bandwidth (not of the "up to" peak). */
export function networkPercent(baseline: Baseline, group: AutoScalingGroup, { networkBaselineGbps }: Ec2Capacity): Quantity {
  return (statistic, periodSeconds) => {
    const inbound = readSeries(baseline, key(group, metrics.ec2NetworkIn, statistic, periodSeconds));
    const outbound = readSeries(baseline, key(group, metrics.ec2NetworkOut, statistic, periodSeconds));
    const larger = ofTodaysSamples(baseline, group, combine(`network ${statistic}`, inbound, outbound, Math.max));
    return scaleOwn(larger, (100 * bitsPerSecond(group)) / (networkBaselineGbps * 1e9));
  };
}

/** Reads and writes of an instance's EBS volumes together, percent of its type's baseline throughput. */
export function ebsPercent(baseline: Baseline, group: AutoScalingGroup, { ebsBaselineMbps }: Ec2Capacity): Quantity {
  return (statistic, periodSeconds) => {
    const read = readSeries(baseline, key(group, metrics.ec2EbsReadBytes, statistic, periodSeconds));
    const written = readSeries(baseline, key(group, metrics.ec2EbsWriteBytes, statistic, periodSeconds));
    const both = ofTodaysSamples(baseline, group, combine(`EBS ${statistic}`, read, written, added));
    return scaleOwn(both, (100 * bitsPerSecond(group)) / (ebsBaselineMbps * 1e6));
  };
}

/** An operating system and the agent that tells of it hold more than this: with less, the agent measures something else, or nothing. */
const leastMemoryMib = 64;

/** Memory of the fullest instance in each hour, percent, from the CloudWatch agent; what no running instance can have is no measurement. */
export function memoryPeakPercent(baseline: Baseline, group: AutoScalingGroup, { memoryMib }: Pick<Ec2Capacity, "memoryMib">): Series {
  const told = ofTodaysType(baseline, group, readSeries(baseline, key(group, metrics.agentMemory, "Maximum", hourSeconds)));
  const least = (100 * leastMemoryMib) / memoryMib;
  return told.values.some((percent) => percent < least)
    ? { ...told, values: mapped(told.values, (percent) => (percent < least ? Number.NaN : percent)) }
    : told;
}

/** Instances in service in each hour, where group metrics are on. */
export function instancesInService(baseline: Baseline, group: AutoScalingGroup): Series {
  return readSeries(baseline, key(group, metrics.groupInService, "Average", hourSeconds));
}

/** Requests a minute of the load balancers before the group, by slot: without one nothing is decided of a group. */
export function requestsPerMinute(baseline: Baseline, group: AutoScalingGroup, slotMinutes: number): Series {
  const each = requestKeys(group, slotMinutes).map((one) => readSeries(baseline, one));
  return scale(
    each.reduce((all, one) => combine(all.name, all, one, added)),
    1 / slotMinutes,
  );
}

/** The series that a window's slots are scored by, so that they are asked for once. */
function requestKeys({ ref, loadBalancers }: AutoScalingGroup, slotMinutes: number): readonly SeriesKey[] {
  return loadBalancers.map((fullName) => seriesKey(metrics.balancerRequests, ref.region, { LoadBalancer: fullName }, "Sum", slotMinutes * 60));
}

const sampled = [metrics.ec2Cpu, metrics.ec2NetworkIn, metrics.ec2NetworkOut, metrics.ec2EbsReadBytes, metrics.ec2EbsWriteBytes];

export function hourlyKeys(group: AutoScalingGroup, policy: Policy): readonly SeriesKey[] {
  return [
    ...sampled.flatMap((metric) => [key(group, metric, "Average", hourSeconds), key(group, metric, "Maximum", hourSeconds)]),
    key(group, metrics.agentMemory, "Maximum", hourSeconds),
    key(group, metrics.groupInService, "Average", hourSeconds),
    ...answeredKeys(group.ref.region, group.loadBalancers, policy),
  ];
}

/** Both statistics of one metric are billed as one, so they are asked together. */
export function fineKeys(group: AutoScalingGroup): readonly SeriesKey[] {
  return sampled.flatMap((metric) => [key(group, metric, "Average", fineSeconds), key(group, metric, "Maximum", fineSeconds)]);
}
