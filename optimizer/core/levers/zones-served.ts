import { type Inventory, resourcesOf } from "./resource-kinds.ts";

/** What stands behind load balancers in some zones of a region. */
interface Served {
  readonly region: string;
  readonly zones: readonly string[];
  /** Full names. */
  readonly loadBalancers: readonly string[];
}

/**
 * A load balancer sends nothing to targets in a zone that is not enabled for it: what runs there is idle, so that an average over all zones is less
 * than what the others carry, and a lost zone takes more than its part. In words; undefined where every zone is served, or nobody tells.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
 */
export function zoneWithoutBalancer(inventory: Inventory, { region, zones, loadBalancers }: Served): string | undefined {
  for (const { ref, fullName, zones: enabled } of resourcesOf(inventory, "load-balancer")) {
    if (enabled === undefined || ref.region !== region || !loadBalancers.includes(fullName)) continue;
    const idle = zones.filter((zone) => !enabled.includes(zone));
    if (idle.length > 0)
      return `the load balancer ${fullName} is not enabled in ${idle.join(", ")}, where a part of it runs: what the other zones carry, and what a lost one leaves, is not known`;
  }
  return undefined;
}
