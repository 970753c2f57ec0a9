import type { TargetGroupDefinition } from "../edge/load-balancer.ts";

/** CloudWatch namespace of what the agent measures inside an instance. */
export const agentNamespace = "CWAgent";

const agentConfigPath = "/opt/aws/amazon-cloudwatch-agent/etc/tap.json";

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

/**
 * First-boot script, base64 as a launch template wants it. Until an application is installed, a page server answers the
 * health checks, so that the very first deployment comes into service.
 */
export function userData(targetGroups: readonly TargetGroupDefinition[]): string {
  const lines = [
    "#!/bin/bash",
    "set -euo pipefail",
    ...targetGroups.flatMap(placeholder),
    "dnf install -y amazon-cloudwatch-agent",
    `cat > ${agentConfigPath} <<'JSON'`,
    JSON.stringify(agentConfig(), null, 2),
    "JSON",
    `/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${agentConfigPath}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n`, "utf8").toString("base64");
}

function placeholder({ key, port, healthPath }: TargetGroupDefinition): readonly string[] {
  const root = `/srv/tap/${key}`;
  return [
    `mkdir -p "$(dirname ${root}${healthPath})" && echo ok > ${root}${healthPath}`,
    `systemd-run --unit=tap-placeholder-${key} --property=DynamicUser=yes python3 -m http.server ${port} --directory ${root}`,
  ];
}
