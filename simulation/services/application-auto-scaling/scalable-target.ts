import {
  ApplicationAutoScalingServiceException,
  type DescribeScalableTargetsCommandInput,
  type DescribeScalableTargetsCommandOutput,
  type RegisterScalableTargetCommandInput,
  type RegisterScalableTargetCommandOutput,
  type ScalableTarget as DescribedTarget,
} from "@aws-sdk/client-application-auto-scaling";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext, DeploymentContext, MutationContext } from "../../account/service.ts";
import { serviceErrors } from "../../account/service-error.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { Timeline } from "../../account/timeline.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";

export const errors = serviceErrors(ApplicationAutoScalingServiceException, "json");

export interface Bounds {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly scaleInSuspended: boolean;
  readonly scaleOutSuspended: boolean;
  readonly scheduledSuspended: boolean;
}

/** What Application Auto Scaling may change of a resource, and how far. */
export interface Target extends Owned {
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly bounds: Timeline<Bounds>;
}

/** By namespace, resource id and dimension, as AWS tells them apart. */
export const targets = regionalStore<Target>();

function keyOf(namespace: string, resourceId: string, dimension: string): string {
  return [namespace, resourceId, dimension].join("|");
}

export function deployTarget(resource: EvaluatedResource, context: DeploymentContext): void {
  const { state } = context;
  const given = argumentsOf(resource);
  const [suspended] = given.blocks("suspended_state");
  const namespace = given.text("service_namespace");
  const resourceId = given.text("resource_id");
  const dimension = given.text("scalable_dimension");
  const bounds: Bounds = {
    minCapacity: given.number("min_capacity"),
    maxCapacity: given.number("max_capacity"),
    scaleInSuspended: suspended?.flag("dynamic_scaling_in_suspended", false) ?? false,
    scaleOutSuspended: suspended?.flag("dynamic_scaling_out_suspended", false) ?? false,
    scheduledSuspended: suspended?.flag("scheduled_scaling_suspended", false) ?? false,
  };
  state.of(targets).add(keyOf(namespace, resourceId, dimension), {
    ...context.owned(resource, resourceId),
    namespace,
    resourceId,
    dimension,
    bounds: new Timeline<Bounds>(state.bornMs, bounds),
  });
}

export function describeScalableTargets(
  input: DescribeScalableTargetsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeScalableTargetsCommandOutput> {
  const { ServiceNamespace: namespace, ResourceIds: ids, ScalableDimension: dimension } = input;
  const found = state
    .of(targets)
    .in(region)
    .filter((target) => target.namespace === namespace && (ids === undefined || ids.includes(target.resourceId)))
    .filter((target) => dimension === undefined || target.dimension === dimension);
  const page = pageOf(found, input.NextToken, input.MaxResults ?? 50);
  if (page === undefined) throw errors.refuse("InvalidNextTokenException", "The specified NextToken is not valid.");
  return { ScalableTargets: page.items.map((target) => describe(target, nowMs)), ...(page.next === undefined ? {} : { NextToken: page.next }) };
}

function describe(target: Target, atMs: number): DescribedTarget {
  const { minCapacity, maxCapacity, scaleInSuspended, scaleOutSuspended, scheduledSuspended } = target.bounds.at(atMs) ?? target.bounds.final();
  return {
    ServiceNamespace: target.namespace as NonNullable<DescribedTarget["ServiceNamespace"]>,
    ResourceId: target.resourceId,
    ScalableDimension: target.dimension as NonNullable<DescribedTarget["ScalableDimension"]>,
    MinCapacity: minCapacity,
    MaxCapacity: maxCapacity,
    RoleARN: `arn:aws:iam::${target.arn.split(":")[4] ?? ""}:role/aws-service-role/${target.namespace}.application-autoscaling.amazonaws.com`,
    CreationTime: new Date(target.bounds.moments()[0] ?? atMs),
    SuspendedState: {
      DynamicScalingInSuspended: scaleInSuspended,
      DynamicScalingOutSuspended: scaleOutSuspended,
      ScheduledScalingSuspended: scheduledSuspended,
    },
    ScalableTargetARN: target.arn,
  };
}

/** ECS runs a service without tasks; a table has one unit at least (RegisterScalableTarget, MinCapacity). */
function leastMinimum({ namespace }: Target): number {
  return namespace === "dynamodb" ? 1 : 0;
}

/** Changes bounds and suspension of a target that is there; what is not named stays. */
export function registerScalableTarget(
  input: RegisterScalableTargetCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<RegisterScalableTargetCommandOutput> {
  refuseUnmodelled("RegisterScalableTarget", input, ["ServiceNamespace", "ResourceId", "ScalableDimension", "MinCapacity", "MaxCapacity", "SuspendedState"]);
  const target = state.of(targets).get(region, keyOf(input.ServiceNamespace ?? "", input.ResourceId ?? "", input.ScalableDimension ?? ""));
  const now = target?.bounds.at(nowMs);
  if (target === undefined || now === undefined) {
    if (input.MinCapacity !== undefined && input.MaxCapacity !== undefined) throw new NotSimulated("RegisterScalableTarget of a target that is not there");
    throw errors.refuse("ValidationException", "MinCapacity and MaxCapacity are required to register a new scalable target");
  }
  const { SuspendedState: suspended } = input;
  const next: Bounds = {
    minCapacity: input.MinCapacity ?? now.minCapacity,
    maxCapacity: input.MaxCapacity ?? now.maxCapacity,
    scaleInSuspended: suspended?.DynamicScalingInSuspended ?? now.scaleInSuspended,
    scaleOutSuspended: suspended?.DynamicScalingOutSuspended ?? now.scaleOutSuspended,
    scheduledSuspended: suspended?.ScheduledScalingSuspended ?? now.scheduledSuspended,
  };
  const least = leastMinimum(target);
  if (input.MinCapacity !== undefined && next.minCapacity < least)
    throw errors.refuse("ValidationException", `Minimum capacity cannot be less than ${least} for service namespace ${target.namespace}`);
  if (next.minCapacity > next.maxCapacity) throw errors.refuse("ValidationException", "Maximum capacity cannot be less than minimum capacity");
  return () => {
    target.bounds.set(nowMs, next);
    return { ScalableTargetARN: target.arn };
  };
}
