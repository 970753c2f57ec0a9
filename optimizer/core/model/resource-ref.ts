/** Resource kinds the optimizer can describe. */
export type ResourceKind =
  | "load-balancer"
  | "auto-scaling-group"
  | "dynamodb-table"
  | "aurora-cluster"
  | "rds-instance"
  | "redis-replication-group"
  | "s3-bucket"
  | "lambda-function"
  | "ecs-service"
  | "region";

/** One resource of one region. `id` is the name AWS knows it by: table name, group name, cluster or instance identifier, ALB full name, `<cluster>/<service>`. */
export interface ResourceRef {
  readonly kind: ResourceKind;
  readonly region: string;
  readonly id: string;
}

/** Tags as read; `unreadable` counts as a tenant's resource (promise 1). */
export type Tags =
  | { readonly kind: "tags"; readonly tags: Readonly<Record<string, string>> }
  /**
   * `isGone`: AWS answers that what is asked about is not there. `isBeside`: that is no part of the resource, such as a target group that it
   * still names: what is not there marks nothing as a tenant's.
   */
  | { readonly kind: "unreadable"; readonly reason: string; readonly isGone?: true; readonly isBeside?: true };

/** Those that were read, for whoever has made sure that they were, or that none is no harm. */
export function readTags(tags: Tags): Readonly<Record<string, string>> {
  return tags.kind === "tags" ? tags.tags : {};
}

/** What is described of any resource. */
export interface Described {
  readonly ref: ResourceRef;
  readonly arn: string;
  readonly tags: Tags;
  /**
   * What AWS gave it when it was made, such as `TableId`: another one that is made under its name has another. Absent where AWS tells nothing
   * of the kind, and in plans of older releases.
   */
  readonly born?: string;
  /** The same of its parts that changes are made to, by their names, such as the instances of a cluster. */
  readonly partsBorn?: Readonly<Record<string, string>>;
}

/** `kind:region:id`, unique within an account. */
export function refKey(ref: ResourceRef): string {
  return `${ref.kind}:${ref.region}:${ref.id}`;
}
