import { nothingByHand } from "../../simulation/services/auto-scaling/set-by-hand.ts";
import { AccountState } from "../../simulation/account/state.ts";
import { QueueableSetting } from "../../simulation/account/queued-setting.ts";
import { Timeline } from "../../simulation/account/timeline.ts";
import { createLoadModel, type LoadModel } from "../../simulation/load/load-model.ts";
import type { Scenario } from "../../simulation/scenario/scenario.ts";
import { services } from "../../simulation/services.ts";
import { groups } from "../../simulation/services/auto-scaling/group.ts";
import type { GroupCapacity } from "../../simulation/services/auto-scaling/load.ts";
import { tables, usualWarmUnits, type Billing, type TableIndex } from "../../simulation/services/dynamodb/table.ts";
import { nodeNumbers, replicationGroups, shardId, type GroupState } from "../../simulation/services/elasticache/replication-group.ts";
import { targetGroups } from "../../simulation/services/elb/target-group.ts";
import { clusters, instances as dbInstances } from "../../simulation/services/rds/cluster.ts";
import type { MemberCapacity } from "../../simulation/services/rds/member-load.ts";
import { fleets, type FleetInstance } from "../../simulation/shared/fleet.ts";
import { loadBalancers } from "../../simulation/shared/load-balancer.ts";

export interface FakeRegion {
  readonly group?: (atMs: number) => GroupCapacity;
  readonly members?: (atMs: number) => readonly MemberCapacity[];
  /** Table → index → cap at a moment; `null` when it does not exist. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, (atMs: number) => number | null>>>>;
  readonly redis?: { readonly nodeType: string; readonly shards: number; readonly replicasPerShard: number };
  /** When what the functions give changes. */
  readonly changesMs?: readonly number[];
}

export type FakeRegions = Readonly<Record<string, FakeRegion>>;

export const fakeNames = {
  loadBalancer: "app/tap-prod-alb/0123456789abcdef",
  targetGroup: "targetgroup/tap-prod-api/0123456789abcdef",
  group: "tap-prod-asg",
  cluster: "tap-prod-aurora",
  redis: "tap-prod-redis",
} as const;

export function instances(type: string, count = 15): GroupCapacity {
  return { instances: { [type]: count }, zones: 3 };
}

/** Members named `tap-prod-aurora-1` and on; the first one writes unless the cluster is a secondary. */
export function members(classes: readonly string[], secondary = false): readonly MemberCapacity[] {
  return classes.map((instanceClass, at) => ({
    identifier: `tap-prod-aurora-${at + 1}`,
    instanceClass,
    role: at === 0 && !secondary ? "writer" : "reader",
    available: true,
  }));
}

/** The load of an account made of functions of time: one balancer, group, cluster and cache in each region, all of one stack. */
export function fakeModel(scenario: Scenario, regions: FakeRegions): LoadModel {
  return createLoadModel(scenario, fakeState(scenario, regions), services);
}

function fakeState(scenario: Scenario, regions: FakeRegions): AccountState {
  const startMs = Date.parse(scenario.start);
  const state = new AccountState(scenario.accountId, startMs - scenario.historyDays * 86_400_000, startMs);
  for (const [region, fake] of Object.entries(regions)) {
    const owned = (name: string) => ({ address: `fake/${name}`, region, arn: `arn:fake:${region}:${name}`, tags: {} });
    const timeline = <T>(at: (atMs: number) => T): Timeline<T> => {
      const made = new Timeline<T>(state.bornMs, at(state.bornMs));
      for (const changeMs of fake.changesMs ?? []) made.set(changeMs, at(changeMs));
      return made;
    };
    addFleet(state, fake, owned, timeline);
    addCluster(state, fake, owned, timeline);
    addTables(state, fake, owned, timeline);
    const { redis } = fake;
    if (redis !== undefined)
      state.of(replicationGroups).add(fakeNames.redis, { ...owned("redis"), ...redisRest, createdMs: state.bornMs, state: timeline(() => redisState(redis)) });
  }
  return state;
}

type Owned = (name: string) => { readonly address: string; readonly region: string; readonly arn: string; readonly tags: Readonly<Record<string, string>> };
type MakeTimeline = <T>(at: (atMs: number) => T) => Timeline<T>;

function addFleet(state: AccountState, { group: capacityAt }: FakeRegion, owned: Owned, timeline: MakeTimeline): void {
  if (capacityAt === undefined) return;
  const target = owned("target");
  const targetGroupArns = [target.arn];
  const group = {
    ...owned("group"),
    name: fakeNames.group,
    launchTemplateId: "lt-0",
    zones: [],
    subnetIds: [],
    targetGroupArns,
    healthCheckType: "ELB",
    healthCheckGraceSeconds: 300,
    tagsAtLaunch: {},
    settings: timeline(() => ({ minSize: 1, desiredCapacity: 1, maxSize: 1, launchTemplateVersion: "1" })),
    instances: timeline((atMs) => fleetOf(capacityAt(atMs))),
    policies: [],
    warmUpSeconds: 300,
    refreshes: [],
    placementGroup: null,
    byHand: nothingByHand,
  };
  state.of(groups).add(fakeNames.group, group);
  state.of(fleets).add(fakeNames.group, group);
  state.of(targetGroups).add(target.arn, {
    ...target,
    name: "api",
    fullName: fakeNames.targetGroup,
    port: 80,
    protocol: "HTTP",
    targetType: "instance",
    vpcId: "vpc-0",
    healthCheckPath: null,
    crossZone: "use_load_balancer_configuration",
    leastHealthy: { dnsFailover: "1", unhealthyRouting: "1" },
  });
  const balancer = owned("balancer");
  const edge = { name: "alb", fullName: fakeNames.loadBalancer, dnsName: "alb", scheme: "internal", vpcId: null, subnets: [], securityGroupIds: [] } as const;
  state.of(loadBalancers).add(balancer.arn, { ...balancer, ...edge, targetGroupArns });
}

