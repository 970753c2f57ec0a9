import { describe, expect, it } from "vitest";
import { arn, held, parsed, tf, userErrorOf } from "../../../support/parsed-outputs.ts";

const region = { aws_region: "eu-west-1" };

describe("lists of outputs", () => {
  it.each<[string, unknown]>([
    [
      "key and value",
      [
        { key: "asg_name", value: "g" },
        { key: "aws_region", value: "eu-west-1" },
      ],
    ],
    [
      "jq's to_entries of Terraform's outputs",
      [
        { key: "asg_name", value: tf("g") },
        { key: "aws_region", value: tf("eu-west-1") },
      ],
    ],
    [
      "an id instead of a name",
      [
        { id: "asg_name", value: "g", sensitive: false },
        { id: "aws_region", value: "eu-west-1", sensitive: false },
      ],
    ],
    [
      "capitals, within the outputs",
      {
        outputs: [
          { Key: "AsgName", Value: "g" },
          { Key: "Region", Value: "eu-west-1" },
        ],
      },
    ],
    [
      "a state version with its outputs included",
      {
        data: { id: "sv-1", type: "state-versions", attributes: { serial: 3 } },
        included: [
          { id: "wsout-1", attributes: { name: "asg_name", sensitive: false, value: "g" } },
          { id: "wsout-2", attributes: { name: "aws_region", sensitive: false, value: "eu-west-1" } },
        ],
      },
    ],
    ["JSON as a text of JSON", JSON.stringify(JSON.stringify({ asg_name: tf("g"), ...region }))],
    [
      "a plan's messages before those of the apply",
      [
        { type: "outputs", outputs: { asg_name: { sensitive: false, action: "create" } } },
        { type: "outputs", outputs: { asg_name: tf("g"), aws_region: tf("eu-west-1") } },
      ]
        .map((line) => JSON.stringify(line))
        .join("\r\n"),
    ],
    ["a text that Ctrl-Z and zeros end", `\uFEFF${JSON.stringify({ asg_name: "g", ...region })}\r\n\u001A\u0000`],
    ["characters of no width", { asg_name: "g\u200B", aws_region: "\u2060eu\u2011west\u20111" }],
  ])("are read as the outputs they are: %s", (_, outputs) => {
    expect(held(parsed(outputs))).toEqual(["eu-west-1: asg g"]);
  });

  it("lets nothing through that a list marks as sensitive, whatever it calls keys and values", () => {
    const outputs = [
      { key: "aws_region", value: "eu-west-1" },
      { key: "asg_name", value: "g" },
      { key: "users_table_name", value: "canary", sensitive: true },
      { key: "orders_table_name", value: tf("canary", true) },
    ];
    expect(held(parsed(outputs))).toEqual(["eu-west-1: asg g"]);
    expect(JSON.stringify(parsed(outputs))).not.toContain("canary");
  });

  it("lets nothing through that Systems Manager keeps encrypted, as a list or within its own", () => {
    const list = [
      { Name: "/prod/asg_name", Type: "String", Value: "g" },
      { Name: "/prod/region", Type: "String", Value: "eu-west-1" },
      { Name: "/prod/users_table_name", Type: "SecureString", Value: "canary" },
    ];
    for (const outputs of [list, { Parameters: list }]) {
      expect(held(parsed(outputs))).toEqual(["eu-west-1: asg g"]);
      expect(JSON.stringify(parsed(outputs))).not.toContain("canary");
    }
  });

  it("takes names that stand a line each, as a shell joins them", () => {
    expect(held(parsed({ ...region, asg_names: "a\nb\n" }))).toEqual(["eu-west-1: asg a, asg b"]);
  });
});

