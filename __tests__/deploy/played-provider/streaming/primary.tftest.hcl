run "the_service_rolls_back_by_itself_and_keeps_all_its_tasks_meanwhile" {
  command = plan

  assert {
    condition     = alltrue([for one in aws_ecs_service.service_E7C408F2.deployment_circuit_breaker : one.enable && one.rollback])
    error_message = "a deployment that fails is not rolled back"
  }
  assert {
    condition     = aws_ecs_service.service_E7C408F2.deployment_minimum_healthy_percent >= 100
    error_message = "a deployment takes tasks away before it has others"
  }
  assert {
    condition     = alltrue([for one in aws_ecs_service.service_E7C408F2.network_configuration : !one.assign_public_ip])
    error_message = "tasks have public addresses"
  }
}

run "the_database_scales_between_four_and_sixteen_units_and_is_protected" {
  command = plan

  assert {
    condition     = alltrue([for one in aws_rds_cluster.aurora_cluster_059EF40F.serverlessv2_scaling_configuration : one.min_capacity == 4 && one.max_capacity == 16])
    error_message = "the database has other bounds"
  }
  assert {
    condition     = aws_rds_cluster.aurora_cluster_059EF40F.deletion_protection && aws_rds_cluster.aurora_cluster_059EF40F.backup_retention_period == 35
    error_message = "the database can be deleted, or is not backed up for 35 days"
  }
}

run "functions_take_what_the_account_has_left" {
  command = plan

  assert {
    condition = alltrue([for one in [
      aws_lambda_function.function-ingest_function_8CFEA1D5,
      aws_lambda_function.function-transform_function_E6CAEBC0,
      aws_lambda_function.function-archive_function_9E2BF8DA,
    ] : coalesce(one.reserved_concurrent_executions, -1) == -1 && one.memory_size == 3008 && one.timeout == 900])
    error_message = "a function reserves concurrency, which is an account's limit, or has another size"
  }
}
