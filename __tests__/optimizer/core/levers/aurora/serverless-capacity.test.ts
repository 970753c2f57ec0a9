import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuroraCluster, AuroraMember } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { type AcuLoad, aServerlessCluster, aServerlessMember, plainDefinition, serverlessSees } from "../../../../support/aurora-serverless.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aCluster, aMember, aWorld, quietSurroundings, tagged, type World } from "../../../../support/world.ts";

const { decisions, proposal, skipped } = decisionsOf(ruleOf("aurora.serverless-capacity"));

const gib = 1024 ** 3;
const literal = { rules: { decision: "literal" } };
const one = aServerlessMember;
const serverless = aServerlessCluster;
const loaded = (cluster: AuroraCluster, loads: Readonly<Record<string, AcuLoad>> = {}) => serverlessSees(aWorld().with(cluster), cluster, loads);
const withoutDefinition = ({ definition: _unread, ...member }: AuroraMember): AuroraMember => member;

const small = (world: World) => world.sees(metrics.auroraVolumeBytes, "aurora", 1 * gib);
/** Once, in the middle of the baseline. */
const peak =
  (high: number, usual: number): Signal =>
  (hour) =>
    Math.floor(hour) === 700 ? high : usual;

describe("aurora.serverless-capacity leaves alone", () => {
  it("a provisioned cluster, of which it says nothing, not even that it is a tenant's", () => {
    expect(decisions(aWorld().with(aCluster({ serverless: { minAcu: 4, maxAcu: 16 } })))).toEqual([]);
    expect(decisions(aWorld().with(aCluster({ tags: tagged({ TenantId: "7" }) })))).toEqual([]);
  });

  it("a tenant's, and one whose member is a tenant's", () => {
    expect(skipped(loaded(serverless({ tags: tagged({ TenantId: "7" }) }))).code).toBe("tenant-resource");
    expect(skipped(loaded(serverless({ members: [one(1), one(2, { tags: tagged({ TenantId: "7" }) })] }))).code).toBe("tenant-resource");
  });

  it.each<[string, Partial<AuroraCluster>, string, string]>([
    ["a provisioned member beside serverless ones", { members: [one(1), aMember("aurora-2")] }, "unsupported", "aurora-2 is db.r6g.4xlarge beside serverless"],
    ["one that pauses", { serverless: { minAcu: 0, maxAcu: 16 } }, "unsupported", "pause while nobody is connected"],
    ["one whose range was not read", { serverless: undefined } as never, "unsupported", "the range of its capacity was not read"],
    ["a secondary of a global database", { globalRole: "secondary" }, "unsupported", "stands by to take over"],
    ["one of the requirement's range", { serverless: { minAcu: 1, maxAcu: 4 } }, "already-there", "1–4 ACU, not more than 1–4 ACU"],
    ["one that is being changed", { status: "modifying" }, "unsupported", "the cluster aurora is modifying"],
    ["one that waits with another change", { waiting: ["a change of EngineVersion"] }, "unsupported", "which would be done along with ours"],
    [
      "one of a blue/green deployment",
      { surroundings: { ...quietSurroundings, blueGreenDeployments: { kind: "seen", value: ["next"] } } },
      "unsupported",
      "blue/green deployment next",
    ],
    [
      "one with custom endpoints",
      { surroundings: { ...quietSurroundings, customEndpoints: { kind: "seen", value: ["reports"] } } },
      "unsupported",
      "custom endpoint reports",
    ],
    [
      "one whose memory somebody shared out",
      { surroundings: { ...quietSurroundings, memoryParameters: { kind: "seen", value: ["shared_buffers = 1048576"] } } },
      "unsupported",
      "shared_buffers = 1048576",
    ],
    [
      "one with readers that come and go",
      { members: [one(1), { ...one(2), identifier: "application-autoscaling-2" }] },
      "unsupported",
      "made by reader auto scaling",
    ],
    [
      "one whose surroundings were not seen",
      { surroundings: { ...quietSurroundings, proxies: { kind: "unseen", reason: "AccessDenied" } } },
      "unreadable",
      "RDS proxies could not be seen",
    ],
  ])("%s", (_, overrides, code, detail) => {
    expect(skipped(loaded(serverless(overrides)))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("is not kept from it by parameters that wait for a restart, since nothing restarts", () => {
    expect(proposal(loaded(serverless({ members: [one(1), one(2, { waiting: ["parameters of parameter group x (pending-reboot)"] })] }))).kind).toBe(
      "proposal",
    );
  });

  it("members at 30 % of their CPU on average, or with 20 connections once, and none just below", () => {
    expect(skipped(loaded(serverless(), { "aurora-2": { cpu: 30, acu: 6 } }))).toMatchObject({
      code: "threshold-not-met",
      detail: expect.stringContaining("CPU of aurora-2, mean of the whole baseline 30 % (Average), must be below 30 %"),
    });
    expect(skipped(loaded(serverless(), { "aurora-1": { connections: 20 } }))).toMatchObject({
      code: "threshold-not-met",
      detail: expect.stringContaining("connections to aurora-1 20 (Maximum), must be below 20"),
    });
    expect(proposal(loaded(serverless(), { "aurora-1": { connections: 19.9, cpu: 20 } })).kind).toBe("proposal");
  });

  it.each([
    ["CPU", metrics.rdsCpu],
    ["connections", metrics.rdsConnections],
    ["capacity", metrics.auroraServerlessCapacity],
    ["the share of the maximum that it is", metrics.auroraAcuUtilization],
    ["the hit ratio", metrics.rdsHitRatio],
  ])("what it has no figures of: %s", (_, metric) => {
    expect(skipped(loaded(serverless()).sees(metric, "aurora-2", Number.NaN)).code).toBe("insufficient-data");
  });

  it("a buffer pool that misses already", () => {
    expect(skipped(loaded(serverless()).sees(metrics.rdsHitRatio, "aurora-2", 90))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringContaining("buffer cache hit ratio 90 %"),
    });
  });

  it("one that came to 15 of its 16 units in one hour: refused by its worst hour", () => {
    expect(skipped(loaded(serverless(), { "aurora-1": { acu: peak(15, 4) } }))).toMatchObject({
      code: "does-not-fit",
      detail: expect.stringMatching(/^refused by its worst hour: .*3.5–15.5 ACU: capacity would be 96.8 % in its worst hour, at most 90 %/),
    });
  });

  it("one that would keep its capacity in any smaller range", () => {
    const busy = loaded(serverless(), { "aurora-1": { acu: 6.4, cpu: 20 }, "aurora-2": { acu: 6, cpu: 20 } });
    expect(skipped(busy)).toMatchObject({ code: "scaled", detail: expect.stringContaining("nothing would be saved by 2–15.5 ACU") });
  });
});

describe("aurora.serverless-capacity proposes", () => {
  it("the requirement's 1–4 for idle members whose whole volume fits the smallest buffer pool", () => {
    const decision = proposal(small(loaded(serverless())));
    expect(decision).toMatchObject({ from: "4–16 ACU", to: "1–4 ACU", refused: [] });
    expect(decision.reason).toContain("the requirement's target 1–4 ACU fits in every dimension");
    // 3 % of 16 for each of two, were one lost.
    expect(decision.chosen?.projections).toContainEqual(expect.objectContaining({ dimension: "capacity", projected: expect.closeTo(0.24) }));
    expect(decision.chosen?.projections).toContainEqual(expect.objectContaining({ dimension: "memory", projected: expect.closeTo(1 / 1.36), fits: true }));
  });

  it("half of today's minimum where nothing proves the working set smaller, and says so", () => {
    const decision = proposal(loaded(serverless()));
    expect(decision.to).toBe("2–4 ACU");
    expect(decision.refused[0]?.projections).toContainEqual(expect.objectContaining({ dimension: "memory", projected: 4, limit: 2, fits: false }));
    expect(decision.warnings).toContainEqual(expect.stringContaining("nothing proves the working set smaller"));
    expect(decision.warnings).toContainEqual(expect.stringContaining("its storage bills each read"));
  });

  it("no less than 2 with Performance Insights on a member, and than 8 for the primary of a global database", () => {
    const insights = { ...plainDefinition, performanceInsights: { retentionDays: 7, kmsKeyArn: null } };
    const watched = proposal(small(loaded(serverless({ members: [one(1), one(2, { definition: insights })] }))));
    expect(watched.to).toBe("2–4 ACU");
    expect(watched.reason).toContain("Performance Insights keeps its figures in memory: AWS asks for a minimum of 2 ACU");
    const unread = proposal(small(loaded(serverless({ members: [one(1), withoutDefinition(one(2))] }))));
    expect(unread.to).toBe("2–4 ACU");
    const global = small(loaded(serverless({ globalRole: "primary", serverless: { minAcu: 12, maxAcu: 16 } })));
    expect(proposal(global).to).toBe("8–8 ACU");
    // Less than that is nobody's reason to stay where it is now.
    expect(skipped(small(loaded(serverless({ globalRole: "primary" }))))).toMatchObject({
      code: "scaled",
      detail: expect.stringContaining("nothing would be saved by 4–4 ACU: 4–4 ACU is the size nearest 1–4 ACU that fits"),
    });
  });

  it("the least maximum of which p99.5 with one member lost takes 80 %, and the highest sample 90 %", () => {
    const steady = loaded(serverless(), { "aurora-1": { acu: 5 } });
    // 5 and 0.48, of 7.
    expect(proposal(steady).to).toBe("2–7 ACU");
    expect(proposal(steady).chosen?.projections[0]).toMatchObject({
      projected: expect.closeTo(5.48 / 7),
      method: expect.stringContaining("one of 2 members lost"),
    });
    // In one of a hundred hours: 6 and 0.48, of 8.5; the worst hour alone would be content with 7.
    const nowAndThen = (hour: number) => (Math.floor(hour) % 100 === 0 ? 6 : 4);
    expect(proposal(loaded(serverless(), { "aurora-1": { acu: nowAndThen } })).to).toBe("2–8.5 ACU");
    // 7 in one hour is nothing to the p99.5.
    expect(proposal(loaded(serverless(), { "aurora-1": { acu: peak(7, 4) } })).to).toBe("2–8 ACU");
    // Were one lost in that hour, the other would need 7 and 2.
    expect(proposal(loaded(serverless(), { "aurora-1": { acu: peak(7, 4) }, "aurora-2": { acu: peak(2, 0.48) } })).to).toBe("2–9 ACU");
  });

  it("a minimum from which the highest sample is no farther than today's maximum is from today's minimum", () => {
    const narrow = serverless({ serverless: { minAcu: 8, maxAcu: 16 } });
    const decision = proposal(small(loaded(narrow, { "aurora-1": { acu: peak(9, 8) } })));
    expect(decision.to).toBe("4.5–10 ACU");
    expect(decision.refused[0]?.projections).toContainEqual(expect.objectContaining({ dimension: "scale-up", projected: expect.closeTo(4.5), fits: false }));
  });

  it("by what CPU takes of the maximum of its hour, whatever the maximum was then", () => {
    // 3 % of 64 is 1.92 for each of two; were one lost, 3.84.
    const wider = loaded(serverless(), { "aurora-1": { maxAcu: 64 }, "aurora-2": { maxAcu: 64 } });
    expect(proposal(wider).to).toBe("2–5 ACU");
  });

  it("by what a member stood at below today's minimum, too: it was another one then, and 3 units were needed of it", () => {
    const decision = proposal(loaded(serverless(), { "aurora-1": { acu: 3 }, "aurora-2": { acu: 3 } }));
    expect(decision.to).toBe("2–7.5 ACU");
    // Today each of those hours would be billed with 4 units.
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(2 * (4 - 3) * 0.12 * 730) });
  });

  it("a smaller range all the same where a member's connections come near what it allows, and warns that the limit stays until a restart", () => {
    const decision = proposal(small(loaded(serverless())));
    expect(decision.warnings).toContainEqual(expect.stringContaining("max_connections falls from 3360 to 823 with each member's next restart"));
    const policy = { rules: { auroraServerlessCapacity: { maxConnections: 2000 } } };
    const crowded = loaded(serverless(), { "aurora-1": { connections: 600 }, "aurora-2": { connections: 600 } }).policed(policy);
    // 1,200 with one lost: 823 of a maximum of 4 are too few, 1,669 of 8 enough.
    expect(proposal(crowded).to).toBe("2–8 ACU");
  });

  it("the requirement's range literally, with what speaks against it", () => {
    const decision = proposal(loaded(serverless(), { "aurora-1": { acu: 5 } }).policed(literal));
    expect(decision.to).toBe("1–4 ACU");
    expect(decision.warnings[0]).toContain("the projection speaks against it: 1–4 ACU: capacity would be 137 %");
    const missing = proposal(loaded(serverless()).sees(metrics.rdsHitRatio, "aurora-2", 90).policed(literal));
    expect(missing.warnings).toContainEqual(expect.stringContaining("buffer cache hit ratio 90 %"));
  });

  it("a smaller maximum alone only where nobody knows that it saves nothing, and calls no statement slower", () => {
    const atLeast = loaded(serverless({ serverless: { minAcu: 1, maxAcu: 16 } }));
    expect(skipped(small(atLeast))).toMatchObject({ code: "scaled", detail: expect.stringContaining("nothing would be saved by 1–4 ACU") });
    const unpriced = proposal(small(atLeast).priced({ auroraAcuHourly: () => null }));
    expect(unpriced).toMatchObject({ to: "1–4 ACU", savings: { kind: "unknown" } });
    expect(unpriced.warnings).not.toContainEqual(expect.stringContaining("of today's processors"));
  });

  it("no smaller minimum where the maximum was larger until lately and its hour came nearer to that than today's allows", () => {
    const shrunk = loaded(serverless(), { "aurora-1": { acu: peak(20, 4) } });
    expect(skipped(small(shrunk))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("3.5–15.5 ACU: capacity would be") });
  });

  it("what the policy asks for, of half units alone", () => {
    const asking = (targetMinAcu: number, targetMaxAcu: number) =>
      small(loaded(serverless())).policed({ rules: { auroraServerlessCapacity: { targetMinAcu, targetMaxAcu } } });
    expect(proposal(asking(2.5, 8.5)).to).toBe("2.5–8.5 ACU");
    expect(proposal(asking(2, 99)).to).toBe("2–16 ACU");
    expect(() => asking(1.2, 4)).toThrow();
    expect(() => asking(5, 4)).toThrow("targetMinAcu");
  });
});

