import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingClient,
  type AutoScalingGroup as AwsGroup,
  type LaunchTemplateSpecification,
} from "@aws-sdk/client-auto-scaling";
import { paginateDescribeTags, type EC2Client, type TagDescription } from "@aws-sdk/client-ec2";
import { canonicalJson } from "../../../../contract/canonical-json.ts";
import type { AutoScalingGroup, TemplateTraits } from "../../../core/levers/asg/group.ts";
import { NotedReads, readHabits } from "./habits.ts";
import { readOtherTypes } from "./other-types.ts";
import { templatesBefore } from "./templates-before.ts";
import { readTemplateVersion, type TemplateVersion } from "./launch-template.ts";
import { allFleets } from "./fleets.ts";
import { billedInstances } from "./billed-instances.ts";
import { activeRefresh } from "./instance-refreshes.ts";
import { allGroups, fleetsOn, neighboursOf } from "./neighbours.ts";
import { strangersBehind } from "./strangers.ts";
import { readTags, tagsOf } from "../tag-records.ts";
import { bornAs } from "../born-as.ts";
import { noTraffic, readTraffic, tagsOfTraffic } from "../traffic.ts";
import { answered } from "../answered.ts";
import { readFailureOf } from "../aws-errors.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import type { RegionClients } from "../client-factory.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { ResourceGone, UnsupportedResource } from "../resource-gone.ts";

export interface GroupClients {
  readonly autoScaling: AutoScalingClient;
  readonly ec2: EC2Client;
}

/** Instances asked about in one filter; a bound of ours, kept small against EC2's own. */
const valuesPerFilter = 100;

export const autoScalingGroupAdapter: ResourceAdapter<AutoScalingGroup> = {
  idsOf: ({ autoScalingGroups }) => autoScalingGroups,
  describe: describeAutoScalingGroup,
  tagsOf: async (clientsOf, { region, id }) => {
    const { autoScaling, ec2, elbv2 } = clientsOf(region);
    const group = await readGroup(autoScaling, id);
    return [tagsOf(group.Tags), ...(await templateAndInstanceTags(ec2, group)), ...(await tagsOfTraffic(elbv2, targetGroupsOf(group)))];
  },
  // With an id that no other group has: https://docs.aws.amazon.com/autoscaling/ec2/userguide/security_iam_service-with-iam.html
  bornOf: async ({ autoScaling }, id) => (await readGroup(autoScaling, id)).AutoScalingGroupARN,
};

/**
 * Describes a group with the template version it really uses, and with everything that bears on whether it may be changed. Throws
 * UnsupportedResource for mixed instances, attribute-based types and launch configurations.
 */
async function describeAutoScalingGroup(clients: RegionClients, region: string, name: string, { once }: Reading): Promise<AutoScalingGroup> {
  const { autoScaling, ec2, elbv2 } = clients;
  const group = await readGroup(autoScaling, name);
  const specification = templateOf(group);
  const template = await readTemplateVersion(ec2, specification.id, specification.version);
  const notes = new NotedReads();
  const targetGroupArns = targetGroupsOf(group);
  const [habits, traffic, memberTags, all, fleets, strangers, otherVersions, refresh, billed] = await Promise.all([
    readHabits(clients, group, notes),
    notes.read("load balancers", noTraffic, () => readTraffic(elbv2, targetGroupArns)),
    notes.read("tags of its template and instances", [], () => templateAndInstanceTags(ec2, group)),
    notes.read("neighbours, all groups of the region,", [], () => once("Auto Scaling groups", () => allGroups(autoScaling))),
    notes.read("neighbours, all fleets of the region,", [], () => once("fleets", () => allFleets(ec2))),
    notes.read("targets beside its instances", [], () => strangersBehind({ elbv2, ec2 }, targetGroupArns, group)),
    notes.read("types it had before", [], () => readOtherTypes(clients, { group: name, ...template })),
    notes.read("instance refreshes", undefined, () => activeRefresh(autoScaling, name)),
    notes.read("instances, as they are billed,", undefined, () => billedInstances(ec2, group)),
  ]);
  const before = await templatesBefore({ clients, once }, { group: name, ...template });
  if (before.kind === "unseen") notes.unread.push({ what: "launch templates before", reason: before.reason });
  const otherTypes = [...otherVersions, ...(before.kind === "seen" ? before.value : [])];
  const named = { id: template.templateId, name: template.templateName };
  return {
    kind: "auto-scaling-group",
    ref: { kind: "auto-scaling-group", region, id: name },
    arn: answered(group.AutoScalingGroupARN, "AutoScalingGroupARN"),
    ...bornAs(group.AutoScalingGroupARN),
    tags: tagsOf(group.Tags),
    minSize: answered(group.MinSize, "MinSize"),
    desiredCapacity: answered(group.DesiredCapacity, "DesiredCapacity"),
    maxSize: answered(group.MaxSize, "MaxSize"),
    availabilityZones: answered(group.AvailabilityZones, "AvailabilityZones").toSorted(),
    ...unevenZonesOf(group),
    ...warmUpOf(group),
    launchTemplateId: template.templateId,
    launchTemplateReference: specification.version,
    launchTemplateVersion: template.version,
    instanceType: template.instanceType,
    detailedMonitoring: template.detailedMonitoring,
    targetGroupArns,
    loadBalancers: traffic.loadBalancers,
    ...(strangers.length === 0 ? {} : { strangers }),
    ...(otherTypes.length === 0 ? {} : { otherTypes }),
    ...(billed === undefined ? {} : { billed }),
    runningInstanceTypes: runningTypes(group),
    runningTemplateVersions: await differingVersions(ec2, group, template),
    memberTags: uniqueTags([...memberTags, ...traffic.tags]),
    template: withOwnPlacement(template.traits, group),
    habits,
    ...(refresh === undefined ? {} : { refresh: `its instance refresh ${refresh.InstanceRefreshId ?? ""} is ${refresh.Status ?? "under way"}` }),
    neighbours: [...neighboursOf(group, named, all), ...fleetsOn(named, fleets)],
    unread: notes.unread.toSorted((a, b) => (a.what < b.what ? -1 : 1)),
  };
}

