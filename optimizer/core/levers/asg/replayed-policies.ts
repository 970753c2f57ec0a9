import type { AutoScalingGroup, ScalingPolicy, StartingAlarm, Stepping } from "./group.ts";
import { type SteppingRule, unknownWord } from "./stepping.ts";

const replayedMetrics = ["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"] as const;

export type ReplayedMetric = (typeof replayedMetrics)[number];

/** Metrics of EC2 that an alarm of somebody's may watch, by what they are called where a policy tracks them. */
const alarmMetrics: Readonly<Record<string, SharedMetric>> = {
  CPUUtilization: "ASGAverageCPUUtilization",
  NetworkIn: "ASGAverageNetworkIn",
  NetworkOut: "ASGAverageNetworkOut",
};

/** An amount that all instances share. */
export type SharedMetric = Exclude<ReplayedMetric, "ALBRequestCountPerTarget">;

/** A target tracking policy whose metric can be told for another size. */
export interface TrackingPolicy {
  readonly kind: "tracking";
  readonly name: string;
  readonly metric: ReplayedMetric;
  readonly target: number;
  readonly neverShrinks: boolean;
}

/** A policy of steps, or of simple scaling, and an alarm that starts it by such a metric. */
export interface SteppingPolicy extends SteppingRule {
  readonly kind: "stepping";
  readonly name: string;
  readonly metric: SharedMetric;
}

export type ReplayedPolicy = TrackingPolicy | SteppingPolicy;

/** Who sets a group's desired number: nobody, policies that can be replayed, or what cannot. */
export type Scaling =
  | { readonly kind: "fixed" }
  | { readonly kind: "policies"; readonly policies: readonly ReplayedPolicy[] }
  | { readonly kind: "refused"; readonly detail: string };

/**
 * Suspended, `AlarmNotification` keeps policies that follow alarms from acting; predictive ones follow a forecast.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export function scalingOf({ ref, habits }: AutoScalingGroup): Scaling {
  const { suspendedProcesses, scalingPolicies } = habits;
  const deaf = suspendedProcesses.includes("AlarmNotification");
  const acting = scalingPolicies.filter(({ enabled, type }) => enabled && (type === "PredictiveScaling" || !deaf));
  const policies: ReplayedPolicy[] = [];
  for (const policy of acting) {
    const known = replayed(policy, ref.id);
    if (typeof known === "string") return refused(`its policy ${policy.name} (${policyWords(policy)}) sets its desired number, and is not replayed${known}`);
    policies.push(...known);
  }
  return policies.length === 0 ? { kind: "fixed" } : { kind: "policies", policies };
}

function refused(detail: string): Scaling {
  return { kind: "refused", detail };
}

/** What is replayed of a policy, or why it is not, to be said behind its name. */
function replayed(policy: ScalingPolicy, group: string): readonly ReplayedPolicy[] | string {
  const { name, type, target, neverShrinks = false, stepping } = policy;
  if (stepping !== undefined) return steppingOf(name, stepping, group);
  if (type !== "TargetTrackingScaling" || target === null || target.value <= 0) return "";
  const metric = replayedMetrics.find((one) => one === target.metric);
  return metric === undefined ? "" : [{ kind: "tracking", name, metric, target: target.value, neverShrinks }];
}

function steppingOf(name: string, stepping: Stepping, group: string): readonly SteppingPolicy[] | string {
  if (stepping.alarms.length === 0) return ": no alarm is known to start it";
  const policies: SteppingPolicy[] = [];
  for (const alarm of stepping.alarms) {
    const { watches } = alarm;
    const metric = watches !== null && Object.hasOwn(alarmMetrics, watches.metric) ? alarmMetrics[watches.metric] : undefined;
    if (!alarm.acts) return `: the actions of its alarm ${alarm.name} are switched off`;
    if (watches === null || metric === undefined || watches.namespace !== "AWS/EC2" || watches.statistic !== "Average" || watches.group !== group)
      return `: its alarm ${alarm.name} watches ${watchedWords(watches)}`;
    const unknown = unknownWord({ stepping, alarm });
    if (unknown !== undefined) return `: ${unknown}`;
    policies.push({ kind: "stepping", name, metric, stepping, alarm });
  }
  return policies;
}

function watchedWords(watches: StartingAlarm["watches"]): string {
  if (watches === null) return "more than one metric by one statistic";
  const { namespace, metric, statistic, group } = watches;
  return `${statistic} of ${namespace} ${metric}${group === null ? "" : ` of ${group}`}`;
}

function policyWords({ type, target }: ScalingPolicy): string {
  return target === null ? type : `${type} on ${target.metric}`;
}

/** Says which policies move the number. */
export function setByPolicies(policies: readonly ReplayedPolicy[]): string {
  return `its policies ${[...new Set(policies.map(({ name }) => name))].join(", ")} set its desired number`;
}
