import { describe, expect, it } from "vitest";
import { arn, held, parsed, userErrorOf } from "../../../support/parsed-outputs.ts";

const topic = { alerts_topic_arn: arn.of("sns", "eu-west-1", "alerts") };

describe("regions of other things than the stack", () => {
  it.each<[string, object]>([
    ["a table's replicas", { ...topic, orders_table: { name: "orders", replica: [{ region_name: "us-west-2", kms_key_arn: "" }] } }],
    ["a table's replicas, beside a stated region", { aws_region: "eu-west-1", orders_table: { name: "orders", replicas: [{ region: "us-west-2" }] } }],
    ["a tool's backend", { ...topic, orders_table: "orders", backend: { bucket: "states", region: "us-east-1", key: "x" } }],
    ["the state of another configuration", { ...topic, orders_table: "orders", remote_state_config: { bucket: "states", region: "us-east-1" } }],
    ["a map of something else", { ...topic, orders_table: "orders", dashboards: { region: "us-east-1", name: "main" } }],
    ["a report of costs", { ...topic, orders_table: "orders", report_arn: arn.of("cur", "us-east-1", "definition/monthly") }],
    ["an export of costs", { ...topic, orders_table: "orders", export_arn: arn.of("bcm-data-exports", "us-east-1", "export/monthly") }],
    ["a host for mail", { ...topic, orders_table: "orders", smtp: "email-smtp.us-east-1.amazonaws.com" }],
    ["an address for mail", { ...topic, orders_table: "orders", sender: arn.of("ses", "us-east-1", "identity/example.com") }],
    ["a model", { ...topic, orders_table: "orders", model_arn: arn.of("bedrock", "us-east-1", "provisioned-model/x") }],
    ["where models are called", { ...topic, orders_table: "orders", llm: "https://bedrock-runtime.us-east-1.amazonaws.com" }],
    ["single sign-on", { ...topic, orders_table: "orders", issuer: "https://portal.sso.us-east-1.amazonaws.com/saml" }],
    [
      "a copy of backups",
      {
        backup_vault_arn: arn.of("backup", "eu-west-1", "backup-vault:x"),
        backup_copy_vault: arn.of("backup", "us-west-2", "backup-vault:x"),
        orders_table: "orders",
      },
    ],
    ["a copied snapshot", { ...topic, orders_table: "orders", copied_snapshot_arn: arn.of("rds", "us-west-2", "cluster-snapshot:x") }],
    ["the other end of a peering", { ...topic, orders_table: "orders", accepter_region: "us-west-2" }],
    [
      "endpoint groups of an accelerator",
      { ...topic, orders_table: "orders", endpoint_groups: { "us-west-2": arn.of("globalaccelerator", "", "accelerator/1") } },
    ],
    ["another provider's region", { ...topic, orders_table: "orders", azure_region: "eastus", gcp_region: "us-west-2" }],
    [
      "an event bus of another account",
      { ...topic, orders_arn: arn.table("eu-west-1", "orders"), asg_bus: arn.of("events", "us-east-1", "event-bus/x", "210987654321") },
    ],
    [
      "an event bus of another account, beside names alone",
      { orders_table: "orders", task: arn.of("ecs", "eu-west-1", "task-definition/x:1"), bus: arn.of("events", "us-east-1", "event-bus/x", "210987654321") },
    ],
    ["a topic for charges", { ...topic, orders_table: "orders", estimated_charges_topic_arn: arn.of("sns", "us-east-1", "charges") }],
  ])("move nothing: %s", (_, outputs) => {
    expect(held(parsed(outputs))).toEqual(["eu-west-1: table orders"]);
  });

  it.each<[string, object]>([
    ["keys that are copied", { key: arn.of("kms", "us-east-1", "key/mrk-1"), replica_key: arn.of("kms", "eu-west-1", "key/mrk-1") }],
    ["buckets", { bucket: "data.s3.us-east-1.amazonaws.com", backup_bucket: "copy.s3.eu-west-1.amazonaws.com" }],
    ["a stated other place", { bucket: "data.s3.us-east-1.amazonaws.com", dr_region: "eu-west-1" }],
  ])("count less than what is often elsewhere where they are of the other place: %s", (_, outputs) => {
    const { warnings, ...deployments } = parsed({ asg_name: "g", ...outputs });
    expect(held({ warnings, ...deployments })).toEqual(["us-east-1: asg g"]);
    expect(warnings).toEqual([expect.stringContaining("is all that says where this is: us-east-1")]);
  });

  it("still count where nothing else says where the stack is", () => {
    const { deployments, warnings } = parsed({ orders_table: "orders", dashboards: { region: "eu-west-1" } });
    expect(deployments.map(({ region }) => region)).toEqual(["eu-west-1"]);
    expect(warnings.filter((warning) => warning.includes("us-east-1"))).toEqual([]);
  });
});

