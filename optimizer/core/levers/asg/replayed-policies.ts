import type { AutoScalingGroup, ScalingPolicy } from "./group.ts";

const replayedMetrics = ["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"] as const;

export type ReplayedMetric = (typeof replayedMetrics)[number];

/** A target tracking policy whose metric can be told for another size. */
export interface ReplayedPolicy {
  readonly name: string;
  readonly metric: ReplayedMetric;
  readonly target: number;
  readonly neverShrinks: boolean;
}

/** Who sets a group's desired number: nobody, policies that can be replayed, or what cannot. */
export type Scaling =
  | { readonly kind: "fixed" }
  | { readonly kind: "policies"; readonly policies: readonly ReplayedPolicy[] }
  | { readonly kind: "refused"; readonly detail: string };

/**
 * Suspended, `AlarmNotification` keeps policies that follow alarms from acting; predictive ones follow a forecast.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export function scalingOf({ habits }: AutoScalingGroup): Scaling {
  const { suspendedProcesses, scalingPolicies } = habits;
  const deaf = suspendedProcesses.includes("AlarmNotification");
  const acting = scalingPolicies.filter(({ enabled, type }) => enabled && (type === "PredictiveScaling" || !deaf));
  const policies: ReplayedPolicy[] = [];
  for (const policy of acting) {
    const known = replayed(policy);
    if (known === undefined) return refused(`its policy ${policy.name} (${policyWords(policy)}) sets its desired number, and is not replayed`);
    policies.push(known);
  }
  return policies.length === 0 ? { kind: "fixed" } : { kind: "policies", policies };
}

function refused(detail: string): Scaling {
  return { kind: "refused", detail };
}

function replayed({ name, type, target, neverShrinks = false }: ScalingPolicy): ReplayedPolicy | undefined {
  if (type !== "TargetTrackingScaling" || target === null || target.value <= 0) return undefined;
  const metric = replayedMetrics.find((one) => one === target.metric);
  return metric === undefined ? undefined : { name, metric, target: target.value, neverShrinks };
}

function policyWords({ type, target }: ScalingPolicy): string {
  return target === null ? type : `${type} on ${target.metric}`;
}

/** Says which policies move the number. */
export function setByPolicies(policies: readonly ReplayedPolicy[]): string {
  return `its policies ${policies.map(({ name }) => name).join(", ")} set its desired number`;
}
