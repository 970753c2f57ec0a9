import type { Construct } from "constructs";
import { LoadBalancer } from "../../constructs/edge/load-balancer.ts";
import { LogBucket } from "../../constructs/edge/log-bucket.ts";
import { DataBucket, dataBucketName } from "../../constructs/storage/data-bucket.ts";
import { WebAcl } from "../../constructs/edge/web-acl.ts";
import { Firewall } from "../../constructs/network/firewall.ts";
import type { Network } from "../../constructs/network/network.ts";
import type { EdgeResources } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

/** Security groups of the load balancer and of what runs the application behind it. */
export interface TierFirewalls {
  readonly edge: Firewall;
  readonly app: Firewall;
}

export function createFirewalls(scope: Construct, { names, stack }: StackContext, { vpcId }: Network): TierFirewalls {
  const edge = new Firewall(scope, "edge-firewall", { names, vpcId, tier: "edge" });
  const app = new Firewall(scope, "app-firewall", { names, vpcId, tier: "app" });
  app.allowToInternet(443);
  for (const { port } of stack.components.loadBalancer.targetGroups) app.allowFrom(edge, port);
  return { edge, app };
}

/** What the load balancer needs beside the stack itself. */
export interface EdgeContext {
  readonly keys: StackKeys;
  readonly network: Network;
  readonly firewall: Firewall;
}

export function createEdge(scope: Construct, { names, stack, lifetime }: StackContext, { keys, network, firewall }: EdgeContext): EdgeResources {
  const { components, certificateArn } = stack;
  const logBucket = new LogBucket(scope, "log-bucket", {
    names,
    lifetime,
    retentionDays: components.accessLogRetentionDays,
    loggedBuckets: components.dataBucket === null ? [] : [dataBucketName(names)],
  });
  const loadBalancer = new LoadBalancer(scope, "load-balancer", {
    names,
    lifetime,
    settings: components.loadBalancer,
    vpcId: network.vpcId,
    publicSubnetIds: network.publicSubnetIds,
    firewall,
    logBucket,
    ...(certificateArn === undefined ? {} : { certificateArn }),
  });
  const { webAcl } = components;
  if (webAcl !== null) new WebAcl(scope, "web-acl", { names, settings: webAcl, loadBalancerArn: loadBalancer.arn, logKeyArn: keys.of("logs").arn });
  const { dataBucket: settings } = components;
  if (settings === null) return { logBucket, loadBalancer };
  return {
    logBucket,
    loadBalancer,
    dataBucket: new DataBucket(scope, "data-bucket", { names, lifetime, settings, keyArn: keys.of("objects").arn, logBucket }),
  };
}
