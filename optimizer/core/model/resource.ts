/** Resource kinds the optimizer can describe. */
export type ResourceKind = "load-balancer" | "auto-scaling-group" | "dynamodb-table" | "aurora-cluster" | "redis-replication-group";

/** One resource of one region. `id` is the name AWS knows it by: table name, group name, cluster identifier, ALB full name. */
export interface ResourceRef {
  readonly kind: ResourceKind;
  readonly region: string;
  readonly id: string;
}

/** Tags as read; `unreadable` counts as a tenant's resource (promise 1). */
export type Tags = { readonly kind: "tags"; readonly tags: Readonly<Record<string, string>> } | { readonly kind: "unreadable"; readonly reason: string };

interface Described {
  readonly ref: ResourceRef;
  readonly arn: string;
  readonly tags: Tags;
}

export interface LoadBalancer extends Described {
  readonly kind: "load-balancer";
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  /** `targetgroup/<name>/<id>`. */
  readonly targetGroups: readonly string[];
}

export interface AutoScalingGroup extends Described {
  readonly kind: "auto-scaling-group";
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly availabilityZones: readonly string[];
  readonly launchTemplateId: string;
  /** The version number the group really uses, `$Latest` and `$Default` resolved. */
  readonly launchTemplateVersion: number;
  readonly instanceType: string;
  /** Whether EC2 publishes one-minute samples (launch template `monitoring`). */
  readonly detailedMonitoring: boolean;
  readonly targetGroupArns: readonly string[];
  /** Instance types of the instances in service; more than one while a refresh runs. */
  readonly runningInstanceTypes: readonly string[];
  /** Versions of that template which they were launched from, ascending: `$Latest` may have moved on since. */
  readonly runningTemplateVersions: readonly number[];
}

export interface KeyAttribute {
  readonly name: string;
  readonly keyType: "HASH" | "RANGE";
  readonly attributeType: "S" | "N" | "B";
}

/** Everything needed to create the index again. `maxReadRequestUnits` −1 means no cap (on-demand). */
export interface IndexDefinition {
  readonly name: string;
  readonly key: readonly KeyAttribute[];
  readonly projection: { readonly type: "ALL" | "KEYS_ONLY" | "INCLUDE"; readonly nonKeyAttributes: readonly string[] };
  readonly readCapacityUnits?: number;
  readonly writeCapacityUnits?: number;
  readonly maxReadRequestUnits: number;
  readonly maxWriteRequestUnits: number;
}

export interface TableIndex {
  readonly definition: IndexDefinition;
  readonly status: "CREATING" | "UPDATING" | "DELETING" | "ACTIVE";
  readonly sizeBytes: number;
  readonly itemCount: number;
}

export interface DynamoTable extends Described {
  readonly kind: "dynamodb-table";
  readonly billingMode: "PAY_PER_REQUEST" | "PROVISIONED";
  readonly status: string;
  readonly indexes: readonly TableIndex[];
  readonly streamArn?: string;
  /** Every region of the global table, this one included; one region for a regional table. */
  readonly replicaRegions: readonly string[];
  readonly sizeBytes: number;
}

export interface AuroraMember {
  readonly identifier: string;
  readonly arn: string;
  readonly role: "writer" | "reader";
  readonly instanceClass: string;
  readonly promotionTier: number;
  readonly status: string;
  readonly tags: Tags;
}

export interface AuroraCluster extends Described {
  readonly kind: "aurora-cluster";
  readonly engine: "aurora-mysql" | "aurora-postgresql";
  readonly engineVersion: string;
  readonly status: string;
  /** Set for a member of a global database. */
  readonly globalClusterId?: string;
  /** A secondary cluster of a global database has readers only and no writer of its own. */
  readonly globalRole: "none" | "primary" | "secondary";
  readonly members: readonly AuroraMember[];
  readonly backupRetentionDays: number;
}

export interface RedisReplicationGroup extends Described {
  readonly kind: "redis-replication-group";
  readonly nodeType: string;
  readonly clusterMode: boolean;
  readonly status: string;
  readonly nodeGroups: readonly { readonly id: string; readonly members: readonly string[] }[];
}

export type Resource = LoadBalancer | AutoScalingGroup | DynamoTable | AuroraCluster | RedisReplicationGroup;

/** A resource the outputs name but AWS could not describe: skipped with the reason, never guessed. */
export interface UndescribedResource {
  readonly ref: ResourceRef;
  readonly reason: "not-found" | "access-denied" | "failed";
  readonly detail: string;
}

/** The live resources of every region, with the account they are in. */
export interface Inventory {
  readonly accountId: string;
  readonly resources: readonly Resource[];
  readonly undescribed: readonly UndescribedResource[];
  /** Region → why it could not be read at all; such a region is left out, the others go on. */
  readonly failedRegions: Readonly<Record<string, string>>;
}

/** `kind:region:id`, unique within an account. */
export function refKey(ref: ResourceRef): string {
  return `${ref.kind}:${ref.region}:${ref.id}`;
}
