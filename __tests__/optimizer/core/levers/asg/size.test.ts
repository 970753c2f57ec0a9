import { describe, expect, it } from "vitest";
import { survivors } from "../../../../../optimizer/core/levers/asg/size.ts";

describe("instances left when a zone is lost", () => {
  it.each([
    [15, 3, 10],
    [10, 3, 6],
    [6, 3, 4],
    [3, 2, 1],
    [2, 3, 1],
    [1, 3, 1],
    [8, 1, 8],
  ])("of %i in %i zones: %i", (instances, zones, left) => {
    expect(survivors(instances, zones)).toBe(left);
  });
});
