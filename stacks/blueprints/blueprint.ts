import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { TableDefinition } from "../../constructs/data/table-definition.ts";
import type { LoadBalancerSettings } from "../../constructs/edge/load-balancer.ts";
import type { WebAclSettings } from "../../constructs/edge/web-acl.ts";

export interface NetworkSettings {
  /** Zone letters. */
  readonly zones: readonly string[];
  readonly flowLogRetentionDays: number;
}

/** The components of one stack. `null`: the stack has none. */
export interface StackComponents {
  readonly network: NetworkSettings;
  readonly loadBalancer: LoadBalancerSettings;
  readonly webAcl: WebAclSettings;
  readonly accessLogRetentionDays: number;
  readonly compute: FleetSettings;
  readonly tables: readonly TableDefinition[];
  readonly aurora: AuroraSettings | null;
  readonly redis: RedisSettings | null;
  readonly applicationLogRetentionDays: number;
}

/** A named set of typed settings: everything that is not the user's own choice. */
export interface Blueprint {
  /** Primary first. */
  readonly regions: readonly string[];
  /** The components of a stack by its role; names are made from the suffix. */
  components(role: StackRole, suffix: string): StackComponents;
}

export type StackRole = "primary" | "secondary";
