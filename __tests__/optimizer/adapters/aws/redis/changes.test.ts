import {
  DecreaseReplicaCountCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type CacheCluster,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import { answersOf } from "../../../../support/answers-of.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { createChangeReader } from "../../../../../optimizer/adapters/aws/change-reader.ts";
import { createChangeWriter } from "../../../../../optimizer/adapters/aws/change-writer.ts";
import { createClientFactory } from "../../../../../optimizer/adapters/aws/client-factory.ts";
import { type Change, type ChangeOf, inverse } from "../../../../../optimizer/core/levers/change-kinds.ts";

const region = "us-east-1";
const clients = createClientFactory({ credentials: { accessKeyId: "x", secretAccessKey: "x" } });
const elastiCache = answersOf(ElastiCacheClient);

beforeEach(() => {
  elastiCache.reset();
});

const stateOf = (change: Change) => createChangeReader(clients).stateOf(change);
const apply = (change: Change) => createChangeWriter(clients).apply(change, "run-1|step-1");

const of = { region, replicationGroup: "r" };
const shards: ChangeOf<"redis.shards"> = { kind: "redis.shards", ...of, before: { nodeGroups: ["0001", "0002", "0007"] }, after: { nodeGroups: ["0001"] } };
const replicas: ChangeOf<"redis.replicas"> = { kind: "redis.replicas", ...of, before: { replicasPerShard: 2 }, after: { replicasPerShard: 1 } };
const nodeType: ChangeOf<"redis.node-type"> = {
  kind: "redis.node-type",
  ...of,
  before: { nodeType: "cache.r6g.4xlarge" },
  after: { nodeType: "cache.r6g.xlarge" },
};
const every = [shards, replicas, nodeType];

/** A group of `nodes` in each of its shards, with what differs from a quiet one. */
function groupIs(ids: readonly string[], nodes: number, group: Partial<ReplicationGroup> = {}, node: Partial<CacheCluster> = {}): void {
  const NodeGroups = ids.map((id) => ({
    NodeGroupId: id,
    NodeGroupMembers: Array.from({ length: nodes }, (_, at) => ({ CacheClusterId: `r-${id}-00${at + 1}` })),
  }));
  elastiCache
    .on(DescribeReplicationGroupsCommand)
    .resolves({ ReplicationGroups: [{ ReplicationGroupId: "r", Status: "available", CacheNodeType: "cache.r6g.4xlarge", NodeGroups, ...group }] });
  const own = { ReplicationGroupId: "r", CacheClusterStatus: "available", CacheNodeType: "cache.r6g.4xlarge" };
  const CacheClusters = NodeGroups.flatMap(({ NodeGroupMembers }) => NodeGroupMembers.map((member) => ({ ...own, ...member })));
  const foreign = { ...own, CacheClusterId: "z-001", ReplicationGroupId: "z", CacheClusterStatus: "deleting" };
  elastiCache.on(DescribeCacheClustersCommand).resolves({ CacheClusters: [...CacheClusters.slice(0, -1), { ...CacheClusters.at(-1), ...node }, foreign] });
}

describe("the state of a Redis change", () => {
  it("is settled by real node groups, replicas and node type, whatever other groups do", async () => {
    groupIs(["0007", "0001", "0002"], 3);
    expect(await stateOf(shards)).toEqual({ kind: "settled", value: { nodeGroups: ["0001", "0002", "0007"] } });
    expect(await stateOf(replicas)).toEqual({ kind: "settled", value: { replicasPerShard: 2 } });
    expect(await stateOf(nodeType)).toEqual({ kind: "settled", value: { nodeType: "cache.r6g.4xlarge" } });
  });

  it.each<[string, Partial<ReplicationGroup>, Partial<CacheCluster>, string]>([
    ["the group is modified", { Status: "modifying" }, {}, "in-progress"],
    ["a node comes or goes while the group says available", {}, { CacheClusterStatus: "creating" }, "in-progress"],
    ["slots are moving", { PendingModifiedValues: { Resharding: { SlotMigration: { ProgressPercentage: 40 } } } }, {}, "in-progress"],
    ["another node type is queued", {}, { PendingModifiedValues: { CacheNodeType: "cache.r6g.large" } }, "mixed"],
    ["it could not be made", { Status: "create-failed" }, {}, "mixed"],
    ["a node has lost its network", {}, { CacheClusterStatus: "incompatible-network" }, "mixed"],
    ["another change waits, which ours would apply, too", {}, { PendingModifiedValues: { EngineVersion: "7.2" } }, "mixed"],
  ])("is unsettled while %s", async (_, group, node, kind) => {
    groupIs(["0001", "0002", "0007"], 3, group, node);
    for (const change of every) expect((await stateOf(change)).kind).toBe(kind);
  });

  it("tells how much of the slots has moved", async () => {
    groupIs(["0001", "0002"], 1, { Status: "modifying", PendingModifiedValues: { Resharding: { SlotMigration: { ProgressPercentage: 40 } } } });
    expect(await stateOf(shards)).toMatchObject({ share: 0.4 });
  });

  it("is neither before nor after where AWS gave up half-way, or shards differ: of what was read back before, that is somebody else's doing", async () => {
    groupIs(["0001", "0002"], 3);
    expect(await stateOf(shards)).toMatchObject({ kind: "mixed", detail: expect.stringContaining("2 shards"), foreign: true });
    elastiCache.on(DescribeReplicationGroupsCommand).resolves({
      ReplicationGroups: [
        {
          Status: "available",
          CacheNodeType: "cache.r6g.4xlarge",
          NodeGroups: [
            { NodeGroupId: "0001", NodeGroupMembers: [{ CacheClusterId: "r-0001-001" }] },
            { NodeGroupId: "0002", NodeGroupMembers: [{ CacheClusterId: "r-0002-001" }, { CacheClusterId: "r-0002-002" }] },
          ],
        },
      ],
    });
    expect(await stateOf(replicas)).toMatchObject({ kind: "mixed", foreign: true });
  });

  it("is missing where AWS knows no such group", async () => {
    elastiCache.on(DescribeReplicationGroupsCommand).rejects(Object.assign(new Error("gone"), { name: "ReplicationGroupNotFoundFault", $fault: "client" }));
    expect((await stateOf(shards)).kind).toBe("missing");
  });
});

describe("a Redis change", () => {
  const inputOf = (command: Parameters<typeof elastiCache.commandCalls>[0]): unknown => elastiCache.commandCalls(command)[0]?.args[0].input;

  it("retains shards by the names that the group has now", async () => {
    elastiCache.on(ModifyReplicationGroupShardConfigurationCommand).resolves({});
    groupIs(["0001", "0002", "0007"], 3);
    await apply(shards);
    expect(inputOf(ModifyReplicationGroupShardConfigurationCommand)).toEqual({
      ReplicationGroupId: "r",
      NodeGroupCount: 1,
      NodeGroupsToRetain: ["0001"],
      ApplyImmediately: true,
    });
  });

  it("retains others where those of the plan are gone, and names none on the way back", async () => {
    elastiCache.on(ModifyReplicationGroupShardConfigurationCommand).resolves({});
    groupIs(["0002", "0007"], 3);
    await apply(shards);
    expect(inputOf(ModifyReplicationGroupShardConfigurationCommand)).toMatchObject({ NodeGroupsToRetain: ["0002"] });
    elastiCache.resetHistory();
    groupIs(["0001"], 3);
    await apply(inverse(shards));
    expect(inputOf(ModifyReplicationGroupShardConfigurationCommand)).toEqual({ ReplicationGroupId: "r", NodeGroupCount: 3, ApplyImmediately: true });
  });

  it("has fewer replicas or more, as the account says", async () => {
    elastiCache.on(DecreaseReplicaCountCommand).resolves({}).on(IncreaseReplicaCountCommand).resolves({});
    groupIs(["0001"], 3);
    await apply(replicas);
    expect(inputOf(DecreaseReplicaCountCommand)).toEqual({ ReplicationGroupId: "r", NewReplicaCount: 1, ApplyImmediately: true });
    groupIs(["0001"], 2);
    await apply(inverse(replicas));
    expect(inputOf(IncreaseReplicaCountCommand)).toEqual({ ReplicationGroupId: "r", NewReplicaCount: 2, ApplyImmediately: true });
  });

  it("is on its way while its node type is noted", async () => {
    groupIs(["0001", "0002", "0007"], 3, {}, { PendingModifiedValues: { CacheNodeType: nodeType.after.nodeType } });
    expect(await stateOf(nodeType)).toMatchObject({ kind: "in-progress", detail: expect.stringContaining("is to become") });
  });

  it("takes another node type at once, and tells a lack of capacity", async () => {
    groupIs(["0001", "0002", "0007"], 3);
    elastiCache.on(ModifyReplicationGroupCommand).resolves({});
    await apply(nodeType);
    expect(inputOf(ModifyReplicationGroupCommand)).toEqual({ ReplicationGroupId: "r", CacheNodeType: "cache.r6g.xlarge", ApplyImmediately: true });
    const error = Object.assign(new Error("none"), { name: "InsufficientCacheClusterCapacityFault", $fault: "client" });
    elastiCache.on(ModifyReplicationGroupCommand).rejects(error);
    await expect(apply(nodeType)).rejects.toMatchObject({ kind: "no-capacity" });
  });
});
