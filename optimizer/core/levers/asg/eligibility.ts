import type { RuleFacts } from "../../model/rule.ts";
import { tenantAside } from "../../sizing/tenant.ts";
import type { Refusal } from "../lever.ts";
import { routingObstacle } from "../target-group-routing.ts";
import { zoneWithoutBalancer } from "../zones-served.ts";
import { type Inventory, resourceAt, resourcesOf } from "../resource-kinds.ts";
import type { AutoScalingGroup, Neighbour } from "./group.ts";
import { ownerObstacle } from "./owners.ts";

/** Suspended, these break or bend a refresh; the others only keep the group from scaling or balancing by itself. */
const neededProcesses = ["Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy", "AddToLoadBalancer", "InstanceRefresh"];

/** Families whose CPU is credits: what an instance sustains is a fraction of its vCPUs (EC2 user guide, "Burstable performance instances"). */
const burstable = /^t\d/;

/** Families with disks of their own, which a new instance has empty and another size has less of: a `d` after the generation, and storage families. */
const withOwnDisks = /^(?:[a-z]+\d[a-z]*d[a-z]*|i[sm]?\d[a-z]*|d\d[a-z]*|h1|x1e?|f1|g[256][a-z]*|p5[a-z]*|[cm]1|m2|[cmr]3)\./;

/** Why a group may not be changed, or cannot be judged, whatever its load. */
export function ineligibility({ inventory, policy }: RuleFacts, group: AutoScalingGroup): Refusal | undefined {
  const shared = sharedReason(inventory, group, policy.tenantTags);
  if (shared !== undefined) return { code: "shared", detail: shared };
  const [unread] = group.unread;
  if (unread !== undefined) return { code: "unreadable", detail: `its ${unread.what} could not be read (${unread.reason})` };
  const state = ownerObstacle(group) ?? stateObstacle(group) ?? templateObstacle(group) ?? reservationObstacle(group) ?? zoneObstacle(inventory, group);
  if (state !== undefined) return { code: "unsupported", detail: state };
  const { ref, availabilityZones: zones, targetGroupArns: targetGroups, loadBalancers } = group;
  const routing = routingObstacle(inventory, { region: ref.region, zones, targetGroups, loadBalancers }, "smaller targets");
  if (routing !== undefined) return routing;
  const unjudged = unwatched(inventory, group);
  return unjudged === undefined ? undefined : { code: "cannot-judge", detail: unjudged };
}

function stateObstacle({ habits, refresh }: AutoScalingGroup): string | undefined {
  if (refresh !== undefined) return `somebody replaces its instances: ${refresh}`;
  const { status, suspendedProcesses, protectsNewInstances, protectedInstances, standbyInstances, warmPool } = habits;
  if (status !== null) return `it is being deleted (${status})`;
  const suspended = suspendedProcesses.filter((process) => neededProcesses.includes(process));
  if (suspended.length > 0) return `somebody suspended its processes ${suspended.join(", ")}, which replacing instances needs`;
  if (protectedInstances > 0 || protectsNewInstances)
    return `${protectedInstances > 0 ? `${protectedInstances} of its instances are` : "its new instances are"} protected from scale-in: a refresh would not replace them`;
  if (standbyInstances > 0) return `${standbyInstances} of its instances are in standby: somebody is at work on them`;
  if (warmPool) return "it has a warm pool, whose instances are launched, kept and paid for apart";
  return undefined;
}

function templateObstacle({ template, instanceType }: AutoScalingGroup): string | undefined {
  const { cpuOptions, tenancy, placementGroup, spot, capacityReservation, sizeBound } = template;
  if (cpuOptions) return "its template fixes numbers of cores and threads (CpuOptions), which another size has its own of";
  if (tenancy !== null) return `its template asks for ${tenancy} tenancy, which list prices do not tell`;
  if (placementGroup !== null) return `its template places instances in the placement group ${placementGroup}, whose capacity for another size is not known`;
  if (spot) return "its template asks for Spot instances, whose prices no list tells";
  if (capacityReservation !== null) return `its template aims at the capacity reservation ${capacityReservation}, which another size would leave unused`;
  if (sizeBound !== undefined) return `its template asks for ${sizeBound}, which another size may have less of, or not at all`;
  if (burstable.test(instanceType)) return `${instanceType} is a burstable type: what it sustains is its credits' baseline, not its vCPUs`;
  if (withOwnDisks.test(instanceType)) return `${instanceType} has disks of its own, whose data and size would change`;
  return undefined;
}

/** An open reservation takes whatever matches it, and goes on costing when that is of another type, or fewer: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-pricing-billing.html */
function reservationObstacle({ billed }: AutoScalingGroup): string | undefined {
  const { capacityReservations: reservations = [] } = billed ?? {};
  if (reservations.length === 0) return undefined;
  const [which, is] = reservations.length === 1 ? ["the capacity reservation", "is"] : ["the capacity reservations", "are"];
  return `its instances run in ${which} ${reservations.join(", ")}, which ${is} paid whether they are used or not`;
}

/** Why nobody knows what is left of it when a zone is lost; with one zone all is lost, whatever its size. */
function zoneObstacle(inventory: Inventory, { ref, availabilityZones, habits, unevenZones, loadBalancers }: AutoScalingGroup): string | undefined {
  const strange = zoneWithoutBalancer(inventory, { region: ref.region, zones: availabilityZones, loadBalancers });
  if (strange !== undefined) return strange;
  if (availabilityZones.length < 2) return undefined;
  if (habits.suspendedProcesses.includes("AZRebalance"))
    return "somebody suspended its process AZRebalance: its zones need not have equal shares, so that what a lost one leaves is not known";
  return unevenZones === undefined ? undefined : `${unevenZones}: a lost zone would leave less than of equal shares`;
}

