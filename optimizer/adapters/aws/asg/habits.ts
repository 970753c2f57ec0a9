import {
  DescribeLifecycleHooksCommand,
  DescribeWarmPoolCommand,
  paginateDescribePolicies,
  paginateDescribeScheduledActions,
  type AutoScalingClient,
  type AutoScalingGroup as AwsGroup,
  type ScalingPolicy as AwsPolicy,
  type ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type { CloudWatchClient, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { GroupHabits, ReadHabit, ScalingPolicy, ScheduledAction, Unread } from "../../../core/levers/asg/group.ts";
import { awsNameOf, readFailureOf } from "../aws-errors.ts";
import { alarmsStarting, steppingOf } from "./stepping.ts";

/** Reads that must be known before a group may be changed; what was denied or refused is noted, so that the rule can say what it did not see. */
export class NotedReads {
  readonly unread: Unread[] = [];

  async read<T>(what: string, otherwise: T, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const failure = readFailureOf(error);
      // A TypeError is an answer of another shape than the API's: as good as none.
      if (failure !== "denied" && failure !== "refused" && failure !== "missing" && !(error instanceof TypeError)) throw error;
      this.unread.push({ what, reason: `${awsNameOf(error)}: ${error instanceof Error ? error.message : String(error)}` });
      return otherwise;
    }
  }
}

export interface HabitClients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
}

/** What stands in the group's own description, and in four descriptions beside it; in five, where alarms start its policies. */
export async function readHabits({ autoScaling: client, cloudWatch }: HabitClients, group: AwsGroup, notes: NotedReads): Promise<GroupHabits> {
  const AutoScalingGroupName = group.AutoScalingGroupName ?? "";
  const instances = group.Instances ?? [];
  const read = <T>(what: ReadHabit, otherwise: T, ask: () => Promise<T>): Promise<T> => notes.read(what, otherwise, ask);
  const [lifecycleHooks, warmPool, policies, schedules] = await Promise.all([
    read<readonly string[]>("lifecycle hooks", [], async () => {
      const { LifecycleHooks = [] } = await client.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }));
      return LifecycleHooks.flatMap(({ LifecycleHookName }) => LifecycleHookName ?? []).toSorted();
    }),
    read("warm pool", false, async () => {
      const { WarmPoolConfiguration } = await client.send(new DescribeWarmPoolCommand({ AutoScalingGroupName }));
      return WarmPoolConfiguration !== undefined;
    }),
    read<readonly AwsPolicy[]>("scaling policies", [], async () => {
      const found: AwsPolicy[] = [];
      for await (const page of paginateDescribePolicies({ client }, { AutoScalingGroupName })) found.push(...(page.ScalingPolicies ?? []));
      return found;
    }),
    read<readonly ScheduledAction[]>("scheduled actions", [], async () => {
      const found: ScheduledAction[] = [];
      for await (const page of paginateDescribeScheduledActions({ client }, { AutoScalingGroupName }))
        found.push(...(page.ScheduledUpdateGroupActions ?? []).map(scheduleOf));
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    }),
  ]);
  const alarms = await read<ReadonlyMap<string, MetricAlarm>>("policies' alarms", new Map(), () => alarmsStarting(cloudWatch, policies));
  return {
    status: group.Status ?? null,
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).toSorted(),
    protectsNewInstances: group.NewInstancesProtectedFromScaleIn === true,
    protectedInstances: instances.filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn === true).length,
    standbyInstances: instances.filter(({ LifecycleState }) => LifecycleState === "Standby" || LifecycleState === "EnteringStandby").length,
    classicBalancers: (group.LoadBalancerNames ?? []).toSorted(),
    ...latticeTargetsOf(group),
    lifecycleHooks,
    // The group's own description has it, too, where it is on its way.
    warmPool: warmPool || group.WarmPoolConfiguration !== undefined,
    scalingPolicies: policies.map((policy) => policyOf(policy, alarms)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    ...policyWarmUpOf(group, policies),
    scheduledActions: schedules.map(({ name }) => name),
    ...(schedules.length === 0 ? {} : { schedules }),
  };
}

function latticeTargetsOf({ TrafficSources: sources = [] }: AwsGroup): Pick<GroupHabits, "latticeTargets"> {
  const names = sources.flatMap(({ Identifier, Type }) => (Type === "vpc-lattice" ? (Identifier ?? []) : []));
  return names.length === 0 ? {} : { latticeTargets: names.toSorted() };
}

function scheduleOf({
  ScheduledActionName,
  Recurrence,
  TimeZone,
  MinSize,
  DesiredCapacity,
  MaxSize,
  StartTime,
  EndTime,
}: ScheduledUpdateGroupAction): ScheduledAction {
  return {
    name: ScheduledActionName ?? "",
    recurrence: Recurrence ?? null,
    timeZone: TimeZone ?? null,
    minSize: MinSize ?? null,
    desiredCapacity: DesiredCapacity ?? null,
    maxSize: MaxSize ?? null,
    // Of one that recurs AWS tells the next time it acts where nobody said when it begins.
    startMs: StartTime?.getTime() ?? null,
    endMs: EndTime?.getTime() ?? null,
  };
}

/**
 * A policy's own warm-up goes before the group's default, and the cooldown stands in for either
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html, EstimatedInstanceWarmup). Where nobody named any warm-up, the
 * grace period tells as much of how long an instance takes, and the longer of both counts.
 */
function policyWarmUpOf(
  { DefaultInstanceWarmup, DefaultCooldown = 0, HealthCheckGracePeriod = 0 }: AwsGroup,
  policies: readonly AwsPolicy[],
): Pick<GroupHabits, "policyWarmUpSeconds"> {
  const acting = policies.filter(({ Enabled }) => Enabled !== false);
  const otherwise = DefaultInstanceWarmup ?? Math.max(DefaultCooldown, HealthCheckGracePeriod);
  return acting.length === 0 ? {} : { policyWarmUpSeconds: Math.max(...acting.map(({ EstimatedInstanceWarmup }) => EstimatedInstanceWarmup ?? otherwise)) };
}

function policyOf(policy: AwsPolicy, alarms: ReadonlyMap<string, MetricAlarm>): ScalingPolicy {
  const { PolicyName, PolicyType, Enabled, TargetTrackingConfiguration: tracking, PredictiveScalingConfiguration: predictive } = policy;
  const metric = tracking?.PredefinedMetricSpecification?.PredefinedMetricType;
  return {
    name: PolicyName ?? "",
    type: PolicyType ?? "SimpleScaling",
    // One that forecasts only sets no number, which is what it does unless told otherwise.
    enabled: Enabled !== false && (predictive === undefined || predictive.Mode === "ForecastAndScale"),
    target: metric === undefined || tracking?.TargetValue === undefined ? null : { metric, value: tracking.TargetValue },
    ...(tracking?.DisableScaleIn === true ? { neverShrinks: true } : {}),
    ...steppingOf(policy, alarms),
  };
}
