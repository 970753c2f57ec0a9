import {
  DescribeReplicationGroupsCommand,
  type CacheCluster,
  ListAllowedNodeTypeModificationsCommand,
  ListTagsForResourceCommand,
  paginateDescribeCacheClusters,
  paginateDescribeCacheParameters,
  paginateDescribeUpdateActions,
  type UpdateActionStatus,
  type ElastiCacheClient,
  type NodeGroupMember,
  type ReplicationGroup,
} from "@aws-sdk/client-elasticache";
import { paginateDescribeScalableTargets } from "@aws-sdk/client-application-auto-scaling";
import type { RedisNodeGroup, RedisReplicationGroup, ServiceUpdate } from "../../../core/levers/redis/replication-group.ts";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { Tags } from "../../../core/model/resource-ref.ts";
import { readTags } from "../tag-records.ts";
import { bornAs } from "../born-as.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import { seen } from "../seen.ts";
import { shapesBefore } from "./shapes-before.ts";
import type { Reading, ResourceAdapter } from "../service-adapters.ts";
import { ResourceGone } from "../resource-gone.ts";

export const redisReplicationGroupAdapter: ResourceAdapter<RedisReplicationGroup> = {
  idsOf: ({ redisReplicationGroups }) => redisReplicationGroups,
  describe: describeReplicationGroup,
  tagsOf: async (clientsOf, { region, id }) => {
    const { elastiCache } = clientsOf(region);
    const { group, nodes } = await readGroup(elastiCache, id);
    return [await readOwnTags(elastiCache, answered(group.ARN, "ARN")), ...(await readNodeTags(elastiCache, nodes))];
  },
  bornOf: async ({ elastiCache }, id) => (await readGroup(elastiCache, id)).group.ReplicationGroupCreateTime?.toISOString(),
};

/** A group and its nodes, each of which is a cache cluster to AWS: the group alone says `available` while they still come and go. */
export interface GroupWithNodes {
  readonly group: ReplicationGroup;
  readonly nodes: readonly CacheCluster[];
}

export async function readGroup(client: ElastiCacheClient, id: string): Promise<GroupWithNodes> {
  const { ReplicationGroups: groups = [] } = await client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id }));
  const [group] = groups;
  if (group === undefined) throw new ResourceGone(`no replication group ${id}`);
  const nodes: CacheCluster[] = [];
  // AWS takes no filter but one node's name: all of them are fewer calls than one for each.
  for await (const page of paginateDescribeCacheClusters({ client }, {})) {
    nodes.push(...(page.CacheClusters ?? []).filter(({ ReplicationGroupId }) => ReplicationGroupId === id));
  }
  return { group, nodes: nodes.toSorted((a, b) => compare(a.CacheClusterId ?? "", b.CacheClusterId ?? "")) };
}

/** Real node-group ids and nodes, by id. */
export function nodeGroupsOf({ NodeGroups: nodeGroups = [] }: ReplicationGroup): readonly RedisNodeGroup[] {
  return nodeGroups
    .map(({ NodeGroupId: id, NodeGroupMembers: members = [], Slots: slots }) => ({
      id: answered(id, "NodeGroupId"),
      members: members.flatMap(({ CacheClusterId }) => CacheClusterId ?? []).toSorted(),
      ...zonesOf(members),
      ...(slots === undefined ? {} : { slots: slotsIn(slots) }),
    }))
    .toSorted((a, b) => compare(a.id, b.id));
}

/** All nodes of a group have one. The group tells it only since there is more than Redis OSS, its nodes have ever since. */
function engineOf(nodes: readonly CacheCluster[]): Pick<RedisReplicationGroup, "engine"> {
  const engine = nodes.find(({ Engine }) => Engine !== undefined)?.Engine ?? "redis";
  return engine === "redis" ? {} : { engine };
}

/** Of all nodes, in the order of their names, or of none. */
function zonesOf(members: readonly NodeGroupMember[]): Pick<RedisNodeGroup, "zones"> {
  const zones = members
    .toSorted((a, b) => compare(a.CacheClusterId ?? "", b.CacheClusterId ?? ""))
    .flatMap(({ PreferredAvailabilityZone: zone }) => zone ?? []);
  return zones.length === members.length ? { zones } : {};
}

/** How many of `0-4095,8192,12288-16383`. */
function slotsIn(ranges: string): number {
  return ranges.split(",").reduce((sum, range) => {
    const [first = "", last = first] = range.split("-");
    return sum + Number(last) - Number(first) + 1;
  }, 0);
}

/** Names of what waits for the maintenance window or is under way, of the group and of its nodes. */
export function pendingOf({ group, nodes }: GroupWithNodes): readonly string[] {
  return [...new Set([...pendingNames(group.PendingModifiedValues), ...nodes.flatMap((node) => pendingNames(node.PendingModifiedValues))])];
}

