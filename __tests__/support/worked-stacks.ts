import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { east, indexDefinition, west } from "./plan-builder.ts";

type Blocks = Record<string, Record<string, object>>;

/** What the plans of `plan-builder.ts` are about, as cdktf writes it: the east owns the table and has a second group, the west a replica of it. */
export function workedStacks(): StackDocuments {
  return {
    primary: { provider: provider(east), resource: { ...groups(east, ["web", "api"]), ...database(east), ...table() }, output: { ...tableOutput } },
    secondary: { provider: provider(west), resource: { ...groups(west, ["web"]), ...database(west), ...replica }, data: { ...primaryState } },
  };
}

const tableOutput = { "cross-stack-output-aws_dynamodb_tabletenantsarn": { value: "${aws_dynamodb_table.tenants.arn}", sensitive: true } };
const primaryState = { terraform_remote_state: { "cross-stack-reference-input-primary": { backend: "local", workspace: "${terraform.workspace}" } } };

function provider(region: string): object {
  return { aws: [{ region }] };
}

function groups(region: string, names: readonly string[]): Blocks {
  const template = (name: string): object => ({ name: `${name}-${region}`, image_id: "ami-0123456789abcdef0", instance_type: "m5.4xlarge" });
  const group = (name: string): object => ({
    name: `${name}-${region}`,
    min_size: 6,
    desired_capacity: 8,
    max_size: 15,
    // Without it each new instance would be waited for five minutes more.
    health_check_grace_period: 0,
    availability_zones: [`${region}a`, `${region}b`],
    launch_template: { id: `\${aws_launch_template.${name}.id}`, version: `\${aws_launch_template.${name}.latest_version}` },
  });
  return {
    aws_launch_template: Object.fromEntries(names.map((name) => [name, template(name)])),
    aws_autoscaling_group: Object.fromEntries(names.map((name) => [name, group(name)])),
  };
}

function table(): Blocks {
  const key = indexDefinition.key[0]!;
  return {
    aws_dynamodb_table: {
      tenants: {
        name: "tenants",
        billing_mode: "PAY_PER_REQUEST",
        hash_key: "id",
        stream_enabled: true,
        stream_view_type: "NEW_AND_OLD_IMAGES",
        attribute: [
          { name: "id", type: "S" },
          { name: key.name, type: key.attributeType },
        ],
        global_secondary_index: [{ name: indexDefinition.name, hash_key: key.name, projection_type: indexDefinition.projection.type }],
      },
    },
  };
}

const replica: Blocks = {
  aws_dynamodb_table_replica: {
    tenants: { global_table_arn: "${data.terraform_remote_state.cross-stack-reference-input-primary.outputs.cross-stack-output-aws_dynamodb_tabletenantsarn}" },
  },
};

function database(region: string): Blocks {
  const instance = (position: number): object => ({
    identifier: `${region}-${position}`,
    cluster_identifier: "${aws_rds_cluster.cluster.id}",
    engine: "aurora-mysql",
    instance_class: "db.r6g.4xlarge",
    promotion_tier: 1,
  });
  return {
    aws_rds_cluster: {
      cluster: {
        cluster_identifier: `aurora-${region}`,
        engine: "aurora-mysql",
        engine_version: "8.0",
        master_username: "admin",
        master_password: "from-a-secret",
        backup_retention_period: 14,
      },
    },
    aws_rds_cluster_instance: { one: instance(1), two: instance(2) },
  };
}
