import { UserError } from "../../contract/user-error.ts";
import { parseCidr, subnetOf, type CidrBlock } from "./cidr.ts";

/** The subnets of one zone. */
export interface SubnetPlan {
  readonly zone: string;
  readonly public: CidrBlock;
  readonly private: CidrBlock;
  readonly isolated: CidrBlock;
}

/** Private subnets hold the instances and get sixteen times the room of the others. */
const privateBits = 4;
const otherBits = 8;
/** Blocks of `otherBits` from which the isolated subnets count; the first sixteen of them lie before the first private one. */
const firstIsolated = 8;

/**
 * Cuts a VPC's block into three subnets a zone: public ones 0…, isolated ones 8… of 256 parts, private ones 1… of 16 parts.
 * AWS takes subnets of /16 to /28, so the VPC may be /16 to /20 here.
 */
export function planSubnets(cidr: string, zones: readonly string[]): readonly SubnetPlan[] {
  const block = parseCidr(cidr);
  if (block === undefined || block.prefix < 16 || block.prefix > 20)
    throw new UserError({
      code: "bad-cidr",
      message: `${cidr} cannot be cut into subnets`,
      hint: "use a block of /16 to /20 without host bits, e.g. 10.10.0.0/16",
    });
  return zones.map((zone, index) => ({
    zone,
    public: subnetOf(block, otherBits, index),
    private: subnetOf(block, privateBits, index + 1),
    isolated: subnetOf(block, otherBits, firstIsolated + index),
  }));
}
