import { resources, type StackDocument } from "../synthesized-stacks.ts";
import { given, notTrue, unmet, type Requirements, type SafetyRule } from "./requirements.ts";

/** What keeps data, or a way back to it, after everything was deleted. */
const recoverable: Requirements = {
  aws_db_instance: { delete_automated_backups: false },
  aws_elasticache_replication_group: { final_snapshot_identifier: given },
  aws_kms_key: { deletion_window_in_days: 30 },
  aws_kms_replica_key: { deletion_window_in_days: 30 },
  aws_rds_cluster: { delete_automated_backups: false, skip_final_snapshot: false, final_snapshot_identifier: given },
  aws_s3_bucket: { force_destroy: false },
  aws_secretsmanager_secret: { recovery_window_in_days: 30 },
};

/** What lets AWS refuse to delete. */
const kept: Requirements = {
  aws_db_instance: { deletion_protection: true },
  aws_dynamodb_table: { deletion_protection_enabled: true },
  aws_dynamodb_table_replica: { deletion_protection_enabled: true },
  aws_lb: { enable_deletion_protection: true },
  aws_rds_cluster: { deletion_protection: true },
  aws_rds_global_cluster: { deletion_protection: true, force_destroy: notTrue },
};

const unprotected: Requirements = {
  aws_db_instance: { deletion_protection: false },
  aws_dynamodb_table: { deletion_protection_enabled: false },
  aws_dynamodb_table_replica: { deletion_protection_enabled: false },
  aws_lb: { enable_deletion_protection: false },
  aws_rds_cluster: { deletion_protection: false },
  aws_rds_global_cluster: { deletion_protection: false },
};

const gone: Requirements = {
  aws_db_instance: { skip_final_snapshot: true, delete_automated_backups: true },
  aws_rds_cluster: { skip_final_snapshot: true, delete_automated_backups: true },
  aws_s3_bucket: { force_destroy: true },
  aws_secretsmanager_secret: { recovery_window_in_days: 0 },
};

/** Production keeps everything that holds data, staging leaves nothing behind. */
export const deletion: SafetyRule = ({ document, environment }) =>
  environment === "staging"
    ? [...unmet(document, unprotected), ...unmet(document, gone)]
    : [...unmet(document, kept), ...unmet(document, recoverable), ...withoutSnapshot(document)];

/** What a stack must say that may be deleted, and brought back. */
export function recoverableDeletion(document: StackDocument): readonly string[] {
  return [...unmet(document, unprotected), ...unmet(document, recoverable), ...withoutSnapshot(document)];
}

/** A replica is only a copy: RDS takes no final snapshot of one. */
function withoutSnapshot(document: StackDocument): readonly string[] {
  return resources(document, "aws_db_instance")
    .filter(({ values }) => values["replicate_source_db"] === undefined && values["skip_final_snapshot"] !== false)
    .map(({ address }) => `${address}: is deleted without a snapshot`);
}
