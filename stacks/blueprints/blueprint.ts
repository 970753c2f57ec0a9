import type { FleetSettings } from "../../constructs/compute/fleet.ts";
import type { ServiceSettings } from "../../constructs/compute/service-settings.ts";
import type { AuroraSettings } from "../../constructs/data/aurora-settings.ts";
import type { MysqlSettings } from "../../constructs/data/mysql-settings.ts";
import type { RedisSettings } from "../../constructs/data/redis.ts";
import type { ServerlessClusterSettings } from "../../constructs/data/serverless-settings.ts";
import type { TableDefinition } from "../../constructs/data/table-definition.ts";
import type { LoadBalancerSettings } from "../../constructs/edge/load-balancer.ts";
import type { WebAclSettings } from "../../constructs/edge/web-acl.ts";
import type { FunctionDefinition } from "../../constructs/functions/function-definition.ts";
import type { EdgeCounts } from "../../constructs/observability/edge-count-alarms.ts";
import type { DataBucketSettings } from "../../constructs/storage/data-bucket.ts";

export interface NetworkSettings {
  /** Zone letters. */
  readonly zones: readonly string[];
  readonly flowLogGroup: string;
  readonly flowLogRetentionDays: number;
}

/** Which alarms a stack has beside those of its databases and caches. */
export interface AlarmSettings {
  readonly edge: { readonly kind: "rates" } | ({ readonly kind: "counts" } & EdgeCounts);
  readonly fleet: boolean;
  readonly tables: boolean;
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
  readonly rds: MysqlSettings | null;
  readonly dataBucket: DataBucketSettings | null;
  readonly functions: readonly FunctionDefinition[];
  readonly applicationLogGroup: string;
  readonly applicationLogRetentionDays: number;
  readonly alarms: AlarmSettings;
}

/** What a blueprint's values depend on. */
export interface BlueprintScope {
  readonly role: StackRole;
  readonly environment: EnvironmentKind;
  /** Names are made from it. */
  readonly suffix: string;
  /** One of the blueprint's own. */
  readonly preset?: PresetName;
}

/** A named set of typed settings: everything that is not the user's own choice. */
export interface Blueprint {
  /** Primary first. */
  readonly regions: readonly string[];
  /** Sizes of production to choose from, beside the usual ones; none unless said. */
  readonly presets?: readonly PresetName[];
  /** `managed` only, unless said. */
  readonly networks?: readonly NetworkMode[];
  /** What the stacks have unless the settings say otherwise; `none` when absent. */
  readonly peering?: PeeringMode;
  components(scope: BlueprintScope): StackComponents;
}

export type PresetName = (typeof presetNames)[number];
export const presetNames = ["finance"] as const;

/** A VPC of the stack's own, or the account's default VPC. */
export type NetworkMode = (typeof networkModes)[number];
export const networkModes = ["managed", "default"] as const;

/** `stacks`: each secondary's VPC with the primary's. `dedicated`: the smallest VPC that AWS makes, one a stack, for nothing but that. */
export type PeeringMode = (typeof peeringModes)[number];
export const peeringModes = ["none", "stacks", "dedicated"] as const;

export type StackRole = "primary" | "secondary";

/** Every environment that is not production has the sizes of `staging`. */
export type EnvironmentKind = "production" | "staging";
