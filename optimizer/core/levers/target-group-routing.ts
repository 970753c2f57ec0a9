import { type Inventory, resourcesOf } from "./resource-kinds.ts";
import type { Refusal } from "./lever.ts";
import type { TargetGroupRouting } from "./load-balancer/load-balancer.ts";

/** What stands behind target groups in some zones of a region. */
interface Behind {
  readonly region: string;
  readonly zones: readonly string[];
  /** Full names or ARNs. */
  readonly targetGroups: readonly string[];
  /** Full names. */
  readonly loadBalancers: readonly string[];
}

/**
 * Why what is behind target groups cannot be made smaller, as far as they say.
 *
 * With cross-zone load balancing off, targets carry what arrives in their own zone, however many they are there: of eight in three zones, those in
 * the zone of two carry a third more than an equal part of all, and clients may well ask one zone more than another. Every projection takes equal
 * parts of the whole. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/disable-cross-zone.html
 *
 * A target group may ask for more healthy targets than one: with fewer its zone is taken out of DNS, or unhealthy targets are sent requests, too.
 * So fewer targets than it asks for would be worse than their load says, even before one is lost.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
 */
export function routingObstacle(inventory: Inventory, behind: Behind, made: "smaller targets" | "fewer targets"): Refusal | undefined {
  const seen = routingOf(inventory, behind);
  if ("code" in seen) return seen;
  const kept = behind.zones.length < 2 ? undefined : seen.routing.find(({ keepsToZone }) => keepsToZone);
  if (kept !== undefined)
    return {
      code: "unsupported",
      detail: `the target group ${kept.targetGroup} keeps requests in the zone in which they arrive (its cross-zone load balancing is off): what is asked of each zone, and carried by those in it, is not known`,
    };
  const asking = made === "fewer targets" ? seen.routing.find(({ leastHealthy }) => leastHealthy > 1) : undefined;
  return asking === undefined
    ? undefined
    : {
        code: "unsupported",
        detail: `the target group ${asking.targetGroup} asks for at least ${asking.leastHealthy} healthy targets: with fewer of them a lost one more, or a lost zone, may send requests to unhealthy ones or to none`,
      };
}

function routingOf(inventory: Inventory, { region, targetGroups, loadBalancers }: Behind): { readonly routing: readonly TargetGroupRouting[] } | Refusal {
  const names = targetGroups.map(fullNameOf);
  const routing: TargetGroupRouting[] = [];
  for (const balancer of resourcesOf(inventory, "load-balancer")) {
    if (balancer.routing === undefined || balancer.ref.region !== region || !loadBalancers.includes(balancer.fullName)) continue;
    if (balancer.routing.kind === "unseen")
      return {
        code: "unreadable",
        detail: `how the target groups of the load balancer ${balancer.fullName} spread requests could not be seen: ${balancer.routing.reason}`,
      };
    routing.push(...balancer.routing.value.filter(({ targetGroup }) => names.includes(targetGroup)));
  }
  return { routing };
}

function fullNameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf(":") + 1);
}
