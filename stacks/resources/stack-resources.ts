import type { Construct } from "constructs";
import { createFleet, createScalingRole } from "./compute-resources.ts";
import type { StackResources } from "./created-resources.ts";
import { createAurora, createRedis, createServerless, createTables } from "./data-resources.ts";
import { createDns } from "./dns-resources.ts";
import { createEdge, createFirewalls } from "./edge-resources.ts";
import { createFunctions } from "./function-resources.ts";
import { createMysql } from "./mysql-resources.ts";
import { createNetwork } from "./network-resources.ts";
import { createObservability } from "./observability.ts";
import { createService } from "./service-resources.ts";
import type { GlobalResources, StackContext } from "./stack-context.ts";
import { StackKeys } from "./stack-keys.ts";

/** Data first, since the instances' role names it; what runs the application last. */
export function createResources(scope: Construct, context: StackContext): StackResources {
  const { names } = context;
  const scalingRole = createScalingRole(scope, context);
  const keys = new StackKeys(scope, context, scalingRole?.arn);
  const { network, ...peered } = createNetwork(scope, context, keys);
  const firewalls = createFirewalls(scope, context, network);
  const dataContext = { ...context, keys, network, appFirewall: firewalls.app };
  const data = {
    tables: createTables(scope, dataContext),
    ...createAurora(scope, dataContext),
    ...createServerless(scope, dataContext),
    ...createRedis(scope, dataContext),
    ...createMysql(scope, dataContext),
  };
  const edge = createEdge(scope, context, { keys, network, firewall: firewalls.edge });
  const application = { keys, network, firewall: firewalls.app, edge, data };
  const fleet = createFleet(scope, context, { ...application, scalingRole });
  const service = createService(scope, context, application);
  const functions = createFunctions(scope, context, keys, { ...edge, ...data });
  createDns(scope, context, edge.loadBalancer);
  const resources: StackResources = { names, network, ...peered, dataKey: keys.of("tables"), ...edge, ...data, ...fleet, ...service, ...functions };
  createObservability(scope, context, keys, resources);
  return resources;
}

/** What later stacks refer to. */
export function globalsOf({ names, tables, aurora, mysql, peeringSide }: StackResources): GlobalResources {
  return {
    region: names.region,
    tableArns: Object.fromEntries(tables.filter((table) => table.owned).map((table) => [table.key, table.arn])),
    ...(aurora?.replicated === undefined || aurora.globalClusterId === undefined
      ? {}
      : { aurora: { globalClusterId: aurora.globalClusterId, secret: aurora.replicated } }),
    ...(mysql?.replicated === undefined ? {} : { mysql: { arn: mysql.instance.arn, secret: mysql.replicated } }),
    ...(peeringSide === undefined ? {} : { peeringSide }),
  };
}
