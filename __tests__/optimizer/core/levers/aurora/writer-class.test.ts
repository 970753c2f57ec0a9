import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aCluster, aMember, aWorld, memberSees, secondary, tagged, type World } from "../../../../support/world.ts";

const writerClass = ruleOf("aurora.writer-class");
const { decisions, proposal, skipped } = decisionsOf(writerClass);

const gib = 1024 ** 3;
const cluster = (writerCpu: number | Signal, readerCpu: number | Signal = 0) =>
  memberSees(memberSees(aWorld().with(aCluster()), "aurora-1", { cpu: writerCpu }), "aurora-2", { cpu: readerCpu });
const literal = { rules: { decision: "literal" } };

describe("aurora.writer-class", () => {
  it("projects 38 % of a 4xlarge to 152 % of the xlarge target and 76 % of the 2xlarge it proposes", () => {
    const decision = proposal(cluster(38));
    expect(decision.to).toBe("db.r6g.2xlarge");
    expect(decision.chosen?.projections.find(({ dimension }) => dimension === "cpu")?.projected).toBeCloseTo(0.76);
    expect(decision.refused.map(({ target, projections }) => [target, projections[0]?.projected])).toEqual([["db.r6g.xlarge", expect.closeTo(1.52)]]);
    expect(decision.risk).toBeCloseTo(0.76);
  });

  it("goes down one size a run while nothing proves the working set smaller than the pool", () => {
    const decision = proposal(cluster(10));
    expect(decision.to).toBe("db.r6g.2xlarge");
    expect(decision.refused[0]?.projections.find(({ dimension }) => dimension === "memory")).toMatchObject({ fits: false, projected: 4, limit: 1 });
    expect(decision.warnings).toContain("nothing proves the working set smaller than the buffer pool: watch hit ratio and read IOPS after the change");
  });

  it("names what more reads from storage would cost, where that bills them and the working set is not proven", () => {
    const billed = "its storage bills each read, and what a smaller buffer pool misses more is not counted";
    // 100 × 3600 × 730 × $0.20 a million.
    expect(proposal(cluster(10)).warnings).toContain(`${billed} ($52.56 a month for each 100 reads a second more)`);
    expect(proposal(cluster(10).priced({ auroraIoRequest: () => null })).warnings).toContain(`${billed} (price unknown)`);
    const freeOf = (world: World) => expect(proposal(world).warnings.filter((each) => each.includes("bills each read"))).toEqual([]);
    freeOf(cluster(10).sees(metrics.auroraVolumeBytes, "aurora", 12 * gib));
    freeOf(["aurora-1", "aurora-2"].reduce((seen, member) => memberSees(seen, member, { cpu: 10 }), aWorld().with(aCluster({ storage: "io-optimized" }))));
  });

  it("goes to the target at once when the whole volume fits its buffer pool", () => {
    const small = cluster(10).sees(metrics.auroraVolumeBytes, "aurora", 12 * gib);
    const decision = proposal(small);
    expect(decision.to).toBe("db.r6g.xlarge");
    expect(decision.chosen?.projections.find(({ dimension }) => dimension === "memory")).toMatchObject({
      current: 0.125,
      projected: 0.5,
      fits: true,
      method: "the whole volume of 12 GiB in a buffer pool of 24 GiB",
    });
    expect(decision.warnings).toEqual([]);
    expect(proposal(cluster(10).sees(metrics.auroraVolumeBytes, "aurora", 20 * gib)).to).toBe("db.r6g.2xlarge");
  });

  it("lets no smaller pool be tried when today's misses already", () => {
    const missing = cluster(10).sees(metrics.rdsHitRatio, "aurora-2", 90);
    expect(skipped(missing)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("buffer cache hit ratio 90 %") });
    const decision = proposal(missing.policed(literal));
    expect(decision.to).toBe("db.r6g.xlarge");
    expect(decision.warnings).toContainEqual(expect.stringContaining("buffer cache hit ratio 90 %"));
  });

  it("lets either of two members carry both loads, since the other one may be lost, and is while it restarts", () => {
    expect(skipped(cluster(10, 31))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("db.r6g.2xlarge: cpu would be 82 %") });
    expect(proposal(cluster(10, 30)).chosen?.projections[0]).toMatchObject({
      projected: expect.closeTo(0.8),
      method: expect.stringContaining("any one of 2 members lost"),
    });
  });

  it("spreads a lost reader's load over the readers that stay", () => {
    const ids = ["1", "2", "3", "4"].map((n) => `aurora-${n}`);
    const four = aCluster({ members: ids.map((id, at) => aMember(id, { role: at === 0 ? "writer" : "reader" })) });
    const world = ids.reduce((seen, id) => memberSees(seen, id, { cpu: 20, connections: 100 }), aWorld().with(four));
    // 20 % and half of another 20 %, of twice the vCPUs.
    expect(proposal(world).chosen?.projections[0]?.projected).toBeCloseTo(0.6);
  });

  it("counts each member's load by its own class: 12 % of a 12xlarge reader is 36 % of the writer's 4xlarge", () => {
    const members = [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { instanceClass: "db.r6g.12xlarge" })];
    const mixed = (readerCpu: number) => memberSees(memberSees(aWorld().with(aCluster({ members })), "aurora-1", { cpu: 1 }), "aurora-2", { cpu: readerCpu });
    expect(proposal(mixed(12)).chosen?.projections[0]).toMatchObject({
      projected: expect.closeTo(0.74),
      method: expect.stringContaining("aurora-2 counted as db.r6g.12xlarge"),
    });
    expect(skipped(mixed(14))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("db.r6g.2xlarge: cpu would be 86 %") });
  });

  it("decides nothing beside a member whose class it does not know", () => {
    const members = [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { instanceClass: "db.r6g.48xlarge" })];
    const world = memberSees(memberSees(aWorld().with(aCluster({ members })), "aurora-1", { cpu: 5 }), "aurora-2", { cpu: 5 });
    expect(skipped(world)).toMatchObject({ code: "insufficient-data", detail: "the cpu capacity of db.r6g.48xlarge (aurora-2) is not known" });
  });

  it("by the requirement's words alone looks at all but a member whose class it does not know, and says so", () => {
    const members = [
      aMember("aurora-1", { role: "writer" }),
      aMember("aurora-2"),
      aMember("aurora-3", { instanceClass: "db.r6g.48xlarge", promotionTier: 15 }),
    ];
    const world = members.reduce((seen, { identifier }) => memberSees(seen, identifier, { cpu: 5 }), aWorld().with(aCluster({ members })));
    const decision = proposal(world.policed(literal));
    expect(decision.to).toBe("db.r6g.xlarge");
    expect(decision.warnings).toContain("not projected: the cpu capacity of db.r6g.48xlarge (aurora-3) is not known");
  });

  it("measures burstable classes by what they sustain: 25 % of a t3.large is 125 % of the 0.4 vCPU of a t3.medium", () => {
    const members = ["aurora-1", "aurora-2"].map((id, at) => aMember(id, { role: at === 0 ? "writer" : "reader", instanceClass: "db.t3.large" }));
    const world = (cpu: number) =>
      memberSees(memberSees(aWorld().with(aCluster({ members })), "aurora-1", { cpu, connections: 10 }), "aurora-2", { cpu: 0, connections: 10 }).policed({
        rules: { auroraWriterClass: { target: "db.t3.medium" } },
      });
    expect(skipped(world(25)).detail).toContain("cpu would be 125 %");
    expect(proposal(world(16)).chosen?.projections[0]).toMatchObject({ projected: expect.closeTo(0.8) });
  });

  it("fits the connections into the limit of the engine's own formula", () => {
    const postgres = (peak: number) =>
      memberSees(memberSees(aWorld().with(aCluster({ engine: "aurora-postgresql" })), "aurora-1", { cpu: 5, connections: peak }), "aurora-2", {
        cpu: 5,
        connections: 0,
      });
    expect(proposal(postgres(3900)).chosen?.projections.find(({ dimension }) => dimension === "connections")?.projected).toBeCloseTo(0.78);
    expect(skipped(postgres(4100)).detail).toContain("connections would be 82 %, at most 80 % (peak of 4100 connections");
    expect(proposal(postgres(3900)).evidence).toContainEqual(
      expect.objectContaining({ name: "connections to one member in the worst hour", value: 3900, unit: "Connections" }),
    );
  });

  it("lets no member restart whose load would be too much for a smaller one that stays", () => {
    const members = [aMember("aurora-1", { role: "writer" }), aMember("aurora-2"), aMember("aurora-3", { instanceClass: "db.r6g.large", promotionTier: 15 })];
    const world = (readerCpu: number) =>
      ["aurora-1", "aurora-2", "aurora-3"].reduce(
        (seen, id) => memberSees(seen, id, { cpu: id === "aurora-2" ? readerCpu : 2, connections: 10 }),
        aWorld().with(aCluster({ members })),
      );
    expect(skipped(world(11)).detail).toContain("of aurora-3 (db.r6g.large) while aurora-1 or aurora-2 restarts");
    expect(skipped(world(11)).refused?.[0]?.projections).toContainEqual(
      expect.objectContaining({ dimension: "cpu", limit: 0.8, fits: false, method: expect.stringMatching(/^p99\.5 of .* of aurora-3 /) }),
    );
    expect(proposal(world(9)).to).toBe("db.r6g.2xlarge");
  });

  it("judges the hit ratio by its worst hours, not by its mean", () => {
    const nightly = cluster(10).sees(metrics.rdsHitRatio, "aurora-1", (hour) => (hour % 24 === 3 ? 80 : 99.9));
    expect(skipped(nightly)).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("buffer cache hit ratio 80 % in its worst hours") });
  });

  it("fits the connections into the target's default limit", () => {
    const crowded = cluster(10).sees(metrics.rdsConnections, "aurora-1", 2200);
    const tight = skipped(crowded)
      .refused.at(-1)
      ?.projections.filter(({ fits }) => !fits);
    expect(tight?.map(({ dimension, projected }) => [dimension, projected])).toEqual([["connections", expect.closeTo(2500 / 3000)]]);
  });

  it("takes the mean of the whole baseline as the requirement's CPU, and says so", () => {
    expect(skipped(cluster(40))).toMatchObject({
      code: "threshold-not-met",
      detail: "CPU of aurora-1, mean of the whole baseline 40 % (Average), must be below 40 %",
    });
  });

  it.each([
    ["CPU", metrics.rdsCpu, "aurora-1"],
    ["a reader's CPU", metrics.rdsCpu, "aurora-2"],
    ["connections", metrics.rdsConnections, "aurora-1"],
    ["the hit ratio", metrics.rdsHitRatio, "aurora-1"],
  ])("never decides without %s", (_, metric, member) => {
    expect(skipped(cluster(10).sees(metric, member, Number.NaN)).code).toBe("insufficient-data");
  });

  it("decides without read IOPS, which Aurora MySQL does not always report", () => {
    expect(proposal(cluster(10).sees(metrics.rdsReadIops, "aurora-1", Number.NaN)).evidence.map(({ name }) => name)).not.toContain("reads from storage");
  });

  it.each([
    ["a cluster's tenant tag", aCluster({ tags: tagged({ TENANTID: "a" }) }), "tenant-resource"],
    [
      "a member's tenant tag",
      aCluster({ members: [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { tags: tagged({ "tenant:id": "a" }) })] }),
      "tenant-resource",
    ],
    ["a cluster without instances", aCluster({ members: [] }), "unsupported"],
    ["a cluster without writer", aCluster({ members: [aMember("aurora-2")] }), "unsupported"],
    ["a cluster without reader", aCluster({ members: [aMember("aurora-1", { role: "writer" })] }), "unsupported"],
    [
      "a serverless writer",
      aCluster({ members: [aMember("aurora-1", { role: "writer", instanceClass: "db.serverless" }), aMember("aurora-2")] }),
      "unsupported",
    ],
    [
      "a writer of another family",
      aCluster({ members: [aMember("aurora-1", { role: "writer", instanceClass: "db.r5.4xlarge" }), aMember("aurora-2")] }),
      "unsupported",
    ],
    [
      "a writer already small",
      aCluster({ members: [aMember("aurora-1", { role: "writer", instanceClass: "db.r6g.large" }), aMember("aurora-2")] }),
      "already-there",
    ],
    ["a cluster being changed", aCluster({ status: "modifying" }), "unsupported"],
    ["a member being changed", aCluster({ members: [aMember("aurora-1", { role: "writer" }), aMember("aurora-2", { status: "rebooting" })] }), "unsupported"],
  ])("skips %s", (_, resource, code) => {
    expect(skipped(memberSees(memberSees(aWorld().with(resource), "aurora-1", { cpu: 10 }), "aurora-2", { cpu: 10 })).code).toBe(code);
  });

  it("does not know the connections of engines whose limits it does not know", () => {
    const postgres = memberSees(
      memberSees(
        aWorld().with(
          aCluster({ members: ["1", "2"].map((n) => aMember(`aurora-${n}`, { role: n === "1" ? "writer" : "reader", instanceClass: "db.r7g.4xlarge" })) }),
        ),
        "aurora-1",
        { cpu: 10 },
      ),
      "aurora-2",
      { cpu: 10 },
    );
    const r7g = { rules: { auroraWriterClass: { target: "db.r7g.xlarge" } } };
    expect(skipped(postgres.policed(r7g))).toMatchObject({
      code: "unsupported",
      detail: expect.stringContaining("the connections capacity of db.r7g.4xlarge or db.r7g.xlarge is not known"),
    });
    expect(proposal(postgres.policed({ rules: { ...r7g.rules, decision: "literal" } })).warnings).toContainEqual(
      expect.stringContaining("not projected: the connections capacity"),
    );
  });

  it("skips clusters that AWS could not describe", () => {
    expect(skipped(aWorld().undescribed({ ref: aCluster().ref, reason: "not-found", detail: "gone" })).code).toBe("not-found");
  });
});