describe("what a smaller range of capacity saves", () => {
  it("is what each hour would take less: two members at 2 units instead of 4", () => {
    const decision = proposal(loaded(serverless()));
    expect(decision.monthlyCost).toEqual({
      before: { kind: "known", usd: expect.closeTo(8 * 0.12 * 730) },
      after: { kind: "known", usd: expect.closeTo(4 * 0.12 * 730) },
    });
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(4 * 0.12 * 730) });
  });

  it("leaves out the hours above today's minimum, which cost the same", () => {
    const half: Signal = (hour) => (hour % 2 < 1 ? 6 : 4);
    const decision = proposal(loaded(serverless(), { "aurora-1": { acu: half } }));
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo((1 + 2) * 0.12 * 730) });
  });

  it("counts a reader that is to take over at once with at least the writer's capacity", () => {
    const following = serverless({ members: [one(1), one(2, { promotionTier: 1 })] });
    // The reader stands at 6 with the writer, on its own it would need next to nothing.
    const decision = proposal(loaded(following, { "aurora-1": { cpu: 15 } }));
    expect(decision.to).toBe("2–4 ACU");
    expect(decision.monthlyCost?.after).toEqual({ kind: "known", usd: expect.closeTo(2 * 2.4 * 0.12 * 730) });
  });

  it("is more by the unit for I/O-Optimized storage, and unknown where no price is", () => {
    expect(proposal(loaded(serverless({ storage: "io-optimized" }))).savings).toEqual({ kind: "known", usd: expect.closeTo(4 * 0.16 * 730) });
    expect(proposal(loaded(serverless()).priced({ auroraAcuHourly: () => null })).savings).toMatchObject({ kind: "unknown", reason: "price unknown" });
  });
});

