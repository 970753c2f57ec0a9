import { describe, expect, it } from "vitest";
import { only, resources, sources, synthesized } from "../support/synthesized-stacks.ts";

const production = synthesized(sources());
const both = ["primary", "secondary"] as const;

describe.each(both)("the load balancer of %s", (name) => {
  const stack = production[name];

  it("leads each path to its own targets, under a priority of its own", () => {
    const rules = resources(stack, "aws_lb_listener_rule").map(({ values }) => values);
    const targets = new Map(resources(stack, "aws_lb_target_group").map(({ address, values }) => [`\${${address}.arn}`, values]));
    const routes = rules.map((rule) => ({ condition: rule["condition"], target: targets.get(targetOf(rule["action"]))?.["port"] }));
    expect(routes).toHaveLength(3);
    expect(routes).toEqual(
      expect.arrayContaining([
        { condition: [{ path_pattern: { values: ["/api/*"] } }], target: 8080 },
        { condition: [{ path_pattern: { values: ["/admin/*"] } }], target: 8081 },
        { condition: [{ path_pattern: { values: ["/metrics/*"] } }], target: 9090 },
      ]),
    );
    expect(new Set(rules.map((rule) => rule["priority"])).size).toBe(3);
    for (const target of targets.values()) expect(target).toMatchObject({ deregistration_delay: "300", protocol: "HTTP" });
  });

  it("its group takes requests of all three, on ports that its firewall opens", () => {
    const targets = resources(stack, "aws_lb_target_group").map(({ address }) => `\${${address}.arn}`);
    expect(new Set(only(stack, "aws_autoscaling_group")["target_group_arns"] as readonly string[])).toEqual(new Set(targets));
    const opened = resources(stack, "aws_vpc_security_group_ingress_rule").map(({ values }) => values["from_port"]);
    expect(opened).toEqual(expect.arrayContaining([8080, 8081, 9090]));
  });

  it("speaks HTTP/2 and TLS 1.3, keeps idle connections 300 s, and drops malformed headers", () => {
    expect(only(stack, "aws_lb")).toMatchObject({ enable_http2: true, idle_timeout: 300, drop_invalid_header_fields: true, load_balancer_type: "application" });
    const encrypted = resources(stack, "aws_lb_listener").find(({ values }) => values["port"] === 443);
    expect(encrypted?.values["ssl_policy"]).toBe("ELBSecurityPolicy-TLS13-1-2-2021-06");
  });

  it("stands behind a web ACL that blocks known attacks and addresses that ask too often", () => {
    expect(only(stack, "aws_wafv2_web_acl_association")).toMatchObject({ resource_arn: expect.stringContaining("aws_lb.") });
    const rules = only(stack, "aws_wafv2_web_acl")["rule"];
    expect(rules).toMatchObject([
      { priority: 0, override_action: { none: {} }, statement: { managed_rule_group_statement: { name: "AWSManagedRulesAmazonIpReputationList" } } },
      { priority: 1, override_action: { none: {} } },
      { priority: 2, override_action: { none: {} } },
      { priority: 3, override_action: { none: {} }, statement: { managed_rule_group_statement: { name: "AWSManagedRulesCommonRuleSet" } } },
      { priority: 4, action: { block: {} }, statement: { rate_based_statement: { limit: 10_000, aggregate_key_type: "IP" } } },
    ]);
  });

  it("logs what the web ACL blocked, without credentials", () => {
    expect(only(stack, "aws_wafv2_web_acl_logging_configuration")).toMatchObject({
      logging_filter: { default_behavior: "DROP" },
      redacted_fields: [{ single_header: { name: "authorization" } }, { single_header: { name: "cookie" } }],
    });
  });
});

describe("access logs may be written", () => {
  const writers = (region: string): unknown => {
    const stack = synthesized(sources({ regions: [region, "us-west-2"], certificateArn: [region, "us-west-2"].map(certificate) })).primary;
    const { Statement } = JSON.parse(String(only(stack, "aws_s3_bucket_policy")["policy"])) as {
      readonly Statement: readonly { readonly Principal: unknown }[];
    };
    return Statement.slice(1).map((statement) => statement.Principal);
  };
  const service = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };

  it("by the service and by AWS's account of an older region", () => {
    expect(writers("eu-central-1")).toEqual([service, { AWS: "arn:aws:iam::054676820928:root" }]);
  });

  it("by the service alone in a region that never had such an account", () => {
    expect(writers("eu-south-2")).toEqual([service]);
  });
});

function certificate(region: string): string {
  return `arn:aws:acm:${region}:123456789012:certificate/of-${region}`;
}

function targetOf(action: unknown): string {
  const [first] = action as readonly { readonly target_group_arn: string }[];
  return first?.target_group_arn ?? "";
}
