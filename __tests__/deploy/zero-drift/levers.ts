import { capacityAction } from "../../../optimizer/core/levers/asg/capacity-action.ts";
import { instanceTypeAction } from "../../../optimizer/core/levers/asg/instance-type.ts";
import { removeReader } from "../../../optimizer/core/levers/aurora/reader-count-action.ts";
import { rangeAction } from "../../../optimizer/core/levers/aurora/serverless-capacity.ts";
import { promoteResizedReader, resizeOldWriter } from "../../../optimizer/core/levers/aurora/writer-class-action.ts";
import { switchAction } from "../../../optimizer/core/levers/dynamodb/billing-mode-action.ts";
import { unusedGsiAction } from "../../../optimizer/core/levers/dynamodb/unused-gsi.ts";
import { serviceAction } from "../../../optimizer/core/levers/ecs/service-action.ts";
import { functionAction } from "../../../optimizer/core/levers/lambda/function-action.ts";
import { classAction } from "../../../optimizer/core/levers/rds/class-action.ts";
import { replicasPerShard } from "../../../optimizer/core/levers/redis/replication-group.ts";
import { sizeAction } from "../../../optimizer/core/levers/redis/size-action.ts";
import { type Inventory, type Resource, type ResourceOf, resourcesOf } from "../../../optimizer/core/levers/resource-kinds.ts";
import { lifecycleAction } from "../../../optimizer/core/levers/s3/lifecycle.ts";
import { shorterBackups } from "../../../optimizer/core/levers/shorter-backups.ts";
import type { Action } from "../../../optimizer/core/model/action.ts";
import type { RuleId } from "../../../optimizer/core/model/rule-id.ts";

export type Blueprint = "saas" | "web" | "streaming";

/** What changes touch of each: Terraform is asked for these types, and for what they rest on. */
export const touchedTypes: { readonly [B in Blueprint]: readonly string[] } = {
  saas: [
    "aws_autoscaling_group",
    "aws_dynamodb_table",
    "aws_elasticache_replication_group",
    "aws_launch_template",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_s3_bucket_lifecycle_configuration",
  ],
  web: ["aws_db_instance"],
  streaming: [
    "aws_appautoscaling_target",
    "aws_dynamodb_table",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_elasticache_replication_group",
    "aws_lambda_function",
    "aws_rds_cluster",
    "aws_rds_cluster_instance",
    "aws_s3_bucket_lifecycle_configuration",
  ],
};

/** Actions of one rule, as it would propose them of what a blueprint deploys in production. */
export interface TriedRule {
  readonly blueprint: Blueprint;
  readonly actions: (inventory: Inventory) => readonly Action[];
  /** Terraform types in which `terraform plan` sees what was done, until it is adopted. */
  readonly drifts: readonly [string, ...string[]];
}

