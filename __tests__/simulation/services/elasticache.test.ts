import {
  DecreaseReplicaCountCommand,
  DescribeCacheClustersCommand,
  DescribeCacheParametersCommand,
  DescribeReplicationGroupsCommand,
  DescribeUpdateActionsCommand,
  IncreaseReplicaCountCommand,
  ListAllowedNodeTypeModificationsCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ModifyReplicationGroupShardConfigurationCommandInput,
} from "@aws-sdk/client-elasticache";
import { describe, expect, it } from "vitest";
import { openAccount, type SimulatedAccount } from "../../../simulation/account/account.ts";
import { createMemoryAccountStore } from "../../../simulation/account/store.ts";
import type { StackDocuments } from "../../../simulation/terraform/stack-document.ts";
import { accountScenario, advanceMinutes, clientsOf, deployedAccount } from "../../support/simulated-clients.ts";
import { fixtureStacks, names } from "../../support/terraform-fixture.ts";

const id = { ReplicationGroupId: names.redis };
const now = { ...id, ApplyImmediately: true };

const send = (account: SimulatedAccount) => clientsOf(account).elastiCache;
const described = async (account: SimulatedAccount) => (await send(account).send(new DescribeReplicationGroupsCommand(id))).ReplicationGroups?.[0];
const shardsOf = async (account: SimulatedAccount) =>
  (await described(account))?.NodeGroups?.map(({ NodeGroupId, NodeGroupMembers = [] }) => [NodeGroupId, NodeGroupMembers.length]);
const reshard = (account: SimulatedAccount, input: Partial<ModifyReplicationGroupShardConfigurationCommandInput>) =>
  send(account).send(new ModifyReplicationGroupShardConfigurationCommand({ NodeGroupCount: 1, ...now, ...input }));

/** The fixture's stacks with the group in a subnet group of these subnets. */
function withSubnetGroup(subnets: readonly string[]): StackDocuments {
  const { primary, ...others } = fixtureStacks() as Readonly<Record<string, { readonly resource: Readonly<Record<string, Readonly<Record<string, object>>>> }>>;
  const redis = { ...primary?.resource["aws_elasticache_replication_group"]?.["redis"], subnet_group_name: "cache" };
  const resource = {
    ...primary?.resource,
    aws_elasticache_subnet_group: { cache: { name: "cache", subnet_ids: subnets } },
    aws_elasticache_replication_group: { redis },
  };
  return { ...others, primary: { ...primary, resource } };
}

