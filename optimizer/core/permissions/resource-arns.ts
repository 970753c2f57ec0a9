import type { Deployment } from "../model/deployment.ts";
import type { ResourceKind } from "../model/resource-ref.ts";
import type { ArnType } from "./resource-level.ts";

/** Where ARNs are of; `*` for what is not known. */
export interface ArnPlace {
  readonly partition: string;
  readonly account: string;
  /** Whom the policy pages, if anybody. */
  readonly topicArn?: string;
}

/** What outputs name of a region; without outputs, everything that there may be anywhere. */
export type Named = Pick<Deployment, "region" | "components"> & { readonly ids: Readonly<Record<ResourceKind, readonly string[]>> };

/** The names by which outputs tell a region's resources of each kind. */
export function namedBy(deployment: Deployment): Named {
  const { region, components } = deployment;
  return {
    region,
    components,
    ids: {
      "load-balancer": deployment.loadBalancers,
      "auto-scaling-group": deployment.autoScalingGroups,
      "dynamodb-table": deployment.tables.map(({ name }) => name),
      "aurora-cluster": deployment.auroraClusters,
      "rds-instance": deployment.rdsInstances,
      "redis-replication-group": deployment.redisReplicationGroups,
      "s3-bucket": deployment.dataBuckets,
      "lambda-function": deployment.functions ?? [],
      "ecs-service": deployment.containerServices ?? [],
      region: deployment.role === "secondary" ? [region] : [],
    },
  };
}

const any = ["*"];

/** Whatever there may be, in any region. */
export const anything: Named = {
  region: "*",
  components: {},
  ids: {
    "load-balancer": any,
    "auto-scaling-group": any,
    "dynamodb-table": any,
    "aurora-cluster": any,
    "rds-instance": any,
    "redis-replication-group": any,
    "s3-bucket": any,
    "lambda-function": any,
    "ecs-service": any,
    region: any,
  },
};

/** The ARNs of a type that a statement names; none where the outputs name nothing of its kind. */
export function arnsOf(type: ArnType, { partition, account, topicArn }: ArnPlace, named: Named): readonly string[] {
  const { region, ids } = named;
  const arn = (service: string, rest: string, where = region): string => `arn:${partition}:${service}:${where}:${account}:${rest}`;
  const each = (kind: ResourceKind, write: (id: string) => string): readonly string[] => ids[kind].map(write);
  /** Outputs name a database or a cache, and not what AWS made for it. */
  const where = (kinds: readonly ResourceKind[], ...arns: readonly string[]): readonly string[] => (kinds.some((kind) => ids[kind].length > 0) ? arns : []);
  const databases: readonly ResourceKind[] = ["aurora-cluster", "rds-instance"];
  switch (type) {
    case "alarm":
      return where(["auto-scaling-group"], arn("cloudwatch", "alarm:*"));
    case "autoScalingGroup":
      return each("auto-scaling-group", (id) => arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${id}`));
    case "launchTemplate":
      return where(["auto-scaling-group"], arn("ec2", "launch-template/*"));
    case "tagsOnLaunch":
      return where(["auto-scaling-group"], ...["instance", "volume", "network-interface", "spot-instances-request"].map((kind) => arn("ec2", `${kind}/*`)));
    case "table":
      return each("dynamodb-table", (id) => arn("dynamodb", `table/${id}`));
    case "index":
      return each("dynamodb-table", (id) => arn("dynamodb", `table/${id}/index/*`));
    case "stream":
      return each("dynamodb-table", (id) => arn("dynamodb", `table/${id}/stream/*`));
    case "readStream":
      return where(["lambda-function"], arn("dynamodb", "table/*/stream/*"));
    case "dataStream":
      return where(["lambda-function"], arn("kinesis", "stream/*"));
    case "globalTable":
      return each("dynamodb-table", (id) => arn("dynamodb", `global-table/${id}`, ""));
    case "service":
      return each("ecs-service", (id) => arn("ecs", `service/${id}`));
    case "anyService":
      return where(["ecs-service"], arn("ecs", "service/*"));
    case "serviceDeployment":
      return each("ecs-service", (id) => arn("ecs", `service-deployment/${id}/*`));
    case "serviceRevision":
      return each("ecs-service", (id) => arn("ecs", `service-revision/${id}/*`));
    case "task":
      return [...new Set(each("ecs-service", (id) => arn("ecs", `task/${id.replace(/\/.*$/s, "")}/*`)))];
    case "containerCluster":
      return [...new Set(each("ecs-service", (id) => arn("ecs", `cluster/${id.replace(/\/.*$/s, "")}`)))];
    case "taskDefinition":
      return where(["ecs-service"], arn("ecs", "task-definition/*"));
    case "replicationGroup":
      return each("redis-replication-group", (id) => arn("elasticache", `replicationgroup:${id}`));
    case "cacheCluster":
      return where(["redis-replication-group"], arn("elasticache", "cluster:*"));
    case "cacheParameterGroup":
      return where(["redis-replication-group"], arn("elasticache", "parametergroup:*"));
    case "function":
      return each("lambda-function", (id) => arn("lambda", `function:${id}`));
    case "dbInstance":
      return dbInstances(named).map((id) => arn("rds", `db:${id}`));
    case "anyDbInstance":
      return where(databases, arn("rds", "db:*"));
    case "dbCluster":
      return each("aurora-cluster", (id) => arn("rds", `cluster:${id}`));
    case "anyDbCluster":
      return where(databases, arn("rds", "cluster:*"));
    case "globalCluster":
      return where(["aurora-cluster"], arn("rds", "global-cluster:*", ""));
    case "clusterEndpoint":
      return where(["aurora-cluster"], arn("rds", "cluster-endpoint:*"));
    case "dbProxy":
      return where(databases, arn("rds", "db-proxy:*"));
    case "dbTargetGroup":
      return where(databases, arn("rds", "target-group:*"));
    case "dbParameterGroup":
      return where(databases, arn("rds", "pg:*"));
    case "dbClusterParameterGroup":
      return where(["aurora-cluster"], arn("rds", "cluster-pg:*"));
    case "dbSubnetGroup":
      return where(databases, arn("rds", "subgrp:*"));
    case "dbOptionGroup":
      return where(databases, arn("rds", "og:*"));
    case "blueGreenDeployment":
      return where(databases, arn("rds", "deployment:*"));
    case "bucket":
      return each("s3-bucket", (id) => `arn:${partition}:s3:::${id}`);
    case "scalableTarget":
      return where(["dynamodb-table", "ecs-service"], arn("application-autoscaling", "scalable-target/*"));
    case "role":
      return where(["auto-scaling-group", "ecs-service", "aurora-cluster"], `arn:${partition}:iam::${account}:role/*`);
    case "topic":
      return topicArn === undefined ? [] : [topicArn];
  }
}

/** Instances outside of clusters by their names. Members by theirs where the outputs' components tell them, else any of the region. */
function dbInstances({ ids, components }: Named): readonly string[] {
  const members = Object.values(components).flatMap((stack) =>
    Object.values(stack).flatMap(({ type, id }) => (type === "aws_rds_cluster_instance" ? [id] : [])),
  );
  const ofClusters = ids["aurora-cluster"].length === 0 ? [] : members.length > 0 ? members : any;
  return [...new Set([...ids["rds-instance"], ...ofClusters])];
}
