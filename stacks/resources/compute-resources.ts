import type { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role/index.js";
import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import { agentConfiguration } from "../../constructs/compute/agent-configuration.ts";
import { autoScalingServiceRole } from "../../constructs/compute/auto-scaling-service-role.ts";
import { Fleet } from "../../constructs/compute/fleet.ts";
import { InstanceRole } from "../../constructs/compute/instance-role.ts";
import { encryptedLogGroup } from "../../constructs/encryption/encrypted-log-group.ts";
import type { Firewall } from "../../constructs/network/firewall.ts";
import type { Network } from "../../constructs/network/network.ts";
import type { DataResources, EdgeResources, FleetResources } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";
import type { StackKeys } from "./stack-keys.ts";

/** The stack's own role of Auto Scaling, where it has a group; made before the key whose policy names it. */
export function createScalingRole(scope: Construct, { names, stack }: StackContext): IamServiceLinkedRole | undefined {
  return stack.components.compute === null ? undefined : autoScalingServiceRole(scope, "auto-scaling-service-role", names);
}

/** What the group needs beside the stack itself. */
export interface FleetContext {
  readonly keys: StackKeys;
  readonly network: Network;
  readonly firewall: Firewall;
  readonly scalingRole: IamServiceLinkedRole | undefined;
  readonly edge: EdgeResources;
  readonly data: DataResources;
}

export function createFleet(scope: Construct, context: StackContext, of: FleetContext): FleetResources {
  const { names, stack, tags } = context;
  const { compute, loadBalancer } = stack.components;
  if (compute === null || of.scalingRole === undefined) return {};
  const agent = agentConfiguration(scope, "agent-configuration", names);
  const instanceRole = createInstanceRole(scope, context, of, agent);
  const fleet = new Fleet(scope, "fleet", {
    names,
    settings: compute,
    subnetIds: of.network.privateSubnetIds,
    firewall: of.firewall,
    instanceProfileArn: instanceRole.profileArn,
    serviceLinkedRoleArn: of.scalingRole.arn,
    keyArn: of.keys.of("compute").arn,
    targetGroups: loadBalancer.targetGroups,
    loadBalancer: of.edge.loadBalancer,
    agentConfiguration: agent,
    tags,
  });
  return { fleet };
}

function createInstanceRole(scope: Construct, { names, stack }: StackContext, { keys, edge, data }: FleetContext, agent: SsmParameter): InstanceRole {
  const { tables, aurora, redis } = data;
  const { dataBucket } = edge;
  const logGroup = encryptedLogGroup(scope, "application-logs", `/tap/${names.suffix}/app`, {
    keyArn: keys.of("logs").arn,
    retentionDays: stack.components.applicationLogRetentionDays,
  });
  return new InstanceRole(scope, "instance-role", {
    names,
    grants: {
      tableArns: tables.map((table) => table.arn),
      secretArns: [aurora?.secretArn, redis?.secretArn].filter((arn) => arn !== undefined),
      keyArns: keys.ofApplications().map((key) => key.arn),
      bucketArns: dataBucket === undefined ? [] : [dataBucket.arn],
      bucketKeyArns: dataBucket === undefined ? [] : [keys.of("objects").arn],
      replicationGroupArns: redis === undefined ? [] : [redis.redis.replicationGroupArn],
      logGroupArn: logGroup.arn,
      agentParameterArn: agent.arn,
    },
  });
}
