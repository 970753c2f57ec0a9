import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { PeeringSide } from "./network-places.ts";

export interface DedicatedNetworkProps {
  readonly names: Names;
  /** /16 to /28: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
  readonly cidr: string;
}

/**
 * A VPC of one isolated subnet, made for nothing but a peering connection beside VPCs whose blocks overlap. Peering is not
 * transitive: what shall reach the other region, a relay or a migration task, has to stand in here.
 * https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
 */
export class DedicatedNetwork extends Construct {
  readonly side: PeeringSide;

  constructor(scope: Construct, id: string, { names, cidr }: DedicatedNetworkProps) {
    super(scope, id);
    const tags = { Name: names.resource("peering") };
    const vpc = new Vpc(this, "vpc", { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags });
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags });
    const subnet = new Subnet(this, "subnet", {
      vpcId: vpc.id,
      cidrBlock: cidr,
      mapPublicIpOnLaunch: false,
      tags,
    });
    const routes = new RouteTable(this, "routes", { vpcId: vpc.id, tags });
    new RouteTableAssociation(this, "association", { subnetId: subnet.id, routeTableId: routes.id });
    this.side = { region: names.region, vpcId: vpc.id, cidr, routeTableIds: { peering: routes.id } };
  }
}
