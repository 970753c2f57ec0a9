import { describe, expect, it } from "vitest";
import { statements } from "../support/policy-statements.ts";
import { only, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const production = synthesized(sources());
const staging = synthesized({ variables: { TAP_ENVIRONMENT: "staging" }, readSizing: () => undefined });
const both = ["primary", "secondary"] as const;

describe.each(both)("encryption in %s", (name) => {
  const stack = production[name];

  it.each([
    ["aws_rds_cluster", { storage_encrypted: true, kms_key_id: expect.stringContaining("database-key") }],
    [
      "aws_elasticache_replication_group",
      { at_rest_encryption_enabled: "true", transit_encryption_enabled: true, kms_key_id: expect.stringContaining("cache-key") },
    ],
    [
      "aws_launch_template",
      { block_device_mappings: [{ ebs: expect.objectContaining({ encrypted: "true", kms_key_id: expect.stringContaining("compute-key") }) }] },
    ],
  ] as const)("%s", (type, expected) => {
    expect(only(stack, type)).toMatchObject(expected);
  });

  it("every log group and instance of the database uses a key of the region", () => {
    for (const { values } of resources(stack, "aws_cloudwatch_log_group")) expect(values["kms_key_id"]).toMatch(/logs-key/);
    for (const { values } of resources(stack, "aws_rds_cluster_instance"))
      expect(values["performance_insights_key_id"] ?? values["performance_insights_kms_key_id"]).toMatch(/database-key/);
  });

  it("every table and replica uses a key of its own region", () => {
    for (const { values } of resources(stack, "aws_dynamodb_table"))
      expect(values["server_side_encryption"]).toMatchObject({ enabled: true, kms_key_arn: expect.stringContaining("aws_kms_key.tables-key") });
    for (const { values } of resources(stack, "aws_dynamodb_table_replica")) expect(values["kms_key_arn"]).toMatch(/aws_kms_key\.tables-key/);
  });

  it("every key rotates", () => {
    for (const { values } of resources(stack, "aws_kms_key")) expect(values["enable_key_rotation"]).toBe(true);
  });

  it("access logs lie in a bucket with S3's own key, closed to clear text and to the public", () => {
    expect(only(stack, "aws_s3_bucket_server_side_encryption_configuration")["rule"]).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
    const [tls] = statements(only(stack, "aws_s3_bucket_policy")["policy"]);
    expect(tls).toMatchObject({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
    expect(tls?.Resource).toHaveLength(2);
    expect(only(stack, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("clear text is answered with a redirect only", () => {
    const listeners = resources(stack, "aws_lb_listener").map((listener) => listener.values);
    expect(listeners.find((listener) => listener["port"] === 80)).toMatchObject({
      default_action: [{ redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
    expect(listeners.find((listener) => listener["port"] === 443)).toMatchObject({ protocol: "HTTPS", certificate_arn: expect.stringContaining(name) });
  });
});

const deletionArguments: Readonly<Record<string, boolean | number>> = {
  deletion_protection: true,
  deletion_protection_enabled: true,
  enable_deletion_protection: true,
  skip_final_snapshot: false,
  force_destroy: false,
  recovery_window_in_days: 30,
};

describe("deletion", () => {
  it.each(both)("production keeps everything that holds data in %s", (name) => {
    const found = guardedArguments(production[name]);
    expect(found.length).toBeGreaterThan(6);
    for (const { address, argument, value } of found) expect([address, argument, value]).toEqual([address, argument, deletionArguments[argument]]);
  });

  it.each(both)("staging leaves nothing behind in %s", (name) => {
    for (const { address, argument, value } of guardedArguments(staging[name]))
      expect([address, argument, value]).toEqual([address, argument, argument === "recovery_window_in_days" ? 0 : !deletionArguments[argument]]);
  });
});

describe("what Terraform must leave alone", () => {
  it.each([
    ["aws_autoscaling_group", ["desired_capacity"]],
    ["aws_rds_cluster", ["engine_version", "global_cluster_identifier", "replication_source_identifier", "source_region"]],
  ] as const)("%s", (type, ignored) => {
    for (const name of both) expect(only(production[name], type)["lifecycle"]).toEqual({ ignore_changes: ignored });
  });

  it.each([
    ["aws_dynamodb_table", ["replica"]],
    ["aws_secretsmanager_secret_version", ["secret_string"]],
    ["aws_rds_cluster_instance", ["engine_version"]],
  ] as const)("each %s", (type, ignored) => {
    for (const { values } of resources(production.primary, type)) expect(values["lifecycle"]).toEqual({ ignore_changes: ignored });
  });

  it("the group follows the template's latest version by number", () => {
    expect(only(production.primary, "aws_autoscaling_group")["launch_template"]).toMatchObject({
      version: expect.stringMatching(/^\$\{aws_launch_template\..+\.latest_version\}$/),
    });
  });
});

describe("retention", () => {
  it("logs stay 90 days, backups 30, Performance Insights 731", () => {
    for (const { values } of resources(production.primary, "aws_cloudwatch_log_group")) expect(values["retention_in_days"]).toBe(90);
    for (const name of both)
      expect(only(production[name], "aws_rds_cluster")).toMatchObject({ backup_retention_period: 30, database_insights_mode: "standard" });
    for (const { values } of resources(production.primary, "aws_rds_cluster_instance")) expect(values["performance_insights_retention_period"]).toBe(731);
  });

  it("advanced Database Insights keep 465 days, which cluster and members must both say", () => {
    const advanced = synthesized({ ...sources(), variables: { TAP_DATABASE_INSIGHTS: "advanced" } });
    for (const name of both) {
      const kept = {
        performance_insights_enabled: true,
        performance_insights_retention_period: 465,
        performance_insights_kms_key_id: expect.stringContaining("database-key"),
      };
      expect(only(advanced[name], "aws_rds_cluster")).toMatchObject({ database_insights_mode: "advanced", ...kept });
      for (const { values } of resources(advanced[name], "aws_rds_cluster_instance")) expect(values).toMatchObject(kept);
    }
    expect(only(production.primary, "aws_rds_cluster")).not.toHaveProperty("performance_insights_enabled");
  });
});

describe("regions", () => {
  it("the secondary holds copies of what the primary owns, and no credentials", () => {
    const { primary, secondary } = production;
    expect(resources(primary, "aws_rds_global_cluster")).toHaveLength(1);
    expect(resources(secondary, "aws_rds_global_cluster")).toHaveLength(0);
    expect(Object.keys(only(secondary, "aws_rds_cluster"))).not.toEqual(expect.arrayContaining(["master_username"]));
    expect(only(secondary, "aws_rds_cluster")).toMatchObject({
      source_region: "us-east-1",
      global_cluster_identifier: expect.stringContaining("data.terraform_remote_state"),
    });
    const replicas = resources(secondary, "aws_dynamodb_table_replica").map(({ values }) => values);
    expect(replicas).toHaveLength(2);
    for (const replica of replicas)
      expect(replica).toMatchObject({ global_table_arn: expect.stringContaining("data.terraform_remote_state"), point_in_time_recovery: true });
    expect(resources(secondary, "aws_dynamodb_table").map(({ values }) => values["name"])).toEqual(["tap-prod-audit-logs"]);
  });

  it("each stack reads and keeps its state beside the others', by a relative path", () => {
    expect(production.secondary.terraform.backend).toEqual({ local: { path: "../../../state/prod/secondary.tfstate" } });
    expect(Object.values(production.secondary.data["terraform_remote_state"] ?? {})).toMatchObject([
      { config: { path: "../../../state/prod/primary.tfstate" } },
    ]);
  });

  it("a team's state lies encrypted in its bucket, locked by S3 itself, a key a stack; the secondary reads the primary's there", () => {
    const state = { bucket: "tap-state", region: "eu-west-1", kmsKeyId: "alias/state" };
    const team = synthesized(sources({ state }));
    const at = (stack: string) => ({ bucket: "tap-state", region: "eu-west-1", kms_key_id: "alias/state", key: `tap/prod/${stack}.tfstate`, encrypt: true });
    for (const name of both) expect(team[name].terraform["backend"]).toEqual({ s3: { ...at(name), use_lockfile: true } });
    expect(Object.values(team.secondary.data["terraform_remote_state"] ?? {})).toMatchObject([{ backend: "s3", config: at("primary") }]);
  });

  it("each stack has a provider of its own region and an aliased one for its peer", () => {
    expect(production.primary.provider.aws.map(({ alias, region }) => ({ alias, region }))).toEqual([
      { region: "us-east-1" },
      { alias: "us-west-2", region: "us-west-2" },
    ]);
    expect(production.secondary.provider.aws.map(({ alias, region }) => ({ alias, region }))).toEqual([
      { region: "us-west-2" },
      { alias: "us-east-1", region: "us-east-1" },
    ]);
  });

  it("only the copies of the primary's credentials key are made through a peer's provider", () => {
    const elsewhere = (name: (typeof both)[number]) =>
      resources(production[name]).flatMap(({ type, values }) => (values["provider"] === undefined ? [] : [[type, values["provider"]]]));
    expect(elsewhere("primary")).toEqual([
      ["aws_kms_alias", "aws.us-west-2"],
      ["aws_kms_replica_key", "aws.us-west-2"],
    ]);
    expect(elsewhere("secondary")).toEqual([]);
  });
});

describe("policies", () => {
  it("let a role be assumed by one service only, on behalf of this account where the service says whom it acts for", () => {
    for (const { values } of resources(production.primary, "aws_iam_role")) {
      const trust = String(values["assume_role_policy"]);
      expect(trust).toMatch(/"Principal":\{"Service":"[a-z0-9.-]+\.amazonaws\.com"\}/);
      if (!trust.includes("ec2.amazonaws.com")) expect(trust).toContain("aws:SourceAccount");
    }
  });

  it("let an instance write metrics of the agent's namespace only", () => {
    const app = resources(production.primary, "aws_iam_role_policy").find(({ values }) => values["name"] === "app");
    expect(statements(app?.values["policy"]).find((statement) => statement.Sid === "Metrics")?.Condition).toEqual({
      StringEquals: { "cloudwatch:namespace": "CWAgent" },
    });
  });
});

interface GuardedArgument {
  readonly address: string;
  readonly argument: string;
  readonly value: unknown;
}

function guardedArguments(document: StackDocument): readonly GuardedArgument[] {
  return resources(document).flatMap(({ address, values }) =>
    Object.keys(deletionArguments)
      .filter((argument) => argument in values)
      .map((argument) => ({ address, argument, value: values[argument] })),
  );
}