/** Whose change this would also be: anybody who follows the template's latest version, and strangers behind the same target group. */
function sharedReason(
  inventory: Inventory,
  { neighbours, strangers = [], launchTemplateId, ref }: AutoScalingGroup,
  tenantTags: Parameters<typeof tenantAside>[1],
): string | undefined {
  for (const neighbour of neighbours) {
    const whose = whoseWords(inventory, neighbour, ref.region, tenantTags);
    if (neighbour.followsLatest)
      return `${neighbour.launchedBy ?? "group"} ${neighbour.name}${whose ?? ""} follows its launch template: it launches the latest version of ${launchTemplateId}, which would be the one made here`;
    if (whose !== undefined && neighbour.targetGroupArns.length > 0)
      return `group ${neighbour.name}${whose} serves the same target group (${neighbour.targetGroupArns.map(nameOf).join(", ")}): what this one cannot carry falls on it`;
  }
  if (strangers.length > 0)
    return `${strangers.join(", ")} ${strangers.length === 1 ? "is" : "are"} registered with its target groups beside its own instances, launched by no group: what this one cannot carry falls on ${strangers.length === 1 ? "it" : "them"}, and how much of the load is theirs is not known`;
  return undefined;
}

/** `, a tenant's (tag "TenantName"),`, `, which the outputs do not name,`, or undefined for one that is ours to change. */
function whoseWords(
  inventory: Inventory,
  { name, tags, launchedBy }: Neighbour,
  region: string,
  tenantTags: Parameters<typeof tenantAside>[1],
): string | undefined {
  const tenant = tenantAside(tags, tenantTags);
  if (tenant !== undefined) return `, ${tenant},`;
  const known = launchedBy === undefined ? resourceAt(inventory, { kind: "auto-scaling-group", region, id: name }) : undefined;
  return known === undefined ? ", which the outputs do not name," : undefined;
}

/** What a window could not see of the group. */
function unwatched(inventory: Inventory, { ref, targetGroupArns, loadBalancers, habits }: AutoScalingGroup): string | undefined {
  if (habits.classicBalancers.length > 0) return `it stands behind the classic load balancer ${habits.classicBalancers.join(", ")}, which no window watches`;
  const [lattice] = habits.latticeTargets ?? [];
  if (lattice !== undefined) return `it serves the VPC Lattice target group ${lattice}, too, whose requests no window watches`;
  if (targetGroupArns.length === 0) return "no load balancer stands before it, so no window could see what its users see";
  const watched = new Set(resourcesOf(inventory, "load-balancer").flatMap((each) => (each.ref.region === ref.region ? [each.fullName] : [])));
  if (loadBalancers.length === 0) return "no load balancer forwards to its target groups, so no window could see what its users see";
  // Where the outputs name no load balancer at all, the region as a whole cannot be judged, which planning says.
  const strange = watched.size === 0 && loadBalancers.length === 1 ? undefined : loadBalancers.find((fullName) => !watched.has(fullName));
  return strange === undefined ? undefined : `it stands behind the load balancer ${strange}, which the outputs do not name, so that no window watches it`;
}

/** What to know of a group that may be changed all the same. */
export function cautions(group: AutoScalingGroup): readonly string[] {
  const { habits, loadBalancers, launchTemplateReference, maxSize, desiredCapacity } = group;
  const suspended = habits.suspendedProcesses.filter((process) => !neededProcesses.includes(process));
  const surge = Math.ceil(desiredCapacity * 1.1);
  return [
    ...(suspended.length > 0 ? [`somebody suspended its processes ${suspended.join(", ")}: it does not scale or balance by itself`] : []),
    ...(habits.lifecycleHooks.length > 0
      ? [`each replaced instance waits for the lifecycle hook ${habits.lifecycleHooks.join(", ")}, which may fail the refresh`]
      : []),
    ...(habits.scheduledActions.length > 0 && !habits.scalingPolicies.some(({ enabled }) => enabled)
      ? [`scheduled actions set its size (${habits.scheduledActions.join(", ")}): savings are those of the sizes that the baseline saw`]
      : []),
    ...habits.scalingPolicies.flatMap(policyCaution),
    ...(loadBalancers.length > 1 ? [`it stands behind ${loadBalancers.length} load balancers: harm at one of them is harm`] : []),
    ...(surge > maxSize ? [`a refresh launches before it terminates: up to ${surge} instances for a while, above its maximum of ${maxSize}`] : []),
    ...(launchTemplateReference === "$Default"
      ? ["it follows $Default of its template; it would be pinned to the new version's number, and follow $Default again after a rollback"]
      : []),
  ];
}

/** A policy that keeps requests on each instance does not know how large that is. */
function policyCaution({ name, type, enabled, target }: AutoScalingGroup["habits"]["scalingPolicies"][number]): readonly string[] {
  if (!enabled || type !== "TargetTrackingScaling" || target?.metric !== "ALBRequestCountPerTarget") return [];
  return [`its policy ${name} keeps ${target.value} requests a minute on each instance, whatever its size: set it anew for smaller ones`];
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
