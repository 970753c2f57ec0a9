import type { TargetGroupDefinition } from "../edge/load-balancer.ts";

/**
 * First-boot script, base64 as a launch template wants it. Until an application is installed, a page server answers the
 * health checks, so that the very first deployment comes into service.
 */
export function userData(targetGroups: readonly TargetGroupDefinition[], agentParameter: string): string {
  const lines = [
    "#!/bin/bash",
    "set -euo pipefail",
    ...targetGroups.flatMap(firstPage),
    "dnf install -y amazon-cloudwatch-agent",
    `/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c ssm:${agentParameter}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n`, "utf8").toString("base64");
}

function firstPage({ key, port, healthPath }: TargetGroupDefinition): readonly string[] {
  const root = `/srv/tap/${key}`;
  return [
    `mkdir -p "$(dirname ${root}${healthPath})" && echo ok > ${root}${healthPath}`,
    `systemd-run --unit=tap-first-page-${key} --property=DynamicUser=yes python3 -m http.server ${port} --directory ${root}`,
  ];
}
