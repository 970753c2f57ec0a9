import {
  DescribeLifecycleHooksCommand,
  DescribeWarmPoolCommand,
  paginateDescribePolicies,
  paginateDescribeScheduledActions,
  type AutoScalingClient,
  type AutoScalingGroup as AwsGroup,
  type ScalingPolicy as AwsPolicy,
} from "@aws-sdk/client-auto-scaling";
import type { GroupHabits, ScalingPolicy, Unread } from "../../../core/levers/asg/group.ts";
import { awsNameOf, readFailureOf } from "../aws-errors.ts";

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

/** What stands in the group's own description, and in four descriptions beside it. */
export async function readHabits(client: AutoScalingClient, group: AwsGroup, notes: NotedReads): Promise<GroupHabits> {
  const AutoScalingGroupName = group.AutoScalingGroupName ?? "";
  const instances = group.Instances ?? [];
  const [lifecycleHooks, warmPool, scalingPolicies, scheduledActions] = await Promise.all([
    notes.read<readonly string[]>("lifecycle hooks", [], async () => {
      const { LifecycleHooks = [] } = await client.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName }));
      return LifecycleHooks.flatMap(({ LifecycleHookName }) => LifecycleHookName ?? []).toSorted();
    }),
    notes.read("warm pool", false, async () => {
      const { WarmPoolConfiguration } = await client.send(new DescribeWarmPoolCommand({ AutoScalingGroupName }));
      return WarmPoolConfiguration !== undefined;
    }),
    notes.read<readonly ScalingPolicy[]>("scaling policies", [], async () => {
      const found: ScalingPolicy[] = [];
      for await (const page of paginateDescribePolicies({ client }, { AutoScalingGroupName })) found.push(...(page.ScalingPolicies ?? []).map(policyOf));
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    }),
    notes.read<readonly string[]>("scheduled actions", [], async () => {
      const found: string[] = [];
      for await (const page of paginateDescribeScheduledActions({ client }, { AutoScalingGroupName }))
        found.push(...(page.ScheduledUpdateGroupActions ?? []).flatMap(({ ScheduledActionName }) => ScheduledActionName ?? []));
      return found.toSorted();
    }),
  ]);
  return {
    status: group.Status ?? null,
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []).toSorted(),
    protectsNewInstances: group.NewInstancesProtectedFromScaleIn === true,
    protectedInstances: instances.filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn === true).length,
    standbyInstances: instances.filter(({ LifecycleState }) => LifecycleState === "Standby" || LifecycleState === "EnteringStandby").length,
    classicBalancers: (group.LoadBalancerNames ?? []).toSorted(),
    lifecycleHooks,
    // The group's own description has it, too, where it is on its way.
    warmPool: warmPool || group.WarmPoolConfiguration !== undefined,
    scalingPolicies,
    scheduledActions,
  };
}

function policyOf({ PolicyName, PolicyType, Enabled, TargetTrackingConfiguration: tracking }: AwsPolicy): ScalingPolicy {
  const metric = tracking?.PredefinedMetricSpecification?.PredefinedMetricType;
  return {
    name: PolicyName ?? "",
    type: PolicyType ?? "SimpleScaling",
    enabled: Enabled !== false,
    target: metric === undefined || tracking?.TargetValue === undefined ? null : { metric, value: tracking.TargetValue },
  };
}
