import { block, referencesIn, resourcesOf, type StackDocument, type StackResource } from "./stack-document.ts";

/** A part of a stack as a person sees it: many resources, one box. */
export interface NodeKind {
  readonly key: string;
  /** Resources that the box stands for; what they lean on (roles, templates, security groups) belongs to it, too. */
  readonly members: (document: StackDocument) => readonly StackResource[];
  /** Lines in the box. */
  readonly label: (document: StackDocument, members: readonly StackResource[]) => readonly string[];
}

const ofTypes =
  (...types: readonly string[]) =>
  (document: StackDocument): readonly StackResource[] =>
    resourcesOf(document, ...types);

const text = (resource: StackResource | undefined, argument: string): string => String(resource?.values[argument]);

export const nodeKinds: readonly NodeKind[] = [
  { key: "dns", members: ofTypes("aws_route53_record", "aws_route53_health_check"), label: () => ["Route 53", "failover records"] },
  {
    key: "acl",
    members: ofTypes("aws_wafv2_web_acl"),
    label: (_, [acl]) => ["Web ACL", `${[acl?.values["rule"]].flat().length} rules`],
  },
  {
    key: "balancer",
    members: ofTypes("aws_lb"),
    label: (document) => [
      "Load balancer",
      resourcesOf(document, "aws_lb_listener")
        .map((listener) => `${text(listener, "protocol")} ${text(listener, "port")}`)
        .join(", "),
      counts(document, [["target group", "aws_lb_target_group"]]),
    ],
  },
  {
    key: "fleet",
    members: ofTypes("aws_autoscaling_group"),
    label: (document, [group]) => [
      "Auto Scaling group",
      `${text(group, "desired_capacity")} × ${text(resourcesOf(document, "aws_launch_template")[0], "instance_type")}`,
      `${text(group, "min_size")} to ${text(group, "max_size")}`,
    ],
  },
  {
    key: "containers",
    members: ofTypes("aws_ecs_service"),
    label: (document, [service]) => {
      const definition = resourcesOf(document, "aws_ecs_task_definition")[0];
      return ["Fargate service", `${text(service, "desired_count")} × ${text(definition, "cpu")} CPU, ${text(definition, "memory")} MiB`];
    },
  },
  {
    key: "functions",
    members: ofTypes("aws_lambda_function"),
    label: (_, functions) => [`${functions.length} functions`, `${text(functions[0], "memory_size")} MB`],
  },
  {
    key: "aurora",
    members: ofTypes("aws_rds_cluster", "aws_rds_global_cluster", "aws_rds_cluster_instance"),
    label: (document, [cluster]) => [
      "Aurora",
      text(cluster, "engine"),
      sizes(resourcesOf(document, "aws_rds_cluster_instance"), "instance_class"),
      capacityRange(cluster),
    ],
  },
  {
    key: "mysql",
    members: ofTypes("aws_db_instance"),
    label: (_, instances) => [
      instances[0]?.values["replicate_source_db"] === undefined ? "MySQL" : "MySQL, read replica",
      `${sizes(instances, "instance_class")}${instances[0]?.values["multi_az"] === true ? ", Multi-AZ" : ""}`,
    ],
  },
  {
    key: "redis",
    members: ofTypes("aws_elasticache_replication_group"),
    label: (_, [group]) => ["Redis", redisShape(group), text(group, "node_type")],
  },
  {
    key: "tables",
    members: ofTypes("aws_dynamodb_table", "aws_dynamodb_table_replica"),
    label: (document) => [
      "DynamoDB",
      counts(document, [
        ["table", "aws_dynamodb_table"],
        ["replica", "aws_dynamodb_table_replica"],
      ]),
    ],
  },
  { key: "bucket", members: (document) => buckets(document, false), label: () => ["Data bucket"] },
  { key: "logs", members: (document) => buckets(document, true), label: () => ["Log bucket"] },
  {
    key: "network",
    members: ofTypes("aws_vpc"),
    label: (document, [vpc]) => [
      `VPC ${text(vpc, "cidr_block")}`,
      counts(document, [
        ["subnet", "aws_subnet"],
        ["NAT gateway", "aws_nat_gateway"],
        ["endpoint", "aws_vpc_endpoint"],
        ["flow log", "aws_flow_log"],
      ]),
    ],
  },
  {
    key: "keys",
    members: ofTypes("aws_kms_key", "aws_kms_replica_key", "aws_secretsmanager_secret"),
    label: (document) => [
      counts(document, [
        ["key", "aws_kms_key"],
        ["replica key", "aws_kms_replica_key"],
        ["secret", "aws_secretsmanager_secret"],
      ]),
    ],
  },
  {
    key: "watch",
    members: ofTypes("aws_cloudwatch_metric_alarm", "aws_sns_topic"),
    label: (document) => [
      counts(document, [
        ["alarm", "aws_cloudwatch_metric_alarm"],
        ["topic", "aws_sns_topic"],
        ["dashboard", "aws_cloudwatch_dashboard"],
        ["log group", "aws_cloudwatch_log_group"],
      ]),
    ],
  },
];

function counts(document: StackDocument, of: readonly (readonly [string, string])[]): string {
  return of
    .map(([name, type]) => ({ name, count: resourcesOf(document, type).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${count === 1 ? name : `${name}s`}`)
    .join(", ");
}

function sizes(resources: readonly StackResource[], argument: string): string {
  const values = resources.map((resource) => text(resource, argument));
  return [...new Set(values)].map((value) => `${values.filter((other) => other === value).length} × ${value}`).join(", ");
}

/** Cluster mode has shards of equal size, without it a group is counted by its nodes. */
function redisShape(group: StackResource | undefined): string {
  const [shards, nodes] = [Number(group?.values["num_node_groups"] ?? 1), 1 + Number(group?.values["replicas_per_node_group"])];
  if (group?.values["num_cache_clusters"] !== undefined) return `${text(group, "num_cache_clusters")} nodes`;
  return shards === 1 ? `${nodes} nodes` : `${shards} shards × ${nodes} nodes`;
}

function capacityRange(cluster: StackResource | undefined): string {
  const { min_capacity: least, max_capacity: most } = block(cluster?.values["serverlessv2_scaling_configuration"]);
  return typeof least === "number" && typeof most === "number" ? `${least} to ${most} ACU` : "";
}

/** Where load balancers write their logs is a log bucket, every other one holds data. */
function buckets(document: StackDocument, forLogs: boolean): readonly StackResource[] {
  const logs = new Set(resourcesOf(document, "aws_lb").flatMap(({ values }) => referencesIn(values["access_logs"])));
  return resourcesOf(document, "aws_s3_bucket").filter(({ address }) => logs.has(address) === forLogs);
}
