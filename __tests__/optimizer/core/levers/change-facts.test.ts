import { describe, expect, it } from "vitest";
import { differingFields } from "../../../../optimizer/core/levers/change-facts.ts";

describe("the fields in which two states differ", () => {
  it.each<readonly [string, unknown, unknown, readonly string[]]>([
    ["are none of equal states", { a: 1, b: [2] }, { b: [2], a: 1 }, []],
    ["are named by their path", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, ["a.c is 3, was 2"]],
    ["are none that an older plan did not capture", { a: undefined, b: 1 }, { a: 5, b: 1 }, []],
    ["are those that are not there any more", { a: 1 }, {}, ["a is null, was 1"]],
    ["are the whole where it is no record", { a: 1 }, null, ['it is null, was {"a":1}']],
    ["are none where nothing is nothing", { a: null }, {}, []],
  ])("%s", (_, prior, found, differing) => {
    expect(differingFields(prior, found)).toEqual(differing);
  });
});
