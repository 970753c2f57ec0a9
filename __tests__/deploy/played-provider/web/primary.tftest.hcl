run "production_has_a_standby_and_cannot_be_deleted_by_mistake" {
  command = plan

  assert {
    condition     = aws_db_instance.mysql_instance_FB221159.multi_az && aws_db_instance.mysql_instance_FB221159.deletion_protection && !aws_db_instance.mysql_instance_FB221159.skip_final_snapshot
    error_message = "the database has no standby, or can be deleted, or without a last snapshot"
  }
  assert {
    condition     = aws_db_instance.mysql_instance_FB221159.backup_retention_period == 7 && aws_db_instance.mysql_instance_FB221159.storage_encrypted
    error_message = "the database is not backed up for seven days, or not encrypted"
  }
  assert {
    condition     = aws_lb.load-balancer_30A23327.enable_deletion_protection
    error_message = "the load balancer can be deleted"
  }
}

run "the_fleet_scales_between_one_and_six" {
  command = plan

  assert {
    condition     = aws_autoscaling_group.fleet_group_B839149E.min_size == 1 && aws_autoscaling_group.fleet_group_B839149E.max_size == 6
    error_message = "the fleet has other bounds"
  }
}
