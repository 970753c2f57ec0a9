import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decideAll } from "../../../../../optimizer/core/planning/decide-all.ts";
import type { Signal } from "../../../../support/courses.ts";
import { aProvisionedTable, capacitySees } from "../../../../support/provisioned-tables.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { seededRandom } from "../../../../support/seeded-random.ts";
import { aTable, aWorld, type World } from "../../../../support/world.ts";

const rule = ruleOf("dynamodb.table-consolidation");
const { advised, decisions } = decisionsOf(rule);

const noiseOf = (seed: number): readonly number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: 1440 }, () => random.uniform());
};
const [shared, other] = [noiseOf(1), noiseOf(2)];
/** Units a second that come with one noise, and by a share with another. */
const load =
  (units: number, ofOther = 0): Signal =>
  (hour) =>
    units * (0.8 + 0.4 * ((1 - ofOther) * (shared[Math.floor(hour)] ?? 0) + ofOther * (other[Math.floor(hour)] ?? 0)));

const onDemand = (name: string) => aTable({ name, sizeBytes: 1e8, itemCount: 1e6, indexes: [] });
const provisioned = (name: string) => aProvisionedTable(100, 100, { name, sizeBytes: 1e8, itemCount: 1e6 });

function loaded(tables: readonly ReturnType<typeof aTable>[], reads: Readonly<Record<string, Signal>>): World {
  return Object.entries(reads).reduce((seen, [name, units]) => capacitySees(seen, name, { reads: units, writes: 1 }), aWorld().with(...tables));
}

/** Names of each pair, the one that stays first. */
function pairsOf(world: World): readonly string[] {
  return decisions(world).flatMap((decision) => (decision.kind === "advice" ? [[decision.resource.id, ...decision.others.map(({ id }) => id)].join(" ")] : []));
}

describe("of tables that would go with several others, the pair", () => {
  it("is that which saves most, though another comes first by name", () => {
    const byDay =
      (units: number): Signal =>
      (hour) =>
        (hour % 24 < 12 ? units : 1) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    const byNight: Signal = (hour) => (hour % 24 < 12 ? 1 : 50) + (shared[Math.floor(hour)] ?? 0) * 0.001;
    const world = loaded(["a", "b", "c"].map(provisioned), { a: byDay(20), b: byDay(60), c: byNight });
    expect(pairsOf(world.policed({ rules: { dynamodbTableConsolidation: { minRankCorrelation: 0 } } }))).toEqual(["b c"]);
  });

  it("is that which moves together most, where none saves more than another", () => {
    const world = loaded(["a", "b", "c"].map(onDemand), { a: load(10, 0.3), b: load(10), c: load(20, 0.1) });
    expect(pairsOf(world)).toEqual(["b c"]);
  });

  it("is the first by name where they are alike in both, in whatever order they are listed", () => {
    const names = ["a", "b", "c", "d"];
    const listed = (order: readonly string[]) => loaded(order.map(onDemand), Object.fromEntries(names.map((name) => [name, load(10)])));
    for (const order of [names, names.toReversed(), ["c", "a", "d", "b"]]) {
      expect(pairsOf(listed(order)).toSorted(), order.join()).toEqual(["a b", "c d"]);
      expect(decideAll([rule], listed(order).facts(rule)), order.join()).toEqual(decideAll([rule], listed(names).facts(rule)));
    }
  });
});

it("tells what it costs once to write each item of the other table anew, by the kibibyte", () => {
  const all = { a: load(20), b: load(10), c: load(5) };
  const written = (itemBytes: number, itemCount: number) =>
    advised(
      loaded(
        Object.keys(all).map((name) => aTable({ name, sizeBytes: itemBytes * itemCount, itemCount, indexes: [] })),
        all,
      ),
    ).warnings[0];
  // 2,000,000 items of one write unit each, and of three.
  expect(written(1000, 2e6)).toMatch(/^the 2,000,000 items of b would have to be written anew.*, some \$1\.25 of write requests once;/);
  expect(written(2500, 2e6)).toContain(", some $3.75 of write requests once;");
});

it("warns of reserved capacity where capacity is what is paid, and not where requests are", () => {
  const all = { a: load(20), b: load(10), c: load(5) };
  const words = "reserved capacity, which AWS tells in the bill alone, goes on being paid";
  expect(advised(loaded(Object.keys(all).map(provisioned), all)).warnings).toContain(words);
  expect(advised(loaded(Object.keys(all).map(onDemand), all)).warnings).not.toContain(words);
});