function fleetOf({ instances: byType, zones }: GroupCapacity): readonly FleetInstance[] {
  const types = Object.entries(byType).flatMap(([type, count]) => Array.from({ length: count }, () => type));
  return types.map((instanceType, at) => ({
    id: `i-${at}`,
    instanceType,
    zone: `zone-${at % zones}`,
    launchTemplateVersion: 1,
    lifecycleState: "InService",
  }));
}

function addCluster(state: AccountState, { members: membersAt }: FakeRegion, owned: Owned, timeline: MakeTimeline): void {
  if (membersAt === undefined) return;
  const identifiers = membersAt(state.bornMs).map((member) => member.identifier);
  for (const identifier of identifiers) {
    state.of(dbInstances).add(identifier, {
      ...owned(identifier),
      id: identifier,
      clusterId: fakeNames.cluster,
      resourceId: "db-0",
      promotionTier: 1,
      zone: "",
      endpoint: "",
      maintenanceWindow: "sun:06:00-sun:06:30",
      performanceInsights: false,
      settings: {
        createdMs: state.bornMs,
        subnetGroup: null,
        monitoringRoleArn: null,
        insightsDays: 7,
        insightsKeyArn: null,
        caCertificate: new QueueableSetting(state.bornMs, "rds-ca-rsa2048-g1"),
        isPubliclyAccessible: false,
        upgradesMinorVersions: false,
        copiesTagsToSnapshots: false,
      },
      monitoringSeconds: 0,
      state: timeline((atMs) => {
        const member = membersAt(atMs).find((candidate) => candidate.identifier === identifier);
        return { instanceClass: member?.instanceClass ?? "", status: "available", serving: member?.available ?? false };
      }),
    });
  }
  const writerAt = (atMs: number): string | null => membersAt(atMs).find((member) => member.role === "writer")?.identifier ?? null;
  state.of(clusters).add(fakeNames.cluster, {
    ...owned("cluster"),
    id: fakeNames.cluster,
    resourceId: "cluster-0",
    engine: "aurora-mysql",
    engineVersion: "8.0",
    endpoint: "",
    readerEndpoint: "",
    port: 3306,
    backupRetentionDays: timeline(() => 1),
    deletionProtection: false,
    storageEncrypted: false,
    kmsKeyId: null,
    globalClusterId: null,
    isSecondary: writerAt(state.bornMs) === null,
    memberIds: identifiers,
    state: timeline((atMs) => ({ status: "available", writer: writerAt(atMs) })),
  });
}

function addTables(state: AccountState, { tables: byName = {} }: FakeRegion, owned: Owned, timeline: MakeTimeline): void {
  for (const [name, indexes] of Object.entries(byName)) {
    const home = owned(name);
    const indexAt = (index: string, cap: number | null): TableIndex | null => (cap === null ? null : { ...indexRest, name: index, maxReadRequestUnits: cap });
    const core = {
      name,
      homeRegion: home.region,
      billing: new Timeline<Billing>(state.bornMs, { mode: "PAY_PER_REQUEST", readCapacityUnits: 0, writeCapacityUnits: 0 }),
      onDemandSwitchesMs: [],
      key: [],
      deletionProtection: false,
      status: timeline<"ACTIVE" | "UPDATING">(() => "ACTIVE"),
      indexes: new Map(Object.entries(indexes).map(([index, capAt]) => [index, timeline((atMs) => indexAt(index, capAt(atMs)))])),
      replicaRegions: [home.region],
      tableClass: "STANDARD",
      createdMs: state.bornMs,
      indexCreatedMs: new Map<string, number>(),
      items: 0,
      sizeBytes: 0,
      expiryAttribute: null,
      recoveryDays: 0,
      isGlobalOf2017: false,
      foreignReplicas: [],
    } as const;
    state.of(tables).add(name, {
      ...home,
      core: { ...core, replicaRegions: [home.region], onDemandSwitchesMs: [] },
      stream: new Timeline(state.bornMs, null),
      kmsKeyArn: null,
      insights: new Map(),
    });
  }
}

const indexRest = {
  key: [],
  projectionType: "ALL",
  nonKeyAttributes: [],
  readCapacityUnits: 0,
  writeCapacityUnits: 0,
  maxWriteRequestUnits: -1,
  ...usualWarmUnits,
  status: "ACTIVE",
} as const;

function redisState({ nodeType, shards, replicasPerShard }: NonNullable<FakeRegion["redis"]>): GroupState {
  const nodes = nodeNumbers(replicasPerShard + 1);
  return { status: "available", nodeType, shards: nodeNumbers(shards).map((number) => ({ id: shardId(number), nodes })) };
}

const redisRest = {
  id: fakeNames.redis,
  description: "",
  engine: "redis",
  engineVersion: new QueueableSetting(0, "7.1"),
  maintenanceWindow: "sun:05:00-sun:06:00",
  parameterGroup: "default.redis7.cluster.on",
  reservedPercent: 25,
  reservedBytes: 0,
  zones: [],
  clusterMode: true,
  automaticFailover: true,
  multiAz: true,
  transitEncryption: true,
  atRestEncryption: true,
  kmsKeyId: null,
  endpoint: "",
  port: 6379,
};
