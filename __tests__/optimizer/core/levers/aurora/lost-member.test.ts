import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromEachMember, mostWithOneLost, unknown, writerAt, writerByHour } from "../../../../../optimizer/core/levers/aurora/lost-member.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import type { AuroraCluster } from "../../../../../optimizer/core/levers/aurora/cluster.ts";
import type { Series } from "../../../../../optimizer/core/sizing/series.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aCluster, aMember, aWorld, memberSees } from "../../../../support/world.ts";

const { decisions, proposal, skipped } = decisionsOf(ruleOf("aurora.writer-class"));
const readsFrom =
  (from: number, until = Infinity): Signal =>
  (hour) =>
    hour >= from && hour < until ? 12 : Number.NaN;

function clusterOf(size: number) {
  return aCluster({ members: Array.from({ length: size }, (_, at) => aMember(`m${at}`, { role: at === 0 ? "writer" : "reader" })) });
}

/** What each member did in one hour, and the most that one of them has to do when another is lost. */
function most(loads: readonly number[], writer: number, globalRole: AuroraCluster["globalRole"] = "none"): number | undefined {
  const cluster = { ...clusterOf(loads.length), globalRole };
  const shareOf = ({ identifier }: { readonly identifier: string }): Series => ({
    name: "",
    keys: [],
    periodSeconds: 3600,
    whole: true,
    values: Float64Array.of(loads[Number(identifier.slice(1))] ?? Number.NaN),
  });
  return mostWithOneLost("most", cluster, Int8Array.of(writer), shareOf, { carriers: cluster.members, lost: cluster.members }).values[0];
}

