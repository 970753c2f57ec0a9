import type { ITerraformDependable } from "cdktf";

/** A VPC as its tenants see it: where each kind of thing stands. */
export interface NetworkPlaces {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  /** Empty where the VPC has none. */
  readonly privateSubnetIds: readonly string[];
  readonly isolatedSubnetIds: readonly string[];
  /** Where instances run. */
  readonly appSubnetIds: readonly string[];
  /** The roads out of the subnets that instances run in: what starts before them reaches nothing. */
  readonly roads: readonly ITerraformDependable[];
  /** Where databases and caches stand. */
  readonly dataSubnetIds: readonly string[];
}

/** One end of a peering connection. */
export interface PeeringSide {
  readonly region: string;
  readonly vpcId: string;
  readonly cidr: string;
  /** Route tables of the subnets that talk to the other side, by a name that stays. */
  readonly routeTableIds: Readonly<Record<string, string>>;
}
