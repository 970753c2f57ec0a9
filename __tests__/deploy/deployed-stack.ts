import { type StackOutputs, stackOutputsSchema } from "../../contract/outputs.ts";
import type { StackName } from "./terraform-project.ts";

/** What one stack's outputs say, without Terraform's wrapper around each value. */
export function stackOutputs(document: string): StackOutputs {
  const wrapped = JSON.parse(document) as Readonly<Record<string, { readonly sensitive: boolean; readonly value: unknown }>>;
  const plain = Object.entries(wrapped).flatMap(([name, { sensitive, value }]) => (sensitive ? [] : [[name, value]]));
  return stackOutputsSchema.parse(Object.fromEntries(plain));
}

/** The identifiers that a test plays metrics for and looks at. */
export interface DeployedStack {
  readonly stack: StackName;
  readonly region: string;
  readonly loadBalancer: string;
  readonly targetGroups: readonly string[];
  readonly group: string;
  readonly auroraCluster: string;
  readonly auroraMembers: readonly string[];
  readonly tables: Readonly<Record<string, string>>;
}

export function deployedStack(stack: StackName, document: string): DeployedStack {
  const outputs = stackOutputs(document);
  const members = Object.values(outputs.components ?? {}).flatMap(({ type, id }) => (type === "aws_rds_cluster_instance" ? [id] : []));
  return {
    stack,
    region: outputs.stack_region,
    loadBalancer: required(outputs.alb_full_name, "alb_full_name"),
    targetGroups: required(outputs.target_group_full_names, "target_group_full_names"),
    group: required(outputs.asg_name, "asg_name"),
    auroraCluster: required(outputs.aurora_cluster_id, "aurora_cluster_id"),
    auroraMembers: members,
    tables: Object.fromEntries(Object.entries(required(outputs.dynamodb_tables, "dynamodb_tables")).map(([key, { name }]) => [key, name])),
  };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}
