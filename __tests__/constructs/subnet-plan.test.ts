import { describe, expect, it } from "vitest";
import { formatCidr, overlap } from "../../constructs/network/cidr.ts";
import { planSubnets } from "../../constructs/network/subnet-plan.ts";

describe("subnets of a block", () => {
  it.each(["10.10.0.0/16", "10.10.16.0/20"])("%s: nine, none over another", (cidr) => {
    const blocks = planSubnets(cidr, ["a", "b", "c"]).flatMap((plan) => [plan.public, plan.private, plan.isolated]);
    const overlapping = blocks.flatMap((a, index) =>
      blocks
        .slice(index + 1)
        .filter((b) => overlap(a, b))
        .map((b) => [formatCidr(a), formatCidr(b)]),
    );
    expect(blocks).toHaveLength(9);
    expect(overlapping).toEqual([]);
    for (const { prefix } of blocks) expect(prefix).toBeLessThanOrEqual(28);
  });

  it.each(["10.0.0.0/15", "10.0.0.0/21", "10.0.0.1/16", "ten"])("%s is refused", (cidr) => {
    expect(() => planSubnets(cidr, ["a"])).toThrow(expect.objectContaining({ code: "bad-cidr", message: `${cidr} cannot be cut into subnets` }));
  });
});
