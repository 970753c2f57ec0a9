import type { DescribePoliciesCommandInput, DescribePoliciesCommandOutput, MetricType, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { groupNamed, groupPage, nextToken } from "./describe.ts";
import { groups, type AutoScalingGroup, type TargetTrackingPolicy } from "./group.ts";

const metricTypes: readonly MetricType[] = ["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"];

/** The policies that the stacks have. This account shows them and does not follow them: see auto-scaling.md. */
export function describePolicies(input: DescribePoliciesCommandInput, { state, region }: CallContext): Answer<DescribePoliciesCommandOutput> {
  refuseUnmodelled("DescribePolicies", input, ["AutoScalingGroupName", "PolicyNames", "PolicyTypes", "MaxRecords", "NextToken"]);
  const { AutoScalingGroupName: name, PolicyNames: names = [], PolicyTypes: types = [] } = input;
  const asked = name === undefined ? state.of(groups).in(region) : [groupNamed(state, region, name)];
  const found = asked
    .flatMap((group) => [...group.policies.map((policy) => describe(group, policy)), ...setBesides(group)])
    .filter(({ PolicyName = "", PolicyARN = "" }) => names.length === 0 || names.includes(PolicyName) || names.includes(PolicyARN))
    .filter(({ PolicyType = "" }) => types.length === 0 || types.includes(PolicyType));
  const page = groupPage(found, input);
  return { ScalingPolicies: [...page.items], ...nextToken(page) };
}

function setBesides(group: AutoScalingGroup): readonly ScalingPolicy[] {
  return group.byHand.policies.map(({ name, type }) => ({
    AutoScalingGroupName: group.name,
    PolicyName: name,
    PolicyARN: `${group.arn}:policyName/${name}`,
    PolicyType: type,
    Enabled: true,
    StepAdjustments: [],
    Alarms: [],
  }));
}

function describe(group: AutoScalingGroup, policy: TargetTrackingPolicy): ScalingPolicy {
  const PredefinedMetricType = metricTypes.find((type) => type === policy.metricType);
  if (PredefinedMetricType === undefined) throw new NotSimulated(`the policy ${policy.name} on ${policy.metricType}`);
  return {
    AutoScalingGroupName: group.name,
    PolicyName: policy.name,
    PolicyARN: policy.arn,
    PolicyType: "TargetTrackingScaling",
    Enabled: true,
    StepAdjustments: [],
    Alarms: [],
    TargetTrackingConfiguration: {
      TargetValue: policy.targetValue,
      DisableScaleIn: false,
      PredefinedMetricSpecification: { PredefinedMetricType, ...(policy.resourceLabel === null ? {} : { ResourceLabel: policy.resourceLabel }) },
    },
  };
}
