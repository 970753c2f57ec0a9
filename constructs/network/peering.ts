import type { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter/index.js";
import { VpcPeeringConnectionOptions } from "@cdktf/provider-aws/lib/vpc-peering-connection-options/index.js";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { PeeringSide } from "./network-places.ts";

export interface PeeringProps {
  readonly names: Names;
  /** The side of the stack that owns the connection. */
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  /** Works in the accepter's region. */
  readonly accepterProvider: AwsProvider;
}

/**
 * A peering connection between two regions, with names of either side resolved to private addresses on the other, and routes in
 * both. One stack owns it all, since two stacks that refer to each other cannot be deployed. Security groups of another region
 * cannot be named in a rule: openings say the other side's CIDR. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
export class Peering extends Construct {
  constructor(scope: Construct, id: string, { names, requester, accepter, accepterProvider }: PeeringProps) {
    super(scope, id);
    const tags = { Name: names.resource("peering") };
    const connection = new VpcPeeringConnection(this, "connection", {
      vpcId: requester.vpcId,
      peerVpcId: accepter.vpcId,
      peerRegion: accepter.region,
      // Across regions only the other side can accept.
      autoAccept: false,
      tags,
    });
    const accepted = new VpcPeeringConnectionAccepterA(this, "accepter", {
      provider: accepterProvider,
      vpcPeeringConnectionId: connection.id,
      autoAccept: true,
      tags,
    }).id;
    // By the accepter's id: options of a connection that is still pending are refused.
    const resolved = { allowRemoteVpcDnsResolution: true };
    new VpcPeeringConnectionOptions(this, "requester-options", { vpcPeeringConnectionId: accepted, requester: resolved });
    new VpcPeeringConnectionOptions(this, "accepter-options", { provider: accepterProvider, vpcPeeringConnectionId: accepted, accepter: resolved });
    for (const [table, routeTableId] of Object.entries(requester.routeTableIds))
      new Route(this, `requester-${table}`, { routeTableId, destinationCidrBlock: accepter.cidr, vpcPeeringConnectionId: accepted });
    for (const [table, routeTableId] of Object.entries(accepter.routeTableIds))
      new Route(this, `accepter-${table}`, {
        provider: accepterProvider,
        routeTableId,
        destinationCidrBlock: requester.cidr,
        vpcPeeringConnectionId: accepted,
      });
  }
}
