import {
  DescribeScalableTargetsCommand,
  paginateDescribeScalingPolicies,
  paginateDescribeScheduledActions,
  type ApplicationAutoScalingClient,
  type ScalableTarget,
  type ScalingPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import type { ServicePolicy, ServiceScaling } from "../../../core/levers/ecs/container-service.ts";
import { answered } from "../answered.ts";
import type { ServicePlace } from "./read-service.ts";

/** What Application Auto Scaling calls a service's number of tasks. */
export function countOf({ cluster, service }: ServicePlace) {
  return { ServiceNamespace: "ecs", ResourceId: `service/${cluster}/${service}`, ScalableDimension: "ecs:service:DesiredCount" } as const;
}

export async function readTarget(client: ApplicationAutoScalingClient, place: ServicePlace): Promise<ScalableTarget | undefined> {
  const { ServiceNamespace, ResourceId, ScalableDimension } = countOf(place);
  const { ScalableTargets: [target] = [] } = await client.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace, ResourceIds: [ResourceId], ScalableDimension }),
  );
  return target;
}

export async function readServiceScaling(client: ApplicationAutoScalingClient, place: ServicePlace): Promise<ServiceScaling> {
  const target = await readTarget(client, place);
  if (target === undefined) return null;
  const policies: ServicePolicy[] = [];
  for await (const page of paginateDescribeScalingPolicies({ client }, countOf(place))) policies.push(...(page.ScalingPolicies ?? []).map(policyOf));
  const scheduledActions: string[] = [];
  for await (const page of paginateDescribeScheduledActions({ client }, countOf(place)))
    scheduledActions.push(...(page.ScheduledActions ?? []).flatMap(({ ScheduledActionName: name }) => name ?? []));
  const { DynamicScalingInSuspended: scaleIn, DynamicScalingOutSuspended: scaleOut, ScheduledScalingSuspended: scheduled } = target.SuspendedState ?? {};
  return {
    minCount: answered(target.MinCapacity, "MinCapacity"),
    maxCount: answered(target.MaxCapacity, "MaxCapacity"),
    isSuspended: scaleIn === true || scaleOut === true || scheduled === true,
    policies: policies.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    scheduledActions: scheduledActions.toSorted(),
  };
}

/** One that may not shrink keeps what it once asked for: it is not told as one whose wishes can be replayed. */
function policyOf({ PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration: tracking }: ScalingPolicy): ServicePolicy {
  const metric = tracking?.PredefinedMetricSpecification?.PredefinedMetricType;
  const isWhole = metric !== undefined && tracking?.TargetValue !== undefined && tracking.DisableScaleIn !== true;
  return {
    name: answered(PolicyName, "PolicyName"),
    type: answered(PolicyType, "PolicyType"),
    target: isWhole ? { metric, value: answered(tracking.TargetValue, "TargetValue") } : null,
  };
}
