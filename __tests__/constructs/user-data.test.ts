import { describe, expect, it } from "vitest";
import { agentConfig } from "../../constructs/compute/agent-configuration.ts";
import { userData } from "../../constructs/compute/user-data.ts";

describe("user data", () => {
  const script = Buffer.from(
    userData([{ key: "api", port: 8080, healthPath: "/health", pathPattern: "/api/*" }], "/tap/prod/cloudwatch-agent"),
    "base64",
  ).toString("utf8");

  it("installs an agent that sums memory and disk up by group", () => {
    expect(agentConfig()).toMatchObject({ metrics: { aggregation_dimensions: [["AutoScalingGroupName"]], metrics_collected: { mem: {}, disk: {} } } });
    expect(script).toContain("dnf install -y amazon-cloudwatch-agent");
    expect(script).toContain("-c ssm:/tap/prod/cloudwatch-agent");
  });

  it("answers the health checks of each target group until an application does", () => {
    expect(script).toContain("/srv/tap/api/health");
    expect(script).toContain("http.server 8080");
  });
});
