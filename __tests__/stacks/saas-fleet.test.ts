import { describe, expect, it } from "vitest";
import { only, resources, sources, synthesized } from "../support/synthesized-stacks.ts";

const production = synthesized(sources());
const both = ["primary", "secondary"] as const;

describe.each(both)("the fleet of %s", (name) => {
  const stack = production[name];

  it("grows on mean CPU and on requests per target", () => {
    expect(resources(stack, "aws_autoscaling_policy").map(({ values }) => values["target_tracking_configuration"])).toMatchObject([
      { target_value: 60, predefined_metric_specification: { predefined_metric_type: "ASGAverageCPUUtilization" } },
      {
        target_value: 12_000,
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: expect.stringMatching(
            /^\$\{aws_lb\.[^}]+\.arn_suffix\}\/\$\{aws_lb_target_group\.load-balancer_target-group-api[^}]*\.arn_suffix\}$/,
          ),
        },
      },
    ]);
  });

  it("scales on requests only once the load balancer sends some", () => {
    const policy = resources(stack, "aws_autoscaling_policy").find(({ values }) => values["name"] === "tap-prod-requests");
    expect(policy?.values["depends_on"]).toEqual(expect.arrayContaining(resources(stack, "aws_lb_listener_rule").map(({ address }) => address)));
  });

  it("insists on session tokens for instance metadata, and measures each minute", () => {
    expect(only(stack, "aws_launch_template")).toMatchObject({
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
      monitoring: { enabled: true },
      image_id: expect.stringMatching(/^resolve:ssm:/),
    });
  });

  it("tags instances, volumes and interfaces, which the provider's default tags do not reach", () => {
    const specifications = only(stack, "aws_launch_template")["tag_specifications"];
    const tags = expect.objectContaining({ Environment: "production", Project: "tap", Owner: "platform", CostCenter: "unassigned", ManagedBy: "cdktf" });
    expect(specifications).toEqual(["instance", "volume", "network-interface"].map((resource_type) => ({ resource_type, tags })));
    const propagated = only(stack, "aws_autoscaling_group")["tag"] as readonly { readonly propagate_at_launch: boolean }[];
    expect(propagated.length).toBeGreaterThan(6);
    for (const tag of propagated) expect(tag.propagate_at_launch).toBe(true);
  });

  it("reads its agent's configuration from a parameter that exists before the first instance", () => {
    const parameter = resources(stack, "aws_ssm_parameter")[0];
    expect(parameter?.values).toMatchObject({ name: "/tap/prod/cloudwatch-agent", value: expect.stringContaining("$${aws:AutoScalingGroupName}") });
    const template = only(stack, "aws_launch_template");
    expect(template["depends_on"]).toEqual([parameter?.address]);
    expect(Buffer.from(String(template["user_data"]), "base64").toString("utf8")).toContain("ssm:/tap/prod/cloudwatch-agent");
    const app = resources(stack, "aws_iam_role_policy").find(({ values }) => values["name"] === "app");
    expect(app?.values["policy"]).toContain(`"Action":["ssm:GetParameter"],"Resource":["\${${parameter?.address}.arn}"]`);
  });
});

describe("adopting another instance type", () => {
  it("changes the launch template and nothing else that scales or watches", () => {
    const sized = synthesized(sources({}, { "prod/primary.json": { version: 1, compute: { instanceType: "m5.large" } } })).primary;
    const changed = resources(sized).filter(({ address, values }) => {
      const before = resources(production.primary).find((other) => other.address === address);
      return JSON.stringify(before?.values) !== JSON.stringify(values);
    });
    expect(changed.map(({ type }) => type)).toEqual(["aws_launch_template"]);
  });
});
