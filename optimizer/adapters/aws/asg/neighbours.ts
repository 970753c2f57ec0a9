import { paginateDescribeAutoScalingGroups, type AutoScalingClient, type AutoScalingGroup as AwsGroup } from "@aws-sdk/client-auto-scaling";
import type { Neighbour } from "../../../core/levers/asg/group.ts";
import { tagsOf } from "../tag-records.ts";
import type { InstanceFleet } from "./fleets.ts";

/** Every group of the region, whether the outputs name it or not. */
export async function allGroups(client: AutoScalingClient): Promise<readonly AwsGroup[]> {
  const groups: AwsGroup[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client, pageSize: 100 }, {})) groups.push(...(page.AutoScalingGroups ?? []));
  return groups;
}

interface Template {
  readonly id: string;
  readonly name: string | undefined;
}

/** Of all fleets, those that follow the latest version of a template. */
export function fleetsOn(template: Template, all: readonly InstanceFleet[]): readonly Neighbour[] {
  return all
    .filter(({ templates }) => templates.some((named) => isLatestOf(named, template)))
    .map(({ id, launchedBy, tags }): Neighbour => ({ name: id, launchedBy, tags, followsLatest: true, targetGroupArns: [] }));
}

/** Of all groups, those other than this one that follow the latest version of its template, or are behind one of its target groups. */
export function neighboursOf(group: AwsGroup, template: Template, all: readonly AwsGroup[]): readonly Neighbour[] {
  const own = new Set(targetGroupsOf(group));
  return all
    .filter(({ AutoScalingGroupName }) => AutoScalingGroupName !== group.AutoScalingGroupName)
    .map((other): Neighbour => ({
      name: other.AutoScalingGroupName ?? "",
      tags: tagsOf(other.Tags),
      followsLatest: followsLatest(other, template),
      targetGroupArns: targetGroupsOf(other).filter((arn) => own.has(arn)),
    }))
    .filter(({ followsLatest: follows, targetGroupArns }) => follows || targetGroupArns.length > 0)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A group names its template by id or name, directly, or in a mixed instances policy and each of its overrides. */
function followsLatest({ LaunchTemplate: direct, MixedInstancesPolicy: mixed }: AwsGroup, template: Template): boolean {
  const named = [
    direct,
    mixed?.LaunchTemplate?.LaunchTemplateSpecification,
    ...(mixed?.LaunchTemplate?.Overrides ?? []).map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification),
  ];
  return named.some((each) => each !== undefined && isLatestOf(each, template));
}

function isLatestOf({ LaunchTemplateId, LaunchTemplateName, Version }: InstanceFleet["templates"][number], { id, name }: Template): boolean {
  return Version === "$Latest" && (LaunchTemplateId === id || (LaunchTemplateName !== undefined && LaunchTemplateName === name));
}

function targetGroupsOf({ TargetGroupARNs = [], TrafficSources = [] }: AwsGroup): readonly string[] {
  return [...new Set([...TargetGroupARNs, ...TrafficSources.flatMap(({ Identifier }) => Identifier ?? [])])].toSorted();
}
