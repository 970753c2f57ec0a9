import { formatCidr, subnetOf, type CidrBlock } from "../../constructs/network/cidr.ts";
import { defaultVpcCidr } from "../../constructs/network/default-network.ts";
import type { BlueprintChoices } from "./blueprint-choices.ts";

/** 10.255.0.0/24: where the smallest blocks that AWS makes a VPC of, /28, are taken from, one a stack. */
const dedicatedPool: CidrBlock = { first: (10 * 256 + 255) * 256 ** 2, prefix: 24, size: 256 };
const bitsToSmallest = 4;

/** The block of a stack's own VPC, or of the one it has for peering; of the default VPC where it has neither. */
export function stackCidr({ network, peering }: Pick<BlueprintChoices, "network" | "peering">, given: string | undefined, index: number): string {
  if (network === "managed") return given ?? `10.${(index + 1) * 10}.0.0/16`;
  if (peering === "dedicated") return given ?? formatCidr(subnetOf(dedicatedPool, bitsToSmallest, index));
  return defaultVpcCidr;
}
