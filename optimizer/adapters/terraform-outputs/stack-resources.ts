import type { OutputName } from "../../../contract/outputs.ts";
import type { Json, JsonObject } from "./json-documents.ts";
import { meaningOfOutput, type KeyMeaning } from "./key-meanings.ts";

/** A resource of a stack, under its logical id. */
interface StackResource {
  readonly key: string;
  readonly value: Json;
  readonly meaning: KeyMeaning;
}

interface ResourcesOfStack {
  readonly name?: string;
  readonly stackId?: string;
  readonly members: readonly StackResource[];
}

/**
 * Types whose physical id is a name, which is what `Ref` returns of them
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html). Load balancers, target
 * groups and ECS services have an ARN there, which tells by itself what it is.
 */
const namedTypes: ReadonlyMap<Json | undefined, OutputName> = new Map([
  ["AWS::AutoScaling::AutoScalingGroup", "asg_name"],
  ["AWS::DynamoDB::Table", "dynamodb_tables"],
  ["AWS::DynamoDB::GlobalTable", "dynamodb_tables"],
  ["AWS::RDS::DBCluster", "aurora_cluster_id"],
  ["AWS::RDS::GlobalCluster", "aurora_global_cluster_id"],
  ["AWS::RDS::DBInstance", "rds_instance_id"],
  ["AWS::ElastiCache::ReplicationGroup", "redis_replication_group_id"],
  ["AWS::Lambda::Function", "function_names"],
  ["AWS::ECS::Cluster", "ecs_cluster_name"],
]);

/** What `describe-stack-resources` and `list-stack-resources` tell, by stack; `undefined` for any other list. */
export function stackResources(value: readonly Json[] | undefined): { readonly kind: "stacks"; readonly stacks: readonly ResourcesOfStack[] } | undefined {
  if (value === undefined || value.length === 0 || !value.every(isResource)) return undefined;
  const byStack = new Map<string | undefined, JsonObject[]>();
  for (const resource of value) {
    const id = typeof resource["StackId"] === "string" ? resource["StackId"] : undefined;
    byStack.set(id, [...(byStack.get(id) ?? []), resource]);
  }
  return { kind: "stacks", stacks: [...byStack].map(([stackId, resources]) => ofStack(stackId, resources)) };
}

function ofStack(stackId: string | undefined, resources: readonly JsonObject[]): ResourcesOfStack {
  const name = resources.map(({ StackName: given }) => given).find((given) => typeof given === "string");
  // Members of a cluster are the cluster's; of a stack that has clusters, its instances are those.
  const hasCluster = resources.some(({ ResourceType: type }) => type === "AWS::RDS::DBCluster");
  const members = resources.flatMap(({ LogicalResourceId: key, PhysicalResourceId: id, ResourceType: type, ResourceStatus: status }) => {
    if (typeof key !== "string" || id === undefined || status === "DELETE_COMPLETE") return [];
    const output = hasCluster && type === "AWS::RDS::DBInstance" ? undefined : namedTypes.get(type);
    return [{ key, value: id, meaning: output === undefined ? { kind: "unknown" as const } : meaningOfOutput(output) }];
  });
  return { ...(name === undefined ? {} : { name }), ...(stackId === undefined ? {} : { stackId }), members };
}

function isResource(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "LogicalResourceId" in value && "ResourceType" in value;
}
