import { regionalStore, type Owned } from "../account/state.ts";

export interface LoadBalancer extends Owned {
  readonly name: string;
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  readonly dnsName: string;
  readonly scheme: "internal" | "internet-facing";
  readonly vpcId: string | null;
  readonly subnets: readonly BalancerSubnet[];
  readonly securityGroupIds: readonly string[];
  /** The target groups that its listeners and rules forward to. */
  readonly targetGroupArns: readonly string[];
}

/** A zone is enabled by a subnet in it; null for one that no deployed stack places. */
interface BalancerSubnet {
  readonly id: string;
  readonly zone: string | null;
}

/** Filled by Elastic Load Balancing. Requests arrive here; what stands behind a load balancer says so by its target groups or its stack. */
export const loadBalancers = regionalStore<LoadBalancer>();

/** The stack of an address: nothing in AWS links an application to its database, so both count as one stack's. */
export function stackOf({ address }: Owned): string {
  return address.slice(0, address.indexOf("/"));
}
