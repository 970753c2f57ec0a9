import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { AuroraCluster, AuroraMember } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { aDefinition } from "../../../../support/aurora-definition.ts";
import { readersSee } from "../../../../support/aurora-readers.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aCluster, aMember, aWorld, primary, quietSurroundings, secondary, tagged } from "../../../../support/world.ts";

const { proposal, skipped } = decisionsOf(ruleOf("aurora.reader-count"));

/** Its class is the target of the class's rule already, 4 vCPU and 2,000 connections: a matter of readers alone. */
const instanceClass = "db.r6g.xlarge";
const zoned = (zone: string, tags = {}) => aDefinition({ instanceClass, availabilityZone: `${primary}${zone}`, tags });
const one = (n: number, overrides: Partial<AuroraMember> = {}) =>
  aMember(`aurora-${n}`, { role: n === 1 ? "writer" : "reader", instanceClass, promotionTier: n - 1, definition: zoned("xabcd"[n] ?? "a"), ...overrides });
const ofThree = (overrides: Partial<AuroraCluster> = {}) => aCluster({ members: [one(1), one(2), one(3)], ...overrides });
const loaded = (cluster: AuroraCluster, load: Parameters<typeof readersSee>[2] = {}) => readersSee(aWorld().with(cluster), cluster, load);

describe("aurora.reader-count", () => {
  it("removes a reader whatever memory somebody gave to the buffers of each: those that stay keep theirs", () => {
    const set = ofThree({ surroundings: { ...quietSurroundings, memoryParameters: { kind: "seen", value: ["shared_buffers = 1048576"] } } });
    expect(proposal(loaded(set)).to).toBe("1 reader");
  });

  const literal = (cluster: AuroraCluster) =>
    readersSee(
      aWorld()
        .policed({ rules: { decision: "literal" } })
        .with(cluster),
      cluster,
      {},
    );

  it("by the requirement's words alone removes a reader beside a buffer pool that misses, and says so", () => {
    const missing = literal(ofThree()).sees(metrics.rdsHitRatio, "aurora-1", 90);
    expect(proposal(missing).warnings.join("; ")).toContain("hit");
  });

  it("takes a cluster that neither reads nor writes for one that reads nothing", () => {
    const idle = ofThree().members.reduce(
      (world, { identifier }) => world.sees(metrics.rdsReadIops, identifier, 0).sees(metrics.rdsWriteIops, identifier, 0),
      loaded(ofThree()),
    );
    expect(proposal(idle).evidence.find(({ name }) => name.startsWith("reads of all"))).toMatchObject({ value: 0 });
  });

  it("removes the newest of those that are promoted last, of which one without a known age is none, and then the last by name", () => {
    const readers = (second: Partial<AuroraMember>, third: Partial<AuroraMember>) =>
      ofThree({ members: [one(1), one(2, { promotionTier: 9, ...second }), one(3, { promotionTier: 9, ...third })] });
    const removed = (cluster: AuroraCluster): string => proposal(loaded(cluster)).reason;
    expect(removed(readers({ createdAtMs: 2 }, { createdAtMs: 1 }))).toContain("aurora-2 is promoted last");
    expect(removed(readers({ createdAtMs: 1 }, { createdAtMs: 2 }))).toContain("aurora-3 is promoted last");
    const ageless = ({ createdAtMs: _since, ...member }: AuroraMember): AuroraMember => member;
    const cluster = readers({ createdAtMs: 2 }, {});
    expect(removed({ ...cluster, members: cluster.members.map((each) => (each.identifier === "aurora-3" ? ageless(each) : each)) })).toContain(
      "aurora-2 is promoted last",
    );
    expect(removed({ ...cluster, members: cluster.members.map(ageless) })).toContain("aurora-3 is promoted last");
    expect(removed({ ...cluster, members: cluster.members.map(ageless).toReversed() })).toContain("aurora-3 is promoted last");
  });

  it("takes a member whose zone was not read for one alone in its zone", () => {
    const [writer, reader, other] = [one(1, { definition: zoned("a") }), one(2, { definition: zoned("a") }), one(3, { definition: zoned("b") })];
    const { definition: _, ...unread } = writer;
    // Without aurora-3 its zone is empty, but the writer's is not known to be aurora-2's.
    expect(proposal(loaded(ofThree({ members: [unread, reader, other] }))).reason).toContain("aurora-3 is promoted last");
  });
});

