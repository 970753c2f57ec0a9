import { regionalStore, type Owned } from "../account/state.ts";

export interface LoadBalancer extends Owned {
  readonly name: string;
  /** `app/<name>/<id>`: the value of the CloudWatch dimension LoadBalancer. */
  readonly fullName: string;
  readonly dnsName: string;
  readonly scheme: "internal" | "internet-facing";
  readonly vpcId: string | null;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Of the groups its listeners and rules forward to. */
  readonly targetGroupArns: readonly string[];
}

/** Filled by Elastic Load Balancing. Requests arrive here; what stands behind a load balancer says so by its target groups or its stack. */
export const loadBalancers = regionalStore<LoadBalancer>();

/** The stack of an address: nothing in AWS links an application to its database, so both count as one stack's. */
export function stackOf({ address }: Owned): string {
  return address.slice(0, address.indexOf("/"));
}