describe("the most that one member of a cluster carries when another is lost", () => {
  it.each([
    ["writer and one reader: everything", [30, 20], 0, 50],
    ["the writer's load goes to one reader, whose reads the others take", [50, 20, 20], 0, 50],
    ["a lost reader's load is shared by those that stay", [10, 20, 20], 0, 40],
    ["of three readers, half of it each", [10, 20, 20, 20], 0, 30],
    ["any of them may be the writer where that is not known", [50, 20, 20], -1, 70],
    ["a gap of any member is a gap", [50, Number.NaN, 20], 0, Number.NaN],
    ["one alone carries what it does", [40], 0, 40],
  ])("%s", (_, loads, writer, expected) => {
    expect(most(loads, writer)).toBe(expected);
  });

  it.each([
    ["of two members the other takes all", [30, 20], 50],
    ["of three those that stay share it, whoever wrote", [50, 20, 20], 60],
    ["of four a third each", [30, 30, 30, 30], 40],
  ])("in a secondary cluster, all of whose members read: %s", (_, loads, expected) => {
    for (const writer of [-1, 0, 1]) expect(most(loads, writer, "secondary")).toBe(expected);
  });

  it("is never less than what the busiest does, nor less with more load, nor with a writer that is not known", () => {
    const load = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 16 }), fc.nat(15), load, (loads, place, more) => {
        const writer = place % loads.length;
        const carried = most(loads, writer) ?? Number.NaN;
        expect(carried).toBeGreaterThanOrEqual(Math.max(...loads));
        const busier = loads.map((each, at) => (at === (place * 7) % loads.length ? each + more : each));
        expect(most(busier, writer)).toBeGreaterThanOrEqual(carried);
        expect(most(loads, -1)).toBeGreaterThanOrEqual(carried);
      }),
    );
  });

  it("is made anew of other loads, even where a member's own and the writers are the same", () => {
    const cluster = clusterOf(2);
    const writers = Int8Array.of(0);
    const own = Float64Array.of(30);
    const withReader = (load: number) => {
      const shareOf = ({ identifier }: { readonly identifier: string }): Series => ({
        name: "",
        keys: [],
        periodSeconds: 3600,
        whole: true,
        values: identifier === "m0" ? own : Float64Array.of(load),
      });
      return mostWithOneLost("most", cluster, writers, shareOf, { carriers: cluster.members, lost: cluster.members }).values[0];
    };
    expect([withReader(20), withReader(40)]).toEqual([50, 70]);
  });

  it("is not known where one member's load is not, though it is neither lost nor carries any", () => {
    const cluster = clusterOf(4);
    const [writer, reader, other] = cluster.members;
    if (writer === undefined || reader === undefined || other === undefined) throw new Error("a cluster has members");
    const carried = (own: readonly number[]) => {
      const shareOf = ({ identifier }: { readonly identifier: string }): Series => ({
        name: "",
        keys: [],
        periodSeconds: 3600,
        whole: true,
        values: Float64Array.of(10, own[Number(identifier.slice(1))] ?? Number.NaN, 30),
      });
      return [...mostWithOneLost("most", cluster, Int8Array.of(0, 0, 0), shareOf, { carriers: [reader], lost: [other] }).values];
    };
    expect(carried([50, 20, 20, 20])).toEqual([15, 30, 45]);
    for (const [place] of cluster.members.entries()) {
      const gap = [50, 20, 20, 20].map((load, at) => (at === place ? Number.NaN : load));
      expect(carried(gap), `a gap of m${place}`).toEqual([15, Number.NaN, 45]);
    }
  });

  it("is nothing of a cluster without members, which proves nothing", () => {
    const none = clusterOf(0);
    const made = fromEachMember(
      "most",
      none,
      writerByHour(aWorld().facts([]).baseline, none),
      () => expect.unreachable(),
      () => expect.unreachable(),
    );
    expect(made).toMatchObject({ keys: [], values: new Float64Array() });
  });

  it("is not told beyond the hours in which the writer is known", () => {
    expect([0, 1, 2].map((period) => writerAt(Int8Array.of(1, 0), period))).toEqual([1, 0, unknown]);
  });

  it("is told apart by hour: only readers report a replica lag", () => {
    const world = aWorld()
      .with(clusterOf(3))
      .sees(metrics.auroraReplicaLag, "m0", readsFrom(10))
      .sees(metrics.auroraReplicaLag, "m1", readsFrom(0, 11))
      .sees(metrics.auroraReplicaLag, "m2", 12);
    const { baseline } = world.facts(ruleOf("aurora.writer-class"));
    expect(Array.from(writerByHour(baseline, clusterOf(3)).subarray(8, 13))).toEqual([0, 0, -1, 1, 1]);
  });

  it("decides whether a size fits", () => {
    const world = ["m0", "m1", "m2"].reduce((seen, id) => memberSees(seen, id, { cpu: id === "m0" ? 35 : 20 }), aWorld().with(clusterOf(3)));
    expect(skipped(world)).toMatchObject({ code: "does-not-fit" });
    const known = world.sees(metrics.auroraReplicaLag, "m1", 12).sees(metrics.auroraReplicaLag, "m2", 12);
    expect(proposal(known).chosen?.projections[0]?.projected).toBeCloseTo(0.8);
  });

  it("does not depend on the order of members", () => {
    const world = (order: readonly string[]) =>
      ["m0", "m1", "m2"].reduce(
        (seen, id) => memberSees(seen, id, { cpu: 18 }),
        aWorld().with(aCluster({ members: order.map((id) => aMember(id, { role: id === "m0" ? "writer" : "reader" })) })),
      );
    const figures = [
      ["m0", "m1", "m2"],
      ["m2", "m0", "m1"],
    ].map((order) => decisions(world(order)).map((decision) => decision.kind === "proposal" && [decision.to, decision.risk]));
    expect(figures[0]).toEqual(figures[1]);
  });
});

it("asks who wrote in the hour of each of its finer periods", () => {
  const cluster = clusterOf(3);
  const shareOf = ({ identifier }: { readonly identifier: string }): Series => ({
    name: "",
    keys: [],
    periodSeconds: 900,
    whole: true,
    values: new Float64Array(8).fill([50, 20, 20][Number(identifier.slice(1))] ?? Number.NaN),
  });
  const writers = Int8Array.of(0, unknown);
  const { values } = mostWithOneLost("most", cluster, writers, shareOf, { carriers: cluster.members, lost: cluster.members });
  expect([...values]).toEqual([50, 50, 50, 50, 70, 70, 70, 70]);
});
