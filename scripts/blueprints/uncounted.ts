import { resourcesOf, type StackDocument } from "./stack-document.ts";

/** What is charged by use, or has no price in the snapshot, by the type of resource that brings it along. */
const uncounted: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: "dashboards beyond the account's first three",
  aws_cloudwatch_log_group: "logs written and kept",
  aws_cloudwatch_metric_alarm: "metrics that alarms with a query find",
  aws_db_instance: "a read replica's storage, backups beyond the free share",
  aws_dynamodb_table: "tables: requests paid by use, storage, streams, backups",
  aws_dynamodb_table_replica: "replicated writes",
  aws_elasticache_replication_group: "cache snapshots",
  aws_eip: "public IPv4 addresses",
  aws_kms_key: "requests to keys, and rotated key material",
  aws_lambda_function: "functions: requests and time",
  aws_autoscaling_group: "instances beyond the desired number, also those that serve while others are replaced",
  aws_launch_template: "volumes, detailed monitoring, metrics of the CloudWatch agent",
  aws_lb: "load balancer capacity units",
  aws_nat_gateway: "data through NAT gateways",
  aws_rds_cluster: "database storage, I/O, backups, the global database's replicated writes",
  aws_rds_cluster_instance: "long retention of Performance Insights",
  aws_route53_health_check: "health checks and the zone's queries",
  aws_s3_bucket: "bucket storage and requests",
  aws_secretsmanager_secret: "reads of secrets",
  aws_vpc_peering_connection: "data between regions",
  aws_wafv2_web_acl: "the web ACL, its rules and requests",
};

export function uncountedIn(documents: readonly StackDocument[]): readonly string[] {
  const types = new Set(documents.flatMap((document) => resourcesOf(document).map(({ type }) => type)));
  return Object.keys(uncounted)
    .filter((type) => types.has(type))
    .map((type) => uncounted[type] ?? type);
}
