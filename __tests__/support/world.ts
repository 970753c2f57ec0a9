import { CollectedSeries } from "../../optimizer/core/model/collected-series.ts";
import { type Capacities, capacities } from "../../contract/capacities.ts";
import { type Metric, metrics } from "../../optimizer/core/metrics/catalogue.ts";
import { type Baseline, type Observation, type SeriesKey, seriesId } from "../../optimizer/core/model/observation.ts";
import { type Policy, policySchema } from "../../optimizer/core/model/policy.ts";
import type { AuroraCluster, AuroraMember, Surroundings } from "../../optimizer/core/levers/aurora/cluster.ts";
import type { AutoScalingGroup, GroupHabits, TemplateTraits } from "../../optimizer/core/levers/asg/group.ts";
import type { DynamoTable, TableIndex } from "../../optimizer/core/levers/dynamodb/table.ts";
import type { Inventory, Resource, UndescribedResource } from "../../optimizer/core/levers/resource-kinds.ts";
import type { LoadBalancer } from "../../optimizer/core/levers/load-balancer/load-balancer.ts";
import { nodeNames, type RedisReplicationGroup } from "../../optimizer/core/levers/redis/replication-group.ts";
import type { Tags } from "../../optimizer/core/model/resource-ref.ts";
import type { PriceBook, Rule, RuleFacts } from "../../optimizer/core/model/rule.ts";
import { aDefinition } from "./aurora-definition.ts";
import { type Course, observer, type Signal, type Turn } from "./courses.ts";
import { plainTable } from "./plain-table.ts";
import { somePrices } from "./some-prices.ts";

const hourMs = 3_600_000;

/** A whole account in memory: resources, the true course of their metrics, policy and prices. Every method returns a new world. */
export interface World {
  readonly inventory: Inventory;
  readonly policy: Policy;
  with(...resources: readonly Resource[]): World;
  undescribed(...resources: readonly UndescribedResource[]): World;
  /** Every series of the metric with the resource among its dimensions; a number is a constant course. */
  sees(metric: Metric, resource: string, signal: number | Signal, region?: string): World;
  policed(policy: unknown): World;
  priced(prices: Partial<PriceBook>): World;
  ownedBy(region: string): World;
  /** Planned so many hours later: all courses go on, and the baseline begins and ends later. */
  later(hours: number): World;
  /** Every value of every series made another one; `hour` counts as a signal's does. */
  turned(turn: Turn): World;
  /** With instance types that can do something else. */
  offered(capacities: Capacities): World;
  /** Resources in the opposite order. */
  reversed(): World;
  /** What AWS would answer to these keys. */
  observe(keys: readonly SeriesKey[]): readonly Observation[];
  /** The facts a rule gets: hourly, and refined where it asks for it. */
  facts(rules: Rule | readonly Rule[]): RuleFacts;
}

interface State {
  readonly inventory: Inventory;
  readonly courses: readonly Course[];
  readonly policy: Policy;
  readonly prices: PriceBook;
  readonly ownerRegion: string;
  readonly laterHours: number;
  readonly turns: readonly Turn[];
  readonly capacities: Capacities;
}

export const primary = "us-east-1";
export const secondary = "us-west-2";
const untagged: Tags = { kind: "tags", tags: {} };

/** An empty account of 60 observed days under the default policy. */
export function aWorld(): World {
  return worldOf({
    inventory: { accountId: "123456789012", resources: [], undescribed: [], failedRegions: {} },
    courses: [],
    policy: policySchema.parse({}),
    prices: somePrices,
    ownerRegion: primary,
    laterHours: 0,
    turns: [],
    capacities,
  });
}