function pendingNames(pending: object = {}): readonly string[] {
  const isEmpty = (value: unknown): boolean => value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.entries(pending).flatMap(([name, value]) => (isEmpty(value) ? [] : [name]));
}

async function describeReplicationGroup(clients: RegionClients, region: string, id: string, reading: Reading): Promise<RedisReplicationGroup> {
  const client = clients.elastiCache;
  const found = await readGroup(client, id);
  const { group, nodes } = found;
  const arn = answered(group.ARN, "ARN");
  const { ScaleDownModifications: smaller = [] } = await client.send(new ListAllowedNodeTypeModificationsCommand({ ReplicationGroupId: id }));
  return {
    kind: "redis-replication-group",
    ref: { kind: "redis-replication-group", region, id },
    arn,
    ...bornAs(group.ReplicationGroupCreateTime),
    tags: await readOwnTags(client, arn),
    memberTags: await readNodeTags(client, nodes),
    ...engineOf(nodes),
    nodeType: answered(group.CacheNodeType, "CacheNodeType"),
    sizesBefore: await shapesBefore({ clients, ...reading }, found),
    clusterMode: group.ClusterEnabled === true,
    status: statusOf(found),
    nodeGroups: nodeGroupsOf(group),
    automaticFailover: group.AutomaticFailover !== "disabled",
    multiAz: group.MultiAZ === "enabled",
    dataTiering: group.DataTiering === "enabled",
    globalDatastore: group.GlobalReplicationGroupInfo?.GlobalReplicationGroupId ?? null,
    reservedMemoryPercent: await reservedMemoryPercent(client, nodes),
    pending: pendingOf(found).map((name) => `a change of ${name} is pending`),
    smallerNodeTypes: smaller.toSorted(),
    scaled: await seen("DescribeScalableTargets", () => scaledDimensions(clients, id)),
    serviceUpdates: await seen("DescribeUpdateActions", () => serviceUpdatesOf(client, id)),
  };
}

async function scaledDimensions({ applicationAutoScaling: client }: RegionClients, id: string): Promise<readonly string[]> {
  const dimensions: string[] = [];
  for await (const page of paginateDescribeScalableTargets({ client }, { ServiceNamespace: "elasticache", ResourceIds: [`replication-group/${id}`] })) {
    dimensions.push(...(page.ScalableTargets ?? []).map(({ ScalableDimension }) => answered(ScalableDimension, "ScalableDimension")));
  }
  return dimensions.toSorted();
}

/** Of the others AWS says that they are over, or nothing for this group. */
const offered: ReadonlySet<string> = new Set<UpdateActionStatus>(["not-applied"]);
const planned: ReadonlySet<string> = new Set<UpdateActionStatus>(["waiting-to-start", "in-progress", "stopping", "scheduling", "scheduled"]);

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Self-Service-Updates.html */
async function serviceUpdatesOf(client: ElastiCacheClient, id: string): Promise<readonly ServiceUpdate[]> {
  const found: ServiceUpdate[] = [];
  for await (const { UpdateActions: actions = [] } of paginateDescribeUpdateActions({ client }, { ReplicationGroupIds: [id] })) {
    for (const { ServiceUpdateName: name, UpdateActionStatus: status = "not-applied" } of actions)
      if (offered.has(status) || planned.has(status)) found.push({ name: answered(name, "ServiceUpdateName"), status, isPlanned: planned.has(status) });
  }
  return found.toSorted((a, b) => compare(a.name, b.name));
}

/** The group's own status, or that of a node that is not available yet or any more. */
export function statusOf({ group, nodes }: GroupWithNodes): string {
  const status = answered(group.Status, "Status");
  if (status !== "available") return status;
  return nodes.find(({ CacheClusterStatus }) => CacheClusterStatus !== "available")?.CacheClusterStatus ?? status;
}

/** The parameter groups of all nodes are the same; AWS reserves nothing where neither parameter is set. */
async function reservedMemoryPercent(client: ElastiCacheClient, [node]: readonly CacheCluster[]): Promise<number | null> {
  const name = node?.CacheParameterGroup?.CacheParameterGroupName;
  if (name === undefined) return null;
  const values = new Map<string | undefined, number>();
  for await (const page of paginateDescribeCacheParameters({ client }, { CacheParameterGroupName: name })) {
    for (const { ParameterName: parameter, ParameterValue: value } of page.Parameters ?? []) if (value !== undefined) values.set(parameter, Number(value));
  }
  if ((values.get("reserved-memory") ?? 0) > 0) return null;
  return values.get("reserved-memory-percent") ?? null;
}

function readOwnTags(client: ElastiCacheClient, arn: string): Promise<Tags> {
  return readTags(async () => (await client.send(new ListTagsForResourceCommand({ ResourceName: arn }))).TagList);
}

function readNodeTags(client: ElastiCacheClient, nodes: readonly CacheCluster[]): Promise<readonly Tags[]> {
  return allInOrder(nodes.map(({ ARN }) => readOwnTags(client, answered(ARN, "ARN"))));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
