import { resources, type Resource, type StackDocument } from "../synthesized-stacks.ts";
import { engineDefault, parametersOf } from "./parameters.ts";
import { at, ownKey, refersTo, unmet, type Requirements, type SafetyRule, textOf } from "./requirements.ts";

const encrypted: Requirements = {
  aws_cloudwatch_log_group: { kms_key_id: ownKey },
  aws_db_instance: { storage_encrypted: true, kms_key_id: ownKey },
  aws_dynamodb_table: { "server_side_encryption.enabled": true, "server_side_encryption.kms_key_arn": ownKey },
  aws_dynamodb_table_replica: { kms_key_arn: ownKey },
  aws_elasticache_replication_group: { at_rest_encryption_enabled: true, transit_encryption_enabled: true, kms_key_id: ownKey },
  aws_kms_key: { enable_key_rotation: true },
  aws_rds_cluster: { storage_encrypted: true, kms_key_id: ownKey },
  aws_rds_global_cluster: { storage_encrypted: true },
  aws_secretsmanager_secret: { kms_key_id: ownKey },
  aws_sns_topic: { kms_master_key_id: ownKey },
};

/** Data at rest lies under keys of the stack, which rotate; the cache is encrypted on its way, too. */
export const encryption: SafetyRule = ({ document }) => [
  ...unmet(document, encrypted),
  ...openVolumes(document),
  ...openInsights(document),
  ...openBuckets(document),
  ...clearTextDatabases(document),
];

function openVolumes(document: StackDocument): readonly string[] {
  return resources(document, "aws_launch_template").flatMap(({ address, values }) =>
    [values["block_device_mappings"] ?? []]
      .flat()
      .filter((mapping) => textOf(at(mapping, "ebs.encrypted")) !== "true" || at(mapping, "ebs.kms_key_id") === undefined)
      .map(() => `${address}: a volume is not encrypted with a key of this stack`),
  );
}

function openInsights(document: StackDocument): readonly string[] {
  return ["aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"]
    .flatMap((type) => resources(document, type))
    .filter(({ values }) => values["performance_insights_enabled"] === true && values["performance_insights_kms_key_id"] === undefined)
    .map(({ address }) => `${address}: Performance Insights has no key`);
}

/** Load balancers write only to buckets with S3's own key, so a log bucket with a KMS key stays empty. */
function openBuckets(document: StackDocument): readonly string[] {
  const configurations = resources(document, "aws_s3_bucket_server_side_encryption_configuration").map(({ values }) => values);
  return resources(document, "aws_s3_bucket").flatMap(({ address }) => {
    const configuration = configurations.find(({ bucket }) => refersTo(bucket, address));
    const algorithm = at(configuration, "rule.apply_server_side_encryption_by_default.sse_algorithm");
    const takesLogs = resources(document, "aws_lb").some(({ values }) => refersTo(at(values, "access_logs.bucket"), address));
    if (algorithm === undefined) return [`${address}: is not encrypted`];
    return takesLogs && algorithm !== "AES256" ? [`${address}: no load balancer can write to a bucket with ${textOf(algorithm)}`] : [];
  });
}

/** Parameters that refuse a connection in clear text. Aurora MySQL takes ON for it, RDS for MySQL 1 only; PostgreSQL has one of its own. */
const refusals: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aws_rds_cluster_parameter_group: { require_secure_transport: ["ON", "1"], "rds.force_ssl": ["1"] },
  aws_db_parameter_group: { require_secure_transport: ["1"], "rds.force_ssl": ["1"] },
};

function clearTextDatabases(document: StackDocument): readonly string[] {
  const databases = [
    ...resources(document, "aws_rds_cluster").map(({ address, values }) => ({ address, group: values["db_cluster_parameter_group_name"] })),
    ...resources(document, "aws_db_instance").map(({ address, values }) => ({ address, group: values["parameter_group_name"] })),
  ];
  const groups = Object.keys(refusals).flatMap((type) => resources(document, type));
  return databases
    .filter(({ group }) => !groups.some((candidate) => refersTo(group, candidate.address) && refuses(candidate)))
    .map(({ address }) => `${address}: takes connections in clear text`);
}

/** By a parameter of the group, or by the engine's own value where the group says nothing. */
function refuses(group: Resource): boolean {
  return Object.entries(refusals[group.type] ?? {}).some(([name, values]) => {
    const written = parametersOf(group).find((one) => one.name === name)?.value;
    return values.includes(written ?? engineDefault(group, name) ?? "");
  });
}