function worldOf(state: State): World {
  const { inventory, policy, courses, laterHours, turns } = state;
  const startMs = Date.UTC(2026, 3, 6) + laterHours * hourMs;
  const span = { startMs, endMs: startMs + policy.baselineDays * 24 * hourMs };

  const observe = observer({ courses, turns, span, laterHours });

  function baselineOf(observations: readonly Observation[]): Baseline {
    return { span, observations: new CollectedSeries(observations.map((one) => [seriesId(one.key), one])), metricRequests: observations.length };
  }

  return {
    inventory,
    policy,
    observe,
    with: (...resources) => worldOf({ ...state, inventory: { ...inventory, resources: [...inventory.resources, ...resources] } }),
    undescribed: (...resources) => worldOf({ ...state, inventory: { ...inventory, undescribed: [...inventory.undescribed, ...resources] } }),
    sees: (metric, resource, signal, region = primary) =>
      worldOf({ ...state, courses: [...courses, { metric, resource, region, signal: typeof signal === "number" ? () => signal : signal }] }),
    policed: (policy) => worldOf({ ...state, policy: policySchema.parse(policy) }),
    priced: (prices) => worldOf({ ...state, prices: { ...state.prices, ...prices } }),
    later: (hours) => worldOf({ ...state, laterHours: laterHours + hours }),
    turned: (turn) => worldOf({ ...state, turns: [...turns, turn] }),
    offered: (offered) => worldOf({ ...state, capacities: offered }),
    ownedBy: (ownerRegion) => worldOf({ ...state, ownerRegion }),
    reversed: () =>
      worldOf({ ...state, inventory: { ...inventory, resources: inventory.resources.toReversed(), undescribed: inventory.undescribed.toReversed() } }),
    facts(asked) {
      const rules = "id" in asked ? [asked] : asked;
      const rest = { inventory, policy, capacities: state.capacities, prices: state.prices, ownerRegion: state.ownerRegion };
      const coarse = observe(rules.flatMap((rule) => rule.demands(inventory, policy)));
      const coarser = baselineOf(coarse);
      const fine = observe(rules.flatMap((rule) => rule.refinements({ ...rest, baseline: coarser })));
      return { ...rest, baseline: { ...baselineOf([...coarse, ...fine]), coarser } };
    },
  };
}

export function tagged(tags: Readonly<Record<string, string>>): Tags {
  return { kind: "tags", tags };
}

export function aGroup(overrides: Partial<AutoScalingGroup> & { readonly name?: string; readonly region?: string } = {}): AutoScalingGroup {
  const { name = "web", region = primary, ...rest } = overrides;
  return {
    kind: "auto-scaling-group",
    ref: { kind: "auto-scaling-group", region, id: name },
    arn: `arn:aws:autoscaling:${region}:123456789012:autoScalingGroup:1:autoScalingGroupName/${name}`,
    tags: untagged,
    minSize: 10,
    desiredCapacity: 15,
    maxSize: 25,
    availabilityZones: ["a", "b", "c"].map((zone) => region + zone),
    launchTemplateId: "lt-0123456789abcdef0",
    launchTemplateReference: "1",
    launchTemplateVersion: 1,
    instanceType: "m5.4xlarge",
    detailedMonitoring: false,
    targetGroupArns: [`arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/web/0123456789abcdef`],
    loadBalancers: ["app/web/0123456789abcdef"],
    runningInstanceTypes: [rest.instanceType ?? "m5.4xlarge"],
    runningTemplateVersions: [1],
    memberTags: [],
    template: plainTemplate,
    habits: noHabits,
    neighbours: [],
    unread: [],
    ...rest,
  };
}

export const plainTemplate: TemplateTraits = { cpuOptions: false, tenancy: null, placementGroup: null, spot: false, capacityReservation: null };

export const noHabits: GroupHabits = {
  status: null,
  suspendedProcesses: [],
  protectsNewInstances: false,
  protectedInstances: 0,
  standbyInstances: 0,
  classicBalancers: [],
  lifecycleHooks: [],
  warmPool: false,
  scalingPolicies: [],
  scheduledActions: [],
};

/** Bytes per 5-minute sample of a rate. */
export function bytesPerSample(gbps: number, sampleSeconds = 300): number {
  return (gbps * 1e9 * sampleSeconds) / 8;
}

/** What every group publishes: percent CPU and memory, Gbit/s out. */
export function groupSees(
  world: World,
  name: string,
  load: { readonly cpu: number | Signal; readonly memory?: number | Signal; readonly gbps?: number; readonly size?: number },
  region = primary,
): World {
  return world
    .sees(metrics.ec2Cpu, name, load.cpu, region)
    .sees(metrics.ec2NetworkIn, name, bytesPerSample((load.gbps ?? 0.1) / 4), region)
    .sees(metrics.ec2NetworkOut, name, bytesPerSample(load.gbps ?? 0.1), region)
    .sees(metrics.agentMemory, name, load.memory ?? 20, region)
    .sees(metrics.groupInService, name, load.size ?? 15, region);
}