describe("the action of aurora.writer-class", () => {
  const three = aCluster({ members: [aMember("aurora-1", { role: "writer", promotionTier: 0 }), aMember("aurora-3"), aMember("aurora-2")] });
  const world = ["aurora-1", "aurora-2", "aurora-3"].reduce((seen, member) => memberSees(seen, member, { cpu: 10 }), aWorld().with(three));
  const proposed = () => {
    const { followUps: [oldWriter] = [], ...rest } = proposal(world);
    return { ...rest, oldWriter };
  };

  it("resizes a reader, fails over to it by its identifier, and lets the old writer follow once that has passed", () => {
    const { action, oldWriter } = proposed();
    expect(action.steps.map((step) => step.kind === "change" && step.change)).toEqual([
      expect.objectContaining({ kind: "rds.instance-class", instance: "aurora-2", after: { instanceClass: "db.r6g.2xlarge" } }),
      expect.objectContaining({ kind: "rds.failover", before: { writer: "aurora-1" }, after: { writer: "aurora-2" } }),
    ]);
    expect(oldWriter?.action).toMatchObject({
      id: `${action.id}:old-writer`,
      after: action.id,
      steps: [{ change: { instance: "aurora-1", after: { instanceClass: "db.r6g.2xlarge" } } }],
      rollback: [{ change: { instance: "aurora-1", after: { instanceClass: "db.r6g.4xlarge" } } }],
    });
  });

  it("of a reader of another class is another line of the bill: each is told with its own class", () => {
    const larger = aCluster({ members: [aMember("aurora-1", { role: "writer", promotionTier: 0 }), aMember("aurora-2", { instanceClass: "db.r6g.8xlarge" })] });
    const both = proposal(["aurora-1", "aurora-2"].reduce((seen, member) => memberSees(seen, member, { cpu: 10 }), aWorld().with(larger)));
    const [sized, twice] = [2.076, 4.152].map((hourly) => (hourly - 1.038) * 730);
    expect(both).toMatchObject({
      from: "db.r6g.4xlarge",
      paidAs: "db.r6g.8xlarge",
      savings: { usd: expect.closeTo((sized ?? 0) + (twice ?? 0)) },
      followUps: [{ savings: { usd: expect.closeTo(sized ?? 0) }, paid: { as: "db.r6g.4xlarge", costAfter: { usd: expect.closeTo(1.038 * 730) } } }],
    });
    expect([proposed().oldWriter?.paid, proposed().paidAs]).toEqual([undefined, undefined]);
  });

  it("goes back by a failover first, then resizes the reader back", () => {
    const { action } = proposed();
    expect(action.rollback.map(({ change }) => change)).toEqual([
      expect.objectContaining({ kind: "rds.failover", after: { writer: "aurora-1" } }),
      expect.objectContaining({ kind: "rds.instance-class", instance: "aurora-2", after: { instanceClass: "db.r6g.4xlarge" } }),
    ]);
  });

  it("declares the restart and the failover, and says which readers stay", () => {
    const { action, warnings } = proposed();
    expect(action.disruptions.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ["instance-restart", 600],
      ["failover", 35],
    ]);
    expect(warnings).toContain("stay at their size: aurora-3 (db.r6g.4xlarge)");
  });

  it("saves on both instances it resizes, each action's share apart, and writes back what each resizes", () => {
    const { action, savings, oldWriter } = proposed();
    expect(savings).toEqual({ kind: "known", usd: expect.closeTo(2 * 1.038 * 730) });
    expect(oldWriter?.savings).toEqual({ kind: "known", usd: expect.closeTo(1.038 * 730) });
    expect([action, oldWriter!.action].flatMap(({ writeBack }) => writeBack.map(({ id, value }) => [id, value]))).toEqual([
      ["aurora-2", "db.r6g.2xlarge"],
      ["aurora-1", "db.r6g.2xlarge"],
    ]);
  });

  it("prefers the reader of the lowest promotion tier, and resizes none that has the size already", () => {
    const members = [
      aMember("aurora-1", { role: "writer" }),
      aMember("aurora-2", { promotionTier: 5 }),
      aMember("aurora-3", { promotionTier: 2, instanceClass: "db.r6g.2xlarge" }),
    ];
    const ready = ["aurora-1", "aurora-2", "aurora-3"].reduce((seen, member) => memberSees(seen, member, { cpu: 10 }), aWorld().with(aCluster({ members })));
    const decision = proposal(ready);
    expect(decision.action.steps.map((step) => step.kind === "change" && step.change.kind)).toEqual(["rds.failover"]);
    expect(decision.action.rollback.map(({ change }) => change.kind)).toEqual(["rds.failover"]);
    expect(decision.savings).toEqual({ kind: "known", usd: expect.closeTo(1.038 * 730) });
  });
});

