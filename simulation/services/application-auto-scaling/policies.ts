import type {
  DescribeScalingPoliciesCommandInput,
  DescribeScalingPoliciesCommandOutput,
  DescribeScheduledActionsCommandInput,
  DescribeScheduledActionsCommandOutput,
  MetricType,
  ScalableDimension,
  ServiceNamespace,
} from "@aws-sdk/client-application-auto-scaling";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext, DeploymentContext } from "../../account/service.ts";
import { regionalStore, type Owned } from "../../account/state.ts";
import { argumentsOf } from "../../terraform/arguments.ts";
import type { EvaluatedResource } from "../../terraform/evaluate.ts";
import { errors } from "./scalable-target.ts";

/** A policy of the stacks that keeps a metric at a value; this account shows it and does not follow it. */
interface TrackingPolicy extends Owned {
  readonly name: string;
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly metric: string;
  readonly target: number;
}

const trackingPolicies = regionalStore<TrackingPolicy>();

export function deployPolicy(resource: EvaluatedResource, context: DeploymentContext): void {
  const given = argumentsOf(resource);
  const [tracking] = given.blocks("target_tracking_scaling_policy_configuration");
  const [metric] = tracking?.blocks("predefined_metric_specification") ?? [];
  const name = given.text("name");
  if (tracking === undefined || metric === undefined) throw new NotSimulated(`the policy ${name}, which is no target tracking of a predefined metric`);
  const resourceId = given.text("resource_id");
  context.state.of(trackingPolicies).add(`${resourceId}|${name}`, {
    ...context.owned(resource, name),
    name,
    namespace: given.text("service_namespace"),
    resourceId,
    dimension: given.text("scalable_dimension"),
    metric: metric.text("predefined_metric_type"),
    target: tracking.number("target_value"),
  });
}

export function describeScalingPolicies(
  input: DescribeScalingPoliciesCommandInput,
  { state, region }: CallContext,
): Answer<DescribeScalingPoliciesCommandOutput> {
  refuseUnmodelled("DescribeScalingPolicies", input, ["ServiceNamespace", "ResourceId", "ScalableDimension", "NextToken", "MaxResults"]);
  const { ServiceNamespace: namespace, ResourceId: id, ScalableDimension: dimension } = input;
  const found = state
    .of(trackingPolicies)
    .in(region)
    .filter((policy) => policy.namespace === namespace && (id === undefined || policy.resourceId === id))
    .filter((policy) => dimension === undefined || policy.dimension === dimension);
  const page = pageOf(found, input.NextToken, input.MaxResults ?? 10);
  if (page === undefined) throw errors.refuse("InvalidNextTokenException", "The specified NextToken is not valid.");
  return {
    ScalingPolicies: page.items.map((policy) => ({
      PolicyARN: policy.arn,
      PolicyName: policy.name,
      ServiceNamespace: policy.namespace as ServiceNamespace,
      ResourceId: policy.resourceId,
      ScalableDimension: policy.dimension as ScalableDimension,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: policy.target,
        PredefinedMetricSpecification: { PredefinedMetricType: policy.metric as MetricType },
      },
      CreationTime: new Date(state.bornMs),
    })),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

/** The stacks have none. */
export function describeScheduledActions(input: DescribeScheduledActionsCommandInput): Answer<DescribeScheduledActionsCommandOutput> {
  refuseUnmodelled("DescribeScheduledActions", input, ["ServiceNamespace", "ResourceId", "ScalableDimension", "NextToken", "MaxResults"]);
  return { ScheduledActions: [] };
}