export function aTable(overrides: Partial<DynamoTable> & { readonly name?: string; readonly region?: string } = {}): DynamoTable {
  const { name = "tenants", region = primary, ...rest } = overrides;
  return {
    kind: "dynamodb-table",
    ref: { kind: "dynamodb-table", region, id: name },
    arn: `arn:aws:dynamodb:${region}:123456789012:table/${name}`,
    tags: untagged,
    billingMode: "PAY_PER_REQUEST",
    status: "ACTIVE",
    indexes: [anIndex()],
    replicaRegions: [region],
    sizeBytes: 1e9,
    createdAtMs: Date.UTC(2024, 0, 1),
    ...plainTable,
    ...rest,
  };
}

/** A stream that has been on for years, of a table of `aTable`. */
export function aStream(label = "2024-01-01T00:00:00.000"): Pick<DynamoTable, "streamArn" | "streamViewType"> {
  return { streamArn: `arn:aws:dynamodb:${primary}:123456789012:table/tenants/stream/${label}`, streamViewType: "NEW_AND_OLD_IMAGES" };
}

export function anIndex(name = "by-email", overrides: Partial<TableIndex> = {}): TableIndex {
  return {
    definition: {
      name,
      key: [{ name: "email", keyType: "HASH", attributeType: "S" }],
      projection: { type: "ALL", nonKeyAttributes: [] },
      maxReadRequestUnits: -1,
      maxWriteRequestUnits: -1,
    },
    status: "ACTIVE",
    sizeBytes: 4 * 1024 ** 3,
    itemCount: 1000,
    ...overrides,
  };
}

/** The table writes all the time; its index is written, and read as told. */
export function tableSees(world: World, table: string, index: string, reads: number | Signal, region = primary): World {
  return world
    .sees(metrics.dynamoWrites, table, 1000, region)
    .sees(metrics.dynamoWrites, `${table}/${index}`, 500, region)
    .sees(metrics.dynamoReads, `${table}/${index}`, reads, region);
}

export function aMember(identifier: string, overrides: Partial<AuroraMember> = {}): AuroraMember {
  return {
    identifier,
    arn: `arn:aws:rds:${primary}:123456789012:db:${identifier}`,
    role: "reader",
    instanceClass: "db.r6g.4xlarge",
    sizesBefore: { kind: "seen", value: [] },
    promotionTier: 1,
    status: "available",
    tags: untagged,
    createdAtMs: 0,
    definition: aDefinition(),
    ...overrides,
  };
}

export function aCluster(overrides: Partial<AuroraCluster> & { readonly name?: string; readonly region?: string } = {}): AuroraCluster {
  const { name = "aurora", region = primary, ...rest } = overrides;
  return {
    kind: "aurora-cluster",
    ref: { kind: "aurora-cluster", region, id: name },
    arn: `arn:aws:rds:${region}:123456789012:cluster:${name}`,
    tags: untagged,
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.08.0",
    status: "available",
    globalRole: "none",
    members: [aMember(`${name}-1`, { role: "writer" }), aMember(`${name}-2`)],
    backupRetentionDays: 30,
    engineMode: "provisioned",
    storage: "standard",
    waiting: [],
    surroundings: quietSurroundings,
    ...rest,
  };
}

/** Everything was read, and nothing is there. */
export const quietSurroundings: Surroundings = {
  maintenance: { kind: "seen", value: [] },
  customEndpoints: { kind: "seen", value: [] },
  blueGreenDeployments: { kind: "seen", value: [] },
  proxies: { kind: "seen", value: [] },
  readerScaling: { kind: "seen", value: [] },
  memoryParameters: { kind: "seen", value: [] },
};

/** Nearly all local storage of the member's class; not a number for a member that is not in the world. */
function mostlyFreeGib({ inventory }: World, identifier: string, region: string): number {
  const cluster = inventory.resources.find(
    (each): each is AuroraCluster =>
      each.kind === "aurora-cluster" && each.ref.region === region && each.members.some((member) => member.identifier === identifier),
  );
  const member = cluster?.members.find((each) => each.identifier === identifier);
  if (cluster === undefined || member === undefined) return Number.NaN;
  return 0.95 * (capacities.auroraLocalStorageGib(cluster.engine, member.instanceClass) ?? Number.NaN);
}

