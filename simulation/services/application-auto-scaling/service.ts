import { liveResource } from "../../account/live-resource.ts";
import { mutation, query, type Service } from "../../account/service.ts";
import { argument, arn } from "../../terraform/attributes.ts";
import { deployPolicy, describeScalingPolicies, describeScheduledActions } from "./policies.ts";
import { deployTarget, describeScalableTargets, errors, registerScalableTarget, targets, type Bounds, type Target } from "./scalable-target.ts";

const boundsAt = ({ bounds }: Target, atMs: number): Bounds => bounds.at(atMs) ?? bounds.final();

function suspendedBlock({ scaleInSuspended, scaleOutSuspended, scheduledSuspended }: Bounds): unknown {
  if (!scaleInSuspended && !scaleOutSuspended && !scheduledSuspended) return undefined;
  return [
    {
      dynamic_scaling_in_suspended: scaleInSuspended,
      dynamic_scaling_out_suspended: scaleOutSuspended,
      scheduled_scaling_suspended: scheduledSuspended,
    },
  ];
}

export const applicationAutoScaling: Service = {
  name: "application-auto-scaling",
  api: {
    client: "ApplicationAutoScalingClient",
    errors,
    commands: {
      DescribeScalableTargets: query(describeScalableTargets),
      DescribeScalingPolicies: query(describeScalingPolicies),
      DescribeScheduledActions: query(describeScheduledActions),
      RegisterScalableTarget: mutation(registerScalableTarget),
    },
  },
  resources: {
    aws_appautoscaling_target: {
      attributes: {
        id: argument("resource_id"),
        resource_id: argument("resource_id"),
        scalable_dimension: argument("scalable_dimension"),
        service_namespace: argument("service_namespace"),
        arn: arn("application-autoscaling", (self) => `scalable-target/${self.hex(32)}`),
      },
      deploy: deployTarget,
      live: liveResource(targets, {
        min_capacity: (target, _given, atMs) => boundsAt(target, atMs).minCapacity,
        max_capacity: (target, _given, atMs) => boundsAt(target, atMs).maxCapacity,
        suspended_state: (target, _given, atMs) => suspendedBlock(boundsAt(target, atMs)),
      }),
    },
    aws_appautoscaling_policy: {
      attributes: { id: argument("name"), arn: arn("autoscaling", (self) => `scalingPolicy:${self.hex(32)}:policyName/${self.text("name")}`) },
      deploy: deployPolicy,
      notFollowed: { what: "policies of Application Auto Scaling", so: "no capacity changes by itself" },
    },
  },
};
