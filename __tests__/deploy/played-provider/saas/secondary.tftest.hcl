run "the_secondary_joins_the_global_database_with_a_key_of_its_own_and_no_credentials" {
  command = plan

  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.master_password == null && coalesce(aws_rds_cluster.aurora_cluster_059EF40F.manage_master_user_password, false) == false
    error_message = "a secondary cluster takes its credentials from the primary: AWS refuses others"
  }
  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.kms_key_id == aws_kms_key.database-key_C4D88439.arn
    error_message = "a key is of one region: the secondary needs its own"
  }
  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.global_cluster_identifier == data.terraform_remote_state.cross-stack-reference-input-primary.outputs["cross-stack-output-aws_rds_global_clusteraurora-globalid"]
    error_message = "the cluster is of another global database, or of none"
  }
}

run "replicas_of_tables_have_keys_of_their_own_and_are_protected" {
  command = plan

  assert {
    condition     = aws_dynamodb_table_replica.table-tenants_replica_66D836A3.kms_key_arn == aws_kms_key.tables-key_46438B28.arn
    error_message = "a key is of one region: the replica needs its own"
  }
  assert {
    condition     = aws_dynamodb_table_replica.table-users_replica_F819A39B.deletion_protection_enabled && aws_dynamodb_table_replica.table-users_replica_F819A39B.point_in_time_recovery
    error_message = "a replica can be deleted, or not be restored"
  }
}