/** What one member publishes, steady. */
export function memberSees(
  world: World,
  identifier: string,
  load: { readonly cpu: number | Signal; readonly connections?: number; readonly hitPercent?: number; readonly freeLocalGib?: number },
  region = primary,
): World {
  return world
    .sees(metrics.rdsCpu, identifier, load.cpu, region)
    .sees(metrics.rdsConnections, identifier, load.connections ?? 300, region)
    .sees(metrics.rdsHitRatio, identifier, load.hitPercent ?? 99.8, region)
    .sees(metrics.rdsReadIops, identifier, 40, region)
    .sees(metrics.rdsFreeLocalStorage, identifier, (load.freeLocalGib ?? mostlyFreeGib(world, identifier, region)) * 1024 ** 3, region);
}

/** In cluster mode, with shards from 0001 on and nodes as AWS names them. */
export function aRedisGroup(
  overrides: Partial<RedisReplicationGroup> & { readonly name?: string; readonly region?: string; readonly shards?: number; readonly nodes?: number } = {},
): RedisReplicationGroup {
  const { name = "cache", region = primary, shards = 4, nodes = 3, ...rest } = overrides;
  const nodeGroups = Array.from({ length: shards }, (_, shard) => {
    const id = String(shard + 1).padStart(4, "0");
    return { id, members: Array.from({ length: nodes }, (__, node) => `${name}-${id}-${String(node + 1).padStart(3, "0")}`) };
  });
  return {
    kind: "redis-replication-group",
    ref: { kind: "redis-replication-group", region, id: name },
    arn: `arn:aws:elasticache:${region}:123456789012:replicationgroup:${name}`,
    tags: untagged,
    memberTags: [untagged],
    nodeType: "cache.r6g.4xlarge",
    sizesBefore: { kind: "seen", value: [] },
    clusterMode: true,
    status: "available",
    nodeGroups,
    automaticFailover: true,
    multiAz: true,
    dataTiering: false,
    globalDatastore: null,
    reservedMemoryPercent: 25,
    pending: [],
    scaled: { kind: "seen", value: [] },
    serviceUpdates: { kind: "seen", value: [] },
    smallerNodeTypes: ["cache.r6g.large", "cache.r6g.xlarge", "cache.r6g.2xlarge"],
    ...rest,
  };
}

/** What each node of a group publishes, steady; the first of each shard answers, the others repeat its writes. */
export function redisSees(
  world: World,
  group: RedisReplicationGroup,
  load: {
    readonly engine?: number | Signal;
    readonly gib?: number;
    readonly memory?: number;
    readonly commands?: number;
    readonly gbps?: number;
    readonly readsAtReplicas?: boolean;
  } = {},
): World {
  const { engine = 5, gib = 6, memory = 10, commands = 500, gbps = 0.05, readsAtReplicas = false } = load;
  return nodeNames(group).reduce((seen, node) => {
    const answers = node.endsWith("-001") || readsAtReplicas;
    return seen
      .sees(metrics.redisEngineCpu, node, answers ? engine : 1, group.ref.region)
      .sees(metrics.redisMemory, node, memory, group.ref.region)
      .sees(metrics.redisUsedBytes, node, gib * 1024 ** 3, group.ref.region)
      .sees(metrics.redisFragmentation, node, 1.1, group.ref.region)
      .sees(metrics.redisEvictions, node, 0, group.ref.region)
      .sees(metrics.redisConnections, node, 150, group.ref.region)
      .sees(metrics.redisGets, node, answers ? commands * 3600 * 0.9 : 0, group.ref.region)
      .sees(metrics.redisSets, node, answers ? commands * 3600 * 0.1 : 0, group.ref.region)
      .sees(metrics.redisBytesIn, node, bytesPerSample(gbps / 4, 60), group.ref.region)
      .sees(metrics.redisBytesOut, node, answers ? bytesPerSample(gbps, 60) : 0, group.ref.region);
  }, world);
}

export function aBalancer(region = primary, name = "web"): LoadBalancer {
  return {
    kind: "load-balancer",
    ref: { kind: "load-balancer", region, id: `app/${name}/0123456789abcdef` },
    arn: `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/${name}/0123456789abcdef`,
    tags: untagged,
    fullName: `app/${name}/0123456789abcdef`,
    targetGroups: [`targetgroup/${name}/0123456789abcdef`],
  };
}
