import type { DescribeScalingPoliciesCommandOutput } from "@aws-sdk/client-application-auto-scaling";
import type {
  AutoScalingGroup,
  DescribeAutoScalingGroupsCommandOutput,
  DescribePoliciesCommandOutput,
  DescribeScheduledActionsCommandOutput,
} from "@aws-sdk/client-auto-scaling";
import type { DescribeLaunchTemplateVersionsCommandOutput } from "@aws-sdk/client-ec2";
import type { DescribeServicesCommandOutput, DescribeTaskDefinitionCommandOutput, Service, TaskDefinition } from "@aws-sdk/client-ecs";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Answer } from "../simulated-run.ts";
import { names } from "../terraform-fixture.ts";
import { type Becoming, gone, told, vanishing } from "./becoming.ts";

const ofGroup = (change: Partial<AutoScalingGroup>): Answer =>
  told("DescribeAutoScalingGroups", ({ AutoScalingGroups = [] }: DescribeAutoScalingGroupsCommandOutput) => ({
    AutoScalingGroups: AutoScalingGroups.map((group) => (group.AutoScalingGroupName === names.group ? { ...group, ...change } : group)),
  }));
const ofTemplate = (change: (version: NonNullable<DescribeLaunchTemplateVersionsCommandOutput["LaunchTemplateVersions"]>[number]) => object): Answer =>
  told("DescribeLaunchTemplateVersions", ({ LaunchTemplateVersions = [] }: DescribeLaunchTemplateVersionsCommandOutput) => ({
    LaunchTemplateVersions: LaunchTemplateVersions.map((version) => ({ ...version, ...change(version) })),
  }));
const ofFunction = (change: { readonly [K in keyof FunctionConfiguration]?: FunctionConfiguration[K] | undefined }): Answer =>
  told("GetFunctionConfiguration", () => change);
const ofService = (change: Partial<Service>): Answer =>
  told("DescribeServices", ({ services = [] }: DescribeServicesCommandOutput) => ({ services: services.map((service) => ({ ...service, ...change })) }));
const ofTask = (change: (definition: TaskDefinition) => Partial<TaskDefinition>): Answer =>
  told("DescribeTaskDefinition", ({ taskDefinition = {} }: DescribeTaskDefinitionCommandOutput) => ({
    taskDefinition: { ...taskDefinition, ...change(taskDefinition) },
  }));

const mixed = {
  MixedInstancesPolicy: { LaunchTemplate: { Overrides: [{ InstanceType: "m5.large" }] } },
  LaunchTemplate: undefined,
} as Partial<AutoScalingGroup>;

