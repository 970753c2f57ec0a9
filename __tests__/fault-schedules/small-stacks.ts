import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";

export const regions = ["us-east-1", "us-west-2"] as const;
export const owner = regions[0];

const tableArn = { "cross-stack-output-aws_dynamodb_tabletenantsarn": { value: "${aws_dynamodb_table.tenants.arn}", sensitive: true } };

type Blocks = Record<string, Record<string, object>>;

/** The smallest account in which every rule has something to do: in two regions a load balancer, a group and a cluster, and one global table. */
export function smallStacks(): StackDocuments {
  return {
    primary: { provider: provider(regions[0]), resource: { ...fleet(regions[0]), ...cluster(), ...table() }, output: tableArn, data: {} },
    secondary: { provider: provider(regions[1]), resource: { ...fleet(regions[1]), ...cluster(), ...replica() }, output: {}, data: remoteState() },
  };
}

export const names = {
  balancer: "tap-small-alb",
  group: "tap-small-asg",
  template: "tap-small-lt",
  cluster: "tap-small-aurora",
  member: (position: number): string => `tap-small-aurora-${position}`,
  table: "tap-small-tenants",
  unusedIndex: "by-plan",
} as const;

function provider(region: string): object {
  return { aws: [{ region, default_tags: [{ tags: { Project: "tap" } }] }] };
}

function fleet(region: string): Blocks {
  const zones = ["a", "b"].map((zone) => `${region}${zone}`);
  return {
    aws_vpc: { vpc: { cidr_block: "10.0.0.0/16" } },
    aws_subnet: Object.fromEntries(zones.map((zone, at) => [`s${at}`, { vpc_id: "${aws_vpc.vpc.id}", availability_zone: zone }])),
    aws_lb: { alb: { name: names.balancer, subnets: ["${aws_subnet.s0.id}", "${aws_subnet.s1.id}"] } },
    aws_lb_target_group: { api: { name: "tap-small-api", port: 8080, protocol: "HTTP", vpc_id: "${aws_vpc.vpc.id}", health_check: { path: "/health" } } },
    aws_lb_listener: {
      http: { load_balancer_arn: "${aws_lb.alb.arn}", default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.api.arn}" }] },
    },
    aws_launch_template: {
      lt: {
        name: names.template,
        image_id: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023",
        instance_type: "m5.4xlarge",
        monitoring: { enabled: true },
        tag_specifications: [{ resource_type: "instance", tags: { Role: "app" } }],
      },
    },
    aws_autoscaling_group: {
      asg: {
        name: names.group,
        min_size: 4,
        desired_capacity: 4,
        max_size: 8,
        health_check_type: "ELB",
        health_check_grace_period: 120,
        enabled_metrics: ["GroupInServiceInstances", "GroupDesiredCapacity"],
        launch_template: { id: "${aws_launch_template.lt.id}", version: "${aws_launch_template.lt.latest_version}" },
        target_group_arns: ["${aws_lb_target_group.api.arn}"],
        vpc_zone_identifier: ["${aws_subnet.s0.id}", "${aws_subnet.s1.id}"],
        tag: [{ key: "Name", value: "app", propagate_at_launch: true }],
      },
    },
  };
}

function cluster(): Blocks {
  const member = (position: number): object => ({
    identifier: names.member(position),
    cluster_identifier: "${aws_rds_cluster.cluster.id}",
    engine: "aurora-mysql",
    instance_class: "db.r6g.4xlarge",
    promotion_tier: position - 1,
  });
  return {
    aws_rds_cluster: {
      cluster: {
        cluster_identifier: names.cluster,
        engine: "aurora-mysql",
        engine_version: "8.0.mysql_aurora.3.04.0",
        master_username: "admin",
        master_password: "from-a-secret",
        backup_retention_period: 30,
      },
    },
    aws_rds_cluster_instance: { one: member(1), two: member(2) },
  };
}

function table(): Blocks {
  const indexes = [names.unusedIndex, "by-domain"];
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
    },
  };
}

function replica(): Blocks {
  return {
    aws_dynamodb_table_replica: {
      tenants: {
        global_table_arn: "${data.terraform_remote_state.cross-stack-reference-input-primary.outputs.cross-stack-output-aws_dynamodb_tabletenantsarn}",
      },
    },
  };
}

function remoteState(): object {
  return { terraform_remote_state: { "cross-stack-reference-input-primary": { backend: "local", workspace: "${terraform.workspace}" } } };
}
