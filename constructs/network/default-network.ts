import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets/index.js";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc/index.js";
import { Construct } from "constructs";
import type { Names } from "../names.ts";
import type { NetworkPlaces } from "./network-places.ts";

export interface DefaultNetworkProps {
  readonly names: Names;
  /** Zone letters. */
  readonly zones: readonly string[];
}

/** The range of every default VPC, in every region. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html */
export const defaultVpcCidr = "172.31.0.0/16";

/**
 * The account's default VPC, read and never changed: its locked-down security group, routes and endpoints are the account's affair.
 * It has public subnets only, so instances have public addresses, and security groups alone keep the internet out.
 */
export class DefaultNetwork extends Construct implements NetworkPlaces {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly privateSubnetIds = [];
  readonly isolatedSubnetIds = [];
  /** They were there before. */
  readonly roads = [];

  constructor(scope: Construct, id: string, { names, zones }: DefaultNetworkProps) {
    super(scope, id);
    const vpc = new DataAwsVpc(this, "vpc", { default: true });
    this.vpcId = vpc.id;
    this.publicSubnetIds = new DataAwsSubnets(this, "subnets", {
      filter: [
        { name: "vpc-id", values: [vpc.id] },
        // One a zone: a load balancer takes no two of the same.
        { name: "default-for-az", values: ["true"] },
        // Not every zone has every instance type.
        { name: "availability-zone", values: zones.map((zone) => `${names.region}${zone}`) },
      ],
    }).ids;
  }

  get appSubnetIds(): readonly string[] {
    return this.publicSubnetIds;
  }

  get dataSubnetIds(): readonly string[] {
    return this.publicSubnetIds;
  }
}
