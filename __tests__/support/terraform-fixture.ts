import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";

export interface FixtureSizes {
  readonly instanceType?: string;
  readonly desiredCapacity?: number;
  readonly indexes?: readonly string[];
  /** By instance number, 1 to 3. */
  readonly classes?: Readonly<Record<number, string>>;
  readonly ignoreTagKeys?: readonly string[];
}

export const names = {
  group: "tap-test-asg",
  table: "tap-test-tenants",
  /** Without a replica. */
  regionalTable: "tap-test-audit",
  cluster: "tap-test-aurora",
  instance: (position: number): string => `tap-test-aurora-${position}`,
  mysql: "tap-test-mysql",
  redis: "tap-test-redis",
  bucket: "tap-test-data",
  balancer: "tap-test-alb",
  lambda: "tap-test-archive",
  containers: "tap-test-cluster",
  service: "tap-test-app",
  /** Of tasks that no service runs. */
  otherFamily: "tap-test-other",
} as const;

type Blocks = Record<string, Record<string, object>>;

/** Two small stacks as cdktf writes them: a primary with everything, a secondary with a table replica and a secondary cluster. */
export function fixtureStacks(sizes: FixtureSizes = {}): StackDocuments {
  return {
    primary: {
      provider: provider("us-east-1", sizes),
      resource: { ...network(), ...fleet(sizes), ...tables(sizes), ...aurora(sizes), ...mysql(), ...redis(), ...bucket(), ...lambda(), ...containers() },
      data: { aws_caller_identity: { caller: {} } },
      output: {
        alb_full_name: { value: "${aws_lb.alb.arn_suffix}" },
        asg_name: { value: "${aws_autoscaling_group.asg.name}", sensitive: false },
        dynamodb_tables: { value: { tenants: { name: "${aws_dynamodb_table.tenants.name}", arn: "${aws_dynamodb_table.tenants.arn}" } } },
        subnet_ids: { value: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"] },
        redis_auth: { value: "${aws_elasticache_replication_group.redis.configuration_endpoint_address}", sensitive: true },
        "cross-stack-output-aws_rds_global_clusterglobalid": { value: "${aws_rds_global_cluster.global.id}", sensitive: true },
        "cross-stack-output-aws_dynamodb_tabletenantsarn": { value: "${aws_dynamodb_table.tenants.arn}", sensitive: true },
      },
    },
    secondary: {
      provider: provider("us-west-2", sizes),
      resource: {
        aws_dynamodb_table_replica: {
          tenants: {
            global_table_arn: "${data.terraform_remote_state.cross-stack-reference-input-primary.outputs.cross-stack-output-aws_dynamodb_tabletenantsarn}",
          },
        },
        aws_rds_cluster: {
          cluster: {
            cluster_identifier: names.cluster,
            engine: "aurora-mysql",
            engine_version: "8.0.mysql_aurora.3.04.0",
            global_cluster_identifier:
              "${data.terraform_remote_state.cross-stack-reference-input-primary.outputs.cross-stack-output-aws_rds_global_clusterglobalid}",
          },
        },
        aws_rds_cluster_instance: { one: instance(1, sizes) },
      },
      data: { terraform_remote_state: { "cross-stack-reference-input-primary": { backend: "local", workspace: "${terraform.workspace}" } } },
      output: { aurora_cluster_id: { value: "${aws_rds_cluster.cluster.cluster_identifier}" } },
    },
  };
}

function provider(region: string, { ignoreTagKeys }: FixtureSizes): object {
  return {
    aws: [
      { region, default_tags: [{ tags: { Project: "tap" } }], ...(ignoreTagKeys === undefined ? {} : { ignore_tags: [{ keys: ignoreTagKeys }] }) },
      { region: region === "us-east-1" ? "us-west-2" : "us-east-1", alias: "peer" },
    ],
  };
}

function lambda(): Blocks {
  return {
    aws_lambda_function: { archive: { function_name: names.lambda, runtime: "nodejs22.x", architectures: ["arm64"], memory_size: 3008, timeout: 900 } },
    aws_lambda_event_source_mapping: {
      archive: { function_name: "${aws_lambda_function.archive.arn}", event_source_arn: "${aws_dynamodb_table.tenants.arn}/stream/2024-01-01T00:00:00.000" },
    },
  };
}

function containers(): Blocks {
  const container = { name: "app", image: "app:1", essential: true, portMappings: [{ containerPort: 8080 }] };
  return {
    aws_ecs_cluster: { main: { name: names.containers, setting: [{ name: "containerInsights", value: "enabled" }] } },
    aws_ecs_task_definition: {
      app: {
        family: names.service,
        requires_compatibilities: ["FARGATE"],
        network_mode: "awsvpc",
        cpu: "1024",
        memory: "2048",
        container_definitions: JSON.stringify([container]),
        track_latest: true,
      },
      other: { family: names.otherFamily, cpu: "256", memory: "512", container_definitions: JSON.stringify([container]) },
    },
    aws_ecs_service: {
      app: {
        name: names.service,
        cluster: "${aws_ecs_cluster.main.id}",
        task_definition: "${aws_ecs_task_definition.app.arn}",
        launch_type: "FARGATE",
        desired_count: 8,
        deployment_circuit_breaker: [{ enable: true, rollback: true }],
        network_configuration: [{ subnets: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"] }],
        lifecycle: { ignore_changes: ["desired_count"] },
      },
    },
  };
}

function network(): Blocks {
  return {
    aws_vpc: { vpc: { cidr_block: "10.0.0.0/16" } },
    aws_subnet: {
      a: { vpc_id: "${aws_vpc.vpc.id}", availability_zone: "us-east-1a" },
      b: { vpc_id: "${aws_vpc.vpc.id}", availability_zone: "us-east-1b" },
    },
    aws_lb: { alb: { name: names.balancer, subnets: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"], tags: { Name: "edge" } } },
    aws_lb_target_group: { api: { name: "tap-test-api", port: 8080, protocol: "HTTP", vpc_id: "${aws_vpc.vpc.id}", health_check: { path: "/health" } } },
    aws_lb_listener: { http: { load_balancer_arn: "${aws_lb.alb.arn}", default_action: [{ type: "fixed-response" }] } },
    aws_lb_listener_rule: {
      api: { listener_arn: "${aws_lb_listener.http.arn}", action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.api.arn}" }] },
    },
  };
}

function fleet({ instanceType = "m5.4xlarge", desiredCapacity = 10 }: FixtureSizes): Blocks {
  return {
    aws_launch_template: {
      lt: {
        name: "tap-test-lt",
        image_id: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023",
        instance_type: instanceType,
        monitoring: { enabled: true },
        user_data: "IyEvYmluL3No",
        block_device_mappings: [{ device_name: "/dev/xvda", ebs: { volume_size: 30, encrypted: "true" } }],
        tag_specifications: [{ resource_type: "instance", tags: { Role: "app" } }],
      },
    },
    aws_autoscaling_group: {
      asg: {
        name: names.group,
        min_size: 8,
        desired_capacity: desiredCapacity,
        max_size: 20,
        health_check_type: "ELB",
        health_check_grace_period: 120,
        launch_template: { id: "${aws_launch_template.lt.id}", version: "${aws_launch_template.lt.latest_version}" },
        target_group_arns: ["${aws_lb_target_group.api.arn}"],
        vpc_zone_identifier: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"],
        tag: [{ key: "Name", value: "app", propagate_at_launch: true }],
        lifecycle: { ignore_changes: ["desired_capacity"] },
      },
    },
    aws_autoscaling_policy: {
      cpu: {
        name: "tap-test-cpu",
        autoscaling_group_name: "${aws_autoscaling_group.asg.name}",
        policy_type: "TargetTrackingScaling",
        target_tracking_configuration: {
          target_value: 60,
          predefined_metric_specification: {
            predefined_metric_type: "ALBRequestCountPerTarget",
            resource_label: "${aws_lb.alb.arn_suffix}/${aws_lb_target_group.api.arn_suffix}",
          },
        },
      },
    },
    aws_cloudwatch_metric_alarm: { cpu: { alarm_name: "tap-test-cpu", dimensions: { AutoScalingGroupName: "${aws_autoscaling_group.asg.name}" } } },
  };
}

function tables({ indexes = ["by-plan", "by-domain"] }: FixtureSizes): Blocks {
  return {
    aws_dynamodb_table: {
      tenants: {
        name: names.table,
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "pk",
        attribute: ["pk", ...indexes].map((name) => ({ name, type: "S" })),
        global_secondary_index: indexes.map((name) => ({ name, hash_key: name, projection_type: "ALL" })),
        stream_enabled: true,
        stream_view_type: "NEW_AND_OLD_IMAGES",
        lifecycle: { ignore_changes: ["replica"] },
      },
      audit: {
        name: names.regionalTable,
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "pk",
        attribute: ["pk", "by-day"].map((name) => ({ name, type: "S" })),
        global_secondary_index: [{ name: "by-day", hash_key: "by-day", projection_type: "ALL" }],
        stream_enabled: true,
        stream_view_type: "NEW_AND_OLD_IMAGES",
        ttl: { attribute_name: "until", enabled: true },
        point_in_time_recovery: { enabled: true },
      },
    },
    aws_appautoscaling_target: {
      reads: {
        service_namespace: "dynamodb",
        resource_id: `table/${names.table}`,
        scalable_dimension: "dynamodb:table:ReadCapacityUnits",
        min_capacity: 5,
        max_capacity: 50,
      },
      audit: {
        service_namespace: "dynamodb",
        resource_id: `table/${names.regionalTable}`,
        scalable_dimension: "dynamodb:table:WriteCapacityUnits",
        min_capacity: 5,
        max_capacity: 50,
      },
      tasks: {
        service_namespace: "ecs",
        resource_id: `service/${names.containers}/${names.service}`,
        scalable_dimension: "ecs:service:DesiredCount",
        min_capacity: 8,
        max_capacity: 24,
      },
    },
  };
}

function aurora(sizes: FixtureSizes): Blocks {
  return {
    aws_rds_global_cluster: { global: { global_cluster_identifier: "tap-test-global", engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.04.0" } },
    aws_rds_cluster_parameter_group: {
      cluster: { name: names.cluster, family: "aurora-mysql8.0", parameter: [{ name: "require_secure_transport", value: "ON" }] },
    },
    aws_rds_cluster: {
      cluster: {
        cluster_identifier: names.cluster,
        engine: "aurora-mysql",
        engine_version: "8.0.mysql_aurora.3.04.0",
        master_username: "admin",
        master_password: "from-a-secret",
        backup_retention_period: 30,
        db_cluster_parameter_group_name: "${aws_rds_cluster_parameter_group.cluster.name}",
        // A cluster has it before its first serverless member.
        serverlessv2_scaling_configuration: { min_capacity: 4, max_capacity: 16 },
        global_cluster_identifier: "${aws_rds_global_cluster.global.id}",
      },
    },
    aws_rds_cluster_instance: { one: instance(1, sizes), two: instance(2, sizes), three: instance(3, sizes) },
  };
}

function instance(position: number, { classes = {} }: FixtureSizes): object {
  return {
    identifier: names.instance(position),
    cluster_identifier: "${aws_rds_cluster.cluster.id}",
    engine: "aurora-mysql",
    instance_class: classes[position] ?? "db.r6g.4xlarge",
    promotion_tier: position - 1,
  };
}

function mysql(): Blocks {
  return {
    aws_db_parameter_group: {
      mysql: {
        name: "tap-test-mysql-8-0",
        family: "mysql8.0",
        parameter: [
          { name: "max_connections", value: "500" },
          { name: "slow_query_log", value: "1" },
        ],
      },
    },
    aws_db_instance: {
      mysql: {
        identifier: names.mysql,
        engine: "mysql",
        engine_version: "8.0",
        instance_class: "db.m6g.2xlarge",
        allocated_storage: 100,
        storage_type: "gp3",
        multi_az: true,
        parameter_group_name: "${aws_db_parameter_group.mysql.name}",
        backup_retention_period: 30,
        username: "admin",
        password: "from-a-secret",
      },
    },
  };
}

function redis(): Blocks {
  return {
    aws_elasticache_replication_group: {
      redis: { replication_group_id: names.redis, description: "sessions", node_type: "cache.r6g.4xlarge", num_node_groups: 2, replicas_per_node_group: 1 },
    },
  };
}

function bucket(): Blocks {
  return {
    aws_s3_bucket: { data: { bucket: names.bucket } },
    aws_s3_bucket_versioning: { data: { bucket: "${aws_s3_bucket.data.id}", versioning_configuration: { status: "Enabled" } } },
    aws_s3_bucket_lifecycle_configuration: {
      data: {
        bucket: "${aws_s3_bucket.data.id}",
        rule: [
          { id: "old-versions", status: "Enabled", filter: [{ prefix: "" }], noncurrent_version_expiration: [{ noncurrent_days: 30 }] },
          { id: "storage-class", status: "Enabled", filter: [{ prefix: "" }], transition: [{ days: 0, storage_class: "INTELLIGENT_TIERING" }] },
        ],
        transition_default_minimum_object_size: "varies_by_storage_class",
      },
    },
  };
}
