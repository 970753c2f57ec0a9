import type { PeeredNetwork } from "../../constructs/network/firewall.ts";
import type { Settings, StackSettings } from "../settings/settings-model.ts";

/** The primary's network meets each secondary's, and they only the primary's. Dedicated VPCs hold nothing of the stacks, so no rule opens to them. */
export function peeredNetworks({ peering, stacks }: Settings, stack: StackSettings): readonly PeeredNetwork[] {
  if (peering !== "stacks") return [];
  return stacks.filter((other) => !other.absent && other.role !== stack.role).map(({ region, cidr }) => ({ region, cidr }));
}