describe("the size of a simulated replication group", () => {
  it("stands in the zones of its subnet group, the nodes of each shard one after the other, and tells none without one", async () => {
    const zonesIn = async (account: SimulatedAccount) =>
      (await described(account))?.NodeGroups?.map(({ NodeGroupMembers: nodes = [] }) =>
        nodes.map(({ PreferredAvailabilityZone }) => PreferredAvailabilityZone),
      );
    const inZones = withSubnetGroup(["${aws_subnet.b.id}", "${aws_subnet.a.id}"]);
    const account = openAccount(accountScenario(), createMemoryAccountStore([{ kind: "deploy", atMs: Date.UTC(2026, 5, 1), stacks: inZones }]));
    expect(await zonesIn(account)).toEqual(Array.from({ length: 2 }, () => ["us-east-1a", "us-east-1b"]));
    expect(await zonesIn(deployedAccount())).toEqual(Array.from({ length: 2 }, () => [undefined, undefined]));
  });

  it("is resharded by name, tells its progress, and gives new shards names that were never used", async () => {
    const account = deployedAccount();
    await reshard(account, { NodeGroupCount: 1, NodeGroupsToRetain: ["0002"] });
    advanceMinutes(account, 5);
    expect(await described(account)).toMatchObject({
      Status: "modifying",
      PendingModifiedValues: { Resharding: { SlotMigration: { ProgressPercentage: 50 } } },
    });
    advanceMinutes(account, 6);
    expect(await shardsOf(account)).toEqual([["0002", 2]]);
    await reshard(account, { NodeGroupCount: 3 });
    advanceMinutes(account, 11);
    expect(await shardsOf(account)).toEqual([
      ["0002", 2],
      ["0003", 2],
      ["0004", 2],
    ]);
  });

  it("keeps shards whose keys do not fit into those that stay", async () => {
    const full = accountScenario({
      regions: { "us-east-1": { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01 }, cache: { datasetGib: 90 } } },
    });
    const account = deployedAccount(full);
    await reshard(account, { NodeGroupCount: 1, NodeGroupsToRemove: ["0001"] });
    advanceMinutes(account, 120);
    expect((await shardsOf(account))?.length).toBe(2);
    expect((await described(account))?.Status).toBe("available");
  });

  it("queues another engine version for the maintenance window, and carries it out with whatever is to be done at once", async () => {
    const account = deployedAccount();
    const node = async () =>
      (await send(account).send(new DescribeCacheClustersCommand({}))).CacheClusters?.find((each) => each.ReplicationGroupId === names.redis);
    const before = await node();
    await send(account).send(new ModifyReplicationGroupCommand({ ...id, EngineVersion: "7.2" }));
    expect(await node()).toMatchObject({ EngineVersion: before?.EngineVersion, PendingModifiedValues: { EngineVersion: "7.2" } });
    await send(account).send(new ModifyReplicationGroupCommand({ ...now, CacheNodeType: "cache.r6g.large" }));
    advanceMinutes(account, 60);
    expect(await node()).toMatchObject({ EngineVersion: "7.2", CacheNodeType: "cache.r6g.large", PendingModifiedValues: {} });
    await send(account).send(new ModifyReplicationGroupCommand({ ...id, EngineVersion: "7.3" }));
    await send(account).send(new ModifyReplicationGroupCommand({ ...now, EngineVersion: "7.2" }));
    expect(await node()).toMatchObject({ EngineVersion: "7.2", PendingModifiedValues: {} });
  });

  it("changes replicas of all shards, and the node type", async () => {
    const account = deployedAccount();
    await send(account).send(new DecreaseReplicaCountCommand({ ...now, NewReplicaCount: 0 }));
    advanceMinutes(account, 5);
    expect(await shardsOf(account)).toEqual([
      ["0001", 1],
      ["0002", 1],
    ]);
    await send(account).send(new IncreaseReplicaCountCommand({ ...now, NewReplicaCount: 2 }));
    advanceMinutes(account, 13);
    await send(account).send(new ModifyReplicationGroupCommand({ ...now, CacheNodeType: "cache.r6g.large" }));
    const { CacheClusters = [] } = await send(account).send(new DescribeCacheClustersCommand({}));
    expect(new Set(CacheClusters.map(({ CacheClusterStatus, CacheNodeType }) => `${CacheClusterStatus} ${CacheNodeType}`))).toEqual(
      new Set(["modifying cache.r6g.4xlarge"]),
    );
    advanceMinutes(account, 31);
    expect(await described(account)).toMatchObject({ Status: "available", CacheNodeType: "cache.r6g.large" });
    expect(CacheClusters.map(({ CacheClusterId }) => CacheClusterId)).toContain(`${names.redis}-0002-003`);
  });

  it("tells the node types it may have, and what its parameters reserve", async () => {
    const account = deployedAccount();
    const allowed = await send(account).send(new ListAllowedNodeTypeModificationsCommand(id));
    expect(allowed.ScaleDownModifications).toEqual(["cache.r6g.large", "cache.r6g.xlarge", "cache.r6g.2xlarge"]);
    expect(allowed.ScaleUpModifications).toContain("cache.r6g.8xlarge");
    const [node] = (await send(account).send(new DescribeCacheClustersCommand({ CacheClusterId: `${names.redis}-0001-001` }))).CacheClusters ?? [];
    const name = node?.CacheParameterGroup?.CacheParameterGroupName;
    const { Parameters = [] } = await send(account).send(new DescribeCacheParametersCommand({ CacheParameterGroupName: name }));
    expect(Parameters.find(({ ParameterName }) => ParameterName === "reserved-memory-percent")?.ParameterValue).toBe("25");
  });

  it("tells the service updates that a scenario says of its groups, page by page, and of no others", async () => {
    expect((await send(deployedAccount()).send(new DescribeUpdateActionsCommand({}))).UpdateActions).toEqual([]);
    const serviceUpdates = [
      { name: "patch-2", status: "scheduled" as const },
      { name: "patch-1", status: "complete" as const },
    ];
    const region = { traffic: { peakRequestsPerSecond: 1 }, application: { vcpuSecondsPerRequest: 0.01, memoryBaseGib: 0.5 } };
    const account = deployedAccount(accountScenario({ regions: { "us-east-1": { ...region, cache: { serviceUpdates } } } }));
    const of = (input: object) => send(account).send(new DescribeUpdateActionsCommand(input));
    const { UpdateActions: [first] = [], Marker } = await of({ ReplicationGroupIds: [names.redis], MaxRecords: 1 });
    expect(first).toMatchObject({ ReplicationGroupId: names.redis, ServiceUpdateName: "patch-2", UpdateActionStatus: "scheduled" });
    const rest = await of({ ReplicationGroupIds: [names.redis], MaxRecords: 1, Marker });
    expect(rest).toMatchObject({ UpdateActions: [{ ServiceUpdateName: "patch-1" }] });
    expect(rest.Marker).toBeUndefined();
    expect((await of({ ReplicationGroupIds: ["nobody"] })).UpdateActions).toEqual([]);
    await expect(of({ Marker: "nobody's" })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  it.each<[string, Partial<ModifyReplicationGroupShardConfigurationCommandInput>]>([
    ["ReplicationGroupNotFoundFault", { ReplicationGroupId: "nobody" }],
    ["NodeGroupNotFoundFault", { NodeGroupsToRetain: ["0009"] }],
    ["InvalidParameterValueException", { NodeGroupsToRetain: ["0001"], ApplyImmediately: false }],
    ["InvalidParameterValueException", { NodeGroupCount: 2 }],
    ["InvalidParameterValueException", { NodeGroupCount: 0, NodeGroupsToRetain: [] }],
    ["InvalidParameterValueException", { NodeGroupsToRetain: ["0001", "0002"] }],
    ["InvalidParameterCombinationException", {}],
    ["InvalidParameterCombinationException", { NodeGroupsToRetain: ["0001"], NodeGroupsToRemove: ["0002"] }],
    ["NodeGroupsPerReplicationGroupQuotaExceededFault", { NodeGroupCount: 46 }],
  ])("refuses with %s: resharding with %o", async (name, input) => {
    await expect(reshard(deployedAccount(), input)).rejects.toMatchObject({ name });
  });

  it.each([
    ["InvalidParameterValueException", new DecreaseReplicaCountCommand({ ...now, NewReplicaCount: 3 })],
    ["InvalidParameterValueException", new DecreaseReplicaCountCommand({ ...id, NewReplicaCount: 0, ApplyImmediately: false })],
    ["InvalidParameterValueException", new IncreaseReplicaCountCommand({ ...now, NewReplicaCount: 0 })],
    ["InvalidParameterValueException", new IncreaseReplicaCountCommand({ ...now, NewReplicaCount: 6 })],
    ["NoOperationFault", new IncreaseReplicaCountCommand({ ...now, NewReplicaCount: 1 })],
    ["InvalidParameterValueException", new ModifyReplicationGroupCommand({ ...now, CacheNodeType: "cache.m5.large" })],
    ["NotSimulated", new ModifyReplicationGroupCommand({ ...id, CacheNodeType: "cache.r6g.large" })],
    ["NotSimulated", new ModifyReplicationGroupCommand({ ...now, SnapshotWindow: "03:00-04:00" })],
    ["CacheClusterNotFoundFault", new DescribeCacheClustersCommand({ CacheClusterId: "nobody" })],
    ["CacheParameterGroupNotFoundFault", new DescribeCacheParametersCommand({ CacheParameterGroupName: "nobody" })],
  ])("refuses with %s", async (name, command) => {
    await expect(send(deployedAccount()).send(command as DecreaseReplicaCountCommand)).rejects.toMatchObject({ name });
  });

  it("refuses a second change while one is under way, and nodes that there is no capacity for", async () => {
    const account = deployedAccount();
    await send(account).send(new DecreaseReplicaCountCommand({ ...now, NewReplicaCount: 0 }));
    await expect(reshard(account, { NodeGroupsToRetain: ["0001"] })).rejects.toMatchObject({ name: "InvalidReplicationGroupStateFault" });
    const scarce = deployedAccount(accountScenario({ faults: [{ kind: "insufficient-capacity", from: 0, until: 1 }] }));
    await expect(reshard(scarce, { NodeGroupCount: 3 })).rejects.toMatchObject({ name: "InsufficientCacheClusterCapacityFault" });
  });
});
