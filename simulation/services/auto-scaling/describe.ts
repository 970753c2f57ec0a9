import {
  InvalidNextToken,
  type AutoScalingGroup as GroupDescription,
  type DescribeAutoScalingGroupsCommandInput,
  type DescribeAutoScalingGroupsCommandOutput,
  type DescribeTagsCommandInput,
  type DescribeTagsCommandOutput,
  type Filter,
  type TagDescription,
} from "@aws-sdk/client-auto-scaling";
import type { AccountState } from "../../account/state.ts";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { pageOf, type Page } from "../../account/page.ts";
import type { FleetInstance } from "../../shared/fleet.ts";
import { launchTemplates } from "../../shared/launch-template.ts";
import { errors, groups, type AutoScalingGroup } from "./group.ts";

/** Names that do not exist are no error: they are just not among the answers. */
export function describeAutoScalingGroups(
  input: DescribeAutoScalingGroupsCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeAutoScalingGroupsCommandOutput> {
  refuseUnmodelled("DescribeAutoScalingGroups", input, ["AutoScalingGroupNames", "MaxRecords", "NextToken", "IncludeInstances"]);
  const names = input.AutoScalingGroupNames ?? [];
  const found = state
    .of(groups)
    .in(region)
    .filter((group) => names.length === 0 || names.includes(group.name) || names.includes(group.arn));
  const page = groupPage(found, input);
  return { AutoScalingGroups: page.items.map((group) => describe(group, state, nowMs)), ...nextToken(page) };
}

export function describeTags(input: DescribeTagsCommandInput, { state, region }: CallContext): Answer<DescribeTagsCommandOutput> {
  const tags = state.of(groups).in(region).flatMap(tagList);
  const chosen = (input.Filters ?? []).reduce((left, filter) => left.filter((tag) => fits(tag, filter)), tags);
  const page = groupPage(chosen, input);
  return { Tags: [...page.items], ...nextToken(page) };
}

/** Throws `ValidationError`, as AWS does wherever a group is changed or its refreshes are listed. */
export function groupNamed(state: AccountState, region: string, name: string | undefined): AutoScalingGroup {
  const group = state.of(groups).get(region, name ?? "");
  if (group === undefined) throw errors.refuse("ValidationError", `AutoScalingGroup name not found - AutoScalingGroup '${name ?? ""}' not found`);
  return group;
}

/** Auto Scaling's listings hold at most 100 records a page, 50 by default. */
export function groupPage<T>(all: readonly T[], input: { readonly NextToken?: string | undefined; readonly MaxRecords?: number | undefined }): Page<T> {
  const size = input.MaxRecords ?? 50;
  if (size < 1 || size > 100) throw errors.refuse("ValidationError", `1 validation error detected: Value '${size}' at 'maxRecords' must be between 1 and 100`);
  const page = pageOf(all, input.NextToken, size);
  if (page === undefined) throw new InvalidNextToken(refusal("The token is not valid"));
  return page;
}

export function nextToken(page: Page<unknown>): { readonly NextToken?: string } {
  return page.next === undefined ? {} : { NextToken: page.next };
}

function describe(group: AutoScalingGroup, state: AccountState, nowMs: number): GroupDescription {
  const settings = group.settings.at(nowMs) ?? group.settings.final();
  const template = state.of(launchTemplates).get(group.region, group.launchTemplateId);
  const { byHand } = group;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: {
      LaunchTemplateId: group.launchTemplateId,
      Version: settings.launchTemplateVersion,
      ...(template === undefined ? {} : { LaunchTemplateName: template.name }),
    },
    MinSize: settings.minSize,
    DesiredCapacity: settings.desiredCapacity,
    MaxSize: settings.maxSize,
    DefaultCooldown: 300,
    AvailabilityZones: [...group.zones],
    VPCZoneIdentifier: group.subnetIds.join(","),
    TargetGroupARNs: [...group.targetGroupArns],
    LoadBalancerNames: [],
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGraceSeconds,
    CreatedTime: new Date(state.bornMs),
    SuspendedProcesses: byHand.suspendedProcesses.map((ProcessName) => ({ ProcessName, SuspensionReason: "User suspended" })),
    EnabledMetrics: [],
    NewInstancesProtectedFromScaleIn: byHand.protectedFromScaleIn,
    Instances: (group.instances.at(nowMs) ?? []).map((instance, place) => describeInstance(instance, group, template?.name, place)),
    Tags: tagList(group),
    ...(byHand.status === undefined ? {} : { Status: byHand.status }),
    ...(group.placementGroup === null ? {} : { PlacementGroup: group.placementGroup }),
  };
}

function describeInstance(
  instance: FleetInstance,
  group: AutoScalingGroup,
  templateName: string | undefined,
  place: number,
): NonNullable<GroupDescription["Instances"]>[number] {
  return {
    InstanceId: instance.id,
    InstanceType: instance.instanceType,
    AvailabilityZone: instance.zone,
    // Those in standby count as the group's last ones. They go on taking traffic: this account shows the word alone.
    LifecycleState: place < standbyFrom(group) ? instance.lifecycleState : "Standby",
    HealthStatus: "Healthy",
    ProtectedFromScaleIn: group.byHand.protectedFromScaleIn,
    LaunchTemplate: {
      LaunchTemplateId: group.launchTemplateId,
      Version: String(instance.launchTemplateVersion),
      ...(templateName === undefined ? {} : { LaunchTemplateName: templateName }),
    },
  };
}

function standbyFrom(group: AutoScalingGroup): number {
  const { standbyInstances } = group.byHand;
  return standbyInstances === 0 ? Number.POSITIVE_INFINITY : group.settings.final().desiredCapacity - standbyInstances;
}

function tagList(group: AutoScalingGroup): TagDescription[] {
  return Object.entries(group.tags).map(([Key, Value]) => ({
    ResourceId: group.name,
    ResourceType: "auto-scaling-group",
    Key,
    Value,
    PropagateAtLaunch: group.tagsAtLaunch[Key] ?? false,
  }));
}

function fits(tag: TagDescription, filter: Filter): boolean {
  const values = filter.Values ?? [];
  switch (filter.Name ?? "") {
    case "auto-scaling-group":
      return values.includes(tag.ResourceId ?? "");
    case "key":
      return values.includes(tag.Key ?? "");
    case "value":
      return values.includes(tag.Value ?? "");
    case "propagate-at-launch":
      return values.includes(String(tag.PropagateAtLaunch));
    default:
      throw errors.refuse("ValidationError", `Filter type ${filter.Name ?? ""} is not correct`);
  }
}
