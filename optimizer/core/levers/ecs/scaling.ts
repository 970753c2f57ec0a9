import { pointAt } from "../../model/observation.ts";
import type { TaskSize } from "../../../../contract/fargate-sizes.ts";
import { metrics } from "../../metrics/catalogue.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { hourSeconds } from "../../sizing/estimate.ts";
import { sizeThen } from "../../sizing/fleet-size.ts";
import { mapped } from "../../sizing/series.ts";
import type { ServicePolicy, ServiceScaling } from "./container-service.ts";
import { cpuPercent, memoryPercent } from "./load.ts";
import type { ServiceStudy } from "./study.ts";

const replayedMetrics = ["ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"] as const;

/** A target tracking policy whose metric can be told for another size. */
export interface ReplayedPolicy {
  readonly name: string;
  readonly metric: (typeof replayedMetrics)[number];
  readonly target: number;
}

/** Who sets the number of tasks: nobody, policies that can be replayed, or what cannot. */
export type Scaling =
  | { readonly kind: "fixed" }
  | { readonly kind: "policies"; readonly policies: readonly ReplayedPolicy[]; readonly minCount: number }
  | { readonly kind: "refused"; readonly detail: string };

export function scalingOf(scaling: ServiceScaling): Scaling {
  if (scaling === null) return { kind: "fixed" };
  const { policies, scheduledActions, isSuspended, minCount } = scaling;
  if (scheduledActions.length > 0)
    return refused(
      `its scheduled actions ${scheduledActions.join(", ")} set its number of tasks by numbers of their own: another one would last until the next of them`,
    );
  if (policies.length === 0) return { kind: "fixed" };
  const names = policies.map(({ name }) => name).join(", ");
  if (isSuspended)
    return refused(`somebody suspended its scaling, while its policies ${names} are still there: what will set its number of tasks is not known`);
  const known: ReplayedPolicy[] = [];
  for (const policy of policies) {
    const one = replayed(policy);
    if (one === undefined) return refused(`its policy ${policy.name} (${policyWords(policy)}) sets its number of tasks, and is not replayed`);
    known.push(one);
  }
  return { kind: "policies", policies: known, minCount };
}

function refused(detail: string): Scaling {
  return { kind: "refused", detail };
}

function replayed({ name, type, target }: ServicePolicy): ReplayedPolicy | undefined {
  if (type !== "TargetTrackingScaling" || target === null || target.value <= 0) return undefined;
  const metric = replayedMetrics.find((each) => each === target.metric);
  return metric === undefined ? undefined : { name, metric, target: target.value };
}

function policyWords({ type, target }: ServicePolicy): string {
  return target === null ? type : `${type} on ${target.metric}`;
}

/**
 * A service is made smaller only while its metric stays clear of the target, so that it may stand where the metric is a little below: ten
 * percent are allowed for that. https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
const heldBelowTarget = 0.9;

/**
 * How many tasks of a size the policies would keep in each hour, without bounds: the most that any asks for, in this hour or the one before,
 * since a service is made smaller slowly. Or which figures are missing.
 */
export function wantedByHour({ facts, service, size }: ServiceStudy, policies: readonly ReplayedPolicy[], to: TaskSize): Float64Array | string {
  if (size.byHour === undefined) return `how many tasks ran by the hour is not known (${metrics.insightsRunningTasks.metric} of Container Insights)`;
  const now = service.task.size;
  const wanted: Float64Array[] = [];
  for (const { metric, target } of policies) {
    const isCpu = metric === "ECSServiceAverageCPUUtilization";
    const percent = (isCpu ? cpuPercent : memoryPercent)(facts.baseline, service)("Average", hourSeconds);
    const gap = incompleteness(percent, facts.policy);
    if (gap !== undefined) return gap;
    const then = sizeThen(size, percent);
    const perTask = isCpu ? now.cpu / to.cpu : now.memoryMib / to.memoryMib;
    // An hour nobody saw counts with the number that ran.
    wanted.push(
      mapped(percent.values, (value, hour) =>
        Number.isNaN(value) ? pointAt(then, hour) : Math.ceil((value * pointAt(then, hour) * perTask) / (target * heldBelowTarget)),
      ),
    );
  }
  const [first = new Float64Array()] = wanted;
  const most = mapped(first, (_, hour) => Math.max(...wanted.map((each) => pointAt(each, hour))));
  return mapped(most, (count, hour) => Math.max(count, hour === 0 ? 0 : pointAt(most, hour - 1)));
}

/** The mean of what would run: what the policies want, within the bounds. */
export function meanWithin(wanted: Float64Array, { minCount, maxCount }: { readonly minCount: number; readonly maxCount: number }): number {
  return wanted.reduce((sum, count) => sum + Math.min(maxCount, Math.max(minCount, count)), 0) / Math.max(1, wanted.length);
}
