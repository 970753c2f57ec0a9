import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { ServiceSettings } from "../../constructs/compute/service-settings.ts";
import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { ServerlessClusterSettings } from "../../constructs/data/serverless-settings.ts";
import type { TableDefinition } from "../../constructs/data/table-definition.ts";
import type { LoadBalancerSettings } from "../../constructs/edge/load-balancer.ts";
import type { WebAclSettings } from "../../constructs/edge/web-acl.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import type { DataBucketSettings } from "../../constructs/storage/data-bucket.ts";

export interface NetworkSettings {
  /** Zone letters. */
  readonly zones: readonly string[];
  readonly flowLogRetentionDays: number;
}

/** The components of one stack. `null`: the stack has none. */
export interface StackComponents {
  readonly network: NetworkSettings;
  readonly loadBalancer: LoadBalancerSettings;
  readonly webAcl: WebAclSettings | null;
  readonly accessLogRetentionDays: number;
  readonly compute: FleetSettings | null;
  readonly service: ServiceSettings | null;
  readonly tables: readonly TableDefinition[];
  readonly aurora: AuroraSettings | null;
  /** A region's own cluster; a stack has this one or `aurora`. */
  readonly serverless: ServerlessClusterSettings | null;
  readonly redis: RedisSettings | null;
  readonly dataBucket: DataBucketSettings | null;
  readonly functions: readonly FunctionDefinition[];
  readonly applicationLogRetentionDays: number;
}

/** What a blueprint's values depend on. */
export interface BlueprintScope {
  readonly role: StackRole;
  readonly environment: EnvironmentKind;
  /** Names are made from it. */
  readonly suffix: string;
}

/** A named set of typed settings: everything that is not the user's own choice. */
export interface Blueprint {
  /** Primary first. */
  readonly regions: readonly string[];
  components(scope: BlueprintScope): StackComponents;
}

export type StackRole = "primary" | "secondary";

/** Every environment that is not production has the sizes of `staging`. */
export type EnvironmentKind = "production" | "staging";
