import { resources, type StackDocument } from "../synthesized-stacks.ts";
import { atLeast, refersTo, unmet, type Requirements, type SafetyRule, textOf } from "./requirements.ts";

const production: Requirements = {
  aws_cloudwatch_log_group: { retention_in_days: atLeast(90) },
  aws_dynamodb_table: { "point_in_time_recovery.enabled": true },
  aws_dynamodb_table_replica: { point_in_time_recovery: true },
  aws_elasticache_replication_group: { snapshot_retention_limit: atLeast(1) },
  aws_rds_cluster: { backup_retention_period: atLeast(30), copy_tags_to_snapshot: true },
};

/**
 * Backups and logs are there when somebody needs them: production as long as the requirement says, staging at all. A sizing file may keep backups
 * of a cluster for fewer days, where somebody approved that: what is tried here are the stacks by themselves.
 */
export const retention: SafetyRule = ({ document, environment }) => [
  ...(environment === "production" ? [...unmet(document, production), ...badInsights(document), ...singleInstances(document)] : []),
  ...unmet(document, { aws_cloudwatch_log_group: { retention_in_days: atLeast(1) } }),
  ...unversionedBuckets(document),
];

/** AWS takes 7 days, months of 31 days, or 731 days; Advanced Database Insights wants 465. */
function badInsights(document: StackDocument): readonly string[] {
  const isAdvanced = resources(document, "aws_rds_cluster").some(({ values }) => values["database_insights_mode"] === "advanced");
  return resources(document, "aws_rds_cluster_instance")
    .filter(({ values }) => values["performance_insights_enabled"] === true)
    .filter(({ values }) => {
      const days = Number(values["performance_insights_retention_period"]);
      return !(days === 7 || days === 731 || (days > 0 && days % 31 === 0)) || (isAdvanced && days < 465);
    })
    .map(({ address, values }) => `${address}: Performance Insights keeps ${textOf(values["performance_insights_retention_period"])} days`);
}

function singleInstances(document: StackDocument): readonly string[] {
  return resources(document, "aws_db_instance")
    .filter(({ values: { replicate_source_db, backup_retention_period } }) => replicate_source_db === undefined && !(Number(backup_retention_period) >= 7))
    .map(({ address }) => `${address}: keeps backups for less than 7 days`);
}

function unversionedBuckets(document: StackDocument): readonly string[] {
  const enabled = resources(document, "aws_s3_bucket_versioning").filter(({ values }) =>
    JSON.stringify(values["versioning_configuration"]).includes('"Enabled"'),
  );
  return resources(document, "aws_s3_bucket")
    .filter(({ address }) => !enabled.some((versioning) => refersTo(versioning.values["bucket"], address)))
    .map(({ address }) => `${address}: keeps no earlier versions`);
}
