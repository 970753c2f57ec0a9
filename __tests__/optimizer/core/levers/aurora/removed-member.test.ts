import { describe, expect, it } from "vitest";
import { carriedWithout, namesOf } from "../../../../../optimizer/core/levers/aurora/removed-member.ts";
import type { Series } from "../../../../../optimizer/core/sizing/series.ts";
import { aCluster, aMember } from "../../../../support/world.ts";

/** The most that any member that stays has to do in an hour, out of what each did; the last one is removed. */
function most(loads: readonly number[], writer: number, isOneMoreLost: boolean): number {
  const cluster = aCluster({ members: loads.map((_, at) => aMember(`m${at}`)) });
  const removed = cluster.members.at(-1)!;
  const shareOf = ({ identifier }: { readonly identifier: string }): Series => ({
    name: "",
    keys: [],
    periodSeconds: 3600,
    whole: true,
    values: Float64Array.of(loads[Number(identifier.slice(1))] ?? Number.NaN),
  });
  const carriers = cluster.members.slice(0, -1);
  const each = carriers.map((carrier) => carriedWithout("", cluster, Int8Array.of(writer), shareOf, { removed, carrier, isOneMoreLost }).values[0]!);
  return Math.max(...each);
}

describe("the most that one member carries once a reader is gone", () => {
  it.each([
    ["its reads go to the one reader that stays", [50, 20, 20], 0, 50],
    ["which may be more than the writer does", [30, 20, 20], 0, 40],
    ["two that stay share them", [10, 20, 20, 20], 0, 30],
    ["and what it did, whatever others did besides", [10, 40, 39, 0], 0, 40],
    ["its writes, where it wrote then, are done by one of the others", [20, 30, 70], 2, 70],
    ["where nobody knows who wrote, the largest share counts", [50, 20, 20], -1, 70],
    ["a gap of any member is a gap", [50, Number.NaN, 20], 0, Number.NaN],
  ])("with nothing else lost: %s", (_, loads, writer, expected) => {
    expect(most(loads, writer, false)).toBe(expected);
  });

  it.each([
    ["one member is left of three, and does everything", [50, 20, 20], 0, 90],
    ["of four, one reader does what three did", [10, 20, 20, 20], 0, 60],
    ["or the writer's work, where that is more", [70, 20, 20, 20], 0, 70],
    ["of five, two readers share what the two gone ones did", [10, 20, 20, 20, 20], 0, 40],
    ["where nobody knows who wrote, any of them may be lost", [70, 20, 20, 20], -1, 110],
    ["a gap of any member is a gap", [50, 20, 20, Number.NaN], 0, Number.NaN],
  ])("with one more lost: %s", (_, loads, writer, expected) => {
    expect(most(loads, writer, true)).toBe(expected);
  });
});

it("names who goes and who stays with which class: what is made of their loads differs with each of them", () => {
  const [removed, ...remaining] = [aMember("m0"), aMember("m1"), aMember("m2")];
  const classOf = ({ identifier }: { readonly identifier: string }): string => `class of ${identifier}`;
  expect(namesOf({ removed, remaining, classOf })).toBe("m0, m1 class of m1, m2 class of m2");
});