describe("an element of a list is one resource, whatever else is told of it", () => {
  it.each<[string, unknown, string[]]>([
    [
      "tables with a region each",
      {
        tables: [
          { table_name: "orders", region: "eu-west-1" },
          { table_name: "users", region: "us-west-2" },
        ],
      },
      ["eu-west-1: table orders", "us-west-2: table users"],
    ],
    [
      "describe-auto-scaling-groups",
      { AutoScalingGroups: [{ AutoScalingGroupName: "g", AutoScalingGroupARN: arn.asg("eu-west-2", "g"), AvailabilityZones: ["eu-west-2a"], Status: "x" }] },
      ["eu-west-2: asg g"],
    ],
    [
      "describe-db-clusters, whose members are the cluster's",
      {
        DBClusters: [
          {
            DBClusterIdentifier: "shop",
            DBClusterArn: arn.aurora("eu-west-2", "shop"),
            DBClusterMembers: [{ DBInstanceIdentifier: "shop-1" }],
            HostedZoneId: "Z1",
            DBSubnetGroup: "subnets",
          },
        ],
      },
      ["eu-west-2: aurora shop"],
    ],
    [
      "describe-db-clusters, of which some are no Aurora",
      {
        DBClusters: [
          { DBClusterIdentifier: "docs", DBClusterArn: arn.aurora("eu-west-2", "docs"), Engine: "docdb" },
          { DBClusterIdentifier: "shop", DBClusterArn: arn.aurora("eu-west-2", "shop"), Engine: "aurora-mysql" },
        ],
      },
      ["eu-west-2: aurora shop"],
    ],
    [
      "describe-db-instances, of which some are a cluster's",
      {
        ...region,
        DBInstances: [
          { DBInstanceIdentifier: "shop-1", DBInstanceArn: arn.of("rds", "eu-west-1", "db:shop-1"), DBClusterIdentifier: "shop" },
          { DBInstanceIdentifier: "mysql", DBInstanceArn: arn.of("rds", "eu-west-1", "db:mysql"), DBName: "app" },
        ],
      },
      ["eu-west-1: aurora shop, rds mysql"],
    ],
    [
      "describe-table, whose id is no name",
      {
        Table: {
          TableName: "orders",
          TableArn: arn.table("eu-west-2", "orders"),
          TableId: "00000000-0000-4000-8000-000000000000",
          GlobalSecondaryIndexes: [{ IndexName: "by-email", IndexArn: `${arn.table("eu-west-2", "orders")}/index/by-email` }],
          Replicas: [{ RegionName: "us-west-2" }],
        },
      },
      ["eu-west-2: table orders"],
    ],
    [
      "resources of the tagging API",
      {
        ResourceTagMappingList: [
          { ResourceARN: arn.asg("eu-west-2", "g"), Tags: [] },
          { ResourceARN: arn.of("rds", "eu-west-2", "db:member"), Tags: [] },
        ],
      },
      ["eu-west-2: asg g"],
    ],
    [
      "parameters of Systems Manager",
      {
        Parameters: [
          { Name: "/prod/asg_name", Type: "String", Value: "g", ARN: arn.of("ssm", "eu-west-2", "parameter/prod/asg_name") },
          { Name: "/prod/table_name", Type: "SecureString", Value: "canary", ARN: arn.of("ssm", "eu-west-2", "parameter/prod/table_name") },
        ],
      },
      ["eu-west-2: asg g"],
    ],
    [
      "pulumi stack export, of which nothing but outputs is read",
      {
        version: 3,
        deployment: {
          resources: [
            { type: "pulumi:pulumi:Stack", outputs: { asgName: "g", region: "eu-west-2" } },
            { type: "aws:autoscaling/group:Group", outputs: { arn: arn.asg("eu-west-1", "not-an-output") } },
          ],
        },
      },
      ["eu-west-2: asg g"],
    ],
    ["maps of names stay maps of names", { ...region, asg_names: [{ web: "w" }, { api: "a" }] }, ["eu-west-1: asg a, asg w"]],
  ])("%s", (_, outputs, expected) => {
    expect(held(parsed(outputs))).toEqual(expected);
  });
});

describe("what is no resource of the stack", () => {
  it.each<[string, object]>([
    ["an ARN with a pattern, as policies have", { table_resource: arn.table("eu-west-1", "prod-*"), asg_resource: arn.asg("eu-west-1", "*") }],
    ["a global datastore", { redis_global_datastore_id: "ldgnf-cache" }],
    ["the table of a tool's backend", { backend: { bucket: "states", dynamodb_table: "infra", region: "eu-west-1" } }],
    ["a list that PowerShell cut", { web_asg_name: "System.Object[]", api_asg_name: "@{Name=x}" }],
    ["references that nobody resolved", { web_asg_name: "!Ref Fleet", api_asg_name: "aws_autoscaling_group.api.name", old_asg_name: "output<string>" }],
  ])("%s", (_, outputs) => {
    expect(held(parsed({ ...region, asg_name: "g", ...outputs }))).toEqual(["eu-west-1: asg g"]);
  });

  it.each(["aurora_database_name", "aurora_cluster_tags", "aurora_cluster_members"])("suggests no cluster by the key %s", (key) => {
    expect(parsed({ ...region, asg_name: "g", [key]: "shop" }).missing.filter(({ reason }) => reason.includes("did you mean"))).toEqual([]);
  });
});

describe("regions that are misspelt", () => {
  it.each([
    ["stack_region", "eu-wst-1", "eu-west-1"],
    ["aws_region", "us-esat-1", "us-east-1"],
    ["stack_region", "eu-west", "eu-west-1"],
    ["stack_region", "Frankfurt", "eu-central-1"],
  ])("%s %s is refused with the one that was likely meant", (key, name, meant) => {
    const error = userErrorOf(() => parsed({ asg_name: "g", [key]: name }));
    expect(error.code).toBe("unknown-region");
    expect(error.message).toContain(JSON.stringify(name));
    expect(error.hint).toBe(`Did you mean ${meant}?`);
  });

  it("takes a region that is newer than this release", () => {
    expect(held(parsed({ asg_name: "g", stack_region: "eu-north-9" }))).toEqual(["eu-north-9: asg g"]);
  });
});
