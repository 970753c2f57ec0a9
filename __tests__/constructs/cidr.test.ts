import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCidr, overlap, parseCidr, subnetOf } from "../../constructs/network/cidr.ts";
import { planSubnets } from "../../constructs/network/subnet-plan.ts";

/** A block as text, host bits cleared. */
const cidr = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => {
  const size = 2 ** (32 - prefix);
  return formatCidr({ first: address - (address % size), prefix, size });
});

describe("a CIDR block", () => {
  it("is read as it is written", () => {
    fc.assert(
      fc.property(cidr, (text) => {
        const block = parseCidr(text);
        expect(block && formatCidr(block)).toBe(text);
      }),
    );
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "10.0.0.256/32", "10.0.0.1/24", "ten/8", "10.0.0.0/08x"])("%s is none", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it("overlaps another exactly when one holds the other's first address", () => {
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        const [first, second] = [parseCidr(a)!, parseCidr(b)!];
        const holds = (outer: typeof first, inner: typeof first) => inner.first >= outer.first && inner.first < outer.first + outer.size;
        expect(overlap(first, second)).toBe(holds(first, second) || holds(second, first));
      }),
    );
  });
});

describe("subnets", () => {
  it("lie inside the VPC and apart from each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 15 }), (prefix, index) => {
        const vpc = subnetOf(parseCidr("10.0.0.0/12")!, prefix - 12, prefix === 12 ? 0 : index);
        const subnets = planSubnets(formatCidr(vpc), ["a", "b", "c"]).flatMap((plan) => [plan.public, plan.private, plan.isolated]);
        for (const [position, subnet] of subnets.entries()) {
          expect(subnet.first).toBeGreaterThanOrEqual(vpc.first);
          expect(subnet.first + subnet.size).toBeLessThanOrEqual(vpc.first + vpc.size);
          for (const other of subnets.slice(position + 1)) expect(overlap(subnet, other)).toBe(false);
        }
      }),
    );
  });

  it("of a /16 have the addresses they always had", () => {
    expect(planSubnets("10.10.0.0/16", ["a", "b"]).map((plan) => [plan.public, plan.private, plan.isolated].map(formatCidr))).toEqual([
      ["10.10.0.0/24", "10.10.16.0/20", "10.10.8.0/24"],
      ["10.10.1.0/24", "10.10.32.0/20", "10.10.9.0/24"],
    ]);
  });
});
