/** A kind of ARN that AWS lets a statement name; how one is written stands in resource-arns.ts. */
export type ArnType =
  | "alarm"
  | "autoScalingGroup"
  | "launchTemplate"
  | "tagsOnLaunch"
  | "table"
  | "index"
  | "stream"
  | "readStream"
  | "dataStream"
  | "globalTable"
  | "service"
  | "anyService"
  | "serviceDeployment"
  | "serviceRevision"
  | "task"
  | "taskDefinition"
  | "containerCluster"
  | "replicationGroup"
  | "cacheCluster"
  | "cacheParameterGroup"
  | "function"
  | "dbInstance"
  | "anyDbInstance"
  | "dbCluster"
  | "anyDbCluster"
  | "globalCluster"
  | "clusterEndpoint"
  | "dbProxy"
  | "dbTargetGroup"
  | "dbParameterGroup"
  | "dbClusterParameterGroup"
  | "dbSubnetGroup"
  | "dbOptionGroup"
  | "blueGreenDeployment"
  | "bucket"
  | "scalableTarget"
  | "role"
  | "topic";

/** What a statement on an action may name, or why it has to be `*`. */
export type ResourceLevel = readonly [ArnType, ...ArnType[]] | { readonly everything: string };

const none: ResourceLevel = { everything: "AWS supports no resource-level permissions for it" };
const events: ResourceLevel = { everything: "a region's events are of whatever there was, of which some is no more" };

/**
 * By action, from AWS's Service Authorization Reference (https://docs.aws.amazon.com/service-authorization/latest/reference/), September 2026. A read that
 * lists is asked of whatever there is of the kind in the region, since AWS denies all of a list of which it may not tell one.
 */