describe("aurora.reader-count leaves alone", () => {
  it("a cluster with one reader, which is what it aims at", () => {
    expect(skipped(loaded(aCluster()))).toMatchObject({ code: "already-there", detail: "has 1 reader, not more than 1" });
  });

  it("a secondary cluster of a global database, whose members stand by for its primary", () => {
    const cluster = ofThree({ globalRole: "secondary", members: [one(2), one(3)] });
    expect(skipped(loaded(cluster))).toMatchObject({ code: "unsupported", detail: expect.stringContaining("stands by to take over") });
  });

  it("a reader that lags 100 ms once, and none that lags 99", () => {
    const lagging = (peakMs: number) => loaded(ofThree(), { lagMs: (hour) => (Math.floor(hour) === 500 ? peakMs : 20) });
    expect(skipped(lagging(100))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("replica lag of the slowest reader, in ms 100") });
    expect(proposal(lagging(99)).to).toBe("1 reader");
  });

  it("members whose reads are 20 % of all reads and writes to storage", () => {
    // 3 × 40 of 600.
    expect(skipped(loaded(ofThree(), { writeIops: 480 }))).toMatchObject({
      code: "threshold-not-met",
      detail: expect.stringContaining("reads of all reads and writes to storage 20 % (Average), must be below 20 %"),
    });
    expect(proposal(loaded(ofThree(), { writeIops: 481 })).to).toBe("1 reader");
  });

  it.each([
    ["a reader's lag", metrics.auroraReplicaLag, "aurora-3"],
    ["a member's reads", metrics.rdsReadIops, "aurora-2"],
    ["the writer's writes", metrics.rdsWriteIops, "aurora-1"],
    ["a member's CPU", metrics.rdsCpu, "aurora-1"],
    ["a member's connections", metrics.rdsConnections, "aurora-3"],
    ["the hit ratio of one that stays", metrics.rdsHitRatio, "aurora-2"],
  ])("what it has no figures of: %s", (_, metric, member) => {
    expect(skipped(loaded(ofThree()).sees(metric, member, Number.NaN)).code).toBe("insufficient-data");
  });

  it("readers that one member could not replace, were one more lost: 3 × 27 % is 81 % of one", () => {
    expect(skipped(loaded(ofThree(), { cpu: 27 }))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cpu would be 81 %") });
    expect(proposal(loaded(ofThree(), { cpu: 26 })).chosen?.projections[0]).toMatchObject({ dimension: "cpu", projected: expect.closeTo(0.78) });
  });

  it("readers that one member could not replace in the one hour that no percentile sees: 3 × 34 % is 102 % of one", () => {
    const peaking = (peak: number) => loaded(ofThree(), { cpu: (hour) => (Math.floor(hour) === 500 ? peak : 20) });
    expect(skipped(peaking(34))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringMatching(/cpu would be 102 % in its worst hour, at most 100 % \(.*any one more lost/),
    });
    expect(proposal(peaking(33)).to).toBe("1 reader");
  });

  it("readers whose connections one member would not take", () => {
    const crowded = loaded(ofThree()).sees(metrics.rdsConnections, "aurora-2", 1300);
    expect(skipped(crowded)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("connections would be 95 %") });
  });

  it("a buffer pool that misses already", () => {
    expect(skipped(loaded(ofThree()).sees(metrics.rdsHitRatio, "aurora-1", 90))).toMatchObject({ code: "does-not-fit" });
  });

  it("a tenant's", () => {
    expect(skipped(loaded(ofThree({ members: [one(1), one(2), one(3, { tags: tagged({ TenantId: "7" }) })] }))).code).toBe("tenant-resource");
  });

  it.each<[string, Partial<AuroraCluster>, string, string]>([
    [
      "readers that auto scaling adds and removes",
      { surroundings: { ...quietSurroundings, readerScaling: { kind: "seen", value: ["1 to 4"] } } },
      "unsupported",
      "reader auto scaling",
    ],
    [
      "a reader that auto scaling made",
      { members: [one(1), one(2), one(3, { identifier: "application-autoscaling-3" })] },
      "unsupported",
      "was made by reader auto scaling",
    ],
    [
      "members of a custom endpoint",
      { surroundings: { ...quietSurroundings, customEndpoints: { kind: "seen", value: ["reports"] } } },
      "unsupported",
      "custom endpoint reports",
    ],
    [
      "a number of connections that somebody set, which the class's own says nothing of",
      { surroundings: { ...quietSurroundings, memoryParameters: { kind: "seen", value: ["max_connections = 400"] } } },
      "unsupported",
      "sets max_connections = 400: how many connections the members that stay take is not known",
    ],
    [
      "what stands around it unseen",
      { surroundings: { ...quietSurroundings, readerScaling: { kind: "unseen", reason: "denied" } } },
      "unreadable",
      "reader auto scaling could not be seen",
    ],
    ["a cluster without a writer", { members: [one(2), one(3)] }, "unsupported", "the cluster has no writer"],
    ["a member that is not available", { members: [one(1), one(2, { status: "modifying" }), one(3)] }, "unsupported", "aurora-2 is modifying"],
    [
      "a member that waits with something",
      { members: [one(1), one(2), one(3, { waiting: ["a change of DBInstanceClass"] })] },
      "unsupported",
      "aurora-3 waits with",
    ],
    [
      "readers that AWS alone could tag again",
      { members: [one(1), ...[2, 3].map((n) => one(n, { definition: zoned("ab"[n - 2] ?? "a", { "aws:cloudformation:stack-id": "x" }) }))] },
      "unsupported",
      "aurora-3 has the tag aws:cloudformation:stack-id",
    ],
    [
      "readers that were not read as a whole, by an older release",
      { members: [2, 3].reduce((all, n) => [...all, withoutDefinition(one(n))], [one(1)]) },
      "unsupported",
      "aurora-2 was not read as a whole",
    ],
  ])("%s", (_, overrides, code, detail) => {
    expect(skipped(loaded(ofThree(overrides)))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });
});

