import { describe, expect, it } from "vitest";
import { clusterStudies } from "../../../../../optimizer/core/levers/aurora/study.ts";
import { lagCheck, memberChecks, membersBeside, rangeChecks, resizedBy } from "../../../../../optimizer/core/levers/aurora/member-checks.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import type { Change } from "../../../../../optimizer/core/levers/change-kinds.ts";
import type { Action, OwnCheck } from "../../../../../optimizer/core/model/action.ts";
import { aDefinition } from "../../../../support/aurora-definition.ts";
import { sampleAction } from "../../../../support/sample-run.ts";
import { aCluster, aMember, aWorld, memberSees, primary, type World } from "../../../../support/world.ts";

const [was, small, large] = ["db.r6g.4xlarge", "db.r6g.2xlarge", "db.r6g.8xlarge"];
const cluster = aCluster({
  members: [
    aMember("one", { role: "writer", instanceClass: was }),
    aMember("two", { instanceClass: was }),
    aMember("three", { instanceClass: small }),
    aMember("four", { instanceClass: large }),
  ],
});
const inCluster = { region: primary, cluster: cluster.ref.id };
const resize = (instance: string, instanceClass: string): Change => ({
  kind: "rds.instance-class",
  ...inCluster,
  instance,
  before: { instanceClass: was },
  after: { instanceClass },
});
const failover = (writer: string): Change => ({ kind: "rds.failover", ...inCluster, before: { writer: "one" }, after: { writer } });
const remove = (instance: string): Change => ({ kind: "rds.member", ...inCluster, instance, before: aDefinition(), after: null });
const made = (...changes: readonly Change[]): Action =>
  sampleAction({ steps: changes.map((change, place) => ({ kind: "change" as const, id: `step-${place}`, description: "", change })) });

describe("the members whose class an action changes", () => {
  it.each<[string, Action, readonly (readonly [string, string])[]]>([
    [
      "those that it resizes, to what they become",
      made(resize("two", small), resize("one", small)),
      [
        ["two", small],
        ["one", small],
      ],
    ],
    [
      "and one that it promotes as it is",
      made(failover("three"), resize("one", small)),
      [
        ["one", small],
        ["three", small],
      ],
    ],
    [
      "but not twice one that it resizes and promotes",
      made(resize("two", small), failover("two"), resize("one", small)),
      [
        ["two", small],
        ["one", small],
      ],
    ],
    ["one that it promotes alone", made(failover("four")), [["four", large]]],
    ["none that is no member any more", made(failover("gone")), []],
    ["none that it removes", made(remove("two")), []],
  ])("are %s", (_, action, classes) => {
    expect([...resizedBy(cluster, action)]).toEqual(classes);
  });
});

describe("the members that an action leaves", () => {
  it("have the class that another rule gives them, else their own", () => {
    expect([...membersBeside(cluster, made(remove("two")), new Map([["one", small]]))]).toEqual([
      ["one", small],
      ["three", small],
      ["four", large],
    ]);
    expect([...membersBeside(cluster, made(resize("two", small), failover("two")), new Map()).keys()]).toEqual(["one", "two", "three", "four"]);
  });
});

function studyOf(world: World) {
  const [found] = world.inventory.resources;
  if (found?.kind !== "aurora-cluster") throw new Error("no cluster");
  return clusterStudies.study(world.facts(ruleOf("aurora.writer-class")), found)("careful");
}

const seen = (world: World = aWorld(), reads = 3, hit = 99): World =>
  ["one", "two", "three", "four"].reduce(
    (of, member) => memberSees(of, member, { cpu: 8 }).sees(metrics.rdsReadIops, member, reads).sees(metrics.rdsHitRatio, member, hit),
    world.with(cluster),
  );
const looked = ({ series, name, kind, limit }: OwnCheck) => ({
  name,
  kind,
  limit,
  of: series.map(({ metric, statistic, dimensions }) => `${metric} ${statistic} ${dimensions["DBInstanceIdentifier"] ?? ""}`),
});

