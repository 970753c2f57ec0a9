import type { IamServiceLinkedRole } from "@cdktf/provider-aws/lib/iam-service-linked-role/index.js";
import type { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import { agentConfiguration } from "../../constructs/compute/agent-configuration.ts";
import { autoScalingServiceRole } from "../../constructs/compute/auto-scaling-service-role.ts";
import { Fleet } from "../../constructs/compute/fleet.ts";
import { InstanceRole } from "../../constructs/compute/instance-role.ts";
import { encryptedLogGroup } from "../../constructs/encryption/encrypted-log-group.ts";
import type { Firewall } from "../../constructs/network/firewall.ts";
import type { NetworkPlaces } from "../../constructs/network/network-places.ts";
import { applicationGrants, type ApplicationStores } from "./application-grants.ts";
import type { FleetResources } from "./created-resources.ts";
import type { StackContext } from "./stack-context.ts";

/** The stack's own role of Auto Scaling, where it has a group; made before the key whose policy names it. */
export function createScalingRole(scope: Construct, { names, stack }: StackContext): IamServiceLinkedRole | undefined {
  return stack.components.compute === null ? undefined : autoScalingServiceRole(scope, "auto-scaling-service-role", names);
}

/** What the group needs beside the stack itself. */
export interface FleetContext extends ApplicationStores {
  readonly network: NetworkPlaces;
  readonly firewall: Firewall;
  readonly scalingRole: IamServiceLinkedRole | undefined;
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
    subnetIds: of.network.appSubnetIds,
    firewall: of.firewall,
    instanceProfileArn: instanceRole.profileArn,
    serviceLinkedRoleArn: of.scalingRole.arn,
    keyArn: of.keys.of("compute").arn,
    targetGroups: loadBalancer.targetGroups,
    loadBalancer: of.edge.loadBalancer,
    agentConfiguration: agent,
    neededAtBoot: [...instanceRole.policies, ...of.network.roads, ...of.firewall.openings],
    tags,
  });
  return { fleet };
}

function createInstanceRole(scope: Construct, { names, stack }: StackContext, of: FleetContext, agent: SsmParameter): InstanceRole {
  const logGroup = encryptedLogGroup(scope, "application-logs", stack.components.applicationLogGroup, {
    keyArn: of.keys.of("logs").arn,
    retentionDays: stack.components.applicationLogRetentionDays,
  });
  return new InstanceRole(scope, "instance-role", {
    names,
    grants: {
      ...applicationGrants(of),
      logGroupArn: logGroup.arn,
      agentParameterArn: agent.arn,
      shellAccess: stack.components.compute?.application.shellAccess === true,
    },
  });
}