export const resourceLevels: Readonly<Record<string, ResourceLevel>> = {
  "application-autoscaling:DescribeScalableTargets": none,
  "application-autoscaling:DescribeScalingPolicies": none,
  "application-autoscaling:DescribeScheduledActions": none,
  "application-autoscaling:RegisterScalableTarget": ["scalableTarget"],
  "autoscaling:DescribeAutoScalingGroups": none,
  "autoscaling:DescribeInstanceRefreshes": none,
  "autoscaling:DescribeLifecycleHooks": none,
  "autoscaling:DescribePolicies": none,
  "autoscaling:DescribeScheduledActions": none,
  "autoscaling:DescribeWarmPool": none,
  "autoscaling:CancelInstanceRefresh": ["autoScalingGroup"],
  "autoscaling:StartInstanceRefresh": ["autoScalingGroup"],
  "autoscaling:UpdateAutoScalingGroup": ["autoScalingGroup"],
  "ce:GetCostAndUsage": { everything: "it is asked of the account's own bill, which no billing view narrows" },
  "ce:GetReservationCoverage": none,
  "ce:GetReservationPurchaseRecommendation": none,
  "ce:GetReservationUtilization": none,
  "ce:GetSavingsPlansCoverage": none,
  "ce:GetSavingsPlansPurchaseRecommendation": none,
  "ce:GetSavingsPlansUtilization": none,
  "cloudtrail:LookupEvents": none,
  "cloudwatch:DescribeAlarms": ["alarm"],
  "cloudwatch:GetMetricData": { everything: "a metric has no ARN" },
  "dynamodb:DescribeContinuousBackups": ["table"],
  "dynamodb:DescribeContributorInsights": ["table", "index"],
  "dynamodb:DescribeGlobalTable": ["globalTable"],
  "dynamodb:DescribeStream": ["readStream"],
  "dynamodb:DescribeTable": ["table"],
  "dynamodb:DescribeTimeToLive": ["table"],
  "dynamodb:ListContributorInsights": none,
  "dynamodb:ListTagsOfResource": ["table", "stream"],
  "dynamodb:UpdateContributorInsights": ["table", "index"],
  "dynamodb:UpdateTable": ["table"],
  "ec2:DescribeFleets": { everything: "it is asked of whatever fleets the region has" },
  "ec2:DescribeInstances": none,
  "ec2:DescribeLaunchTemplateVersions": none,
  "ec2:DescribeSpotFleetRequests": { everything: "it is asked of whatever fleets the region has" },
  "ec2:DescribeSubnets": none,
  "ec2:DescribeTags": none,
  "ec2:CreateLaunchTemplateVersion": ["launchTemplate"],
  "ec2:CreateTags": ["tagsOnLaunch"],
  "ec2:RunInstances": { everything: "AWS asks it of all that the launch template names, and its image, snapshots and licenses may be another account's" },
  "ecs:DescribeClusters": ["containerCluster"],
  "ecs:DescribeServiceDeployments": ["service", "serviceDeployment"],
  "ecs:DescribeServiceRevisions": ["service", "serviceRevision"],
  "ecs:DescribeServices": ["anyService"],
  "ecs:DescribeTaskDefinition": none,
  "ecs:DescribeTasks": ["task"],
  "ecs:ListClusters": none,
  "ecs:ListServiceDeployments": ["service"],
  "ecs:ListServices": none,
  "ecs:ListTasks": { everything: "a statement may name instances that tasks run on, of which there are none on Fargate" },
  "ecs:RegisterTaskDefinition": ["taskDefinition"],
  "ecs:TagResource": ["taskDefinition"],
  "ecs:UpdateService": ["service"],
  "elasticache:DescribeCacheClusters": ["cacheCluster"],
  "elasticache:DescribeCacheParameters": ["cacheParameterGroup"],
  "elasticache:DescribeEvents": events,
  "elasticache:DescribeReplicationGroups": ["replicationGroup"],
  "elasticache:DescribeUpdateActions": none,
  "elasticache:ListAllowedNodeTypeModifications": ["replicationGroup"],
  "elasticache:ListTagsForResource": ["replicationGroup", "cacheCluster"],
  "elasticache:DecreaseReplicaCount": ["replicationGroup"],
  "elasticache:IncreaseReplicaCount": ["replicationGroup"],
  "elasticache:ModifyReplicationGroup": ["replicationGroup"],
  "elasticache:ModifyReplicationGroupShardConfiguration": ["replicationGroup"],
  "elasticloadbalancing:DescribeLoadBalancers": none,
  "elasticloadbalancing:DescribeTags": none,
  "elasticloadbalancing:DescribeTargetGroupAttributes": none,
  "elasticloadbalancing:DescribeTargetGroups": none,
  "elasticloadbalancing:DescribeTargetHealth": none,
  "iam:PassRole": ["role"],
  "kinesis:DescribeStreamSummary": ["dataStream"],
  "lambda:GetAccountSettings": none,
  "lambda:GetFunctionConcurrency": ["function"],
  "lambda:GetFunctionConfiguration": ["function"],
  "lambda:ListAliases": ["function"],
  "lambda:ListEventSourceMappings": none,
  "lambda:ListTags": ["function"],
  "lambda:ListVersionsByFunction": ["function"],
  "lambda:DeleteFunctionConcurrency": ["function"],
  "lambda:PutFunctionConcurrency": ["function"],
  "lambda:UpdateFunctionConfiguration": ["function"],
  "pipes:ListPipes": none,
  "rds:DescribeBlueGreenDeployments": ["blueGreenDeployment"],
  "rds:DescribeDBClusterEndpoints": ["dbCluster", "clusterEndpoint"],
  "rds:DescribeDBClusterParameters": ["dbClusterParameterGroup"],
  "rds:DescribeDBClusters": ["dbCluster"],
  "rds:DescribeDBInstances": ["anyDbInstance"],
  "rds:DescribeDBParameters": ["dbParameterGroup"],
  "rds:DescribeDBProxies": ["dbProxy"],
  "rds:DescribeDBProxyTargets": ["dbProxy", "dbTargetGroup"],
  "rds:DescribeEvents": events,
  "rds:DescribeGlobalClusters": ["globalCluster"],
  "rds:DescribeOrderableDBInstanceOptions": none,
  "rds:DescribePendingMaintenanceActions": ["anyDbInstance", "anyDbCluster"],
  "rds:AddTagsToResource": ["dbInstance"],
  "rds:CreateDBInstance": ["dbInstance", "dbCluster", "dbParameterGroup", "dbSubnetGroup", "dbOptionGroup"],
  "rds:DeleteDBInstance": ["dbInstance"],
  "rds:FailoverDBCluster": ["dbCluster", "dbInstance"],
  "rds:ModifyDBCluster": ["dbCluster"],
  "rds:ModifyDBInstance": ["dbInstance"],
  "s3:GetBucketLocation": ["bucket"],
  "s3:GetBucketTagging": ["bucket"],
  "s3:GetBucketVersioning": ["bucket"],
  "s3:GetIntelligentTieringConfiguration": ["bucket"],
  "s3:GetLifecycleConfiguration": ["bucket"],
  "s3:GetMetricsConfiguration": ["bucket"],
  "s3:PutLifecycleConfiguration": ["bucket"],
  "sns:Publish": ["topic"],
  "sts:GetCallerIdentity": none,
};
