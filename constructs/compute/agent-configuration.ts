import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import type { Construct } from "constructs";
import type { Names } from "../names.ts";

/** CloudWatch namespace of what the agent measures inside an instance. */
export const agentNamespace = "CWAgent";

/**
 * Memory and disk, which EC2 cannot see from outside, summed up by Auto Scaling group: instances come and go, the group stays.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 */
export function agentConfig(): object {
  return {
    agent: { metrics_collection_interval: 60, run_as_user: "root" },
    metrics: {
      namespace: agentNamespace,
      append_dimensions: { AutoScalingGroupName: "${aws:AutoScalingGroupName}" },
      aggregation_dimensions: [["AutoScalingGroupName"]],
      metrics_collected: {
        mem: { measurement: ["mem_used_percent"] },
        disk: { measurement: ["used_percent"], resources: ["/"], ignore_file_system_types: ["tmpfs", "devtmpfs", "overlay"] },
      },
    },
  };
}

/** A name, not a token: user data is encoded at synthesis. */
export function agentParameterName({ suffix }: Pick<Names, "suffix">): string {
  return `/tap/${suffix}/cloudwatch-agent`;
}

/** The agent's configuration, beside the launch template: changing what is measured replaces no instance, the agent takes it at its next start. */
export function agentConfiguration(scope: Construct, id: string, names: Names): SsmParameter {
  return new SsmParameter(scope, id, {
    name: agentParameterName(names),
    description: `TAP ${names.suffix}: what the CloudWatch agent measures`,
    type: "String",
    // Terraform's own templates begin the same way as the agent's placeholders.
    value: JSON.stringify(agentConfig()).replaceAll("${", () => "$${"),
  });
}
