import { describe, expect, it } from "vitest";
import { settingsWarnings } from "../../stacks/settings/settings-warnings.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { only, resources, sources, type StackDocument, stateBucket, synthesized } from "../support/synthesized-stacks.ts";
import { refusal, web, webSources } from "../support/web-stacks.ts";

const stacks = web({ domain: "shop.example.com" });

function zone(stack: StackDocument) {
  return Object.values(stack.data["aws_route53_zone"] ?? {});
}

describe("a domain", () => {
  it("is answered by the primary while its health check passes, and by the secondary then", () => {
    const alias = (region: string) => ({
      name: "shop.example.com",
      type: "A",
      set_identifier: region,
      zone_id: expect.stringContaining("data.aws_route53_zone"),
      alias: { name: expect.stringContaining("aws_lb."), zone_id: expect.stringContaining("aws_lb."), evaluate_target_health: true },
    });
    expect(only(stacks.primary, "aws_route53_record")).toMatchObject({
      ...alias("us-east-1"),
      failover_routing_policy: { type: "PRIMARY" },
      health_check_id: expect.stringContaining("aws_route53_health_check"),
    });
    expect(only(stacks.secondary, "aws_route53_record")).toMatchObject({ ...alias("us-west-2"), failover_routing_policy: { type: "SECONDARY" } });
    expect(resources(stacks.secondary, "aws_route53_health_check")).toEqual([]);
  });

  it("is looked for in the public zone above it, or in the one that is named", () => {
    expect(zone(stacks.primary)).toMatchObject([{ name: "example.com", private_zone: false }]);
    expect(zone(web({ domain: "example.com" }).primary)).toMatchObject([{ name: "example.com" }]);
    expect(zone(web({ domain: "shop.example.com", hostedZone: "shop.example.com" }).primary)).toMatchObject([{ name: "shop.example.com" }]);
  });

  it("is asked for a page where the blueprint has one for everybody, encrypted where there is a certificate", () => {
    expect(only(stacks.primary, "aws_route53_health_check")).toMatchObject({
      type: "HTTPS",
      port: 443,
      resource_path: "/health",
      fqdn: expect.stringContaining("aws_lb."),
    });
    const staging = web({ domain: "shop.example.com", environment: "staging", certificateArn: [] });
    expect(only(staging.primary, "aws_route53_health_check")).toMatchObject({ type: "HTTP", port: 80, resource_path: "/health" });
  });

  it("is only called where all paths are the application's own", () => {
    const saas = synthesized(sources({ domain: "api.example.com" }));
    expect(only(saas.primary, "aws_route53_health_check")).toMatchObject({ type: "TCP", port: 443 });
    expect(only(saas.primary, "aws_route53_health_check")).not.toHaveProperty("resource_path");
  });

  it("fails over between two regions, whatever others there are", () => {
    const from = webSources({ environment: "staging", certificateArn: [], domain: "shop.example.com", regions: ["eu-west-1", "eu-central-1", "us-east-2"] });
    const { stacks: three } = readSettings(from);
    expect(three.map(({ name, role }) => name === role)).toEqual([true, true, false]);
    expect(only(synthesized(from).secondary, "aws_route53_record")["set_identifier"]).toBe("eu-central-1");
  });

  it("may come from the shell", () => {
    const variables = { TAP_BLUEPRINT: "web", TAP_DOMAIN: "shop.example.org", TAP_HOSTED_ZONE: "example.org" };
    expect(readSettings({ variables, readSizing: () => undefined }).domain).toEqual({ name: "shop.example.org", hostedZone: "example.org" });
  });

  it("is warned of where it would be answered in clear text", () => {
    const warned = (configuration: object) =>
      settingsWarnings(readSettings(webSources({ rdsEngineVersion: "8.4", state: stateBucket, domain: "shop.example.com", ...configuration })));
    expect(warned({ environment: "staging", certificateArn: [] })).toMatchObject([
      { path: "domain", message: expect.stringContaining("clear text"), hint: expect.stringContaining("TAP_CERTIFICATE_ARN") },
    ]);
    expect(warned({})).toEqual([]);
  });

  it.each([
    ["in a zone it is not in", { domain: "shop.example.com", hostedZone: "example.org" }, "hostedZone: shop.example.com is not in example.org"],
    ["only named like the zone", { domain: "badexample.com", hostedZone: "example.com" }, "badexample.com is not in example.com"],
    ["that is none", { domain: "Shop_1" }, "tap.config.json: domain: not a domain name"],
    ["missing from its zone", { hostedZone: "example.com" }, "hostedZone: there is no domain in it"],
  ])("is refused %s", (_, configuration, message) => {
    expect(refusal(webSources(configuration))).toContain(message);
  });
});

it("without a domain nothing is said to Route 53", () => {
  for (const stack of Object.values(web())) {
    expect(resources(stack).filter(({ type }) => type.includes("route53"))).toEqual([]);
    expect(zone(stack)).toEqual([]);
  }
});
