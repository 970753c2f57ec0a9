import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone/index.js";
import { Route53HealthCheck } from "@cdktf/provider-aws/lib/route53-health-check/index.js";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import { Construct } from "constructs";
import type { LoadBalancer } from "../edge/load-balancer.ts";
import type { Names } from "../names.ts";

export interface DomainSettings {
  /** E.g. `shop.example.com`. */
  readonly name: string;
  /** The public hosted zone it is in. */
  readonly hostedZone: string;
}

export interface FailoverRecordProps {
  readonly names: Names;
  readonly domain: DomainSettings;
  readonly role: "primary" | "secondary";
  readonly loadBalancer: LoadBalancer;
  /** A path that answers 200 from outside; without one the health check only opens a connection. */
  readonly publicHealthPath?: string;
}

/**
 * The domain as an alias of the region's load balancer: the primary's while it is healthy, the secondary's then. The answer needs
 * no control plane, so it changes by itself in a disaster. The secondary has no health check of its own: where both are
 * unhealthy, Route 53 answers with the primary. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
 */
export class FailoverRecord extends Construct {
  constructor(scope: Construct, id: string, { names, domain, role, loadBalancer, publicHealthPath }: FailoverRecordProps) {
    super(scope, id);
    const zone = new DataAwsRoute53Zone(this, "zone", { name: domain.hostedZone, privateZone: false });
    const healthCheck =
      role === "primary"
        ? new Route53HealthCheck(this, "health-check", {
            ...probe(loadBalancer, publicHealthPath),
            fqdn: loadBalancer.dnsName,
            requestInterval: 30,
            failureThreshold: 3,
            tags: { Name: names.resource("primary") },
          })
        : undefined;
    new Route53Record(this, "record", {
      zoneId: zone.zoneId,
      name: domain.name,
      type: "A",
      setIdentifier: names.region,
      failoverRoutingPolicy: { type: role === "primary" ? "PRIMARY" : "SECONDARY" },
      ...(healthCheck === undefined ? {} : { healthCheckId: healthCheck.id }),
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true },
    });
  }
}

function probe({ protocol }: LoadBalancer, path: string | undefined): { readonly type: string; readonly port: number; readonly resourcePath?: string } {
  const port = protocol === "HTTPS" ? 443 : 80;
  return path === undefined ? { type: "TCP", port } : { type: protocol, port, resourcePath: path };
}
