import { describe, expect, it } from "vitest";
import { only, resources, sources, synthesized } from "../support/synthesized-stacks.ts";

/** Values of this blueprint; what must hold in every one is in safety.test.ts. */
const production = synthesized(sources());
const both = ["primary", "secondary"] as const;

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
