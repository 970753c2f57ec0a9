import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { RedisReplicationGroup } from "../../../../../optimizer/core/levers/redis/replication-group.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aRedisGroup, aWorld, bytesPerSample, redisSees, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("redis.size");
const { proposal, skipped } = decisionsOf(rule);
type Load = Parameters<typeof redisSees>[2];

/** Two weeks: twelve nodes publish much. */
const short = aWorld().policed({ baselineDays: 14 });

/** Four shards of three cache.r6g.4xlarge, with room to spare. */
const seen = (load: Load = {}, group = aRedisGroup()): World => redisSees(short.with(group), group, load);
const twoWeeks = { baselineDays: 14 };
const literal = { ...twoWeeks, rules: { decision: "literal" } };
const gib = 1024 ** 3;
const hourly = { "4xlarge": 1.642, xlarge: 0.411 };

describe("redis.size", () => {
  it("proposes the requirement's target where it fits in every dimension", () => {
    const decision = proposal(seen());
    expect(decision).toMatchObject({
      from: "cache.r6g.4xlarge, 4 shards of 3 nodes",
      to: "cache.r6g.xlarge, 2 shards of 2 nodes",
      paidAs: "cache.r6g.4xlarge",
    });
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo((12 * hourly["4xlarge"] - 4 * hourly.xlarge) * 730) });
    // 6 GiB × 1.1 × 4 ÷ 2 shards of 28,261,849,702 bytes × 75 %; 5 % × 4 ÷ 2 of a thread; 0.05 × 4 ÷ 2 of 1.25 Gbit/s.
    expect(decision.chosen?.projections.map(({ method }) => method)).toContain("p99.5 of hourly maxima 5 % × 4 ÷ 2 shards, of 100 % a node");
    const by = Object.fromEntries(decision.chosen?.projections.slice(0, 4).map(({ dimension, projected }) => [dimension, projected]) ?? []);
    expect(by).toEqual({
      memory: expect.closeTo((6.6 * gib * 2) / (28_261_849_702 * 0.75), 6),
      cpu: expect.closeTo(0.1),
      network: expect.closeTo(0.08),
      connections: expect.closeTo(300 / 65_000),
    });
  });

  it("shares nothing out over replicas where nobody reads at all", () => {
    const world = seen({ commands: 0, readsAtReplicas: true });
    expect(proposal(world).chosen?.projections.find(({ dimension }) => dimension === "cpu")?.method).not.toContain("one lost");
    expect(proposal(seen({ readsAtReplicas: true })).chosen?.projections.find(({ dimension }) => dimension === "cpu")?.method).toContain("one lost");
  });

  it("keeps a replica where one has to take over, and needs none where AWS fails nothing over", () => {
    const one = (failsOver: boolean) =>
      seen(
        {},
        aRedisGroup({ shards: 1, nodes: 2, nodeType: "cache.r6g.xlarge", clusterMode: false, automaticFailover: failsOver, multiAz: failsOver }),
      ).policed({
        ...twoWeeks,
        rules: { redisSize: { targetReplicas: 0, targetShards: 1 } },
      });
    expect(skipped(one(true)).code).toBe("already-there");
    expect(skipped(one(false))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("cluster mode is off") });
  });

  it("says that the saving is not known where one of the two prices is not", () => {
    const without = (unpriced: string) => proposal(seen().priced({ redisHourly: (_, nodeType) => (nodeType === unpriced ? null : 1) })).savings;
    for (const type of ["cache.r6g.4xlarge", "cache.r6g.xlarge"])
      expect(without(type)).toEqual({ kind: "unknown", what: `${type} in us-east-1`, reason: "price unknown" });
  });

  it("takes the cheapest shape that fits where the target does not: one more shard rather than a larger node", () => {
    // 8.8 GiB × 4 ÷ 2 = 17.6 of 19.74 GiB is 89 %; by three shards 59 %.
    const decision = proposal(seen({ gib: 8 }));
    expect(decision.to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    expect(decision.refused.map(({ target }) => target)).toEqual(["cache.r6g.xlarge, 2 shards of 2 nodes"]);
    expect(decision.reason).toContain("memory would be 89.2 %, at most 80 %");
  });

  it.each([
    ["engine CPU", { engine: 30 }, "engine CPU of the busiest node 30 %"],
    ["memory", { memory: 50 }, "memory of the fullest node 50 %"],
    ["commands", { commands: 2500 }, "commands a second in the busiest hour 10000"],
  ])("leaves a group alone whose %s is at the requirement's limit", (_, load, said) => {
    expect(skipped(seen(load))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining(said) });
  });

  it("looks at the engine's thread, which one busy core fills while the host looks idle", () => {
    expect(skipped(seen({ engine: 95 })).code).toBe("threshold-not-met");
    expect(rule.demands(seen().inventory, aWorld().policy).map(({ metric }) => metric)).not.toContain("CPUUtilization");
  });

  it("takes each kept shard to get what the busiest has, since slots are not equally full", () => {
    const uneven = seen().sees(metrics.redisUsedBytes, "cache-0003-001", 14 * gib);
    expect(proposal(uneven).to).toBe("cache.r6g.2xlarge, 2 shards of 2 nodes");
  });

  it("counts what fragmentation keeps from being used, and the parameter group's reserve", () => {
    const fragmented = ["0001", "0002", "0003", "0004"].reduce((world, id) => world.sees(metrics.redisFragmentation, `cache-${id}-001`, 1.6), seen());
    expect(proposal(fragmented).to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    expect(proposal(seen({}, aRedisGroup({ reservedMemoryPercent: 50 }))).to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
  });

  it("never merges shards that lack the room: free memory 1.5 times what moves", () => {
    const small = aRedisGroup({ nodeType: "cache.r6g.xlarge" });
    // 10 GiB of 19.74 in each of four shards: 10 GiB would move to each of two, and 9.74 are free.
    const decision = proposal(seen({ gib: 10 / 1.1, memory: 49 }, small).policed({ baselineDays: 14, rules: { headroom: 0 } }));
    expect(decision.to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    expect(decision.chosen?.projections[4]).toMatchObject({
      dimension: "memory",
      limit: 1,
      fits: true,
      projected: expect.closeTo((1.5 * (10 / 3)) / 9.74, 2),
    });
    expect(decision.refused[0]?.projections[4]).toMatchObject({ fits: false, projected: expect.closeTo((1.5 * 10) / 9.74, 1) });
  });

  it("lets one node of a shard be lost where replicas answer reads, and keeps more of them where needed", () => {
    const five = aRedisGroup({ nodeType: "cache.r6g.xlarge", shards: 1, nodes: 5 });
    const target = { baselineDays: 14, rules: { redisSize: { targetNodeType: "cache.r6g.large", targetReplicas: 2, targetShards: 1 } } };
    expect(proposal(seen({ engine: 20, gib: 3, readsAtReplicas: true }, five).policed(target))).toMatchObject({
      from: "cache.r6g.xlarge, 1 shard of 5 nodes",
      to: "cache.r6g.large, 1 shard of 3 nodes",
    });
    // 5 × 25 % over the two that are left of three are 62.5 %, of the three that are left of four 41.7 %.
    const crowded = seen({ engine: 25, gib: 3, readsAtReplicas: true }, five).policed({ baselineDays: 14, rules: { ...target.rules, headroom: 0.5 } });
    expect(proposal(crowded).to).toBe("cache.r6g.large, 1 shard of 4 nodes");
  });

  it("leaves a node what it does, however little the others of its shard do: writes are the primary's alone", () => {
    const three = aRedisGroup({ nodeType: "cache.r6g.xlarge", shards: 3, nodes: 3, smallerNodeTypes: ["cache.r6g.large"] });
    const target = {
      baselineDays: 14,
      rules: { redisSize: { targetNodeType: "cache.r6g.large", targetReplicas: 2, targetShards: 1, maxCommandsPerSecond: 20_000 } },
    };
    const unlike = ["0001", "0002", "0003"].reduce(
      (world, shard) => ["002", "003"].reduce((seen, node) => seen.sees(metrics.redisEngineCpu, `cache-${shard}-${node}`, 4), world),
      seen({ engine: 28, gib: 1, readsAtReplicas: true }, three),
    );
    const decision = proposal(unlike.policed(target));
    expect(decision.to).toBe("cache.r6g.large, 2 shards of 3 nodes");
    // One of three lost: 28 % and half of 4 %, of three shards on one. All of it shared out anew would be 36 % ÷ 2 × 3 = 54 %.
    const one = decision.refused.find(({ target: shape }) => shape === "cache.r6g.large, 1 shard of 3 nodes");
    expect(one?.projections.find(({ dimension }) => dimension === "cpu")).toMatchObject({ projected: expect.closeTo(0.9, 6), fits: false });
    expect(decision.chosen?.projections.find(({ dimension }) => dimension === "cpu")?.projected).toBeCloseTo(0.45, 6);
  });

  it("refuses a group that evicted keys: its memory is too small already", () => {
    expect(skipped(seen().sees(metrics.redisEvictions, "cache-0002-001", (hour) => (hour === 100 ? 3 : 0)))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringContaining("3 keys were evicted"),
    });
  });

  it("fits the network's baseline, not its burst", () => {
    const busy = ["0001", "0002", "0003", "0004"].reduce((world, id) => world.sees(metrics.redisBytesOut, `cache-${id}-001`, bytesPerSample(0.7, 60)), seen());
    expect(proposal(busy).to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
  });

  it("refuses by the worst hour of the baseline, which p99.5 does not see", () => {
    const once: Load = { engine: (hour, statistic) => (statistic === "Maximum" && Math.floor(hour) === 100 ? 50 : 5) };
    const decision = proposal(seen(once));
    expect(decision.to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    expect(decision.refused[0]?.projections.find(({ fits }) => !fits)).toMatchObject({ dimension: "cpu", projected: 1, limit: 0.9, worstHour: {} });
    expect(decision.evidence.map(({ name }) => name)).toContain("engine CPU of the busiest node in the worst hour");
  });

  it("never takes a smaller shape for more demand", () => {
    const group = aRedisGroup({ shards: 3, nodes: 1 });
    const amount = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.constantFrom("gib", "engine", "gbps"), (some, more, dimension) => {
        const most = { gib: 40, engine: 29, gbps: 3 }[dimension];
        const costAt = (share: number): number => {
          const [decision] = rule.decide(seen({ [dimension]: share * most }, group).facts(rule));
          return decision?.kind === "proposal" && decision.monthlyCost?.after.kind === "known" ? decision.monthlyCost.after.usd : Infinity;
        };
        expect(costAt(Math.max(some, more))).toBeGreaterThanOrEqual(costAt(Math.min(some, more)));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["engine CPU", metrics.redisEngineCpu],
    ["memory in percent", metrics.redisMemory],
    ["memory in bytes", metrics.redisUsedBytes],
    ["fragmentation", metrics.redisFragmentation],
    ["evictions", metrics.redisEvictions],
    ["connections", metrics.redisConnections],
    ["reads", metrics.redisGets],
    ["writes", metrics.redisSets],
    ["bytes in", metrics.redisBytesIn],
    ["bytes out", metrics.redisBytesOut],
  ])("never decides without %s of one node", (_, metric) => {
    expect(skipped(seen().sees(metric, "cache-0004-003", Number.NaN)).code).toBe("insufficient-data");
  });

  it.each<[string, Partial<RedisReplicationGroup>, string, string]>([
    ["a tenant's tag", { tags: tagged({ TenantId: "a" }) }, "tenant-resource", "TenantId"],
    ["a node's tenant tag", { memberTags: [tagged({}), tagged({ "tenant-id": "a" })] }, "tenant-resource", "tenant-id"],
    ["unreadable tags of a node", { memberTags: [{ kind: "unreadable", reason: "AccessDenied" }] }, "tenant-resource", "could not be read"],
    ["a Global Datastore", { globalDatastore: "gds" }, "unsupported", "Global Datastore gds"],
    ["data tiering", { dataTiering: true }, "unsupported", "data tiering"],
    ["cluster mode off", { clusterMode: false }, "unsupported", "cluster mode is off"],
    ["a reserve in bytes", { reservedMemoryPercent: null }, "unsupported", "reserved-memory-percent"],
    ["a change that waits", { pending: ["a change of EngineVersion is pending"] }, "unsupported", "EngineVersion"],
    ["a group being changed", { status: "modifying" }, "unsupported", "modifying"],
    [
      "a service update that AWS has scheduled",
      { serviceUpdates: { kind: "seen", value: [{ name: "elasticache-patch-update-1", status: "scheduled", isPlanned: true }] } },
      "unsupported",
      "elasticache-patch-update-1 (scheduled)",
    ],
    ["service updates that could not be read", { serviceUpdates: { kind: "unseen", reason: "AccessDenied" } }, "unreadable", "AccessDenied"],
    ["auto scaling", { scaled: { kind: "seen", value: ["elasticache:replication-group:NodeGroups"] } }, "unsupported", "NodeGroups"],
    ["auto scaling that could not be read", { scaled: { kind: "unseen", reason: "AccessDenied" } }, "unsupported", "AccessDenied"],
    ["another family", { nodeType: "cache.r7g.4xlarge" }, "unsupported", "another family"],
    ["a node type of unknown capacity", { nodeType: "cache.x9.large" }, "unsupported", "not known"],
    [
      "shards of different size",
      {
        nodeGroups: [
          { id: "0001", members: ["a", "b"] },
          { id: "0002", members: ["c"] },
        ],
      },
      "unsupported",
      "different numbers",
    ],
    ["no shards", { nodeGroups: [] }, "unsupported", "or none"],
  ])("skips %s", (_, overrides, code, said) => {
    const group = aRedisGroup(overrides);
    expect(skipped(seen({}, group))).toMatchObject({ code, detail: expect.stringContaining(said) });
  });

  it("skips what is no larger than the target in any respect", () => {
    expect(skipped(seen({}, aRedisGroup({ nodeType: "cache.r6g.large", shards: 1, nodes: 2 }))).code).toBe("already-there");
  });

  it("tells of service updates that AWS merely offers, and of none that it does not", () => {
    const group = aRedisGroup({ serviceUpdates: { kind: "seen", value: [{ name: "patch", status: "not-applied", isPlanned: false }] } });
    expect(proposal(seen({}, group)).warnings).toContain("a service update is offered, without a date: patch (not-applied)");
    expect(proposal(seen()).warnings.join()).not.toContain("service update");
  });

  it("rests on service updates that AWS has planned, and on whether they could be seen, not on what it merely offers", () => {
    const update = { name: "patch", status: "scheduled" };
    const restsOn = (serviceUpdates: RedisReplicationGroup["serviceUpdates"]) => {
      const { serviceUpdates: _, ...group } = aRedisGroup();
      return rule.restsOn({ ...group, ...(serviceUpdates && { serviceUpdates }) })["plannedUpdates"];
    };
    const value = [
      { ...update, isPlanned: true },
      { name: "other", status: "not-applied", isPlanned: false },
    ];
    expect(restsOn({ kind: "seen", value })).toEqual(["patch (scheduled)"]);
    expect(restsOn({ kind: "unseen", reason: "AccessDenied" })).toEqual({ kind: "unseen", reason: "AccessDenied" });
    expect(restsOn(undefined)).toEqual([]);
  });

  it("keeps a replica where one must take over, whatever the target says", () => {
    const none = { baselineDays: 14, rules: { redisSize: { targetReplicas: 0 } } };
    expect(proposal(seen().policed(none)).to).toBe("cache.r6g.xlarge, 2 shards of 2 nodes");
    expect(proposal(seen({}, aRedisGroup({ nodes: 1 }))).to).toBe("cache.r6g.xlarge, 2 shards of 1 node");
  });

  it("goes only to node types that AWS offers the group", () => {
    const larger = seen({}, aRedisGroup({ smallerNodeTypes: ["cache.r6g.2xlarge"] }));
    expect(proposal(larger).to).toBe("cache.r6g.2xlarge, 2 shards of 2 nodes");
    expect(proposal(larger).reason).toContain("is the size nearest cache.r6g.xlarge, 2 shards of 2 nodes that fits (AWS offers it no cache.r6g.xlarge");
    expect(skipped(larger.policed({ rules: { decision: "literal" } }))).toMatchObject({
      code: "unsupported",
      detail: "AWS offers it no cache.r6g.xlarge (ListAllowedNodeTypeModifications)",
    });
    expect(proposal(seen({}, aRedisGroup({ smallerNodeTypes: [] }))).to).toBe("cache.r6g.4xlarge, 2 shards of 2 nodes");
    expect(proposal(seen({}, aRedisGroup({ shards: 2, nodes: 2 }))).to, "node type alone").toBe("cache.r6g.xlarge, 2 shards of 2 nodes");
    const nothingElse = aRedisGroup({ smallerNodeTypes: [], shards: 2, nodes: 2 });
    expect(skipped(seen({}, nothingElse))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("ListAllowedNodeTypeModifications") });
  });

  const withSlots = (counts: readonly number[], overrides: Parameters<typeof aRedisGroup>[0] = {}) => {
    const group = aRedisGroup({ shards: counts.length, ...overrides });
    return { ...group, nodeGroups: group.nodeGroups.map((shard, at) => ({ ...shard, slots: counts[at] ?? 0 })) };
  };

  /** Three nodes of each shard in these zones, of the first shard in others where they are given. */
  const inZones = (zones: string, first = zones): RedisReplicationGroup => {
    const group = aRedisGroup();
    return { ...group, nodeGroups: group.nodeGroups.map((each, at) => ({ ...each, zones: Array.from(at === 0 ? first : zones) })) };
  };

  it.each([
    ["each in a zone of its own", inZones("abc"), "2 shards of 2 nodes"],
    ["all in one zone, which a lost one takes whatever stays", inZones("aaa"), "2 shards of 2 nodes"],
    ["two of one shard in one zone", inZones("abc", "aab"), "2 shards of 3 nodes"],
    ["of which AWS tells no zone", aRedisGroup(), "2 shards of 2 nodes"],
  ])("keeps so many replicas that no shard is left in one zone alone: nodes %s", (_, group, shape) => {
    const { to, reason } = proposal(seen({}, group));
    expect(to).toBe(`cache.r6g.xlarge, ${shape}`);
    expect(reason.includes("its shards keep")).toBe(shape.endsWith("3 nodes"));
  });

  it("says why replicas stay, and leaves a group alone of which nothing else would change", () => {
    const words = "its shards keep 2 replicas: 2 nodes of 0001 are in a, and of fewer AWS might leave those alone, which a lost zone would take all";
    expect(proposal(seen({}, inZones("abc", "aab"))).reason).toContain(words);
    const nothingElse = { ...inZones("abc", "aab"), nodeType: "cache.r6g.xlarge" };
    const two = { ...nothingElse, nodeGroups: nothingElse.nodeGroups.slice(0, 2) };
    expect(skipped(seen({}, two))).toMatchObject({ code: "unsupported", detail: words });
  });

  it("leaves the shards as they are where somebody gave them unequal numbers of slots, and says so", () => {
    expect(proposal(seen({}, withSlots([5461, 5462, 5461]))).to).toBe("cache.r6g.xlarge, 2 shards of 2 nodes");
    const decision = proposal(seen({}, withSlots([1000, 7692, 7692])));
    expect(decision.to).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    expect(decision.reason).toContain("unequal numbers of slots (0001: 1000, 0002: 7692, 0003: 7692)");
    expect(decision.action.steps.map((step) => step.kind === "change" && step.change.kind)).not.toContain("redis.shards");
    const nothingElse = withSlots([1000, 7692, 7692], { nodeType: "cache.r6g.xlarge", nodes: 2 });
    expect(skipped(seen({}, nothingElse))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("unequal numbers of slots") });
    const asManyAsWanted = withSlots([1000, 15_384], { nodeType: "cache.r6g.xlarge", nodes: 2 });
    expect(skipped(seen({}, asManyAsWanted)).code).toBe("already-there");
  });

  it("says what speaks against the literal target", () => {
    const decision = proposal(seen({ gib: 12, memory: 40 }).policed(literal));
    expect(decision.to).toBe("cache.r6g.xlarge, 2 shards of 2 nodes");
    expect(decision.warnings).toContainEqual(expect.stringContaining("the projection speaks against it"));
  });

  it("takes fewer nodes, and smaller ones, to cost less where no price is known", () => {
    const unpriced = (world: World) => proposal(world.priced({ redisHourly: () => null })).to;
    expect(unpriced(seen({ gib: 8 }))).toBe("cache.r6g.xlarge, 3 shards of 2 nodes");
    // As many nodes times their place among the types: the one with fewer shards.
    expect(unpriced(seen({ gib: 13 }))).toBe("cache.r6g.2xlarge, 2 shards of 2 nodes");
  });

  it("names unknown prices, and never takes them for 0", () => {
    expect(proposal(seen().priced({ redisHourly: () => null })).savings).toEqual({
      kind: "unknown",
      what: "cache.r6g.4xlarge in us-east-1",
      reason: "price unknown",
    });
  });

  it("asks for 5-minute figures of the engine only in doubt, and decides by them", () => {
    expect(rule.refinements(seen().facts(rule))).toEqual([]);
    const spiky = seen({ engine: (hour, statistic) => (statistic === "Maximum" && Number.isInteger(hour) && hour % 24 < 3 ? 70 : 10) });
    expect(
      new Set(
        rule
          .refinements(seen({ engine: (hour, statistic) => (statistic === "Maximum" && hour % 24 < 3 ? 70 : 10) }).facts([{ ...rule, refinements: () => [] }]))
          .map(({ metric }) => metric),
      ),
    ).toEqual(new Set(["EngineCPUUtilization"]));
    expect(proposal(spiky).evidence.map(({ statistic }) => statistic)).toContain("p95 of 5-minute averages");
  });
});

describe("a group that had another shape before", () => {
  const startMs = short.with(aRedisGroup()).facts(rule).baseline.span.startMs;
  const was = (untilHour: number | null): RedisReplicationGroup =>
    aRedisGroup({
      sizesBefore: {
        kind: "seen",
        value: [{ size: "8 shards", fromMs: null, untilMs: untilHour === null ? null : startMs + untilHour * 3_600_000 }],
      },
    });

  it("is judged by the hours of today's alone: each shard did and held another part then", () => {
    const busier = (hour: number): number => (hour < 2 ? 5 : 31);
    expect(skipped(seen({ engine: busier }, was(2)))).toMatchObject({ code: "threshold-not-met" });
    expect(proposal(seen({}, was(2))).evidence.every(({ completeness }) => completeness <= 1 - 2 / 336)).toBe(true);
  });

  it("is left alone while those are too few, and says so", () => {
    const few = { code: "insufficient-data", detail: expect.stringContaining("without the hours in which cache was not cache.r6g.4xlarge in 4 shards") };
    expect(skipped(seen({}, was(300)))).toMatchObject(few);
    expect(skipped(seen({}, was(null)))).toMatchObject(few);
    expect(proposal(seen({}, was(0))).to).toBe(proposal(seen()).to);
  });

  it("is skipped where CloudTrail could not be asked, with the call", () => {
    const unseen = aRedisGroup({ sizesBefore: { kind: "unseen", reason: "LookupEvents: AccessDeniedException" } });
    expect(skipped(seen({}, unseen))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("LookupEvents") });
  });
});
