import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { DescribeLaunchTemplateVersionsCommand, DescribeTagsCommand as DescribeInstanceTagsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeReplicationGroupsCommand, ElastiCacheClient, ListTagsForResourceCommand } from "@aws-sdk/client-elasticache";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Deployment } from "../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../support/empty-deployment.ts";

const region = "us-east-1";
const account = "123456789012";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const autoScaling = mockClient(AutoScalingClient);
const dynamoDb = mockClient(DynamoDBClient);
const ec2 = mockClient(EC2Client);
const elbv2 = mockClient(ElasticLoadBalancingV2Client);
const elastiCache = mockClient(ElastiCacheClient);
const rds = mockClient(RDSClient);

beforeEach(() => {
  for (const mock of [autoScaling, dynamoDb, ec2, elbv2, elastiCache, rds]) mock.reset();
});

function awsError(name: string): Error {
  return Object.assign(new Error(`said ${name}`), { name, $fault: "client" });
}

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients).describe(emptyDeployment(region, parts));
}

describe("load balancers", () => {
  const fullName = "app/web/50dc6c495c0c9188";
  const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${fullName}`;

  it("are found by full name, with target groups of all pages and tags", async () => {
    elbv2.on(DescribeLoadBalancersCommand, { Names: ["web"] }).resolves({ LoadBalancers: [{ LoadBalancerArn: arn }] });
    const group = (name: string) => ({ TargetGroupArn: `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/${name}/6d0ecf831eec9f09` });
    elbv2.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [group("b")], NextMarker: "2" });
    elbv2.on(DescribeTargetGroupsCommand, { Marker: "2" }).resolves({ TargetGroups: [group("a")] });
    elbv2.on(DescribeTagsCommand).resolves({ TagDescriptions: [{ ResourceArn: arn, Tags: [{ Key: "Stack", Value: "tap" }, { Key: "bare" }] }] });
    const { resources } = await described({ loadBalancers: [fullName] });
    expect(resources).toEqual([
      {
        kind: "load-balancer",
        ref: { kind: "load-balancer", region, id: fullName },
        arn,
        tags: { kind: "tags", tags: { Stack: "tap", bare: "" } },
        fullName,
        targetGroups: ["targetgroup/a/6d0ecf831eec9f09", "targetgroup/b/6d0ecf831eec9f09"],
      },
    ]);
  });

  it("are not found when a namesake has another id", async () => {
    elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerArn: arn.replace("9188", "0000") }] });
    const { undescribed } = await described({ loadBalancers: [fullName] });
    expect(undescribed).toMatchObject([{ reason: "not-found", ref: { id: fullName } }]);
  });
});

describe("Auto Scaling groups", () => {
  const group = {
    AutoScalingGroupName: "g",
    AutoScalingGroupARN: "arn:g",
    MinSize: 12,
    DesiredCapacity: 15,
    MaxSize: 25,
    DefaultCooldown: 300,
    HealthCheckType: "ELB",
    CreatedTime: new Date(0),
    AvailabilityZones: ["us-east-1b", "us-east-1a"],
    LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "$Latest" },
    Instances: [
      {
        InstanceId: "i-1",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "6" },
        InstanceType: "m5.4xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-2",
        InstanceType: "m5.2xlarge",
        LifecycleState: "InService" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
      {
        InstanceId: "i-3",
        LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "5" },
        InstanceType: "t3.micro",
        LifecycleState: "Terminating" as const,
        AvailabilityZone: "a",
        HealthStatus: "Healthy",
        ProtectedFromScaleIn: false,
      },
    ],
    Tags: [{ Key: "TenantId", Value: "7" }],
  };

  it("have the template version resolved that they really use", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [group] });
    ec2.on(DescribeLaunchTemplateVersionsCommand, { LaunchTemplateId: "lt-1", Versions: ["$Latest"] }).resolves({
      LaunchTemplateVersions: [
        { LaunchTemplateId: "lt-1", VersionNumber: 7, LaunchTemplateData: { InstanceType: "m5.2xlarge", Monitoring: { Enabled: true } } },
      ],
    });
    const { resources } = await described({ autoScalingGroups: ["g"] });
    expect(resources).toMatchObject([
      {
        launchTemplateId: "lt-1",
        launchTemplateVersion: 7,
        instanceType: "m5.2xlarge",
        detailedMonitoring: true,
        runningInstanceTypes: ["m5.2xlarge", "m5.4xlarge"],
        runningTemplateVersions: [6],
        availabilityZones: ["us-east-1a", "us-east-1b"],
        tags: { tags: { TenantId: "7" } },
      },
    ]);
  });

  it.each([
    ["a mixed instances policy", { LaunchTemplate: undefined, MixedInstancesPolicy: {} }, "mixed instances"],
    ["a launch configuration", { LaunchTemplate: undefined, LaunchConfigurationName: "lc" }, "no launch template"],
  ])("with %s are undescribed, with the reason", async (_, difference, detail) => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, ...difference }] });
    const { undescribed } = await described({ autoScalingGroups: ["g"] });
    expect(undescribed).toMatchObject([{ reason: "failed", detail: expect.stringContaining(detail) }]);
  });

  it("have the tags of their launch template and instances read too", async () => {
    autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [{ ...group, Tags: [] }] });
    ec2
      .on(DescribeInstanceTagsCommand, { Filters: [{ Name: "resource-id", Values: ["lt-1", "i-1", "i-2", "i-3"] }] })
      .resolves({ Tags: [{ Key: "tenant-id", Value: "9", ResourceId: "i-2" }] });
    const tags = await createTagReader(clients).tagsOf({ kind: "auto-scaling-group", region, id: "g" });
    expect(tags).toEqual([
      { kind: "tags", tags: {} },
      { kind: "tags", tags: { "tenant-id": "9" } },
    ]);
  });
});

describe("DynamoDB tables", () => {
  const table = {
    TableName: "users",
    TableArn: "arn:users",
    TableStatus: "ACTIVE" as const,
    TableSizeBytes: 10,
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" as const },
      { AttributeName: "email", AttributeType: "S" as const },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-email",
        IndexStatus: "ACTIVE" as const,
        KeySchema: [{ AttributeName: "email", KeyType: "HASH" as const }],
        Projection: { ProjectionType: "INCLUDE" as const, NonKeyAttributes: ["z", "a"] },
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
        OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 },
      },
    ],
    Replicas: [{ RegionName: "eu-west-1" }],
  };

  it("are PROVISIONED without BillingModeSummary, and carry full index definitions", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(ListTagsOfResourceCommand).resolves({ Tags: [{ Key: "a", Value: "1" }], NextToken: "2" });
    dynamoDb.on(ListTagsOfResourceCommand, { NextToken: "2" }).resolves({ Tags: [{ Key: "b", Value: "2" }] });
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources).toMatchObject([
      {
        billingMode: "PROVISIONED",
        replicaRegions: ["eu-west-1", "us-east-1"],
        tags: { kind: "tags", tags: { a: "1", b: "2" } },
        indexes: [
          {
            status: "ACTIVE",
            definition: {
              name: "by-email",
              key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
              projection: { type: "INCLUDE", nonKeyAttributes: ["a", "z"] },
              maxReadRequestUnits: 1,
              maxWriteRequestUnits: -1,
            },
          },
        ],
      },
    ]);
    expect(resources[0]).not.toHaveProperty("indexes.0.definition.readCapacityUnits");
  });

  it("count as a tenant's when their tags are refused", async () => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(ListTagsOfResourceCommand).rejects(awsError("AccessDeniedException"));
    const { resources } = await described({ tables: [{ name: "users" }] });
    expect(resources[0]?.tags).toEqual({ kind: "unreadable", reason: "AccessDeniedException: said AccessDeniedException" });
  });

  it.each([
    ["ResourceNotFoundException", "not-found"],
    ["AccessDeniedException", "access-denied"],
    ["ValidationException", "failed"],
  ])("are undescribed after %s, while others are described", async (name, reason) => {
    dynamoDb.on(DescribeTableCommand, { TableName: "users" }).resolves({ Table: table });
    dynamoDb.on(DescribeTableCommand, { TableName: "gone" }).rejects(awsError(name));
    dynamoDb.on(ListTagsOfResourceCommand).resolves({});
    const inventory = await described({ tables: [{ name: "gone" }, { name: "users" }] });
    expect(inventory.resources.map(({ ref }) => ref.id)).toEqual(["users"]);
    expect(inventory.undescribed).toMatchObject([{ ref: { id: "gone" }, reason }]);
  });

  it("stop the whole reading when credentials expire, or AWS throttles to the end", async () => {
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ExpiredTokenException"));
    await expect(described({ tables: [{ name: "users" }] })).rejects.toMatchObject({ code: "credentials-lost" });
    dynamoDb.on(DescribeTableCommand).rejects(awsError("ThrottlingException"));
    await expect(described({ tables: [{ name: "users" }] })).rejects.toMatchObject({ code: "throttled" });
  });
});

describe("Aurora clusters", () => {
  const arn = `arn:aws:rds:${region}:${account}:cluster:c`;
  const cluster = {
    DBClusterIdentifier: "c",
    DBClusterArn: arn,
    Engine: "aurora-mysql",
    EngineVersion: "8.0.mysql_aurora.3.10.0",
    Status: "available",
    BackupRetentionPeriod: 30,
    TagList: [],
    DBClusterMembers: [
      { DBInstanceIdentifier: "c-1", IsClusterWriter: false, PromotionTier: 1 },
      { DBInstanceIdentifier: "c-2", IsClusterWriter: true, PromotionTier: 0 },
    ],
  };
  const member = (identifier: string) => ({
    DBInstanceIdentifier: identifier,
    DBInstanceArn: `arn:${identifier}`,
    DBInstanceClass: "db.r6g.4xlarge",
    DBInstanceStatus: "available",
    TagList: [{ Key: "name", Value: identifier }],
  });

  beforeEach(() => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [cluster] });
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [member("c-2")], Marker: "2" });
    rds.on(DescribeDBInstancesCommand, { Marker: "2" }).resolves({ DBInstances: [member("c-1")] });
    rds.on(DescribeGlobalClustersCommand).resolves({ GlobalClusters: [{ GlobalClusterIdentifier: "other", GlobalClusterMembers: [] }], Marker: "2" });
    rds
      .on(DescribeGlobalClustersCommand, { Marker: "2" })
      .resolves({ GlobalClusters: [{ GlobalClusterIdentifier: "world", GlobalClusterMembers: [{ DBClusterArn: arn, IsWriter: false }] }] });
  });

  it("have roles by the member list, and their role in a global database", async () => {
    const { resources } = await described({ auroraClusters: ["c"] });
    expect(resources).toMatchObject([
      {
        globalClusterId: "world",
        globalRole: "secondary",
        members: [
          { identifier: "c-1", role: "reader", promotionTier: 1, tags: { tags: { name: "c-1" } } },
          { identifier: "c-2", role: "writer", promotionTier: 0 },
        ],
      },
    ]);
  });

  it("have the tags of all members read", async () => {
    const tags = await createTagReader(clients).tagsOf({ kind: "aurora-cluster", region, id: "c" });
    expect(tags.map((one) => (one.kind === "tags" ? one.tags : one))).toEqual([{}, { name: "c-2" }, { name: "c-1" }]);
  });

  it("are unreadable, not untagged, when they are gone", async () => {
    rds.on(DescribeDBClustersCommand).rejects(awsError("DBClusterNotFoundFault"));
    expect(await createTagReader(clients).tagsOf({ kind: "aurora-cluster", region, id: "c" })).toEqual([
      { kind: "unreadable", reason: "said DBClusterNotFoundFault" },
    ]);
  });
});

describe("Redis replication groups", () => {
  it("have their real node groups and members", async () => {
    elastiCache.on(DescribeReplicationGroupsCommand).resolves({
      ReplicationGroups: [
        {
          ReplicationGroupId: "r",
          ARN: "arn:r",
          Status: "available",
          CacheNodeType: "cache.r6g.4xlarge",
          ClusterEnabled: true,
          NodeGroups: [
            { NodeGroupId: "0007", NodeGroupMembers: [{ CacheClusterId: "r-0007-002" }, { CacheClusterId: "r-0007-001" }] },
            { NodeGroupId: "0002", NodeGroupMembers: [{ CacheClusterId: "r-0002-001" }] },
          ],
        },
      ],
    });
    elastiCache.on(ListTagsForResourceCommand).resolves({ TagList: [{ Key: "k", Value: "v" }] });
    const { resources } = await described({ redisReplicationGroups: ["r"] });
    expect(resources).toMatchObject([
      {
        clusterMode: true,
        nodeGroups: [
          { id: "0002", members: ["r-0002-001"] },
          { id: "0007", members: ["r-0007-001", "r-0007-002"] },
        ],
        tags: { tags: { k: "v" } },
      },
    ]);
  });
});
