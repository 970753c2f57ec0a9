import { pointAt } from "../../model/observation.ts";
import { metrics } from "../../metrics/catalogue.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { quantile } from "../../sizing/quantile.ts";
import { mapped, type Series } from "../../sizing/series.ts";
import type { AutoScalingGroup } from "./group.ts";
import { bytesPerSample, cpuPercent, requestsPerMinute } from "./load.ts";
import type { SharedMetric, TrackingPolicy } from "./replayed-policies.ts";
import { sizeThen } from "../../sizing/fleet-size.ts";
import type { GroupStudy } from "./study.ts";

/**
 * A group is made smaller only while its metric stays clear of the target, so that it may stand where the metric is a little below:
 * ten percent are allowed for that. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const heldBelowTarget = 0.9;

/**
 * How many instances of `type` target tracking would keep in each hour, without bounds: the most that any asks for, in this hour or the one
 * before, since a group is made smaller slowly. Or which figures are missing.
 */
export function wantedByHour(study: GroupStudy, policies: readonly TrackingPolicy[], type: string): Float64Array | string {
  const { facts, group, size } = study;
  if (size.byHour === undefined) return `its size by hour is not known (${metrics.groupInService.metric})`;
  const wanted: Float64Array[] = [];
  for (const { metric, target } of policies) {
    const needed = metric === "ALBRequestCountPerTarget" ? requestsNeeded(facts, group) : sharedAmount(study, metric, type);
    const gap = incompleteness(needed, facts.policy);
    if (gap !== undefined) return gap;
    const then = sizeThen(size, needed);
    // An hour nobody saw counts with the size the group had.
    wanted.push(mapped(needed.values, (value, hour) => (Number.isNaN(value) ? pointAt(then, hour) : Math.ceil(value / (target * heldBelowTarget)))));
  }
  const [first = new Float64Array()] = wanted;
  const most = mapped(first, (_, hour) => Math.max(...wanted.map((each) => pointAt(each, hour))));
  return mapped(most, (count, hour) => Math.max(count, hour === 0 ? 0 : pointAt(most, hour - 1)));
}

/** What all instances of an hour have together: CPU percent as it would be on the other type, bytes a sample as they are on any. */
export function sharedAmount({ facts: { baseline, capacities }, group, size }: GroupStudy, metric: SharedMetric, to: string): Series {
  const isCpu = metric === "ASGAverageCPUUtilization";
  const each = isCpu ? cpuPercent(baseline, group)("Average", hourSeconds) : bytesPerSample(baseline, group, metric === "ASGAverageNetworkIn" ? "in" : "out");
  const then = sizeThen(size, each);
  const perInstance = isCpu ? (capacities.ec2(group.instanceType)?.vcpu ?? Number.NaN) / (capacities.ec2(to)?.vcpu ?? Number.NaN) : 1;
  return { ...each, values: mapped(each.values, (amount, hour) => amount * pointAt(then, hour) * perInstance) };
}

/** Requests a minute of each hour, by its busiest slot: all of the load balancers', of which some may go elsewhere. */
function requestsNeeded({ baseline, policy }: RuleFacts, group: AutoScalingGroup): Series {
  const slots = requestsPerMinute(baseline, group, policy.window.slotMinutes);
  const slotsOf = (hour: number): Float64Array =>
    slots.values.slice(Math.floor((hour * hourSeconds) / slots.periodSeconds), Math.ceil(((hour + 1) * hourSeconds) / slots.periodSeconds));
  const hours = Math.floor((slots.values.length * slots.periodSeconds) / hourSeconds);
  return { ...slots, periodSeconds: hourSeconds, values: Float64Array.from({ length: hours }, (_, hour) => quantile(slotsOf(hour), 1)) };
}

/** The mean of what would run: what the policies want, within the bounds. */
export function meanWithin(wanted: Float64Array, { minSize, maxSize }: { readonly minSize: number; readonly maxSize: number }): number {
  return wanted.reduce((sum, count) => sum + Math.min(maxSize, Math.max(minSize, count)), 0) / Math.max(1, wanted.length);
}