describe("roles as keys of maps", () => {
  it.each(["dr", "secondary", "failover", "standby"])("puts names under %s where the load balancer of that role is", (role) => {
    const outputs = {
      alb_arns: { primary: arn.alb("us-east-1"), [role]: arn.alb("us-west-2", "other") },
      asg_names: { primary: "one", [role]: "two" },
      aurora_cluster_ids: { primary: "db", [role]: "db-two" },
    };
    expect(held(parsed(outputs))).toEqual(["us-east-1: alb web, asg one, aurora db", "us-west-2: alb other, asg two, aurora db-two"]);
  });
});

describe("a map or a stack of another place", () => {
  const both = ["us-east-1: asg a", "us-west-2: asg b"];
  it.each<[string, object]>([
    ["of which a key around it tells the region", { region: "us-east-1", standby_region: "us-west-2", asg_name: "a", standby: { asg_name: "b" } }],
    ["of which both are told", { region: "us-east-1", secondary_region: "us-west-2", primary: { asg_name: "a" }, secondary: { asg_name: "b" } }],
    ["that shows its region itself", { region: "us-east-1", asg_name: "a", dr: { asg_name: "b", topic: arn.of("sns", "us-west-2", "t") } }],
    ["by a name of its own", { regions: { r1: "us-east-1", r2: "us-west-2" }, r1: { asg_name: "a" }, r2: { asg_name: "b" } }],
    ["by its environment", { region: { prod: "us-east-1", dev: "us-west-2" }, prod: { asg_name: "a" }, dev: { asg_name: "b" } }],
  ])("is there: %s", (_, outputs) => {
    expect(held(parsed(outputs))).toEqual(both);
  });
});

describe("a map of regions", () => {
  it.each<[string, object, string[]]>([
    [
      "by role, beside names by role",
      { region: { primary: "us-east-1", dr: "us-west-2" }, asg_name: { primary: "a", dr: "b" } },
      ["us-east-1: asg a", "us-west-2: asg b"],
    ],
    [
      "by role, beside keys with a role",
      { regions: { primary: "us-east-1", secondary: "us-west-2" }, primary_asg_name: "a", asg_name_secondary: "b", orders_table_name: "orders" },
      ["us-east-1: asg a, table orders", "us-west-2: asg b"],
    ],
    ["by part of the world", { aws_regions: { us: "us-east-1", eu: "eu-west-1" }, asg_names: { us: "a", eu: "b" } }, ["eu-west-1: asg b", "us-east-1: asg a"]],
    ["of what is told of one", { aws_region: { name: "eu-west-1", description: "Europe (Ireland)" }, asg_name: "a" }, ["eu-west-1: asg a"]],
  ])("says where things are: %s", (_, outputs, where) => {
    const { warnings, ...deployments } = parsed(outputs);
    expect(held({ warnings, ...deployments })).toEqual(where);
    expect(warnings.filter((warning) => warning.includes("all that says"))).toEqual([]);
  });

  it("by anything else says nothing of a stack whose ARNs do", () => {
    expect(held(parsed({ region: { prod: "us-east-1", dev: "us-west-2" }, asg_arn: arn.asg("eu-west-1") }))).toEqual(["eu-west-1: asg web"]);
    const error = userErrorOf(() => parsed({ region: { prod: "us-east-1", dev: "us-west-2" }, asg_name: "a" }));
    for (const part of ["region.prod", "region.dev"]) expect(error.message).toContain(part);
  });
});

describe("regions that are said in passing", () => {
  it.each<[string, string, object]>([
    ["a short form within a name", "eu-west-1", { vpc_name: "prod-euw1-vpc" }],
    ["a zone within a bucket's name", "us-east-2", { logs: "logs--use2-az2--x-s3" }],
    ["a sentence", "eu-west-2", { note: "deployed to eu-west-2 by the pipeline" }],
    ["a place under a key for places", "eu-central-1", { location: "Frankfurt" }],
    ["a short form under such a key", "eu-central-1", { dc: "euc1" }],
  ])("are taken before us-east-1 is assumed, and told: %s", (_, region, outputs) => {
    const { deployments, warnings } = parsed({ asg_name: "g", ...outputs });
    expect(deployments.map((each) => each.region)).toEqual([region]);
    expect(warnings).toEqual([expect.stringContaining(`is all that says where this is: ${region}, by its name`)]);
  });

  it("count for nothing beside an endpoint", () => {
    expect(held(parsed({ asg_name: "g", note: "moved from us-west-2", api: "https://x.execute-api.eu-west-1.amazonaws.com" }))).toEqual(["eu-west-1: asg g"]);
  });

  it("place each name that says itself where it is, where several regions are named", () => {
    const outputs = { web_asg_name: "web-eu-west-1", users_table_name: "users-us-west-2", asg_names: ["api-eu-west-1", "api-us-west-2"] };
    expect(held(parsed(outputs))).toEqual(["eu-west-1: asg api-eu-west-1, asg web-eu-west-1", "us-west-2: asg api-us-west-2, table users-us-west-2"]);
  });
});
