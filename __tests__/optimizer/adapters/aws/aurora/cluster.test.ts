import {
  DescribeBlueGreenDeploymentsCommand,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeDBProxiesCommand,
  DescribeEventsCommand,
  DescribeDBProxyTargetsCommand,
  DescribeGlobalClustersCommand,
  DescribePendingMaintenanceActionsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import { createTagReader } from "../../../../../optimizer/adapters/aws/tag-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const account = "123456789012";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const rds = answersOf(RDSClient);
const scaling = answersOf(ApplicationAutoScalingClient);
const cloudTrail = answersOf(CloudTrailClient);

beforeEach(() => {
  for (const mock of [rds, scaling, cloudTrail]) mock.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
});

function awsError(name: string): Error {
  return Object.assign(new Error(`said ${name}`), { name, $fault: "client" });
}

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, parts));
}

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
    DBInstanceArn: `arn:db:${identifier}`,
    DBInstanceClass: "db.r6g.4xlarge",
    Engine: "aurora-mysql",
    DBInstanceStatus: "available",
    TagList: [{ Key: "name", Value: identifier }],
  });

  beforeEach(() => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [cluster] });
    rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: [member("c-2")], Marker: "2" });
    rds.on(DescribeDBInstancesCommand, { Marker: "2" }).resolves({ DBInstances: [member("c-1")] });
    rds.on(DescribePendingMaintenanceActionsCommand).resolves({ PendingMaintenanceActions: [] });
    rds.on(DescribeDBClusterEndpointsCommand).resolves({ DBClusterEndpoints: [{ EndpointType: "READER" }] });
    rds.on(DescribeBlueGreenDeploymentsCommand).resolves({ BlueGreenDeployments: [{ BlueGreenDeploymentName: "others", Source: "arn:other" }] });
    rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [] });
    rds.on(DescribeEventsCommand).resolves({ Events: [] });
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
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

  const one = async () => {
    const [resource] = (await described({ auroraClusters: ["c"] })).resources;
    return resource?.kind === "aurora-cluster" ? resource : undefined;
  };

  it("have nothing around them where AWS names nothing", async () => {
    expect(await one()).toMatchObject({
      engineMode: "provisioned",
      storage: "standard",
      waiting: [],
      surroundings: {
        maintenance: { kind: "seen", value: [] },
        customEndpoints: { kind: "seen", value: [] },
        blueGreenDeployments: { kind: "seen", value: [] },
        proxies: { kind: "seen", value: [] },
        readerScaling: { kind: "seen", value: [] },
      },
    });
  });

  it("have what surrounds them, each from its own API", async () => {
    const upgrade = { Action: "db-upgrade", AutoAppliedAfterDate: new Date(0) };
    const target = {
      MinCapacity: 1,
      RoleARN: "arn:aws:iam::123456789012:role/scaling",
      CreationTime: new Date(0),
      MaxCapacity: 5,
      ServiceNamespace: "rds",
      ResourceId: "cluster:c",
      ScalableDimension: "rds:cluster:ReadReplicaCount",
    } as const;
    const asked = { Action: "os-upgrade", OptInStatus: "next-maintenance" };
    rds.on(DescribePendingMaintenanceActionsCommand).callsFake(({ Filters: [filter] }: { Filters: { Name: string; Values: string[] }[] }) => ({
      PendingMaintenanceActions:
        filter?.Name === "db-cluster-id"
          ? [{ ResourceIdentifier: arn, PendingMaintenanceActionDetails: [{ Action: "system-update" }] }]
          : [{ ResourceIdentifier: filter?.Values[0], PendingMaintenanceActionDetails: [upgrade, asked] }],
    }));
    rds.on(DescribeDBClusterEndpointsCommand).resolves({ DBClusterEndpoints: [{ EndpointType: "CUSTOM", DBClusterEndpointIdentifier: "reporting" }] });
    rds.on(DescribeBlueGreenDeploymentsCommand).resolves({ BlueGreenDeployments: [{ BlueGreenDeploymentName: "upgrade", Source: arn }] });
    rds.on(DescribeDBProxiesCommand).resolves({ DBProxies: [{ DBProxyName: "pool" }, { DBProxyName: "others" }] });
    scaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [target] });
    rds.on(DescribeDBProxyTargetsCommand).resolves({ Targets: [] });
    rds.on(DescribeDBProxyTargetsCommand, { DBProxyName: "pool" }).resolves({ Targets: [{ Type: "TRACKED_CLUSTER", RdsResourceId: "c" }] });
    expect((await one())?.surroundings).toEqual({
      maintenance: {
        kind: "seen",
        value: [
          { resource: "c", action: "system-update", isPlanned: false },
          { resource: "c-1", action: "db-upgrade", isPlanned: true },
          { resource: "c-1", action: "os-upgrade", isPlanned: true },
        ],
      },
      customEndpoints: { kind: "seen", value: ["reporting"] },
      blueGreenDeployments: { kind: "seen", value: ["upgrade"] },
      proxies: { kind: "seen", value: ["pool"] },
      readerScaling: { kind: "seen", value: ["1 to 5"] },
      memoryParameters: { kind: "seen", value: [] },
    });
  });

  it("have what somebody set of the parameters that follow the memory, of the cluster's and of each member's group", async () => {
    const set = (ParameterName: string, ParameterValue?: string) => ({ ParameterName, ...(ParameterValue === undefined ? {} : { ParameterValue }) });
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ ...cluster, DBClusterParameterGroup: "ours" }] });
    rds.on(DescribeDBInstancesCommand, { Marker: "2" }).resolves({ DBInstances: [{ ...member("c-1"), DBParameterGroups: [{ DBParameterGroupName: "one" }] }] });
    rds
      .on(DescribeDBClusterParametersCommand, { DBClusterParameterGroupName: "ours", Source: "user" })
      .resolvesOnce({ Parameters: [set("max_connections", "4000"), set("time_zone", "UTC")], Marker: "more" })
      .resolves({ Parameters: [set("shared_buffers")] });
    rds
      .on(DescribeDBParametersCommand, { DBParameterGroupName: "one", Source: "user" })
      .resolves({ Parameters: [set("innodb_buffer_pool_size", "1073741824"), set("max_connections", "4000")] });
    expect((await one())?.surroundings?.memoryParameters).toEqual({
      kind: "seen",
      value: ["innodb_buffer_pool_size = 1073741824", "max_connections = 4000"],
    });
    rds.on(DescribeDBClusterParametersCommand).rejects(awsError("AccessDenied"));
    expect((await one())?.surroundings?.memoryParameters).toMatchObject({
      kind: "unseen",
      reason: expect.stringContaining("DescribeDBClusterParameters: AccessDenied"),
    });
  });

  it("have unseen surroundings where a read is denied, and are not described where AWS throttles", async () => {
    rds.on(DescribeDBProxiesCommand).rejects(awsError("AccessDenied"));
    expect((await one())?.surroundings).toMatchObject({
      proxies: { kind: "unseen", reason: expect.stringContaining("AccessDenied") },
      maintenance: { kind: "seen" },
    });
    rds.on(DescribeDBProxiesCommand).rejects(awsError("Throttling"));
    await expect(one()).rejects.toMatchObject({ code: "throttled" });
  });

  it("have what waits for a window or a restart, by name alone", async () => {
    const waiting = {
      ...member("c-1"),
      PendingModifiedValues: { EngineVersion: "8.0.mysql_aurora.3.11.0", MasterUserPassword: "secret", ProcessorFeatures: [] },
      DBParameterGroups: [{ DBParameterGroupName: "reporting", ParameterApplyStatus: "pending-reboot" }],
    };
    rds.on(DescribeDBInstancesCommand, { Marker: "2" }).resolves({ DBInstances: [waiting] });
    rds.on(DescribeDBParametersCommand).resolves({ Parameters: [] });
    rds.on(DescribeDBClustersCommand).resolves({
      DBClusters: [{ ...cluster, StorageType: "aurora-iopt1", EngineMode: "parallelquery", PendingModifiedValues: { BackupRetentionPeriod: 7 } }],
    });
    expect(await one()).toMatchObject({
      engineMode: "parallelquery",
      storage: "io-optimized",
      waiting: ["a change of BackupRetentionPeriod"],
      members: [
        {
          parameterGroup: "reporting",
          waiting: ["a change of EngineVersion", "a change of MasterUserPassword", "parameters of parameter group reporting (pending-reboot)"],
        },
        { waiting: [] },
      ],
    });
  });

  it("have the tags of all members read", async () => {
    const tags = await createTagReader(clients).tagsOf([{ kind: "aurora-cluster", region, id: "c" }]);
    expect(tags.map((one) => (one.kind === "tags" ? one.tags : one))).toEqual([{}, { name: "c-2" }, { name: "c-1" }]);
  });

  it("are unreadable, not untagged, when they are gone", async () => {
    rds.on(DescribeDBClustersCommand).rejects(awsError("DBClusterNotFoundFault"));
    expect(await createTagReader(clients).tagsOf([{ kind: "aurora-cluster", region, id: "c" }])).toEqual([
      { kind: "unreadable", reason: "said DBClusterNotFoundFault", isGone: true },
    ]);
  });
});
