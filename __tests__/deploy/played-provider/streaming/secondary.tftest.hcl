run "the_secondary_has_a_database_of_its_own_with_its_own_key" {
  command = plan

  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.kms_key_id == aws_kms_key.database-key_C4D88439.arn && aws_rds_cluster.aurora_cluster_059EF40F.deletion_protection
    error_message = "the database is not encrypted with the database's key, or can be deleted"
  }
}

run "the_cache_survives_the_loss_of_a_zone" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.redis_group_D692ECB6.multi_az_enabled && aws_elasticache_replication_group.redis_group_D692ECB6.automatic_failover_enabled && aws_elasticache_replication_group.redis_group_D692ECB6.kms_key_id == aws_kms_key.cache-key_F293B886.arn
    error_message = "the cache is in one zone, does not fail over, or is not encrypted with the cache's key"
  }
}
