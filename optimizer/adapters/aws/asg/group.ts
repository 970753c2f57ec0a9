import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingClient,
  type AutoScalingGroup as AwsGroup,
  type LaunchTemplateSpecification,
} from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { AutoScalingGroup } from "../../../core/levers/asg/group.ts";
import { readTemplateVersion } from "./launch-template.ts";
import { tagsOf } from "../tag-records.ts";
import { told } from "../told.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";

interface GroupClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
}

/** Describes a group with the template version it really uses. Throws UnsupportedResource for mixed instances and launch configurations. */
export async function describeAutoScalingGroup({ autoScaling, ec2 }: GroupClients, region: string, name: string): Promise<AutoScalingGroup> {
  const group = await readGroup(autoScaling, name);
  const specification = templateOf(group);
  const template = await readTemplateVersion(ec2, specification.id, specification.version);
  return {
    kind: "auto-scaling-group",
    ref: { kind: "auto-scaling-group", region, id: name },
    arn: told(group.AutoScalingGroupARN, "AutoScalingGroupARN"),
    tags: tagsOf(group.Tags),
    minSize: told(group.MinSize, "MinSize"),
    desiredCapacity: told(group.DesiredCapacity, "DesiredCapacity"),
    maxSize: told(group.MaxSize, "MaxSize"),
    availabilityZones: (group.AvailabilityZones ?? []).toSorted(),
    launchTemplateId: template.templateId,
    launchTemplateVersion: template.version,
    instanceType: template.instanceType,
    detailedMonitoring: template.detailedMonitoring,
    targetGroupArns: (group.TargetGroupARNs ?? []).toSorted(),
    runningInstanceTypes: runningTypes(group),
    runningTemplateVersions: runningVersions(group, template.templateId),
  };
}

export async function readGroup(client: AutoScalingClient, name: string): Promise<AwsGroup> {
  const { AutoScalingGroups: groups = [] } = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  const group = groups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name);
  if (group === undefined) throw new ResourceGone(`no Auto Scaling group ${name}`);
  return group;
}

/** The launch template a group references, its version in AWS's words: a number, `$Latest` or `$Default` (when none is named). */
export function templateOf(group: AwsGroup): { readonly id: string; readonly version: string } {
  if (group.MixedInstancesPolicy !== undefined)
    throw new UnsupportedResource(`${group.AutoScalingGroupName} has a mixed instances policy: it has no one instance type`);
  const specification: LaunchTemplateSpecification | undefined = group.LaunchTemplate;
  if (specification?.LaunchTemplateId === undefined)
    throw new UnsupportedResource(`${group.AutoScalingGroupName} has no launch template (a launch configuration cannot be versioned)`);
  return { id: specification.LaunchTemplateId, version: specification.Version ?? "$Default" };
}

/** Instance types in service, sorted; instances that come or go do not count. */
export function runningTypes(group: AwsGroup): readonly string[] {
  return [...new Set(inService(group).flatMap(({ InstanceType }) => InstanceType ?? []))].toSorted();
}

/** Versions of the template in service, ascending. AWS tells each instance's by number, whatever word the group references. */
export function runningVersions(group: AwsGroup, templateId: string): readonly number[] {
  const versions = inService(group)
    .filter(({ LaunchTemplate }) => LaunchTemplate?.LaunchTemplateId === templateId)
    .map(({ LaunchTemplate }) => Number(LaunchTemplate?.Version))
    .filter((version) => Number.isInteger(version));
  return [...new Set(versions)].toSorted((a, b) => a - b);
}

function inService({ Instances = [] }: AwsGroup): NonNullable<AwsGroup["Instances"]> {
  return Instances.filter(({ LifecycleState }) => LifecycleState === "InService");
}
