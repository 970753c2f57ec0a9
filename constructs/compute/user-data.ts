import { posix } from "node:path";
import type { TargetGroupDefinition } from "../edge/load-balancer.ts";
import { installServices, type SystemdService } from "./systemd-service.ts";

/**
 * First-boot script, base64 as a launch template wants it. Until an application is installed, a page server answers the
 * health checks, so that the very first deployment comes into service.
 */
export function userData(targetGroups: readonly TargetGroupDefinition[], agentParameter: string): string {
  const lines = [
    "#!/bin/bash",
    "set -euo pipefail",
    ...targetGroups.flatMap(firstPage),
    ...installServices([...targetGroups.map(firstPageServer), agent(agentParameter)]),
  ];
  return Buffer.from(`${lines.join("\n")}\n`, "utf8").toString("base64");
}

function rootOf(key: string): string {
  return `/srv/tap/${key}`;
}

function firstPage({ key, healthPath }: TargetGroupDefinition): readonly string[] {
  const page = `${rootOf(key)}${healthPath}`;
  return [`mkdir -p ${posix.dirname(page)}`, `echo ok > ${page}`];
}

function firstPageServer({ key, port }: TargetGroupDefinition): SystemdService {
  return {
    name: `tap-first-page-${key}`,
    description: `Answers the health checks of ${key} until an application does`,
    lines: ["Type=exec", `ExecStart=/usr/bin/python3 -m http.server ${port} --directory ${rootOf(key)}`, "DynamicUser=yes", "Restart=always", "RestartSec=5"],
  };
}

const agentCommand = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";

/**
 * Installs the agent and hands it its configuration, at each boot anew. The agent then runs as a service of its own, which its command
 * enables; this one only has to end well once.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Agent-on-EC2-Instance-fleet.html
 */
function agent(parameter: string): SystemdService {
  return {
    name: "tap-agent",
    description: "Installs and configures the CloudWatch agent",
    lines: [
      "Type=oneshot",
      "RemainAfterExit=yes",
      // Without it a start that hangs would hang for ever.
      "TimeoutStartSec=300",
      // Installed already, it needs no package repository.
      "ExecStart=/bin/sh -c 'rpm --query amazon-cloudwatch-agent || dnf install -y amazon-cloudwatch-agent'",
      `ExecStart=${agentCommand} -a fetch-config -m ec2 -s -c ssm:${parameter}`,
      "Restart=on-failure",
      "RestartSec=15",
    ],
  };
}
