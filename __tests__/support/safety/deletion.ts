import { resources } from "../synthesized-stacks.ts";
import { given, notTrue, unmet, type Requirements, type SafetyRule } from "./requirements.ts";

const kept: Requirements = {
  aws_db_instance: { deletion_protection: true },
  aws_dynamodb_table: { deletion_protection_enabled: true },
  aws_dynamodb_table_replica: { deletion_protection_enabled: true },
  aws_elasticache_replication_group: { final_snapshot_identifier: given },
  aws_kms_key: { deletion_window_in_days: 30 },
  aws_lb: { enable_deletion_protection: true },
  aws_rds_cluster: { deletion_protection: true, skip_final_snapshot: false, final_snapshot_identifier: given },
  aws_rds_global_cluster: { deletion_protection: true, force_destroy: notTrue },
  aws_s3_bucket: { force_destroy: false },
  aws_secretsmanager_secret: { recovery_window_in_days: 30 },
};

const disposable: Requirements = {
  aws_db_instance: { deletion_protection: false, skip_final_snapshot: true },
  aws_dynamodb_table: { deletion_protection_enabled: false },
  aws_dynamodb_table_replica: { deletion_protection_enabled: false },
  aws_lb: { enable_deletion_protection: false },
  aws_rds_cluster: { deletion_protection: false, skip_final_snapshot: true },
  aws_rds_global_cluster: { deletion_protection: false },
  aws_s3_bucket: { force_destroy: true },
  aws_secretsmanager_secret: { recovery_window_in_days: 0 },
};

/** Production keeps everything that holds data, staging leaves nothing behind. */
export const deletion: SafetyRule = ({ document, environment }) =>
  environment === "staging"
    ? unmet(document, disposable)
    : [
        ...unmet(document, kept),
        // A replica is only a copy: RDS takes no final snapshot of one.
        ...resources(document, "aws_db_instance")
          .filter(({ values }) => values["replicate_source_db"] === undefined && values["skip_final_snapshot"] !== false)
          .map(({ address }) => `${address}: is deleted without a snapshot`),
      ];