/** AWS launches in the zone that has fewest, and ends in the one that has most, so that no zone has more than its part, rounded up. */
function unevenZonesOf(group: AwsGroup): Pick<AutoScalingGroup, "unevenZones"> {
  const zones = inService(group).map(({ AvailabilityZone }) => answered(AvailabilityZone, "AvailabilityZone"));
  const inZone = (zone: string): number => zones.filter((other) => other === zone).length;
  const [most] = [...new Set(zones)].map((zone) => ({ zone, instances: inZone(zone) })).toSorted((a, b) => b.instances - a.instances);
  const equal = Math.ceil(zones.length / Math.max(1, (group.AvailabilityZones ?? []).length));
  if (most === undefined || most.instances <= equal) return {};
  return { unevenZones: `${most.instances} of its ${zones.length} instances are in ${most.zone}` };
}

/** A refresh takes the group's own default, or else its grace period (https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html). */
function warmUpOf({ DefaultInstanceWarmup, HealthCheckGracePeriod }: AwsGroup): Pick<AutoScalingGroup, "warmUpSeconds"> {
  const warmUpSeconds = DefaultInstanceWarmup ?? HealthCheckGracePeriod;
  return warmUpSeconds === undefined ? {} : { warmUpSeconds };
}

/**
 * Versions in service, ascending; one whose contents are the referenced version's counts as that one. After a rollback the newest version
 * is a copy of what still runs.
 */
async function differingVersions(client: EC2Client, group: AwsGroup, referenced: TemplateVersion): Promise<readonly number[]> {
  const running = runningVersions(group, referenced.templateId);
  const counted = await Promise.all(
    running.map(async (version) => {
      if (version === referenced.version) return version;
      const found = await readTemplateVersion(client, referenced.templateId, String(version)).catch(goneVersion);
      return found?.contents === referenced.contents ? referenced.version : version;
    }),
  );
  return [...new Set(counted)].toSorted((a, b) => a - b);
}

/** A version that instances still run may have been deleted since. */
function goneVersion(error: unknown): undefined {
  const isGone = error instanceof ResourceGone || error instanceof UnsupportedResource || readFailureOf(error) === "missing";
  if (!isGone) throw error;
}

/** A group may name a placement group or a capacity reservation of its own, over its template's. */
function withOwnPlacement(traits: TemplateTraits, { PlacementGroup, CapacityReservationSpecification: reservation }: AwsGroup): TemplateTraits {
  const preference = reservation?.CapacityReservationPreference;
  const [aim] = [
    reservation?.CapacityReservationTarget?.CapacityReservationIds ?? [],
    reservation?.CapacityReservationTarget?.CapacityReservationResourceGroupArns ?? [],
  ].flat();
  return {
    ...traits,
    placementGroup: PlacementGroup ?? traits.placementGroup,
    capacityReservation: aim ?? (preference === "capacity-reservations-only" ? "of whatever is reserved" : traits.capacityReservation),
  };
}

/** Target groups of load balancers, by whichever of its two lists the group names them. */
function targetGroupsOf({ TargetGroupARNs = [], TrafficSources = [] }: AwsGroup): readonly string[] {
  const attached = TrafficSources.flatMap(({ Identifier, Type }) => (Type === "elbv2" ? (Identifier ?? []) : []));
  return [...new Set([...TargetGroupARNs, ...attached])].toSorted();
}

/** Many instances have the same tags: each once. */
function uniqueTags(all: readonly Tags[]): readonly Tags[] {
  return [...new Map(all.map((tags) => [canonicalJson(tags), tags])).values()];
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

/**
 * Tags of a group's launch template, which gets a new version, and of its instances, which need not be the group's. All in one: any
 * tenant's makes the group a tenant's.
 */
async function templateAndInstanceTags(client: EC2Client, group: AwsGroup): Promise<readonly Tags[]> {
  const ids = [group.LaunchTemplate?.LaunchTemplateId ?? [], (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? [])].flat(2);
  const chunks = Array.from({ length: Math.ceil(ids.length / valuesPerFilter) }, (_, index) =>
    ids.slice(index * valuesPerFilter, (index + 1) * valuesPerFilter),
  );
  return Promise.all(
    chunks.map((chunk) =>
      readTags(async () => {
        const tags: TagDescription[] = [];
        for await (const page of paginateDescribeTags({ client }, { Filters: [{ Name: "resource-id", Values: chunk }] })) tags.push(...(page.Tags ?? []));
        return tags;
      }),
    ),
  );
}
