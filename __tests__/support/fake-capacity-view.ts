import type { CapacityView, GroupCapacity, MemberCapacity } from "../../simulation/capacity-view.ts";

export interface FakeRegion {
  readonly group?: (atMs: number) => GroupCapacity | null;
  readonly members?: (atMs: number) => readonly MemberCapacity[] | null;
  /** Table → index → cap at a moment; `null` when it does not exist. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, (atMs: number) => number | null>>>>;
  readonly redis?: { readonly nodeType: string; readonly shards: number; readonly replicasPerShard: number };
  readonly changesMs?: readonly number[];
}

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

/** A capacity view from functions of time: one balancer, group, cluster and cache in each region. */
export function fakeCapacityView(regions: Readonly<Record<string, FakeRegion>>, exact = true): CapacityView {
  const view: CapacityView = {
    groupAt: (region, _, atMs) => regions[region]?.group?.(atMs) ?? null,
    clusterAt: (region, _, atMs) => regions[region]?.members?.(atMs) ?? null,
    indexAt: (region, table, index, atMs) => {
      const cap = regions[region]?.tables?.[table]?.[index]?.(atMs) ?? null;
      return cap === null ? null : { exists: true, maxReadRequestUnits: cap };
    },
    tableAt: (region, table) => (regions[region]?.tables?.[table] === undefined ? null : { billingMode: "PAY_PER_REQUEST" }),
    redisAt: (region) => regions[region]?.redis ?? null,
    backendOf: (region) => ({
      autoScalingGroup: regions[region]?.group === undefined ? null : fakeNames.group,
      cluster: regions[region]?.members === undefined ? null : fakeNames.cluster,
    }),
    namesIn: (region) => {
      const fake = regions[region] ?? {};
      return {
        loadBalancers: fake.group === undefined ? [] : [{ fullName: fakeNames.loadBalancer, targetGroups: [fakeNames.targetGroup] }],
        autoScalingGroups: fake.group === undefined ? [] : [fakeNames.group],
        clusters: fake.members === undefined ? [] : [fakeNames.cluster],
        tables: Object.entries(fake.tables ?? {}).map(([name, indexes]) => ({ name, indexes: Object.keys(indexes) })),
        replicationGroups: fake.redis === undefined ? [] : [fakeNames.redis],
      };
    },
  };
  if (!exact) return view;
  return {
    ...view,
    changesBetween: (region, startMs, endMs) => (regions[region]?.changesMs ?? []).filter((ms) => ms >= startMs && ms < endMs),
  };
}
