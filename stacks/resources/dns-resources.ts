import type { Construct } from "constructs";
import { FailoverRecord } from "../../constructs/dns/failover-record.ts";
import type { LoadBalancer } from "../../constructs/edge/load-balancer.ts";
import type { StackContext } from "./stack-context.ts";

/** The region's answer to the domain. Route 53 fails over between two: a third region has no record. */
export function createDns(scope: Construct, { names, stack, domain }: StackContext, loadBalancer: LoadBalancer): void {
  const { name, role } = stack;
  if (domain === undefined || name !== role) return;
  const { publicHealthPath } = stack.components.loadBalancer;
  new FailoverRecord(scope, "dns", { names, domain, role, loadBalancer, ...(publicHealthPath === undefined ? {} : { publicHealthPath }) });
}