describe("aurora.writer-class on a secondary cluster", () => {
  const members = [aMember("west-1"), aMember("west-2")];
  const replica = aCluster({ name: "west", region: secondary, globalRole: "secondary", globalClusterId: "g", members });
  const world = memberSees(memberSees(aWorld().with(replica), "west-1", { cpu: 10 }, secondary), "west-2", { cpu: 30 }, secondary);

  it("judges and resizes member by member, without a failover", () => {
    const [first, second] = decisions(world.policed({ rules: { auroraWriterClass: { maxCpuShare: 0.3 } } }));
    expect(first).toMatchObject({ kind: "proposal", part: "west-1", to: "db.r6g.2xlarge" });
    expect(second).toMatchObject({ kind: "skip", part: "west-2", code: "threshold-not-met" });
    const action = first?.kind === "proposal" ? first.action : undefined;
    expect(action?.id).toBe("aurora.writer-class:us-west-2:west:west-1");
    expect(action?.steps.map((step) => step.kind === "change" && step.change.kind)).toEqual(["rds.instance-class"]);
    expect(action?.rollback.map(({ change }) => change.after)).toEqual([{ instanceClass: "db.r6g.4xlarge" }]);
    expect(first?.kind === "proposal" && first.followUps).toBeUndefined();
    expect(first?.kind === "proposal" && first.warnings).toEqual([expect.stringContaining("watch hit ratio"), expect.stringContaining("bills each read")]);
  });

  it("does not restart the only member of a region without asking: nobody would read there", () => {
    const alone = memberSees(aWorld().with({ ...replica, members: [aMember("west-1")] }), "west-1", { cpu: 8 }, secondary);
    expect(skipped(alone)).toMatchObject({
      code: "unsupported",
      detail: "west-1 is the cluster's only member: its restart means no reads in us-west-2 for up to 10 minutes",
    });
  });

  it("skips one without members", () => {
    expect(skipped(aWorld().with({ ...replica, members: [] }))).toMatchObject({ code: "unsupported", detail: "the cluster has no instance" });
  });
});