function withoutDefinition({ definition: _definition, ...member }: AuroraMember): AuroraMember {
  return member;
}

describe("the reader that aurora.reader-count names", () => {
  const named = (...members: readonly AuroraMember[]) => proposal(loaded(ofThree({ members }))).action.steps[0];

  it("is the last to be promoted, whatever its name", () => {
    expect(named(one(1), one(2, { promotionTier: 15 }), one(3))).toMatchObject({ change: { instance: "aurora-2" } });
  });

  it("is the newest of several that are promoted alike", () => {
    const alike = (n: number, createdAtMs: number) => one(n, { promotionTier: 5, createdAtMs });
    expect(named(one(1), alike(2, 200), alike(3, 100))).toMatchObject({ change: { instance: "aurora-2" } });
  });

  it("is never the writer, however late it would be promoted", () => {
    expect(named(one(1, { promotionTier: 15 }), one(2, { promotionTier: 0 }), one(3, { promotionTier: 1 }))).toMatchObject({
      change: { instance: "aurora-3" },
    });
  });

  it("is another one where all others would be in one zone", () => {
    const members = [one(1, { definition: zoned("a") }), one(2, { definition: zoned("a") }), one(3, { definition: zoned("b") })];
    expect(named(...members)).toMatchObject({ change: { instance: "aurora-2" } });
  });
});

