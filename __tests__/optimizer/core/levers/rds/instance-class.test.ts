import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { RdsInstance } from "../../../../../optimizer/core/levers/rds/instance.ts";
import type { Decision } from "../../../../../optimizer/core/model/rule.ts";
import { anRdsInstance, instanceSees } from "../../../../support/rds-instances.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aWorld, secondary, tagged, type World } from "../../../../support/world.ts";

const rule = ruleOf("rds.instance-class");
const { decisions, proposal, skipped } = decisionsOf(rule);

/** From db.m6g.2xlarge (8 vCPU, 32 GiB) toward db.m6g.large (2 vCPU, 8 GiB) by way of db.m6g.xlarge (4 vCPU, 16 GiB). */
const policy = { baselineDays: 14, rules: { rdsInstanceClass: { target: "db.m6g.large" } } };
const world = (overrides: Parameters<typeof anRdsInstance>[0] = {}): World => aWorld().policed(policy).with(anRdsInstance(overrides));
const seeing = (load: Parameters<typeof instanceSees>[2], overrides: Parameters<typeof anRdsInstance>[0] = {}): World =>
  instanceSees(world(overrides), anRdsInstance(overrides), load);
const seen = (value: readonly string[]) => ({ kind: "seen", value }) as const;

describe("rds.instance-class", () => {
  it("goes to the target where all of it fits, with both dimensions of the storage among them", () => {
    const found = proposal(seeing({}));
    expect(found).toMatchObject({ from: "db.m6g.2xlarge", to: "db.m6g.large", refused: [] });
    expect(new Set(found.chosen?.projections.map(({ dimension }) => dimension))).toEqual(new Set(["cpu", "memory", "connections", "network", "ebs"]));
    expect(found.savings).toEqual({ kind: "known", usd: expect.closeTo((0.608 - 0.152) * 2 * 730, 5) });
    // It has no replica, nor is it one.
    expect(JSON.stringify([found.warnings, found.chosen])).not.toContain("the work of");
  });

  it.each<[number, string]>([
    [39.9, "proposal"],
    [40, "skip"],
    [40.1, "skip"],
  ])("p95 CPU at %s %% of what the requirement allows is a %s", (cpu, kind) => {
    const decision = decisions(seeing({ cpu }).policed({ ...policy, rules: { ...policy.rules, decision: "literal" } }))[0];
    expect(decision?.kind).toBe(kind);
    if (kind === "skip") expect(decision).toMatchObject({ code: "threshold-not-met" });
  });

  it.each<[string, Parameters<typeof instanceSees>[2], string]>([
    ["CPU: 15 % of 8 vCPUs are 60 % of 2, 20 % are 80 %", { cpu: 20 }, "db.m6g.large"],
    ["CPU: 21 % of 8 vCPUs are 84 % of 2", { cpu: 21 }, "db.m6g.xlarge"],
    ["memory: 6.4 GiB in use are 80 % of 8", { freeGib: 25.6 }, "db.m6g.large"],
    ["memory: 6.5 GiB in use are more than 80 % of 8", { freeGib: 25.5 }, "db.m6g.xlarge"],
    ["network: 0.6 Gbit/s are 80 % of 0.75", { gbps: 0.6 }, "db.m6g.large"],
    ["network: 0.61 Gbit/s are more than 80 % of 0.75", { gbps: 0.61 }, "db.m6g.xlarge"],
    ["storage: 2 × 31.5 MB/s are 80 % of 630 Mbit/s", { megabytesPerSecond: 31.5 }, "db.m6g.large"],
    ["storage: 2 × 32 MB/s are more than 80 % of 630 Mbit/s", { megabytesPerSecond: 32 }, "db.m6g.xlarge"],
    ["storage: 2 × 1440 operations are 80 % of 3600", { iops: 1440 }, "db.m6g.large"],
    ["storage: 2 × 1450 operations are more than 80 % of 3600", { iops: 1450 }, "db.m6g.xlarge"],
    ["connections: 80 % of 648", { connections: 518 }, "db.m6g.large"],
    ["connections: more than 80 % of 648", { connections: 519 }, "db.m6g.xlarge"],
  ])("takes the size nearest the target that fits: %s", (_, load, to) => {
    expect(proposal(seeing(load)).to).toBe(to);
  });

  it("refuses with the figure where no smaller size fits: a full buffer pool is in use", () => {
    expect(skipped(seeing({ freeGib: 5 }))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("memory") });
  });

  it("asks for finer points where an hour's highest one could be a single one, and decides by them", () => {
    // Every 18 hours five minutes at 45 %: more than 5 % of the hours, and less than 0.5 % of the time. 3.6 vCPUs are 90 % of 4 in the worst hour.
    const bursts = seeing({ cpu: (hour, statistic) => (statistic === "Maximum" && hour % 18 === 0 ? 45 : 10) });
    expect(proposal(bursts)).toMatchObject({ to: "db.m6g.xlarge", reason: expect.stringContaining("p95 of 5-minute averages") });
  });

  it("refuses by a rare hour that no percentile sees", () => {
    const monthly = skipped(seeing({ connections: (hour) => (hour === 200 ? 1500 : 60) }));
    expect(monthly).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("connections") });
  });

  it("counts what a burstable class sustains, not its bursts", () => {
    const burstable = { instanceClass: "db.t3.large" };
    const of = (cpu: number) => instanceSees(aWorld().policed({ baselineDays: 14 }).with(anRdsInstance(burstable)), anRdsInstance(), { cpu, freeGib: 7 });
    // 2 vCPUs at a fifth each are 0.4: 16 % of 2 are 80 % of that.
    expect(proposal(of(16)).to).toBe("db.t3.small");
    expect(skipped(of(17))).toMatchObject({ code: "does-not-fit", detail: expect.stringContaining("cpu") });
  });

  it("is one call, whose outage is that of a failover, and back the same way within the time it says", () => {
    const { action } = proposal(seeing({}));
    expect(action.steps).toMatchObject([{ change: { kind: "rds.standalone-class", multiAz: true, after: { instanceClass: "db.m6g.large" } } }]);
    expect(action.rollback).toMatchObject([{ change: { before: { instanceClass: "db.m6g.large" }, after: { instanceClass: "db.m6g.2xlarge" } } }]);
    expect(action).toMatchObject({ reversibility: "slow", undoMinutes: 20, disruptions: [{ kind: "failover", seconds: 120 }] });
    expect(action.isLast).toBeUndefined();
    expect(action.writeBack).toEqual([{ type: "aws_db_instance", id: "mysql", property: "instanceClass", operation: "set", value: "db.m6g.large" }]);
  });

  it("names a saving whose price is not known as unknown", () => {
    expect(proposal(seeing({}).priced({ rdsHourly: () => null })).savings.kind).toBe("unknown");
  });

  it.each<[string, Partial<RdsInstance>, string, string]>([
    ["a tenant's instance", { tags: tagged({ TenantId: "a" }) }, "tenant-resource", "TenantId"],
    ["one at the target", { instanceClass: "db.m6g.large" }, "already-there", "not larger than"],
    ["one of another family than the target", { instanceClass: "db.r6g.2xlarge" }, "unsupported", "another family"],
    ["a class of unknown capacity", { instanceClass: "db.x99.large" }, "unsupported", "not known"],
    ["PostgreSQL, whose cache is the system's", { engine: "postgres" }, "unsupported", "postgres"],
    ["one whose storage is being optimized", { status: "storage-optimization" }, "unsupported", "storage is slower"],
    ["one that is being changed", { status: "modifying" }, "unsupported", "is modifying"],
    ["one for which something waits", { waiting: ["a change of EngineVersion"] }, "unsupported", "along with ours"],
    ["one whose parameters wait for a restart", { waitingForRestart: ["parameters of p (pending-reboot)"] }, "unsupported", "pending-reboot"],
    ["one whose memory somebody has laid out", { memoryParameters: seen(["innodb_buffer_pool_size = 21474836480"]) }, "unsupported", "innodb_buffer_pool_size"],
    ["one with planned maintenance", { maintenance: { kind: "seen", value: [{ action: "os-upgrade", isPlanned: true }] } }, "unsupported", "os-upgrade"],
    ["one in a blue/green deployment", { blueGreenDeployments: seen(["next"]) }, "unsupported", "blue/green deployment next"],
    ["one whose smaller classes AWS does not offer", { orderableClasses: seen(["db.m6g.2xlarge"]) }, "unsupported", "does not offer"],
    [
      "one whose parameters may not be seen",
      { memoryParameters: { kind: "unseen", reason: "DescribeDBParameters: denied" } },
      "unreadable",
      "DescribeDBParameters",
    ],
    ["one whose proxies may not be seen", { proxies: { kind: "unseen", reason: "DescribeDBProxies: denied" } }, "unreadable", "DescribeDBProxies"],
    ["one without a standby", { multiAz: false }, "unsupported", "no standby"],
    ["a replica whose source was not read", { replicaOf: "arn:aws:rds:us-west-2:123456789012:db:source" }, "cannot-judge", "not among what was read"],
  ])("skips %s", (_, overrides, code, detail) => {
    expect(skipped(seeing({}, overrides))).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  it("leaves out sizes that AWS does not offer, and says so where it is the target that the requirement wants", () => {
    const offered = { orderableClasses: seen(["db.m6g.xlarge", "db.m6g.2xlarge"]) };
    expect(proposal(seeing({}, offered)).to).toBe("db.m6g.xlarge");
    const literal = seeing({}, offered).policed({ ...policy, rules: { ...policy.rules, decision: "literal" } });
    expect(skipped(literal)).toMatchObject({ code: "unsupported", detail: expect.stringContaining("does not offer") });
  });

  it("leaves out a size that Performance Insights does not watch where it is on: AWS refuses it", () => {
    const of = (performanceInsights: boolean) =>
      proposal(
        instanceSees(
          aWorld()
            .policed({ baselineDays: 14 })
            .with(anRdsInstance({ instanceClass: "db.t3.large", performanceInsights })),
          anRdsInstance(),
          { freeGib: 7 },
        ),
      );
    expect(of(false).to).toBe("db.t3.small");
    expect(of(true)).toMatchObject({
      to: "db.t3.medium",
      reason: expect.stringContaining("db.t3.medium is the size nearest db.t3.small that fits (AWS refuses db.t3.small while Performance Insights is on"),
    });
  });

  it("remarks on proxies, offered maintenance and Extended Support", () => {
    const { warnings } = proposal(seeing({}, { proxies: seen(["pool"]), maintenance: { kind: "seen", value: [{ action: "os-upgrade", isPlanned: false }] } }));
    expect(warnings.join("; ")).toMatch(/os-upgrade.*RDS Proxy pool.*Extended Support/);
  });

  it.each([metrics.rdsCpu, metrics.rdsFreeableMemory, metrics.rdsConnections, metrics.rdsBytesOut, metrics.rdsReadThroughput, metrics.rdsWriteIops])(
    "decides nothing without $metric",
    (metric) => {
      expect(skipped(seeing({}).sees(metric, "mysql", Number.NaN))).toMatchObject({
        code: "insufficient-data",
        detail: expect.stringContaining(metric.metric),
      });
    },
  );

  describe("with a replica in another region", () => {
    const source = anRdsInstance({ replicas: [`arn:aws:rds:${secondary}:123456789012:db:mysql`] });
    const replica = (overrides: Partial<RdsInstance> = {}) => anRdsInstance({ region: secondary, replicaOf: source.arn, multiAz: false, ...overrides });
    const both = (load: { readonly ofSource?: number; readonly connections?: number }, overrides: Partial<RdsInstance> = {}): World => {
      const there = replica(overrides);
      const named = aWorld().policed(policy).with(source, there);
      return instanceSees(instanceSees(named, source, { cpu: load.ofSource ?? 5 }), there, { connections: load.connections ?? 0 });
    };
    const toOf = (found: World) =>
      Object.fromEntries(decisions(found).map((one) => [one.resource.region, one.kind === "proposal" ? one.to : one.kind === "skip" ? one.code : ""]));

    it("decides about each: the replica must carry its source's work besides, since it is promoted when that is lost", () => {
      expect(toOf(both({}))).toEqual({ "us-east-1": "db.m6g.large", "us-west-2": "db.m6g.large" });
      // 0.4 and 1.2 vCPUs on one of 2; 0.4 and 1.3 are more than 80 % of it.
      expect(toOf(both({ ofSource: 15 }))["us-west-2"]).toBe("db.m6g.large");
      expect(toOf(both({ ofSource: 16 }))).toEqual({ "us-east-1": "db.m6g.large", "us-west-2": "db.m6g.xlarge" });
    });

    it("restarts a replica without a standby only where nobody is connected to it", () => {
      expect(toOf(both({ connections: 1 }))["us-west-2"]).toBe("unsupported");
      const restarts = (found: World) => decisions(found).flatMap((one) => (one.kind === "skip" && one.resource.region === secondary ? [one.detail] : []));
      const words = "its restart means no reads there for up to 10 minutes";
      expect(restarts(both({ connections: 1 }))).toEqual([expect.stringContaining(`is a replica without a standby that is connected to: ${words}`)]);
      expect(restarts(both({}).sees(metrics.rdsConnections, "mysql", Number.NaN, secondary))).toEqual([
        expect.stringContaining(`is a replica without a standby: ${words}`),
      ]);
      const [, there] = decisions(both({}));
      expect(there?.kind === "proposal" && there.action.disruptions).toMatchObject([{ kind: "instance-restart", seconds: 600 }]);
    });

    it("changes a source last of its region, so that a replica beside it has its class before", () => {
      const beside = anRdsInstance({ name: "copy", replicaOf: "mysql" });
      const here = aWorld()
        .policed(policy)
        .with(anRdsInstance({ replicas: ["copy"] }), beside);
      const found = decisions(instanceSees(instanceSees(here, anRdsInstance(), { cpu: 10 }), beside, { cpu: 10 }));
      expect(found.map((one) => one.kind === "proposal" && one.action.isLast)).toEqual([true, undefined]);
      // Each may have to do the other's: 0.8 and 0.8 vCPUs are 80 % of 2.
      expect(found.map((one) => one.kind === "proposal" && one.to)).toEqual(["db.m6g.large", "db.m6g.large"]);
      expect(found.flatMap((one) => (one.kind === "proposal" ? one.warnings : [])).join("; ")).toContain("carries the work of copy in us-east-1");
    });
  });

  describe("had another class before", () => {
    const startMs = world().facts(rule).baseline.span.startMs;
    const hourMs = 3_600_000;
    const was = (fromHour: number | null, untilHour: number | null): Pick<RdsInstance, "sizesBefore"> => {
      const at = (hour: number | null): number | null => (hour === null ? null : startMs + hour * hourMs);
      return { sizesBefore: { kind: "seen", value: [{ size: "db.m6g.8xlarge", fromMs: at(fromHour), untilMs: at(untilHour) }] } };
    };
    // Four times the vCPUs at first: what was 15 % of them is 60 % of today's.
    const resized = (untilHour: number) => seeing({ cpu: (hour) => (hour < untilHour ? 15 : 60) }, was(null, untilHour));

    it("is not judged by shares of that, nor by what its memory kept from elsewhere", () => {
      expect(skipped(resized(2))).toMatchObject({ code: "threshold-not-met", detail: expect.stringContaining("60 %") });
      expect(proposal(seeing({}, was(null, 2))).evidence.every(({ completeness }) => completeness <= 1 - 2 / 336)).toBe(true);
    });

    it("is left alone while the hours since are too few, and says so", () => {
      expect(skipped(resized(300))).toMatchObject({
        code: "insufficient-data",
        detail: expect.stringContaining("without the hours in which mysql was not db.m6g.2xlarge (db.m6g.8xlarge), has 10.7 % of its points"),
      });
      expect(skipped(seeing({}, was(10, null))), "nobody knows until when").toMatchObject({ code: "insufficient-data" });
    });

    it("is judged by all hours once those are out of reach", () => {
      expect(proposal(seeing({}, was(-500, 0)))).toEqual(proposal(seeing({}, { sizesBefore: { kind: "seen", value: [] } })));
    });

    it("is proposed nothing smaller than one that always had today's, right after a run as after weeks: no run builds on another's figures", () => {
      const sizes = ["db.m6g.large", "db.m6g.xlarge", "none"];
      const small = (decision: Decision | undefined): number => sizes.indexOf(decision?.kind === "proposal" ? decision.to : "none");
      const vcpus = { "db.m6g.8xlarge": 32, "db.m6g.2xlarge": 8 };
      fc.assert(
        fc.property(
          fc.double({ min: 0.1, max: 7, noNaN: true }),
          fc.double({ min: 0.2, max: 1, noNaN: true }),
          fc.integer({ min: 0, max: 335 }),
          (used, night, resizedHour) => {
            const share = (hour: number, vcpu: number): number => (100 * used * (hour % 24 < 12 ? night : 1)) / vcpu;
            const always = seeing({ cpu: (hour) => share(hour, vcpus["db.m6g.2xlarge"]) });
            const resized = seeing({ cpu: (hour) => share(hour, vcpus[hour < resizedHour ? "db.m6g.8xlarge" : "db.m6g.2xlarge"]) }, was(null, resizedHour));
            expect(small(decisions(resized)[0])).toBeGreaterThanOrEqual(small(decisions(always)[0]));
          },
        ),
        { numRuns: 25 },
      );
    });

    it("skips where CloudTrail could not be asked, for whoever's work it may have to do as well", () => {
      const unseen: Partial<RdsInstance> = { sizesBefore: { kind: "unseen", reason: "LookupEvents: AccessDeniedException" } };
      expect(skipped(seeing({}, unseen))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("LookupEvents: AccessDeniedException") });
      const both = world({ replicas: ["copy"] }).with(anRdsInstance({ name: "copy", replicaOf: "mysql", ...unseen }));
      expect(skipped(instanceSees(both, anRdsInstance()))).toMatchObject({ code: "unreadable", detail: expect.stringContaining("copy") });
    });
  });

  it("never goes smaller with more load", () => {
    const sizes = ["db.m6g.large", "db.m6g.xlarge", "none"];
    const at = (cpu: number, usedGib: number): number => {
      const [decision] = decisions(seeing({ cpu, freeGib: 32 - usedGib }));
      return sizes.indexOf(decision?.kind === "proposal" ? decision.to : "none");
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), (cpu, gib, more) => {
        expect(at(cpu + more, gib)).toBeGreaterThanOrEqual(at(cpu, gib));
        expect(at(cpu, gib + more / 2)).toBeGreaterThanOrEqual(at(cpu, gib));
      }),
      { numRuns: 15 },
    );
  });
});
