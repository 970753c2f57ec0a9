import { posix } from "node:path";
import type { TargetGroupDefinition } from "../edge/load-balancer.ts";
import { firstBoot, type FirstBootPart } from "./first-boot.ts";
import { isPlaceholder, type FleetApplication } from "./fleet-application.ts";
import { installServices, type SystemdService } from "./systemd-service.ts";

/** What an instance does when it boots for the first time, base64 as a launch template wants it. */
export function userData(application: FleetApplication, targetGroups: readonly TargetGroupDefinition[], agentParameter: string): string {
  return Buffer.from(userDataText(application, targetGroups, agentParameter), "utf8").toString("base64");
}

/**
 * The agent, and then whatever the user's file says. Until an application is given, a page server answers the health checks in its place,
 * so that the very first deployment comes into service.
 */
export function userDataText(application: FleetApplication, targetGroups: readonly TargetGroupDefinition[], agentParameter: string): string {
  const pages = isPlaceholder(application) ? targetGroups : [];
  const lines = ["#!/bin/bash", "set -euo pipefail", ...pages.flatMap(firstPage), ...installServices([...pages.map(firstPageServer), agent(agentParameter)])];
  const own: FirstBootPart = { contentType: "text/x-shellscript", content: `${lines.join("\n")}\n` };
  return firstBoot(application.firstBoot === undefined ? [own] : [own, application.firstBoot]);
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
    lines: [
      "Type=exec",
      `ExecStart=/usr/bin/python3 -m http.server ${port} --directory ${rootOf(key)}`,
      "DynamicUser=yes",
      // For ports below 1024.
      "AmbientCapabilities=CAP_NET_BIND_SERVICE",
      "Restart=always",
      "RestartSec=5",
    ],
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
      // Installed already, as in an image of the user's own, it needs no package repository.
      `ExecStart=/bin/sh -c 'test -x ${agentCommand} || dnf install -y amazon-cloudwatch-agent'`,
      `ExecStart=${agentCommand} -a fetch-config -m ec2 -s -c ssm:${parameter}`,
      "Restart=on-failure",
      "RestartSec=15",
    ],
  };
}
