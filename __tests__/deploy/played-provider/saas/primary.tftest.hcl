run "production_cannot_be_deleted_by_mistake" {
  command = plan

  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.deletion_protection && !aws_rds_cluster.aurora_cluster_059EF40F.skip_final_snapshot
    error_message = "the database can be deleted, or without a last snapshot"
  }
  assert {
    condition     = aws_lb.load-balancer_30A23327.enable_deletion_protection
    error_message = "the load balancer can be deleted"
  }
  assert {
    condition     = aws_dynamodb_table.table-tenants_table_B0BE55D9.deletion_protection_enabled && aws_dynamodb_table.table-audit-logs_table_6C2F80E4.deletion_protection_enabled
    error_message = "a table can be deleted"
  }
}

run "every_store_has_the_key_of_its_class" {
  command = plan

  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.kms_key_id == aws_kms_key.database-key_C4D88439.arn
    error_message = "the database is not encrypted with the database's key"
  }
  assert {
    condition     = aws_elasticache_replication_group.redis_group_D692ECB6.kms_key_id == aws_kms_key.cache-key_F293B886.arn
    error_message = "the cache is not encrypted with the cache's key"
  }
  assert {
    condition     = alltrue([for one in aws_dynamodb_table.table-users_table_0A581640.server_side_encryption : one.enabled && one.kms_key_arn == aws_kms_key.tables-key_46438B28.arn])
    error_message = "a table is not encrypted with the tables' key"
  }
}

run "the_fleet_scales_between_twelve_and_twenty_five" {
  command = plan

  assert {
    condition     = aws_autoscaling_group.fleet_group_B839149E.min_size == 12 && aws_autoscaling_group.fleet_group_B839149E.max_size == 25
    error_message = "the fleet has other bounds"
  }
}
