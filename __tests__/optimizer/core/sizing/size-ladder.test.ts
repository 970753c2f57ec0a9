import { describe, expect, it } from "vitest";
import { capacities } from "../../../../contract/capacities.ts";
import { ladder } from "../../../../optimizer/core/sizing/size-ladder.ts";

const way = (from: string, target: string) => ladder(capacities.ec2Family(from), from, target);

describe("the way down to a target", () => {
  it("names the target first and the smallest step last", () => {
    expect(way("m5.12xlarge", "m5.2xlarge")).toEqual({ kind: "steps", sizes: ["m5.2xlarge", "m5.4xlarge", "m5.8xlarge"] });
  });

  it("never leads up", () => {
    expect(way("m5.xlarge", "m5.2xlarge")).toEqual({ kind: "already-there" });
    expect(way("m5.2xlarge", "m5.2xlarge")).toEqual({ kind: "already-there" });
  });

  it("never leaves the family, nor guesses at types it does not know", () => {
    expect(way("m6g.4xlarge", "m5.2xlarge")).toMatchObject({ kind: "unsupported", reason: expect.stringContaining("another family") });
    expect(way("m5.4xlarge", "m5.7xlarge")).toMatchObject({
      kind: "unsupported",
      reason: expect.stringContaining("no size m5.7xlarge is known of the family"),
    });
    expect(way("m5.metal", "m5.2xlarge")).toMatchObject({ kind: "unsupported", reason: expect.stringContaining("is not known") });
  });
});
