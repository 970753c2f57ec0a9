import type { RegionClients } from "./client-factory.ts";
import type { Reading } from "./service-adapters.ts";

/** Who is asked for what a region's resources were before: CloudTrail, and the resource's own service. */
export interface History<Service extends keyof RegionClients> extends Reading {
  readonly clients: Pick<RegionClients, "cloudTrail" | Service>;
}