/** The rules whose changes are carried out, adopted, undone and taken back out of the stacks, in the order in which they are carried out. */
export const triedRules = {
  "dynamodb.unused-gsi": {
    blueprint: "saas",
    drifts: ["aws_dynamodb_table"],
    actions: (inventory) => {
      const table = firstOf(inventory, "dynamodb-table");
      const [index] = table.indexes;
      if (index === undefined) throw new Error(`${table.ref.id} has no index`);
      const { definition, itemCount: items, sizeBytes: bytes } = index;
      return [unusedGsiAction({ rule: "dynamodb.unused-gsi", resource: table.ref, part: definition.name }, table, { definition, items, bytes }, 15)];
    },
  },
  "asg.instance-type": {
    blueprint: "saas",
    drifts: ["aws_launch_template", "aws_autoscaling_group"],
    actions: (inventory) => {
      const group = firstOf(inventory, "auto-scaling-group");
      return [instanceTypeAction({ rule: "asg.instance-type", resource: group.ref }, group, "m5.2xlarge")];
    },
  },
  "asg.capacity": {
    blueprint: "saas",
    drifts: ["aws_autoscaling_group"],
    actions: (inventory) => {
      const group = firstOf(inventory, "auto-scaling-group");
      const to = { minSize: 6, desiredCapacity: 8, maxSize: 15 };
      return [capacityAction({ rule: "asg.capacity", resource: group.ref }, group, to, { behind: undefined, isScaled: false })];
    },
  },
  "aurora.writer-class": {
    blueprint: "saas",
    drifts: ["aws_rds_cluster_instance"],
    actions: (inventory) => {
      const cluster = firstOf(inventory, "aurora-cluster");
      const subject = { rule: "aurora.writer-class", resource: cluster.ref } as const;
      const writer = cluster.members.find(({ role }) => role === "writer");
      const reader = cluster.members.find(({ role }) => role === "reader");
      if (writer === undefined || reader === undefined) throw new Error(`${cluster.ref.id} has no writer, or no reader`);
      return [promoteResizedReader(subject, cluster, { writer, reader }, "db.r6g.xlarge"), resizeOldWriter(subject, cluster, writer, "db.r6g.xlarge")];
    },
  },
  "aurora.reader-count": {
    blueprint: "saas",
    drifts: ["aws_rds_cluster_instance"],
    actions: (inventory) => {
      const cluster = firstOf(inventory, "aurora-cluster");
      const { identifier, definition } = cluster.members.findLast(({ role }) => role === "reader") ?? {};
      if (identifier === undefined || definition === undefined) throw new Error(`${cluster.ref.id} has no reader`);
      return [removeReader({ rule: "aurora.reader-count", resource: cluster.ref }, cluster, { identifier, definition })];
    },
  },
  "aurora.backup-retention": {
    blueprint: "saas",
    drifts: ["aws_rds_cluster"],
    actions: (inventory) => {
      const { ref, backupRetentionDays: days } = firstOf(inventory, "aurora-cluster");
      const change = { kind: "rds.backup-retention", region: ref.region, cluster: ref.id, before: { days }, after: { days: 14 } } as const;
      return [shorterBackups({ rule: "aurora.backup-retention", resource: ref }, { change, type: "aws_rds_cluster", why: "older backups go" })];
    },
  },
  "redis.size": {
    blueprint: "saas",
    drifts: ["aws_elasticache_replication_group"],
    actions: (inventory) => {
      const group = firstOf(inventory, "redis-replication-group");
      const from = { nodeType: group.nodeType, shards: group.nodeGroups.length, replicas: replicasPerShard(group) ?? 0 };
      const to = { nodeType: "cache.r6g.2xlarge", shards: 3, replicas: 1 };
      return [sizeAction({ rule: "redis.size", resource: group.ref }, group, { from, to, dataGib: 0 })];
    },
  },
  "rds.instance-class": {
    blueprint: "web",
    drifts: ["aws_db_instance"],
    actions: (inventory) => {
      const instance = firstOf(inventory, "rds-instance");
      return [classAction({ rule: "rds.instance-class", resource: instance.ref }, instance, "db.t3.micro")];
    },
  },
  "rds.backup-retention": {
    blueprint: "web",
    drifts: ["aws_db_instance"],
    actions: (inventory) => {
      const { ref, backupRetentionDays: days } = firstOf(inventory, "rds-instance");
      const change = { kind: "rds.instance-backup-retention", region: ref.region, instance: ref.id, before: { days }, after: { days: 1 } } as const;
      return [shorterBackups({ rule: "rds.backup-retention", resource: ref }, { change, type: "aws_db_instance", why: "older backups go" })];
    },
  },
  "s3.lifecycle": {
    blueprint: "streaming",
    drifts: ["aws_s3_bucket_lifecycle_configuration"],
    actions: (inventory) => {
      const bucket = firstOf(inventory, "s3-bucket");
      if (bucket.lifecycle.kind === "unseen") throw new Error(`the rules of ${bucket.ref.id} were not read`);
      return [lifecycleAction({ rule: "s3.lifecycle", resource: bucket.ref }, bucket, bucket.lifecycle.value, 30)];
    },
  },
  "aurora.serverless-capacity": {
    blueprint: "streaming",
    drifts: ["aws_rds_cluster"],
    actions: (inventory) => {
      const cluster = firstOf(inventory, "aurora-cluster");
      if (cluster.serverless === undefined) throw new Error(`${cluster.ref.id} is not serverless`);
      return [rangeAction({ rule: "aurora.serverless-capacity", resource: cluster.ref }, cluster, cluster.serverless, { minAcu: 1, maxAcu: 4 })];
    },
  },
  "ecs.service": {
    blueprint: "streaming",
    drifts: ["aws_ecs_task_definition", "aws_ecs_service", "aws_appautoscaling_target"],
    actions: (inventory) => {
      const service = firstOf(inventory, "ecs-service");
      const to = { tasks: 3, size: { cpu: 512, memoryMib: 1024 }, bounds: { minCount: 3, maxCount: 12 }, running: 3 };
      return [serviceAction({ rule: "ecs.service", resource: service.ref }, service, to, { tasks: service.desiredCount, isScaled: false })];
    },
  },
  "lambda.function": {
    blueprint: "streaming",
    drifts: ["aws_lambda_function"],
    actions: (inventory) => {
      const lambda = firstOf(inventory, "lambda-function");
      return [
        functionAction(
          { rule: "lambda.function", resource: lambda.ref },
          lambda,
          { memoryMb: 1024, timeoutSeconds: 300 },
          { before: { reserved: null }, after: { reserved: 20 } },
        ),
      ];
    },
  },
  "dynamodb.billing-mode": {
    blueprint: "streaming",
    drifts: ["aws_dynamodb_table"],
    actions: (inventory) => {
      const table = firstOf(inventory, "dynamodb-table");
      if (table.capacity === undefined || table.scaling.kind !== "seen") throw new Error(`${table.ref.id} has no capacity of its own`);
      return [switchAction({ rule: "dynamodb.billing-mode", resource: table.ref }, table, table.capacity, table.scaling.value)];
    },
  },
} as const satisfies { readonly [R in RuleId]?: TriedRule };

export type TriedRuleId = keyof typeof triedRules;

function firstOf<K extends Resource["kind"]>({ resources }: Inventory, kind: K): ResourceOf<K> {
  const [first] = resourcesOf({ resources }, kind);
  if (first === undefined) throw new Error(`the stack has no ${kind}`);
  return first;
}
