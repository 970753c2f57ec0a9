import type { Region } from "../../optimizer/core/levers/region/region.ts";
import type { Resource } from "../../optimizer/core/levers/resource-kinds.ts";
import { metrics } from "../../optimizer/core/metrics/catalogue.ts";
import { aFunction } from "./functions.ts";
import { aBalancer, aCluster, aGroup, aMember, anIndex, aRedisGroup, aTable, aWorld, primary, secondary, type World } from "./world.ts";

/** A secondary region whose outputs name the target group of `aBalancer` and what `contents` below hold. */
export function aRegion(overrides: Partial<Region> = {}): Region {
  return {
    kind: "region",
    ref: { kind: "region", region: secondary, id: secondary },
    arn: "",
    tags: { kind: "tags", tags: {} },
    stacks: ["secondary"],
    environmentSuffix: "prod",
    targetGroups: ["targetgroup/web/0123456789abcdef"],
    components: {
      secondary: {
        compute: { type: "aws_autoscaling_group", id: "web" },
        aurora: { type: "aws_rds_cluster", id: "west" },
        "aurora.instances.west-1": { type: "aws_rds_cluster_instance", id: "west-1" },
      },
    },
    ...overrides,
  };
}

const regions = [primary, secondary];

/** One of each in the secondary: a fleet behind a balancer, a replica, a table of its own, a copy of the database, a cache, a function. */
export const standby = {
  balancer: aBalancer(secondary),
  group: aGroup({ region: secondary }),
  replica: aTable({ region: secondary, name: "tenants", replicaRegions: regions, indexes: [anIndex("by-email")] }),
  table: aTable({ region: secondary, name: "audit-logs", indexes: [] }),
  cluster: aCluster({
    name: "west",
    region: secondary,
    globalClusterId: "tap-global",
    globalRole: "secondary",
    members: [aMember("west-1"), aMember("west-2")],
  }),
  cache: aRedisGroup({ region: secondary, shards: 1, nodes: 1 }),
  lambda: aFunction({ region: secondary }),
};

const writer = aCluster({ name: "east", globalClusterId: "tap-global", globalRole: "primary" });

/** The secondary with what it has, seen whole and used by nobody; what `standing` says is there in place of its namesake. */
export function idleStandby(standing: Partial<Record<keyof typeof standby, Resource>> = {}, region: Partial<Region> = {}): World {
  const world = aWorld()
    .policed({ baselineDays: 14, rules: { regionRemoveSecondary: { failoverRequired: false } } })
    .with(aRegion(region), aTable({ name: "tenants", replicaRegions: regions }), writer, ...Object.values({ ...standby, ...standing }));
  const alive = [
    [metrics.balancerHealthyHosts, "app/web/0123456789abcdef/targetgroup/web/0123456789abcdef", 3],
    [metrics.dynamoWrites, "audit-logs", 0],
    // What the primary writes is written here, too.
    [metrics.dynamoWrites, "tenants", 500],
    [metrics.rdsConnections, "west-1", 0],
    [metrics.rdsConnections, "west-2", 0],
    [metrics.redisGets, "cache-0001-001", 0],
    [metrics.redisSets, "cache-0001-001", 0],
    [metrics.redisConnections, "cache-0001-001", 4],
  ] as const;
  return alive.reduce((seen, [metric, resource, value]) => seen.sees(metric, resource, value, secondary), world);
}
