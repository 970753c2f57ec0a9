import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { Route, type RouteConfig } from "@cdktf/provider-aws/lib/route/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import { formatCidr } from "./cidr.ts";
import type { NetworkPlaces, PeeringSide } from "./network-places.ts";
import { planSubnets, type SubnetPlan } from "./subnet-plan.ts";

export interface NetworkProps {
  readonly names: Names;
  readonly cidr: string;
  /** Zone letters, e.g. `["a", "b", "c"]`. */
  readonly zones: readonly string[];
}

const anywhere = "0.0.0.0/0";

/** A VPC with a public, a private and an isolated subnet in each zone; private ones reach out through their zone's own NAT gateway, isolated ones not at all. */
export class Network extends Construct implements NetworkPlaces {
  readonly vpcId: string;
  readonly publicSubnetIds: string[] = [];
  readonly privateSubnetIds: string[] = [];
  readonly isolatedSubnetIds: string[] = [];
  readonly roads: ITerraformDependable[] = [];
  /** What a peering connection needs to know; public subnets hold nothing that talks to another region. */
  readonly side: PeeringSide;
  private readonly names: Names;

  constructor(scope: Construct, id: string, { names, cidr, zones }: NetworkProps) {
    super(scope, id);
    this.names = names;
    const vpc = new Vpc(this, "vpc", { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.nameTag("vpc") });
    this.vpcId = vpc.id;
    // No rule at all: whatever forgets to name its security group can talk to nobody.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: this.nameTag("default-locked") });
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: this.nameTag("internet") });
    const publicRoutes = this.routeTable("public");
    this.route("public-internet", { routeTableId: publicRoutes.id, destinationCidrBlock: anywhere, gatewayId: gateway.id });
    const isolatedRoutes = this.routeTable("isolated");
    const privateRoutes = planSubnets(cidr, zones).map((plan) => this.addZone(plan, { gateway, publicRoutes, isolatedRoutes }));
    this.addGatewayEndpoints([...privateRoutes, isolatedRoutes]);
    this.side = {
      region: names.region,
      vpcId: vpc.id,
      cidr,
      routeTableIds: {
        ...Object.fromEntries(privateRoutes.map((table, index) => [`private-${zones[index]}`, table.id])),
        isolated: isolatedRoutes.id,
      },
    };
  }

  get appSubnetIds(): readonly string[] {
    return this.privateSubnetIds;
  }

  get dataSubnetIds(): readonly string[] {
    return this.isolatedSubnetIds;
  }

  private addZone(
    plan: SubnetPlan,
    shared: { readonly gateway: InternetGateway; readonly publicRoutes: RouteTable; readonly isolatedRoutes: RouteTable },
  ): RouteTable {
    const { zone } = plan;
    const publicSubnet = this.subnet(`public-${zone}`, zone, formatCidr(plan.public));
    const privateSubnet = this.subnet(`private-${zone}`, zone, formatCidr(plan.private));
    const isolatedSubnet = this.subnet(`isolated-${zone}`, zone, formatCidr(plan.isolated));
    const address = new Eip(this, `nat-address-${zone}`, { domain: "vpc", tags: this.nameTag(`nat-${zone}`) });
    const nat = new NatGateway(this, `nat-${zone}`, {
      allocationId: address.id,
      subnetId: publicSubnet.id,
      tags: this.nameTag(`nat-${zone}`),
      dependsOn: [shared.gateway],
    });
    this.roads.push(nat);
    const privateRoutes = this.routeTable(`private-${zone}`);
    this.route(`private-${zone}-nat`, { routeTableId: privateRoutes.id, destinationCidrBlock: anywhere, natGatewayId: nat.id });
    this.associate(`public-${zone}`, publicSubnet, shared.publicRoutes);
    this.associate(`private-${zone}`, privateSubnet, privateRoutes);
    new RouteTableAssociation(this, `association-isolated-${zone}`, { subnetId: isolatedSubnet.id, routeTableId: shared.isolatedRoutes.id });
    this.publicSubnetIds.push(publicSubnet.id);
    this.privateSubnetIds.push(privateSubnet.id);
    this.isolatedSubnetIds.push(isolatedSubnet.id);
    return privateRoutes;
  }

  /** S3 and DynamoDB without the NAT gateway: free, and the only way out of the isolated subnets. */
  private addGatewayEndpoints(routeTables: readonly RouteTable[]): void {
    for (const service of ["s3", "dynamodb"]) {
      this.roads.push(
        new VpcEndpoint(this, `endpoint-${service}`, {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${this.names.region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds: routeTables.map((table) => table.id),
          tags: this.nameTag(`endpoint-${service}`),
        }),
      );
    }
  }

  private subnet(id: string, zone: string, cidrBlock: string): Subnet {
    return new Subnet(this, id, {
      vpcId: this.vpcId,
      availabilityZone: `${this.names.region}${zone}`,
      cidrBlock,
      // The public subnets hold the load balancer and NAT gateways, which bring their own addresses.
      mapPublicIpOnLaunch: false,
      tags: this.nameTag(id),
    });
  }

  private routeTable(id: string): RouteTable {
    return new RouteTable(this, `routes-${id}`, { vpcId: this.vpcId, tags: this.nameTag(id) });
  }

  private route(id: string, route: RouteConfig): void {
    this.roads.push(new Route(this, id, route));
  }

  private associate(id: string, subnet: Subnet, routeTable: RouteTable): void {
    this.roads.push(new RouteTableAssociation(this, `association-${id}`, { subnetId: subnet.id, routeTableId: routeTable.id }));
  }

  private nameTag(resource: string): Record<string, string> {
    return { Name: this.names.resource(resource) };
  }
}
