import type { RuleFacts } from "../../model/rule.ts";
import { unseenSizes } from "../../sizing/sizes-before.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import type { Refusal } from "../lever.ts";
import { routingObstacle } from "../target-group-routing.ts";
import { zoneWithoutBalancer } from "../zones-served.ts";
import { type Inventory, resourcesOf } from "../resource-kinds.ts";
import { type ContainerService, containerServiceFacts } from "./container-service.ts";

/** Why a service may not be changed, or cannot be judged, whatever its load. */
export function ineligibility({ inventory, policy }: RuleFacts, service: ContainerService): Refusal | undefined {
  const { neighbours, ranBeside, alsoBehind, zones, task, ref, sizesBefore, countsBefore } = service;
  const tenant = tenantReason(containerServiceFacts.tags(service), policy.tenantTags);
  if (tenant !== undefined) return { code: "tenant-resource", detail: tenant };
  if (neighbours.kind === "unseen") return { code: "unreadable", detail: `who else uses its task definition could not be seen: ${neighbours.reason}` };
  if (neighbours.value.length > 0)
    return {
      code: "shared",
      detail: `${neighbours.value.join(", ")} runs a revision of its task definition ${task.family}, too: whose the newest one is would not be known`,
    };
  if (ranBeside?.kind === "unseen") return { code: "unreadable", detail: `who else runs tasks of ${task.family} could not be seen: ${ranBeside.reason}` };
  const [runner] = ranBeside?.value ?? [];
  if (runner !== undefined) return { code: "shared", detail: `${runner} and named no revision: its next one would be of the new size` };
  if (alsoBehind?.kind === "unseen") return { code: "unreadable", detail: `who else serves its target groups could not be seen: ${alsoBehind.reason}` };
  const [other] = alsoBehind?.value ?? [];
  if (other !== undefined)
    return { code: "shared", detail: `${other} serves the same target group: what this one cannot carry falls on it, and how much it carries is not known` };
  if (zones.kind === "unseen") return { code: "unreadable", detail: `the zones of its subnets could not be seen: ${zones.reason}` };
  if (service.unevenZones?.kind === "unseen")
    return { code: "unreadable", detail: `which zones its tasks are in could not be seen: ${service.unevenZones.reason}` };
  const unseen = unseenSizes(ref.id, sizesBefore);
  if (unseen !== undefined) return { code: "unreadable", detail: unseen };
  if (countsBefore?.kind === "unseen")
    return { code: "unreadable", detail: `how many tasks ran by the hour is not known: Container Insights does not tell it, and ${countsBefore.reason}` };
  const hindrance = placementHindrance(service) ?? deploymentHindrance(service) ?? zoneHindrance(inventory, service, zones.value);
  if (hindrance !== undefined) return { code: "unsupported", detail: hindrance };
  const behind = { region: ref.region, zones: zones.value, targetGroups: service.targetGroupArns, loadBalancers: service.loadBalancers };
  const routing = routingObstacle(inventory, behind, "fewer targets");
  if (routing !== undefined) return routing;
  const unjudged = unwatched(inventory, service);
  return unjudged === undefined ? undefined : { code: "cannot-judge", detail: unjudged };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
function placementHindrance({ launchType, capacityProviders, schedulingStrategy, task }: ContainerService): string | undefined {
  if (schedulingStrategy !== "REPLICA") return `it runs a task on each instance (${schedulingStrategy}): its number is not its own`;
  const other = capacityProviders.filter((provider) => provider !== "FARGATE");
  if (other.length > 0)
    return other.includes("FARGATE_SPOT")
      ? "a part of its tasks runs on FARGATE_SPOT, at prices that no list tells, and may be taken away at any time"
      : `its capacity providers ${other.join(", ")} place its tasks on instances, whose number would be saved, not theirs`;
  if (launchType !== null && launchType !== "FARGATE") return `its tasks run on ${launchType}, not on Fargate: they cost nothing by themselves`;
  if (launchType === null && capacityProviders.length === 0) return "AWS does not say what its tasks run on";
  // Windows has sizes, licences and prices of its own.
  if (task.operatingSystem !== "LINUX") return `its tasks run ${task.operatingSystem}, whose sizes and prices are others`;
  return undefined;
}

function deploymentHindrance(service: ContainerService): string | undefined {
  const { status, deploymentController, deploymentStrategy, underWay, rollsBackFailures, task } = service;
  if (status !== "ACTIVE") return `it is ${status}`;
  if (deploymentController !== "ECS") return `${deploymentController} deploys it, not ECS: a task definition set beside that would be undone or refused`;
  if (deploymentStrategy !== "ROLLING") return `it is deployed ${deploymentStrategy}, where two full sets of tasks and hooks of its own take part`;
  if (underWay !== null) return underWay;
  if (!rollsBackFailures) return "its deployment circuit breaker is off, or does not roll back: a deployment whose tasks do not come up would go on for ever";
  if (task.revision !== task.latestRevision)
    return `it runs revision ${task.revision} of ${task.family} while ${task.latestRevision} is the newest: a new one would bring, or drop, what nobody has watched yet`;
  return undefined;
}

function zoneHindrance(inventory: Inventory, { ref, loadBalancers, unevenZones }: ContainerService, zones: readonly string[]): string | undefined {
  if (zones.length === 0) return "AWS names no zone that its tasks could run in";
  const uneven = unevenZones?.kind === "seen" ? unevenZones.value : null;
  if (uneven !== null) return `${uneven}: a lost zone would leave less than of equal shares`;
  return zoneWithoutBalancer(inventory, { region: ref.region, zones, loadBalancers });
}

/** What a window could not see of the service. */
function unwatched(inventory: Inventory, { ref, targetGroupArns, loadBalancers, classicBalancers }: ContainerService): string | undefined {
  if (classicBalancers.length > 0) return `it stands behind the classic load balancer ${classicBalancers.join(", ")}, which no window watches`;
  if (targetGroupArns.length === 0) return "no load balancer stands before it, so no window could see what its users see";
  const watched = new Set(resourcesOf(inventory, "load-balancer").flatMap((each) => (each.ref.region === ref.region ? [each.fullName] : [])));
  if (loadBalancers.length === 0) return "no load balancer forwards to its target groups, so no window could see what its users see";
  // Where the outputs name no load balancer at all, the region as a whole cannot be judged, which planning says.
  const strange = watched.size === 0 && loadBalancers.length === 1 ? undefined : loadBalancers.find((fullName) => !watched.has(fullName));
  return strange === undefined ? undefined : `it stands behind the load balancer ${strange}, which the outputs do not name, so that no window watches it`;
}