describe("what is watched of members", () => {
  const classes = new Map([
    ["one", small],
    ["two", large],
    ["three", small],
  ]);

  it("is CPU and connections by the class of each, the lowest hit ratio and the most reads of all", () => {
    const each = (metric: string, statistic: string, ...members: readonly string[]) => members.map((member) => `${metric} ${statistic} ${member}`);
    expect(memberChecks(studyOf(seen()), classes).map(looked)).toEqual([
      { name: "CPU of one, three", kind: "at-most", limit: 90, of: each("CPUUtilization", "Average", "one", "three") },
      { name: "connections to one, three", kind: "at-most", limit: expect.any(Number), of: each("DatabaseConnections", "Maximum", "one", "three") },
      { name: "CPU of two", kind: "at-most", limit: 90, of: each("CPUUtilization", "Average", "two") },
      { name: "connections to two", kind: "at-most", limit: expect.any(Number), of: each("DatabaseConnections", "Maximum", "two") },
      { name: "buffer cache hit ratio of one, two, three", kind: "at-least", limit: 95, of: each("BufferCacheHitRatio", "Average", "one", "two", "three") },
      { name: "reads from storage of one, two, three", kind: "at-most", limit: 200, of: each("ReadIOPS", "Average", "one", "two", "three") },
    ]);
  });

  it("says what was usual: twice the misses of the worst hour where these are more than 5 %, and four times its reads where a slot is a quarter of an hour", () => {
    const [hits, reads] = memberChecks(studyOf(seen(aWorld(), 100, 96)), classes).slice(-2);
    expect(hits).toMatchObject({
      limit: 92,
      graceMinutes: 60,
      harmlessUpTo: { check: "reads from storage of one, two, three", value: 200 },
      why: "at most twice as many misses as in the worst hour of the baseline, 4 %, or 5 %, where more than 200 a second read from storage",
    });
    expect(reads).toMatchObject({
      limit: 400,
      graceMinutes: 60,
      why: "no more within one slot than in the whole worst hour of the baseline, 100 a second, or 200 a second",
    });
  });

  it("calls no hit ratio harmless where nobody knows how many reads are usual", () => {
    const [hits, ...others] = memberChecks(studyOf(seen(aWorld(), Number.NaN, 96)), classes).slice(-1);
    expect(others).toEqual([]);
    expect(hits).toMatchObject({ kind: "at-least", why: "at most twice as many misses as in the worst hour of the baseline, 4 %, or 5 %" });
    expect(hits).not.toHaveProperty("harmlessUpTo");
  });

  it("is, by the letter, nothing of what the projection promises", () => {
    const literal = aWorld().policed({ rules: { decision: "literal" } });
    expect(memberChecks(studyOf(seen(literal)), classes)).toEqual([]);
  });

  it("knows no most of connections of a class that nobody knows, nor of serverless members, whose share of the maximum is watched", () => {
    const ofServerless = rangeChecks(studyOf(seen()), [aMember("one", { instanceClass: "db.serverless" }), aMember("two", { instanceClass: "db.serverless" })]);
    expect(ofServerless.map(({ name }) => name)).toEqual([
      "capacity units of one, two, of the maximum",
      "CPU of one, two",
      "buffer cache hit ratio of one, two",
      "reads from storage of one, two",
    ]);
    expect(ofServerless[0] === undefined ? [] : looked(ofServerless[0]).of).toEqual(["ACUUtilization Average one", "ACUUtilization Average two"]);
  });

  it("is of those that stay the lag that lasts, by the policy's limit", () => {
    const { policy } = aWorld()
      .policed({ rules: { auroraReaderCount: { maxLagMs: 70 } } })
      .facts([]);
    const check = lagCheck(policy, cluster, ["two", "three"]);
    expect(looked(check)).toEqual({
      name: `replica lag of ${cluster.ref.id}`,
      kind: "at-most",
      limit: 70,
      of: ["AuroraReplicaLag Average two", "AuroraReplicaLag Average three"],
    });
    expect(check).toMatchObject({ unit: "Milliseconds", why: "a reader goes only where the others were never further behind" });
  });
});
