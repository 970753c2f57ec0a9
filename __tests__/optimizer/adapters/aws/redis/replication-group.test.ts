import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  DescribeCacheClustersCommand,
  DescribeCacheParametersCommand,
  DescribeEventsCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  DescribeUpdateActionsCommand,
  ListAllowedNodeTypeModificationsCommand,
  ListTagsForResourceCommand,
  type Parameter,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { createInventoryReader } from "../../../../../optimizer/adapters/aws/inventory-reader.ts";
import type { Deployment } from "../../../../../optimizer/core/model/deployment.ts";
import { emptyDeployment } from "../../../../support/empty-deployment.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const elastiCache = answersOf(ElastiCacheClient);
const autoScaling = answersOf(ApplicationAutoScalingClient);
const cloudTrail = answersOf(CloudTrailClient);

beforeEach(() => {
  for (const mock of [elastiCache, autoScaling]) mock.reset();
  cloudTrail.reset();
  elastiCache.on(DescribeEventsCommand).resolves({ Events: [] });
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
});

async function described(parts: Partial<Deployment>) {
  return createInventoryReader(clients, { nowMs: () => Date.now() }).describe(emptyDeployment(region, parts));
}

function groupIs(overrides: Partial<ReplicationGroup> = {}, parameters: readonly Parameter[] = []): void {
  elastiCache.on(DescribeReplicationGroupsCommand).resolves({
    ReplicationGroups: [
      {
        ReplicationGroupId: "r",
        ARN: "arn:r",
        Status: "available",
        CacheNodeType: "cache.r6g.4xlarge",
        ClusterEnabled: true,
        AutomaticFailover: "enabled",
        MultiAZ: "enabled",
        NodeGroups: [
          { NodeGroupId: "0007", Slots: "0-4095,8192,12288-16383", NodeGroupMembers: [{ CacheClusterId: "r-0007-002" }, { CacheClusterId: "r-0007-001" }] },
          { NodeGroupId: "0002", NodeGroupMembers: [{ CacheClusterId: "r-0002-001" }] },
        ],
        ...overrides,
      },
    ],
  });
  const node = { ReplicationGroupId: "r", CacheClusterStatus: "available", CacheParameterGroup: { CacheParameterGroupName: "p" } };
  elastiCache.on(DescribeCacheClustersCommand).resolves({ CacheClusters: [{ ...node, CacheClusterId: "r-0002-001", ARN: "arn:node" }] });
  elastiCache.on(DescribeCacheParametersCommand).resolves({ Parameters: [...parameters] });
  autoScaling.on(DescribeScalableTargetsCommand).resolves({ ScalableTargets: [] });
  elastiCache.on(DescribeUpdateActionsCommand, { ReplicationGroupIds: ["r"] }).resolves({
    UpdateActions: [
      { ServiceUpdateName: "patch-3", UpdateActionStatus: "scheduled" },
      { ServiceUpdateName: "patch-2", UpdateActionStatus: "not-applied" },
      { ServiceUpdateName: "patch-1", UpdateActionStatus: "complete" },
    ],
  });
  elastiCache.on(ListAllowedNodeTypeModificationsCommand).resolves({ ScaleDownModifications: ["cache.r6g.xlarge", "cache.r6g.large"] });
  elastiCache
    .on(ListTagsForResourceCommand, { ResourceName: "arn:r" })
    .resolves({ TagList: [{ Key: "k", Value: "v" }] })
    .on(ListTagsForResourceCommand, { ResourceName: "arn:node" })
    .resolves({ TagList: [{ Key: "of", Value: "a node" }] });
}

const percent: Parameter = { ParameterName: "reserved-memory-percent", ParameterValue: "25" };

