import { describe, expect, it } from "vitest";
import type { AuroraMember } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import { fitWithout } from "../../../../../optimizer/core/levers/aurora/fewer-readers.ts";
import { clusterStudies } from "../../../../../optimizer/core/levers/aurora/study.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aCluster, aMember, aWorld, memberSees, type World } from "../../../../support/world.ts";

const [was, then] = ["db.r6g.4xlarge", "db.r6g.2xlarge"];
const [one, two, three] = [
  aMember("one", { role: "writer", instanceClass: was }),
  aMember("two", { instanceClass: was }),
  aMember("three", { instanceClass: was }),
];

/** CPU percent and connections of each, at all hours. */
const seen = (members: readonly AuroraMember[] = [one, two, three], cpu = 10, connections = 40): World =>
  members.reduce((of, { identifier }) => memberSees(of, identifier, { cpu, connections }), aWorld().with(aCluster({ members })));

/** The third one is gone, and the others are of the class that is named for each. */
function fit(world: World, classOf: (member: AuroraMember) => string = ({ instanceClass }) => instanceClass) {
  const [cluster] = world.inventory.resources;
  if (cluster?.kind !== "aurora-cluster") throw new Error("no cluster");
  const study = clusterStudies.study(world.facts(ruleOf("aurora.reader-count")), cluster)("careful");
  const [writer, reader, removed] = cluster.members;
  if (writer === undefined || reader === undefined || removed === undefined) throw new Error("three members");
  return fitWithout(study, { removed, remaining: [writer, reader], classOf });
}

describe("members that stay when a reader goes", () => {
  it("carry all of it with one more lost: CPU and connections, by the usual, the worst hour and what is left then", () => {
    const { projections, evidence, unknown } = fit(seen());
    expect(unknown).toEqual([]);
    expect(projections.map(({ dimension, projected, limit, fits }) => [dimension, projected, limit, fits])).toEqual([
      ["cpu", expect.closeTo(0.3), 0.8, true],
      ["cpu", expect.closeTo(0.2), 0.9, true],
      ["connections", 120 / 4000, 0.8, true],
      ["connections", 80 / 4000, 0.9, true],
    ]);
    expect(projections[0]).toMatchObject({
      current: expect.closeTo(0.2),
      method: "p99.5 of hourly maxima of the busiest of one (db.r6g.4xlarge), two (db.r6g.4xlarge), without three and with any one more of them lost",
    });
    expect(evidence.map(({ name }) => name)).toEqual([
      "CPU of one member that stays, with one more lost",
      "CPU of the busiest member that stays in the worst hour",
      "connections of one member that stays, with one more lost",
      "connections of the busiest member that stays in the worst hour",
    ]);
    expect(evidence[0]).toMatchObject({ value: expect.closeTo(30) });
  });

  it("have less of the class that another rule gives them", () => {
    expect(fit(seen(), () => then).projections[0]).toMatchObject({ projected: expect.closeTo(0.6), method: expect.stringContaining("one (db.r6g.2xlarge)") });
    expect(fit(seen(undefined, 27), () => then).projections[0]).toMatchObject({ projected: expect.closeTo(1.62), fits: false });
  });

  it.each<[string, World, (member: AuroraMember) => string, readonly string[]]>([
    ["is today", seen([one, aMember("two", { instanceClass: "db.x9.huge" }), three]), () => was, ["db.x9.huge (two)"]],
    ["would be", seen(), ({ identifier }) => (identifier === "one" ? "db.x9.huge" : was), ["db.x9.huge (one)"]],
    ["was, of the one that goes", seen([one, two, aMember("three", { instanceClass: "db.x9.huge" })]), () => was, ["db.x9.huge (three)"]],
  ])("are not judged where a class is not known that one of them %s", (_, world, classOf, whose) => {
    const { projections, evidence, unknown } = fit(world, classOf);
    expect([projections, evidence]).toEqual([[], []]);
    expect(unknown).toEqual(whose.flatMap((each) => [`the cpu capacity of ${each} is not known`, `the connections that ${each} takes are not known`]));
  });

  it("are not judged by what is not known of them, and are by the rest", () => {
    const gaps = seen().sees(metrics.rdsConnections, "two", (hour) => (hour % 20 < 19 ? Number.NaN : 40));
    const { projections, unknown, evidence } = fit(gaps);
    expect(unknown).toEqual([expect.stringContaining("DatabaseConnections Maximum has")]);
    expect(new Set(projections.map(({ dimension }) => dimension))).toEqual(new Set(["cpu"]));
    expect(evidence).toHaveLength(2);
  });
});