describe("the action", () => {
  it("is one call, whose way back is the range as it was, and goes to the stacks as minimum and maximum", () => {
    const { action } = proposal(small(loaded(serverless())));
    expect(action.steps).toMatchObject([{ change: { kind: "rds.serverless-capacity", before: { minAcu: 4, maxAcu: 16 }, after: { minAcu: 1, maxAcu: 4 } } }]);
    expect(action.rollback).toMatchObject([
      { change: { kind: "rds.serverless-capacity", before: { minAcu: 1, maxAcu: 4 }, after: { minAcu: 4, maxAcu: 16 } } },
    ]);
    expect(action).toMatchObject({ reversibility: "immediate", undoMinutes: 1, disruptions: [] });
    expect(action.writeBack).toEqual([
      { type: "aws_rds_cluster", id: "aurora", property: "minAcu", operation: "set", value: 1 },
      { type: "aws_rds_cluster", id: "aurora", property: "maxAcu", operation: "set", value: 4 },
    ]);
  });
});

it("never proposes what does not fit, what AWS does not take or what is larger than today's, whatever the load", () => {
  const acus = fc.integer({ min: 2, max: 64 }).map((steps) => steps / 2);
  const cases = fc.record({
    range: fc.tuple(acus, acus).map(([a, b]) => ({ minAcu: Math.min(a, b), maxAcu: Math.max(a, b) })),
    loads: fc.array(fc.record({ usual: fc.double({ min: 0, max: 1, noNaN: true }), high: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    volumeGib: fc.option(fc.integer({ min: 1, max: 40 })),
  });
  let proposed = 0;
  fc.assert(
    fc.property(cases, ({ range: today, loads, volumeGib }) => {
      const cluster = serverless({ serverless: today, members: loads.map((_, at) => one(at + 1)) });
      const { minAcu, maxAcu } = today;
      const between = (share: number) => minAcu + share ** 3 * (maxAcu - minAcu);
      const each = Object.fromEntries(
        loads.map(({ usual, high }, at) => [
          `aurora-${at + 1}`,
          { acu: peak(between(Math.max(usual, high)), between(usual)), cpu: Math.min(25, 100 * usual ** 3) },
        ]),
      );
      const seen = loaded(cluster, each);
      const [decision] = decisions(volumeGib === null ? seen : seen.sees(metrics.auroraVolumeBytes, "aurora", volumeGib * gib));
      if (decision?.kind !== "proposal") return;
      proposed += 1;
      const [change] = decision.action.steps.flatMap((step) => (step.kind === "change" && step.change.kind === "rds.serverless-capacity" ? step.change : []));
      const to = change!.after;
      for (const acu of [to.minAcu, to.maxAcu]) expect(acu * 2).toBe(Math.round(acu * 2));
      expect(to.minAcu).toBeLessThanOrEqual(to.maxAcu);
      expect(to.minAcu).toBeLessThanOrEqual(today.minAcu);
      expect(to.maxAcu).toBeLessThanOrEqual(today.maxAcu);
      expect(decision.chosen?.fits).toBe(true);
      const needed = loads.map(({ usual, high }) => between(Math.max(usual, high))).filter((acu) => acu > minAcu + 0.01);
      expect(Math.max(0, ...needed)).toBeLessThanOrEqual(to.maxAcu * 0.9 + 1e-6);
      expect(Math.max(0, ...needed) / to.minAcu).toBeLessThanOrEqual(today.maxAcu / today.minAcu + 1e-6);
      expect(decision.savings).toMatchObject({ kind: "known", usd: expect.any(Number) });
    }),
    { numRuns: 60 },
  );
  expect(proposed).toBeGreaterThan(5);
});
