import type { Construct } from "constructs";
import { DedicatedNetwork } from "../../constructs/network/dedicated-network.ts";
import { DefaultNetwork } from "../../constructs/network/default-network.ts";
import { FlowLogs } from "../../constructs/network/flow-logs.ts";
import type { NetworkPlaces, PeeringSide } from "../../constructs/network/network-places.ts";
import { Network } from "../../constructs/network/network.ts";
import { Peering } from "../../constructs/network/peering.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

export interface NetworkResources {
  readonly network: NetworkPlaces;
  /** What a peering connection joins; absent without peering. */
  readonly peeringSide?: PeeringSide;
}

/** The VPC that everything stands in, the one that is peered where that is another, and the logs of all their traffic. */
export function createNetwork(scope: Construct, context: StackContext, keys: StackKeys): NetworkResources {
  const { names, stack, networkMode } = context;
  const { zones, flowLogGroup: logGroup, flowLogRetentionDays: retentionDays } = stack.components.network;
  const own = networkMode === "managed" ? new Network(scope, "network", { names, cidr: stack.cidr, zones }) : undefined;
  const network = own ?? new DefaultNetwork(scope, "network", { names, zones });
  const flowLogs = new FlowLogs(scope, "flow-logs", { names, vpcId: network.vpcId, keyArn: keys.of("logs").arn, logGroup, retentionDays });
  const side = peeringSide(scope, context, own, flowLogs);
  if (side === undefined) return { network };
  peerWithPrimary(scope, context, side);
  return { network, peeringSide: side };
}

function peeringSide(scope: Construct, { names, stack, peering }: StackContext, own: Network | undefined, flowLogs: FlowLogs): PeeringSide | undefined {
  if (peering === "stacks") return own?.side;
  if (peering === "none") return undefined;
  const { side } = new DedicatedNetwork(scope, "dedicated-network", { names, cidr: stack.cidr });
  flowLogs.watch("dedicated-flow-log", side.vpcId);
  return side;
}

/** Each secondary owns its connection with the primary: the primary knows none of them. */
function peerWithPrimary(scope: Construct, { names, peers, fromPrimary }: StackContext, requester: PeeringSide): void {
  const accepter = fromPrimary?.peeringSide;
  const provider = peers.find(({ region }) => region === accepter?.region)?.provider;
  if (accepter === undefined || provider === undefined) return;
  new Peering(scope, "peering", { names, requester, accepter, accepterProvider: provider });
}