describe("Redis replication groups", () => {
  it("have the zones of their nodes in the order of the nodes' names, of each shard of which AWS tells all", async () => {
    const node = (id: string, zone?: string) => ({ CacheClusterId: id, ...(zone === undefined ? {} : { PreferredAvailabilityZone: zone }) });
    groupIs({
      NodeGroups: [
        { NodeGroupId: "0001", NodeGroupMembers: [node("r-0001-002", "us-east-1b"), node("r-0001-001", "us-east-1a")] },
        { NodeGroupId: "0002", NodeGroupMembers: [node("r-0002-001", "us-east-1a"), node("r-0002-002")] },
      ],
    });
    const { resources } = await described({ redisReplicationGroups: ["r"] });
    expect(resources).toMatchObject([{ nodeGroups: [{ id: "0001", zones: ["us-east-1a", "us-east-1b"] }, { id: "0002" }] }]);
    expect(resources.flatMap((each) => (each.kind === "redis-replication-group" ? each.nodeGroups.map(({ zones }) => zones === undefined) : []))).toEqual([
      false,
      true,
    ]);
  });

  it("have their real node groups and members, the tags of their nodes, and what AWS offers them", async () => {
    groupIs({}, [percent, { ParameterName: "reserved-memory" }]);
    const { resources } = await described({ redisReplicationGroups: ["r"] });
    expect(resources).toMatchObject([
      {
        clusterMode: true,
        nodeGroups: [
          { id: "0002", members: ["r-0002-001"] },
          { id: "0007", members: ["r-0007-001", "r-0007-002"], slots: 8193 },
        ],
        tags: { tags: { k: "v" } },
        memberTags: [{ tags: { of: "a node" } }],
        automaticFailover: true,
        multiAz: true,
        dataTiering: false,
        globalDatastore: null,
        reservedMemoryPercent: 25,
        pending: [],
        scaled: { kind: "seen", value: [] },
        serviceUpdates: {
          kind: "seen",
          value: [
            { name: "patch-2", status: "not-applied", isPlanned: false },
            { name: "patch-3", status: "scheduled", isPlanned: true },
          ],
        },
        smallerNodeTypes: ["cache.r6g.large", "cache.r6g.xlarge"],
      },
    ]);
  });

  it.each([
    ["redis", undefined],
    ["valkey", "valkey"],
  ])("tell their engine, which their nodes have: %s", async (Engine, engine) => {
    groupIs({}, [percent]);
    elastiCache
      .on(DescribeCacheClustersCommand)
      .resolves({ CacheClusters: [{ CacheClusterId: "r-0002-001", ARN: "arn:node", ReplicationGroupId: "r", Engine }] });
    const [group] = (await described({ redisReplicationGroups: ["r"] })).resources;
    expect(group).toMatchObject({ kind: "redis-replication-group" });
    expect(group?.kind === "redis-replication-group" && group.engine).toBe(engine);
  });

  it.each([
    ["a Global Datastore", { GlobalReplicationGroupInfo: { GlobalReplicationGroupId: "g" } }, { globalDatastore: "g" }],
    ["data tiering", { DataTiering: "enabled" as const }, { dataTiering: true }],
    ["failover that is being turned on", { AutomaticFailover: "enabling" as const }, { automaticFailover: true }],
    ["what is pending", { PendingModifiedValues: { AuthTokenStatus: "ROTATING" as const } }, { pending: ["a change of AuthTokenStatus is pending"] }],
  ])("tell of %s", async (_, group, expected) => {
    groupIs(group, [percent]);
    expect((await described({ redisReplicationGroups: ["r"] })).resources).toMatchObject([expected]);
  });

  it("reserve memory in bytes where their parameters say so", async () => {
    groupIs({}, [percent, { ParameterName: "reserved-memory", ParameterValue: "1000000" }]);
    expect((await described({ redisReplicationGroups: ["r"] })).resources).toMatchObject([{ reservedMemoryPercent: null }]);
  });

  it("tell what Application Auto Scaling changes of them", async () => {
    groupIs({}, [percent]);
    autoScaling
      .on(DescribeScalableTargetsCommand, { ServiceNamespace: "elasticache", ResourceIds: ["replication-group/r"] })
      .resolves({ ScalableTargets: [{ ScalableDimension: "elasticache:replication-group:Replicas" } as never] });
    const scaled = { kind: "seen", value: ["elasticache:replication-group:Replicas"] };
    expect((await described({ redisReplicationGroups: ["r"] })).resources).toMatchObject([{ scaled }]);
  });

  it("are no more available than their nodes", async () => {
    groupIs({}, [percent]);
    elastiCache.on(DescribeCacheClustersCommand).resolves({
      CacheClusters: [{ ReplicationGroupId: "r", CacheClusterId: "r-1", ARN: "arn:node", CacheClusterStatus: "creating" }],
    });
    expect((await described({ redisReplicationGroups: ["r"] })).resources).toMatchObject([{ status: "creating" }]);
  });
});
