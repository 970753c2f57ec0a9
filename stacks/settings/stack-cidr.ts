import { formatCidr, parseCidr } from "../../constructs/network/cidr.ts";
import { defaultVpcCidr } from "../../constructs/network/default-network.ts";
import type { BlueprintChoices } from "./blueprint-choices.ts";

/** Where the smallest blocks that AWS makes a VPC of are taken from, one a stack. */
const dedicatedPool = "10.255.0.0/24";
const smallestPrefix = 28;

/** The block of a stack's own VPC, or of the one it has for peering; of the default VPC where it has neither. */
export function stackCidr({ network, peering }: Pick<BlueprintChoices, "network" | "peering">, given: string | undefined, index: number): string {
  if (network === "managed") return given ?? `10.${(index + 1) * 10}.0.0/16`;
  if (peering === "dedicated") return given ?? smallestBlock(index);
  return defaultVpcCidr;
}

function smallestBlock(index: number): string {
  const first = (parseCidr(dedicatedPool)?.first ?? 0) + index * 2 ** (32 - smallestPrefix);
  return formatCidr({ first, prefix: smallestPrefix, size: 2 ** (32 - smallestPrefix) });
}