export const ofGroups: readonly Becoming[] = [
  ...vanishing(
    ["smaller instances", "fewer instances"],
    told("DescribeAutoScalingGroups", () => ({ AutoScalingGroups: [] })),
  ),
  {
    what: "gets a mixed instances policy",
    fact: "undescribed",
    by: "smaller instances",
    answer: ofGroup(mixed),
    said: /mixed instances policy/,
    inWindow: "left alone",
  },
  {
    what: "of which the size is changed gets a mixed instances policy",
    fact: "undescribed",
    by: "fewer instances",
    answer: ofGroup(mixed),
    said: /mixed instances policy/,
  },
  {
    what: "gets another launch template",
    fact: "launchTemplateId",
    by: "smaller instances",
    answer: ofTemplate(() => ({ LaunchTemplateId: "lt-0another" })),
    said: /launchTemplateId was/,
  },
  {
    what: "gets dedicated hardware",
    fact: "template",
    by: "smaller instances",
    answer: ofTemplate(({ LaunchTemplateData }) => ({ LaunchTemplateData: { ...LaunchTemplateData, Placement: { Tenancy: "dedicated" } } })),
    said: /template was .*"tenancy":"dedicated"/,
  },
  {
    what: "is put behind another target group",
    fact: "targetGroupArns",
    by: "fewer instances",
    answer: ofGroup({ TargetGroupARNs: ["arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/other/73e2d6bc24d8a067"] }),
    said: /targetGroupArns was|[Tt]arget group/,
  },
  {
    what: "is put behind a classic balancer",
    fact: "classicBalancers",
    by: "smaller instances",
    answer: ofGroup({ LoadBalancerNames: ["old"] }),
    said: /classicBalancers was/,
  },
  {
    what: "is put behind VPC Lattice",
    fact: "latticeTargets",
    by: "fewer instances",
    answer: ofGroup({ TrafficSources: [{ Identifier: "arn:aws:vpc-lattice:us-east-1:123456789012:targetgroup/tg-0a", Type: "vpc-lattice" }] }),
    said: /latticeTargets was/,
  },
  {
    what: "gets a warm pool",
    fact: "warmPool",
    by: "fewer instances",
    answer: ofGroup({ WarmPoolConfiguration: { MinSize: 2 } }),
    said: /warmPool was false, is true/,
  },
  {
    what: "protects its new instances",
    fact: "protectsNewInstances",
    by: "smaller instances",
    answer: ofGroup({ NewInstancesProtectedFromScaleIn: true }),
    said: /protectsNewInstances was false, is true/,
  },
  {
    what: "gets a predictive policy",
    fact: "scalingPolicies",
    by: "fewer instances",
    answer: told("DescribePolicies", ({ ScalingPolicies = [] }: DescribePoliciesCommandOutput) => ({
      ScalingPolicies: [...ScalingPolicies, { PolicyName: "ahead", PolicyType: "PredictiveScaling", Enabled: true }],
    })),
    said: /scalingPolicies was .*"ahead"/,
  },
  {
    what: "gets a scheduled action",
    fact: "scheduledActions",
    by: "smaller instances",
    answer: told("DescribeScheduledActions", ({ ScheduledUpdateGroupActions = [] }: DescribeScheduledActionsCommandOutput) => ({
      ScheduledUpdateGroupActions: [...ScheduledUpdateGroupActions, { ScheduledActionName: "sale", MinSize: 20, Recurrence: "0 6 * * 1" }],
    })),
    said: /scheduledActions was .*"sale"/,
  },
];

export const ofFunctions: readonly Becoming[] = [
  ...vanishing(["smaller function"], gone("ResourceNotFoundException", /Function|ListTags/)),
  {
    what: "runs on x86",
    fact: "architecture",
    by: "smaller function",
    answer: ofFunction({ Architectures: ["x86_64"] }),
    said: /architecture was "arm64", is "x86_64"/,
  },
  {
    what: "becomes a container image",
    fact: "runtime",
    by: "smaller function",
    answer: ofFunction({ PackageType: "Image", Runtime: undefined }),
    said: /runtime was "[^"]+", is null/,
  },
  {
    what: "runs on managed instances",
    fact: "onManagedInstances",
    by: "smaller function",
    answer: ofFunction({
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: "arn:aws:lambda:us-east-1:123456789012:capacity-provider:own" },
      },
    }),
    said: /onManagedInstances was false, is true/,
  },
  {
    what: "becomes durable",
    fact: "isDurable",
    by: "smaller function",
    answer: ofFunction({ DurableConfig: { ExecutionTimeout: 3600 } }),
    said: /isDurable was false, is true/,
  },
  {
    what: "gets a heap of its own",
    fact: "heapSetting",
    by: "smaller function",
    answer: ofFunction({ Environment: { Variables: { JAVA_TOOL_OPTIONS: "-Xmx2g" } } }),
    said: /heapSetting was null, is "JAVA_TOOL_OPTIONS"/,
  },
  {
    what: "is published",
    fact: "published",
    by: "smaller function",
    answer: told("ListVersionsByFunction", () => ({ Versions: [{ Version: "7", MemorySize: 3008, Timeout: 900 }] })),
    said: /published was .*version 7/,
  },
];