describe("aurora.writer-class, in its worst hour", () => {
  const peaking = (peak: number) =>
    cluster(12)
      .sees(metrics.rdsCpu, "aurora-1", (hour) => ([15, 45].includes(Math.floor(hour / 24)) && hour % 24 < 3 ? peak : 12))
      .sees(metrics.auroraVolumeBytes, "aurora", 30 * gib);

  it("refuses three hours a month that a p99.5 does not see", () => {
    expect(skipped(peaking(46)).detail).toMatch(/^refused by its worst hour: .*db\.r6g\.2xlarge: cpu would be 92 % in its worst hour, at most 90 %/);
    expect(proposal(peaking(45)).to).toBe("db.r6g.2xlarge");
  });

  it("refuses what one member could not carry were the other lost in that hour: 2 × (45 % + 6 %) is more than all of it", () => {
    const both = (peak: number) => peaking(peak).sees(metrics.rdsCpu, "aurora-2", 6);
    expect(proposal(both(44)).to).toBe("db.r6g.2xlarge");
    expect(skipped(both(45)).detail).toMatch(/db\.r6g\.2xlarge: cpu would be 102 % in its worst hour, at most 100 % \(.*any one of 2 members lost/);
  });

  it("looks at the worst hour of any member", () => {
    const reader = cluster(12).sees(metrics.rdsCpu, "aurora-2", (hour) => (hour === 400 ? 50 : 12));
    expect(skipped(reader).detail).toContain("refused by its worst hour");
  });
});

describe("refinement of aurora.writer-class", () => {
  /** One hour a day whose maximum is a moment's spike. */
  const spiky = cluster(10).sees(metrics.rdsCpu, "aurora-1", (hour, statistic) => (statistic === "Maximum" && hour % 24 === 9 ? 42 : 15));

  it("asks for 5-minute maxima only in doubt, and decides by them", () => {
    expect(writerClass.refinements(cluster(10).facts(writerClass))).toEqual([]);
    const hourly = spiky.facts([{ ...writerClass, refinements: () => [] }]);
    expect(writerClass.decide(hourly)[0]).toMatchObject({ kind: "skip", code: "does-not-fit" });
    expect(writerClass.refinements(hourly).map(({ metric, statistic, periodSeconds }) => [metric, statistic, periodSeconds])).toEqual([
      ["CPUUtilization", "Maximum", 300],
      ["CPUUtilization", "Maximum", 300],
    ]);
    expect(proposal(spiky).evidence.map(({ statistic }) => statistic)).toContain("p99.5 of 5-minute maxima");
  });
});
