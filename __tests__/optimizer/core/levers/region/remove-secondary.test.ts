import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removalAdvice } from "../../../../../optimizer/core/levers/region/removal-advice.ts";
import { regionStudies } from "../../../../../optimizer/core/levers/region/study.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { Bucket } from "../../../../../optimizer/core/levers/s3/bucket.ts";
import { type Metric, metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { decideAll } from "../../../../../optimizer/core/planning/decide-all.ts";
import { aBucket } from "../../../../support/buckets.ts";
import { aService } from "../../../../support/container-services.ts";
import { anRdsInstance } from "../../../../support/rds-instances.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aRegion, idleStandby, standby } from "../../../../support/secondary-region.ts";
import { aCluster, aStream, aWorld, primary, secondary, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("region.remove-secondary");
const { advised, decisions, skipped } = decisionsOf(rule);
const saidOf = (world: World): string => {
  const [decision] = decisions(world);
  return decision?.kind === "skip" ? `${decision.code}: ${decision.detail}` : (decision?.kind ?? "nothing");
};

describe("region.remove-secondary", () => {
  it("says of a secondary that nothing uses, once nobody needs a failover, what removing it takes; there is never a proposal", () => {
    const advice = advised(idleStandby());
    expect(advice).toMatchObject({ resource: { kind: "region", id: secondary }, summary: `give up the secondary region ${secondary}` });
    expect(advice.reason).toMatch(/no failover is required.*in 14 days nothing used any of the 7 things/);
    expect(rule.judgedBy).toBe("never-executed");
    expect(decideAll([rule], idleStandby().facts(rule)).filter(({ kind }) => kind === "proposal")).toEqual([]);
    expect(JSON.stringify(advice)).not.toMatch(/"(action|followUps|change|writeBack)":/);
  });

  it("skips every secondary unless the policy says otherwise, and asks nothing of AWS for that", () => {
    for (const policy of [{}, { regionFailover: "peer", rules: { regionRemoveSecondary: { failoverRequired: false } } }]) {
      const world = idleStandby().policed({ baselineDays: 14, ...policy });
      expect(skipped(world).code).toBe("failover-required");
      expect(rule.demands(world.inventory, world.policy)).toEqual([]);
    }
  });

  it("says nothing where there is no secondary", () => {
    expect(decisions(aWorld().policed({ rules: { regionRemoveSecondary: { failoverRequired: false } } }))).toEqual([]);
  });

  it("shows every figure that it rests on, each with its limit", () => {
    const { evidence } = advised(idleStandby());
    expect(evidence.map(({ name, value, limit }) => `${name} ${value} of ${limit}`)).toEqual([
      "requests of app/web/0123456789abcdef 0 of 0",
      "read units of tenants 0 of 0",
      "writes by clients of tenants 0 of 0",
      "writes that went on to other regions of tenants 0 of 0",
      "read units of audit-logs 0 of 0",
      "write units of audit-logs 0 of 0",
      "connections of west 0 of 0",
      "reads and writes of cache 0 of 0",
      "connections to a node of cache 4 of 4",
      "calls of archive 0 of 0",
    ]);
    expect(evidence.every(({ completeness }) => completeness === 1)).toBe(true);
  });
});

const balancer = "app/web/0123456789abcdef";

/** What each way of using a secondary shows: the smallest there is. */
const traffic: readonly (readonly [string, Metric, string, number])[] = [
  ["a request", metrics.balancerRequests, balancer, 1],
  ["a request that no target could take", metrics.balancerElb5xx, balancer, 1],
  ["a read of a replica", metrics.dynamoReads, "tenants", 0.5],
  ["a query of a replica's index", metrics.dynamoReads, "tenants/by-email", 0.5],
  ["a write to a replica", metrics.dynamoCalls, "tenants/PutItem", 1],
  ["a statement on a replica", metrics.dynamoCalls, "tenants/ExecuteStatement", 1],
  ["a write that went on to the primary", metrics.dynamoReplication, `tenants/${primary}`, 1],
  ["a read of a table of its own", metrics.dynamoReads, "audit-logs", 0.5],
  ["a write to a table of its own", metrics.dynamoWrites, "audit-logs", 1],
  ["a connection to the database", metrics.rdsConnections, "west-2", 1],
  ["a read of the cache", metrics.redisGets, "cache-0001-001", 1],
  ["a write to the cache", metrics.redisSets, "cache-0001-001", 1],
  ["one more connection to the cache than AWS has itself", metrics.redisConnections, "cache-0001-001", 5],
  ["a call of a function", metrics.lambdaInvocations, "archive", 1],
];

it("says who is left to take over", () => {
  expect(advised(idleStandby()).warnings[0]).toBe("afterwards nothing is left to take over where us-east-1 fails");
  const third = aRegion({ ref: { kind: "region", region: "eu-west-1", id: "eu-west-1" }, components: {} });
  expect(advised(idleStandby().with(third)).warnings[0]).toBe("afterwards eu-west-1 alone can take over where us-east-1 fails");
});

describe("traffic", () => {
  it.each(traffic)("%s on one day of the baseline keeps the region", (_, metric, resource, value) => {
    const quiet = metric === metrics.redisConnections ? 4 : 0;
    const used = idleStandby().sees(metric, resource, (hour) => (Math.floor(hour / 24) === 9 ? value : quiet), secondary);
    expect(saidOf(used)).toMatch(/^still-read: something uses it; /);
  });

  it("of the primary, and what replication writes, is none of the secondary's", () => {
    const busy = traffic.reduce((seen, [, metric, resource]) => seen.sees(metric, resource, 1000), idleStandby());
    expect(decisions(busy.sees(metrics.dynamoWrites, "tenants", 9000, secondary))[0]?.kind).toBe("advice");
  });

  it("of many things is told of the first three, and the others are counted", () => {
    const used = ["tenants", "audit-logs"].reduce((seen, name) => seen.sees(metrics.dynamoReads, name, 1, secondary), idleStandby());
    const busy = used.sees(metrics.rdsConnections, "west-1", 30, secondary).sees(metrics.lambdaInvocations, "archive", 1, secondary);
    expect(saidOf(busy)).toMatch(/; read units of tenants: \d+, read units of audit-logs: \d+, connections of west: 30, and 1 more; what the region/);
  });

  it("is none of a cluster that has no members", () => {
    const advice = advised(idleStandby({ cluster: { ...standby.cluster, members: [] } }, { components: {} }));
    expect(advice.evidence.map(({ name }) => name)).not.toContain("connections of west");
  });

  it("says that it may be the region's own", () => {
    expect(saidOf(idleStandby().sees(metrics.rdsConnections, "west-1", 30, secondary))).toContain(
      "connections of west: 30; what the region does for itself counts, too, such as connections of its idle instances",
    );
  });

  it("more of it never turns a skip into advice", () => {
    const load = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...traffic), load, load, ([, metric, resource], base, more) => {
        const at = (value: number) => decisions(idleStandby().sees(metric, resource, value, secondary))[0]?.kind === "advice";
        if (!at(base)) expect(at(base + more)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it("in a day in which something else of it was not reported is seen all the same", () => {
    const gappy = idleStandby()
      .sees(metrics.rdsConnections, "west-1", (hour) => (hour < 24 ? Number.NaN : 0), secondary)
      .sees(metrics.rdsConnections, "west-2", (hour) => (hour < 24 ? 7 : 0), secondary);
    expect(saidOf(gappy)).toContain("still-read: something uses it; connections of west: 7");
  });
});

describe("what was not seen proves nothing", () => {
  it.each([
    ["a database", metrics.rdsConnections, "west-1", /^insufficient-data: connections of west has 0 % of its points/],
    ["a cache", metrics.redisGets, "cache-0001-001", /^insufficient-data: reads and writes of cache/],
    [
      "a balancer that nothing shows to be there",
      metrics.balancerHealthyHosts,
      `${balancer}/targetgroup/web/0123456789abcdef`,
      /^insufficient-data: requests of app/,
    ],
  ])("%s without points", (_, metric, resource, said) => {
    expect(saidOf(idleStandby().sees(metric, resource, Number.NaN, secondary))).toMatch(said);
  });

  it("a day without points is a day in which a job of every month may have used it", () => {
    const gappy = idleStandby()
      .policed({ baselineDays: 60, rules: { regionRemoveSecondary: { failoverRequired: false } } })
      .sees(metrics.rdsConnections, "west-1", (hour) => (hour >= 576 && hour < 600 ? Number.NaN : 0), secondary);
    expect(saidOf(gappy)).toContain("insufficient-data: connections of west: nothing is known of one day, from 2026-04-30 00:00 UTC on");
  });

  it("tables of which AWS reported nothing at all, not even a zero", () => {
    const silent = ["tenants", "audit-logs"].reduce((seen, name) => seen.sees(metrics.dynamoWrites, name, Number.NaN, secondary), idleStandby());
    expect(saidOf(silent)).toMatch(/^insufficient-data: read units of tenants has 0 % of its points/);
  });

  it("functions are silent without a call: that CloudWatch was there shows by what is reported always", () => {
    const alone = {
      balancer: standby.lambda,
      group: standby.lambda,
      replica: standby.lambda,
      table: standby.lambda,
      cluster: standby.lambda,
      cache: standby.lambda,
    };
    const components = { components: {} };
    expect(saidOf(idleStandby(alone, components))).toMatch(/^insufficient-data: calls of archive/);
    expect(saidOf(idleStandby({}, components))).toBe("advice");
  });

  it("nothing that is measured is nothing to judge by", () => {
    const world = aWorld()
      .policed({ rules: { regionRemoveSecondary: { failoverRequired: false } } })
      .with(aRegion({ components: {} }), aStreamlessPrimary());
    expect(saidOf(world)).toBe("cannot-judge: it has nothing whose traffic could be looked at");
  });

  it("a thing that could not be described", () => {
    const ref = { kind: "dynamodb-table", region: secondary, id: "users" } as const;
    const world = idleStandby().undescribed({ ref, reason: "access-denied", detail: "AccessDenied" });
    expect(saidOf(world)).toBe("unreadable: not all of it was read: dynamodb-table users (AccessDenied)");
  });

  it("a primary that is not there to have what would be gone", () => {
    expect(saidOf(idleStandby().ownedBy("eu-west-1"))).toMatch(/^unreadable: nothing of its primary was read/);
    expect(saidOf(idleStandby().ownedBy(secondary))).toMatch(/^unreadable: nothing of its primary was read/);
  });

  it("what the stacks have there and no kind of resource stands for", () => {
    const components = { secondary: { rds: { type: "aws_db_instance", id: "tap-prod-mysql" } } };
    expect(saidOf(idleStandby({}, { components }))).toBe("unsupported: it also has aws_db_instance tap-prod-mysql, of which nothing is looked at");
  });
});

function aStreamlessPrimary() {
  return { ...standby.table, ref: { ...standby.table.ref, region: primary } };
}

function countedBucket(requestMetrics: Bucket["requestMetrics"]): Bucket {
  return aBucket({ ref: { kind: "s3-bucket", region: secondary, id: "data" }, requestMetrics });
}

describe("what giving it up saves at most", () => {
  const atMost = (world: World) => advised(world).savesAtMost;
  const unknownOf = (world: World): readonly (string | undefined)[] => {
    const saves = atMost(world);
    return saves.kind === "known" ? [] : (saves.kind === "unknown" ? [saves] : saves.unknown).map(({ what }) => what);
  };
  const usdOf = (world: World): number => {
    const saves = atMost(world);
    return saves.kind === "unknown" ? 0 : saves.usd;
  };

  it("counts tasks by the hour", () => {
    const region = { components: {} };
    const service = aService({ region: secondary, name: "web" });
    const tasks = (vcpuHour: number) => idleStandby({ group: service }, region).priced({ fargate: () => ({ vcpuHour, gbHour: 0, ephemeralStorageGbHour: 0 }) });
    // Eight of one vCPU.
    expect(usdOf(tasks(2)) - usdOf(tasks(1))).toBeCloseTo(8 * 730, 6);
    expect(unknownOf(idleStandby({ group: service }, region).priced({ fargate: () => null }))).toContain("tasks on Fargate in us-west-2");
  });

  it("counts a database outside of clusters by the hour, too, once there are steps by which it is given up", () => {
    const instance = anRdsInstance({ region: secondary });
    const of = (hourlyUsd: number) => {
      const facts = idleStandby({ lambda: instance })
        .priced({ rdsHourly: () => hourlyUsd })
        .facts(rule);
      const { savesAtMost } = removalAdvice(regionStudies.study(facts, aRegion())("careful"), [], { rule: rule.id, resource: aRegion().ref });
      return savesAtMost.kind === "unknown" ? Number.NaN : savesAtMost.usd;
    };
    expect(of(2) - of(1)).toBeCloseTo(730, 6);
  });

  it("is not known of what tables hold without a price", () => {
    expect(unknownOf(idleStandby())).not.toContain("DynamoDB storage in us-west-2");
    expect(unknownOf(idleStandby().priced({ dynamoDb: () => null }))).toContain("DynamoDB storage in us-west-2");
  });
});

it("requests of a bucket are no figure where nobody counts them", () => {
  const uncounted = idleStandby({ lambda: countedBucket({ kind: "seen", value: null }) });
  expect(advised(uncounted).evidence.map(({ name }) => name)).not.toContain("requests of data");
  expect(advised(idleStandby({ lambda: countedBucket({ kind: "seen", value: "all" }) })).evidence.map(({ name }) => name)).toContain("requests of data");
});

it("requests of a bucket keep the region where they are counted", () => {
  const counted = idleStandby({ lambda: countedBucket({ kind: "seen", value: "all" }) });
  expect(decisions(counted)[0]?.kind).toBe("advice");
  expect(saidOf(counted.sees(metrics.s3Requests, "data/all", 1, secondary))).toContain("still-read: something uses it; requests of data: 14");
});

describe("somebody else's use", () => {
  const arn = "arn:aws:sqs:us-west-2:123456789012:jobs";
  const seen = <T>(value: T) => ({ kind: "seen", value }) as const;
  const unseen = { kind: "unseen", reason: "AccessDenied" } as const;
  const { surroundings } = standby.cluster;
  if (surroundings === undefined) throw new Error("a cluster has surroundings");

  it.each([
    ["a tenant's group", { group: { ...standby.group, tags: tagged({ TenantId: "acme" }) } }, /^tenant-resource: group web: tag "TenantId"/],
    [
      "a tenant's member",
      { cluster: { ...standby.cluster, members: [{ ...standby.cluster.members[0]!, tags: tagged({ tenant: "" }) }] } },
      /^tenant-resource: Aurora west: tag "tenant"/,
    ],
    [
      "target groups that the outputs do not name",
      { balancer: { ...standby.balancer, targetGroups: ["targetgroup/theirs/1"] } },
      /^shared: .*is before targetgroup\/theirs\/1/,
    ],
    [
      "another group behind the same targets",
      { group: { ...standby.group, neighbours: [{ name: "theirs", tags: tagged({}), followsLatest: false, targetGroupArns: ["arn"] }] } },
      /^shared: group web has its target groups in common with theirs/,
    ],
    ["instances behind no balancer", { group: { ...standby.group, loadBalancers: [] } }, /^cannot-judge: group web is behind no load balancer/],
    [
      "instances behind a balancer of somebody else",
      { group: { ...standby.group, loadBalancers: ["net/theirs/1"] } },
      /^cannot-judge: group web is behind net\/theirs\/1, whose/,
    ],
    ["tasks behind no balancer", { group: aService({ region: secondary, name: "web", loadBalancers: [] }) }, /^cannot-judge: service main\/web is behind no/],
    [
      "a replica of another account",
      { replica: { ...standby.replica, foreignReplicas: ["eu-west-1"] } },
      /^shared: table tenants has a replica of another account/,
    ],
    [
      "a global table of 2017",
      { replica: { ...standby.replica, globalTable: seen("2017.11.29" as const) } },
      /^unsupported: table tenants is a global table of version 2017/,
    ],
    ["a table of unknown version", { replica: { ...standby.replica, globalTable: unseen } }, /^unreadable: table tenants: .*AccessDenied/],
    [
      "a replica whose primary is elsewhere",
      { replica: { ...standby.replica, replicaRegions: [secondary, "eu-west-1"] } },
      /^unsupported: table tenants has no replica in us-east-1/,
    ],
    [
      "a reader of a stream",
      { table: { ...standby.table, ...aStream(), streamConsumers: seen(["pipe archive"]) } },
      /^shared: table audit-logs is connected to pipe archive/,
    ],
    ["a stream that could not be looked at", { table: { ...standby.table, streamConsumers: unseen } }, /^unreadable: table audit-logs/],
    [
      "a cluster that writes",
      { cluster: { ...standby.cluster, globalRole: "primary" as const } },
      /^unsupported: Aurora west holds the writer of the global database tap-global/,
    ],
    ["a cluster that is no copy", { cluster: { ...standby.cluster, globalRole: "none" as const } }, /^unsupported: Aurora west is in no global database/],
    [
      "a cluster for which something waits",
      { cluster: { ...standby.cluster, waiting: ["a change of EngineVersion"] } },
      /^unsupported: Aurora west is available, a change of EngineVersion$/,
    ],
    ["a cluster that is being changed", { cluster: { ...standby.cluster, status: "upgrading" } }, /^unsupported: Aurora west is upgrading/],
    [
      "a global database whose writer was not read",
      { cluster: { ...standby.cluster, globalClusterId: "other" } },
      /^unreadable: Aurora west: the writer of the global database other/,
    ],
    [
      "a replica whose namesake was not read",
      { replica: { ...standby.replica, ref: { ...standby.replica.ref, id: "carts" } } },
      /^unreadable: table carts: its replica in us-east-1/,
    ],
    ["a database that no steps give up", { lambda: anRdsInstance({ region: secondary }) }, /^unsupported: RDS mysql is outside of clusters/],
    [
      "a proxy",
      { cluster: { ...standby.cluster, surroundings: { ...surroundings, proxies: seen(["theirs"]) } } },
      /^shared: Aurora west is connected to theirs \(a proxy\)/,
    ],
    [
      "an endpoint",
      { cluster: { ...standby.cluster, surroundings: { ...surroundings, customEndpoints: seen(["reports"]) } } },
      /^shared: Aurora west is connected to reports/,
    ],
    [
      "a blue/green deployment",
      { cluster: { ...standby.cluster, surroundings: { ...surroundings, blueGreenDeployments: seen(["next"]) } } },
      /^shared: Aurora west is connected to next \(a blue\/green deployment\)/,
    ],
    [
      "proxies that could not be looked at",
      { cluster: { ...standby.cluster, surroundings: { ...surroundings, proxies: unseen } } },
      /^unreadable: Aurora west/,
    ],
    [
      "a database of a plan that does not tell what stands around it",
      { cluster: aCluster({ name: "west", region: secondary, globalClusterId: "tap-global", globalRole: "secondary", surroundings: undefined } as never) },
      /^unreadable: Aurora west: what stands around it could not be seen: the plan is of an older release/,
    ],
    ["a Global Datastore", { cache: { ...standby.cache, globalDatastore: "ldgnf" } }, /^shared: Redis cache is a member of the Global Datastore ldgnf/],
    [
      "a reservation that could not be looked at",
      { lambda: { ...standby.lambda, reservedConcurrency: unseen } },
      /^unreadable: function archive: what it has reserved/,
    ],
    [
      "scaling that could not be looked at",
      { group: aService({ region: secondary, name: "web", scaling: unseen }) },
      /^unreadable: service main\/web: what scales it/,
    ],
    ["requests that may be counted", { lambda: countedBucket(unseen) }, /^unreadable: bucket .*whether its requests are counted/],
    [
      "an event source",
      { lambda: { ...standby.lambda, eventSources: seen([{ arn, isBounded: true }]) } },
      /^shared: function archive is connected to arn:aws:sqs/,
    ],
    ["event sources that could not be looked at", { lambda: { ...standby.lambda, eventSources: unseen } }, /^unreadable: function archive/],
  ])("%s keeps the region", (_, standing, said) => {
    expect(saidOf(idleStandby(standing, { components: {} }))).toMatch(said);
  });

  it("is none where another group has no targets in common, and where an older plan tells of nothing that waits", () => {
    const neighbours = [{ name: "theirs", tags: tagged({}), followsLatest: false, targetGroupArns: [] }];
    expect(saidOf(idleStandby({ group: { ...standby.group, neighbours } }))).toBe("advice");
    const { waiting: _, ...cluster } = standby.cluster;
    expect(saidOf(idleStandby({ cluster }))).toBe("advice");
  });
});