export const ofServices: readonly Becoming[] = [
  ...vanishing(
    ["smaller service"],
    told("DescribeServices", () => ({ services: [] })),
  ),
  {
    what: "runs on EC2",
    fact: "launchType",
    by: "smaller service",
    answer: ofService({ launchType: "EC2" }),
    said: /launchType was "FARGATE", is "EC2"|run on EC2 by now/,
  },
  {
    what: "is deployed by CodeDeploy",
    fact: "deploymentController",
    by: "smaller service",
    answer: ofService({ deploymentController: { type: "CODE_DEPLOY" } }),
    said: /CODE_DEPLOY/,
  },
  {
    what: "is deployed blue/green",
    fact: "deploymentStrategy",
    by: "smaller service",
    answer: ofService({ deploymentConfiguration: { strategy: "BLUE_GREEN", deploymentCircuitBreaker: { enable: true, rollback: true } } }),
    said: /BLUE_GREEN/,
  },
  {
    what: "has its circuit breaker turned off",
    fact: "rollsBackFailures",
    by: "smaller service",
    answer: ofService({ deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } } }),
    said: /circuit breaker is off by now|rollsBackFailures was true, is false/,
  },
  {
    what: "runs a task on each instance",
    fact: "schedulingStrategy",
    by: "smaller service",
    answer: ofService({ schedulingStrategy: "DAEMON" }),
    said: /schedulingStrategy was/,
  },
  {
    what: "runs in part on FARGATE_SPOT",
    fact: "capacityProviders",
    by: "smaller service",
    answer: ofService({ capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }),
    said: /capacityProviders was \[\], is \["FARGATE_SPOT"\]/,
  },
  {
    what: "is put behind a target group",
    fact: "targetGroupArns",
    by: "smaller service",
    answer: ofService({ loadBalancers: [{ targetGroupArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/other/73e2d6bc24d8a067" }] }),
    said: /targetGroupArns was|[Tt]arget group/,
  },
  {
    what: "is put behind a classic balancer",
    fact: "classicBalancers",
    by: "smaller service",
    answer: told("DescribeServices", ({ services = [] }: DescribeServicesCommandOutput) => ({
      services: services.map((service) => ({ ...service, loadBalancers: [...(service.loadBalancers ?? []), { loadBalancerName: "old" }] })),
    })),
    said: /classicBalancers was \[\], is \["old"\]/,
  },
  {
    what: "runs on Arm",
    fact: "architecture",
    by: "smaller service",
    answer: ofTask(() => ({ runtimePlatform: { cpuArchitecture: "ARM64" } })),
    said: /architecture was "x86_64", is "arm64"/,
  },
  {
    what: "runs Windows",
    fact: "operatingSystem",
    by: "smaller service",
    answer: ofTask(() => ({ runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" } })),
    said: /operatingSystem was "LINUX", is/,
  },
  { what: "runs another family", fact: "family", by: "smaller service", answer: ofTask(() => ({ family: "another" })), said: /family was|another/ },
  {
    what: "gets a heap of its own",
    fact: "heapSettings",
    by: "smaller service",
    answer: ofTask(({ containerDefinitions = [] }) => ({
      containerDefinitions: containerDefinitions.map((container) => ({ ...container, environment: [{ name: "JAVA_OPTS", value: "-Xmx1500m" }] })),
    })),
    said: /heapSettings was \[\], is/,
  },
  {
    what: "gets a predictive policy",
    fact: "scaling",
    by: "smaller service",
    answer: told("DescribeScalingPolicies", ({ ScalingPolicies = [] }: DescribeScalingPoliciesCommandOutput) => ({
      ScalingPolicies: [...ScalingPolicies, { PolicyName: "ahead", PolicyType: "PredictiveScaling" }],
    })),
    said: /scaling was .*"ahead"/,
  },
];
