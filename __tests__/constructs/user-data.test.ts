import { describe, expect, it } from "vitest";
import { agentConfig } from "../../constructs/compute/agent-configuration.ts";
import { placeholderApplication } from "../../constructs/compute/fleet-application.ts";
import { userData } from "../../constructs/compute/user-data.ts";
import { unitFiles } from "../support/unit-files.ts";

const groups = [
  { key: "api", port: 8080, healthPath: "/health", pathPattern: "/api/*" },
  { key: "admin", port: 8081, healthPath: "/internal/health", pathPattern: "/admin/*" },
];

describe("user data", () => {
  const script = Buffer.from(userData(placeholderApplication, groups, "/tap/prod/cloudwatch-agent"), "base64").toString("utf8");
  const units = unitFiles(script);

  it("installs an agent that sums memory and disk up by group", () => {
    expect(agentConfig()).toMatchObject({ metrics: { aggregation_dimensions: [["AutoScalingGroupName"]], metrics_collected: { mem: {}, disk: {} } } });
    const starts = units["tap-agent"]?.["ExecStart"] ?? [];
    expect(starts).toEqual([
      expect.stringContaining("dnf install -y amazon-cloudwatch-agent"),
      expect.stringMatching(/fetch-config .*-c ssm:\/tap\/prod\/cloudwatch-agent$/),
    ]);
  });

  it("answers the health checks of each target group until an application does", () => {
    expect(script).toContain("mkdir -p /srv/tap/api\necho ok > /srv/tap/api/health\n");
    expect(script).toContain("mkdir -p /srv/tap/admin/internal\necho ok > /srv/tap/admin/internal/health\n");
    expect(units["tap-first-page-api"]?.["ExecStart"]).toEqual(["/usr/bin/python3 -m http.server 8080 --directory /srv/tap/api"]);
    expect(units["tap-first-page-admin"]?.["ExecStart"]).toEqual(["/usr/bin/python3 -m http.server 8081 --directory /srv/tap/admin"]);
  });

  it("runs them as services that are tried again without an end, and come back after a reboot", () => {
    expect(Object.keys(units)).toEqual(["tap-first-page-api", "tap-first-page-admin", "tap-agent"]);
    for (const unit of Object.values(units))
      expect(unit).toMatchObject({
        StartLimitIntervalSec: ["0"],
        Restart: [expect.stringMatching(/^(?:always|on-failure)$/)],
        RestartSec: [expect.stringMatching(/^\d+$/)],
        WantedBy: ["multi-user.target"],
      });
    expect(script).toMatch(
      /\nsystemctl daemon-reload\nsystemctl enable --now --no-block tap-first-page-api\.service tap-first-page-admin\.service tap-agent\.service\n$/,
    );
  });

  it("waits for none of what may fail at first, so that nothing after it is left out", () => {
    const outside = script.replaceAll(/<<'(\w+)'\n[\s\S]*?\n\1\n/g, "\n");
    expect(outside).not.toMatch(/dnf|amazon-cloudwatch-agent|systemd-run/);
  });
});
