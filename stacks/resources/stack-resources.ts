import type { Construct } from "constructs";
import { FlowLogs } from "../../constructs/network/flow-logs.ts";
import { Network } from "../../constructs/network/network.ts";
import { createFleet, createScalingRole } from "./compute-resources.ts";
import type { StackResources } from "./created-resources.ts";
import { createAurora, createRedis, createServerless, createTables } from "./data-resources.ts";
import { createEdge, createFirewalls } from "./edge-resources.ts";
import { createFunctions } from "./function-resources.ts";
import { createObservability } from "./observability.ts";
import { createService } from "./service-resources.ts";
import type { GlobalResources, StackContext } from "./stack-context.ts";
import { StackKeys } from "./stack-keys.ts";

/** Data first, since the instances' role names it; what runs the application last. */
export function createResources(scope: Construct, context: StackContext): StackResources {
  const { names, stack } = context;
  const { components } = stack;
  const scalingRole = createScalingRole(scope, context);
  const keys = new StackKeys(scope, context, scalingRole?.arn);
  const network = new Network(scope, "network", { names, cidr: stack.cidr, zones: components.network.zones });
  new FlowLogs(scope, "flow-logs", { names, vpcId: network.vpcId, keyArn: keys.of("logs").arn, retentionDays: components.network.flowLogRetentionDays });
  const firewalls = createFirewalls(scope, context, network);
  const dataContext = { ...context, keys, network, appFirewall: firewalls.app };
  const data = {
    tables: createTables(scope, dataContext),
    ...createAurora(scope, dataContext),
    ...createServerless(scope, dataContext),
    ...createRedis(scope, dataContext),
  };
  const edge = createEdge(scope, context, { keys, network, firewall: firewalls.edge });
  const fleet = createFleet(scope, context, { keys, network, firewall: firewalls.app, scalingRole, edge, data });
  const service = createService(scope, context, { keys, network, firewall: firewalls.app, edge, data });
  const functions = createFunctions(scope, context, keys, { ...edge, ...data });
  const resources: StackResources = { names, network, dataKey: keys.of("tables"), ...edge, ...data, ...fleet, ...service, ...functions };
  createObservability(scope, context, keys, resources);
  return resources;
}

/** What later stacks refer to. */
export function globalsOf({ names, tables, aurora }: StackResources): GlobalResources {
  return {
    region: names.region,
    tableArns: Object.fromEntries(tables.filter((table) => table.owned).map((table) => [table.key, table.arn])),
    ...(aurora?.globalClusterId === undefined ? {} : { auroraGlobalClusterId: aurora.globalClusterId }),
  };
}
