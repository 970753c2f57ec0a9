"""One module a service or part of it; importing it extends moto. Each says what moto lacks and why this project needs it."""

from . import (  # noqa: F401
    autoscaling_groups,
    autoscaling_instances,
    autoscaling_policies,
    autoscaling_refresh,
    cloudwatch_composite_alarms,
    cloudwatch_metrics,
    dynamodb_global_tables,
    dynamodb_indexes,
    ec2_launch_templates,
    ec2_security_group_rules,
    elasticache_groups,
    elasticache_replication,
    kms_replica_keys,
    rds_database_insights,
    rds_global_clusters,
    rds_instances,
    rds_parameters,
    secret_replicas,
)