describe("aurora.reader-count", () => {
  it("removes one reader a run, as the last of all, and makes it again exactly as it was", () => {
    const { action, savings } = proposal(loaded(ofThree()));
    expect(action).toMatchObject({
      isLast: true,
      reversibility: "slow",
      steps: [{ change: { kind: "rds.member", instance: "aurora-3", before: zoned("c"), after: null } }],
      rollback: [{ change: { kind: "rds.member", instance: "aurora-3", before: null, after: zoned("c") } }],
      writeBack: [{ id: "aurora-3", property: "absent", operation: "set", value: true }],
    });
    expect(savings).toMatchObject({ kind: "known" });
    const four = ofThree({ members: [one(1), one(2), one(3), one(4)] });
    expect(proposal(loaded(four))).toMatchObject({ from: "3 readers", to: "2 readers", action: { steps: [{ change: { instance: "aurora-4" } }] } });
  });

  it("spreads the reads over the readers that stay: of four members, a reader does the work of three once two are gone", () => {
    const four = ofThree({ members: [one(1), one(2), one(3), one(4)] });
    // The one reader that is left once aurora-4 and one more are gone does 3 × 26 %.
    expect(proposal(loaded(four, { cpu: 26 })).chosen?.projections[0]).toMatchObject({ projected: expect.closeTo(0.78) });
    expect(skipped(loaded(four, { cpu: 27 })).code).toBe("does-not-fit");
  });

  it("counts on the classes that aurora.writer-class leaves, and follows it: no headroom is used twice", () => {
    const big = (n: number) => one(n, { instanceClass: "db.r6g.4xlarge", definition: aDefinition({ availabilityZone: `${primary}${n}` }) });
    const cluster = ofThree({ members: [big(1), big(2), big(3)] });
    // 3 × 10 % of 16 vCPU are 60 % of the 8 that the class's rule goes to, 3 × 14 % are 84 %.
    expect(proposal(loaded(cluster, { cpu: 10 }))).toMatchObject({
      chosen: { projections: [{ dimension: "cpu", projected: expect.closeTo(0.6) }, {}, {}, {}] },
      action: { after: `aurora.writer-class:${primary}:aurora`, steps: [{ change: { instance: "aurora-3" } }] },
      warnings: expect.arrayContaining([expect.stringContaining("counts on db.r6g.2xlarge by aurora.writer-class")]),
    });
    expect(skipped(loaded(cluster, { cpu: 14 }))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cpu would be 84 %") });
    const kept = { rules: { auroraWriterClass: { target: "db.r6g.4xlarge" } } };
    expect(proposal(loaded(cluster, { cpu: 14 }).policed(kept)).action.after).toBeUndefined();
  });

  it("goes by the requirement alone where the policy says so, with what speaks against it", () => {
    const literal = loaded(ofThree(), { cpu: 40 }).policed({ rules: { decision: "literal" } });
    expect(proposal(literal).warnings).toContainEqual(expect.stringContaining("cpu would be 120 %"));
  });

  it("never proposes with more load what it refuses with less", () => {
    const cpu = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(cpu, cpu, (base, more) => {
        const isProposed = (value: number) =>
          decisionsOf(ruleOf("aurora.reader-count")).decisions(loaded(ofThree(), { cpu: value }).policed({ baselineDays: 14 }))[0]?.kind === "proposal";
        expect(isProposed(base) || !isProposed(base + more)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("decides each region by itself", () => {
    const west = aCluster({ name: "west", region: secondary, members: ["1", "2", "3"].map((n) => one(Number(n), { identifier: `west-${n}` })) });
    expect(
      decisionsOf(ruleOf("aurora.reader-count"))
        .decisions(readersSee(loaded(ofThree(), { cpu: 27 }).with(west), west))
        .map(({ kind }) => kind),
    ).toEqual(["skip", "proposal"]);
  });
});
