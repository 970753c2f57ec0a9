import { describe, expect, it } from "vitest";
import { arn, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

const region = { aws_region: "eu-west-1" };

describe("placeholders and secrets", () => {
  it.each([
    "unknown",
    "<sensitive>",
    "N/A",
    "n/a",
    "none",
    "null",
    "TBD",
    "known after apply",
    "(known after apply)",
    "(sensitive value)",
    "[secret]",
    "****",
    "-",
    "undefined",
    "<your-asg>",
    "${Token[TOKEN.12]}",
    "not-deployed",
    "your-asg-name",
    "false",
    "disabled",
  ])("%s is no name", (value) => {
    const { missing, deployments } = parsed({ ...region, AsgName: value, AlbArn: value, UsersTableName: "users" });
    expect(deployments[0]?.autoScalingGroups).toEqual([]);
    expect(missing.filter(({ reason }) => reason.includes("is a placeholder")).map(({ component }) => component)).toEqual([
      "load balancer",
      "Auto Scaling group",
    ]);
  });

  it.each([
    ["a value", tf("canary", true)],
    ["a map", tf({ name: "canary", arn: arn.asg("us-east-1", "canary") }, true)],
    ["a value without type", { value: "canary", sensitive: true }],
    ["a mark as a text", { value: "canary", sensitive: "true" }],
    ["a mark beside other keys", { value: "canary", sensitive: true, note: "canary" }],
    ["a part of a map", { api: tf("canary", true) }],
    ["Pulumi's secret", { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "canary", ciphertext: "canary" }],
  ])("lets nothing through of %s", (_, secret) => {
    const outputs = { ...region, users_table_name: "users", asg_name: secret, asg_nmae: secret, other: secret, exports: { "tap-x-asg-arn": secret } };
    expect(JSON.stringify(parsed(outputs))).not.toContain("canary");
    expect(userErrorOf(() => parsed({ asg_name: secret })).message).not.toContain("canary");
    expect(userErrorOf(() => parsed(outputs, { map: ["asg_name=other.value"] })).message).not.toContain("canary");
  });

  it("tell of a key of ours that is empty, where nothing else is named", () => {
    expect(userErrorOf(() => parsed({ asg_name: " ", vpc_id: "vpc-1" })).message).toContain("outputs.json, asg_name is empty");
  });
});
