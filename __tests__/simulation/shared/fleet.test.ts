import { describe, expect, it } from "vitest";
import { zonesForMore } from "../../../simulation/shared/fleet.ts";

const standing = (zones: string) => Array.from(zones, (zone) => ({ zone }));

describe("zones of further instances", () => {
  it.each([
    ["nobody yet", "", 4, "abca"],
    ["the zone that has fewest", "aabbc", 1, "c"],
    ["zones that were left uneven, until they are even", "aaabc", 4, "bcbc"],
    ["none", "abc", 0, ""],
  ])("are, beside %s, each the one with fewest by then", (_, present, count, expected) => {
    expect(zonesForMore(["a", "b", "c"], standing(present), count).join("")).toBe(expected);
  });
});
