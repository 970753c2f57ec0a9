import { describe, expect, it } from "vitest";
import { settingsWarnings } from "../../stacks/settings/settings-warnings.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { mapOutput, only, resources, stateBucket } from "../support/synthesized-stacks.ts";
import { refusal, web, webSources } from "../support/web-stacks.ts";

const production = web();
const finance = web({ preset: "finance" });
const staging = web({ environment: "staging" });
const both = ["primary", "secondary"] as const;

function sized(rds: object, stack: "primary" | "secondary" = "primary") {
  return web({}, { [`prod/${stack}.json`]: { version: 1, rds } })[stack];
}

describe("the database of the primary", () => {
  const instance = only(production.primary, "aws_db_instance");

  it("has a standby in another zone, in every environment", () => {
    expect(instance).toMatchObject({ engine: "mysql", engine_version: "8.0", multi_az: true });
    expect(only(staging.primary, "aws_db_instance")["multi_az"]).toBe(true);
  });

  it("takes its password from a secret of ours: one that RDS manages would forbid replicas", () => {
    expect(instance["password"]).toMatch(/^\$\{aws_secretsmanager_secret_version\.mysql-secret_.+\.secret_string\}$/);
    expect(instance).not.toHaveProperty("manage_master_user_password");
  });

  it("says that it runs under Extended Support, without which 8.0 cannot be made", () => {
    expect(instance["engine_lifecycle_support"]).toBe("open-source-rds-extended-support");
  });

  it("waits for the maintenance window with what restarts it, and staging does not", () => {
    expect(instance["apply_immediately"]).toBe(false);
    expect(only(staging.primary, "aws_db_instance")["apply_immediately"]).toBe(true);
  });

  it("grows by itself, which is no change to Terraform", () => {
    expect(instance).toMatchObject({ storage_type: "gp3", allocated_storage: 50, max_allocated_storage: 200 });
    expect(instance).not.toHaveProperty("lifecycle");
  });
});

describe("the replica of the secondary", () => {
  const replica = only(production.secondary, "aws_db_instance");

  it("follows the primary by its ARN, with its own key, subnets and parameters", () => {
    expect(replica).toMatchObject({
      replicate_source_db: expect.stringMatching(/terraform_remote_state.+aws_db_instance.+arn\}$/),
      kms_key_id: expect.stringContaining("aws_kms_key.database-key"),
      db_subnet_group_name: expect.stringContaining("aws_db_subnet_group.mysql"),
      parameter_group_name: expect.stringContaining("aws_db_parameter_group.mysql"),
    });
  });

  it.each(["username", "password", "db_name", "engine", "allocated_storage", "engine_lifecycle_support"])("says nothing of %s", (argument) => {
    expect(replica).not.toHaveProperty(argument);
    expect(only(production.primary, "aws_db_instance")).toHaveProperty(argument);
  });

  it("stays what it is after it was promoted, and is recoverable then", () => {
    expect(replica["lifecycle"]).toEqual({ ignore_changes: ["replicate_source_db"] });
    expect(replica["backup_retention_period"]).toBe(7);
  });

  it("asks for no final snapshot, which AWS makes of no replica, but is protected", () => {
    expect(replica).toMatchObject({ skip_final_snapshot: true, deletion_protection: true, delete_automated_backups: false });
  });

  it("has no secret of its own", () => {
    expect(resources(production.secondary, "aws_secretsmanager_secret")).toEqual([]);
    expect(Object.keys(production.secondary.output)).not.toContain("rds_secret_arn");
  });
});

describe.each(both)("either database, as in %s,", (name) => {
  const stack = production[name];

  it("is encrypted with the stack's key and never public", () => {
    expect(only(stack, "aws_db_instance")).toMatchObject({
      storage_encrypted: true,
      kms_key_id: expect.stringContaining("aws_kms_key.database-key"),
      publicly_accessible: false,
      copy_tags_to_snapshot: true,
      auto_minor_version_upgrade: true,
      ca_cert_identifier: "rds-ca-rsa2048-g1",
    });
  });

  it("takes no connection in clear text, and writes its logs to files that are exported", () => {
    const group = only(stack, "aws_db_parameter_group");
    expect(group["family"]).toBe("mysql8.0");
    expect(group["parameter"]).toEqual(
      expect.arrayContaining([
        { name: "require_secure_transport", value: "1" },
        { name: "log_output", value: "FILE" },
      ]),
    );
    expect(only(stack, "aws_db_instance")["enabled_cloudwatch_logs_exports"]).toEqual(["error", "slowquery"]);
  });

  it("logs into groups made before it, encrypted", () => {
    const groups = resources(stack, "aws_cloudwatch_log_group").filter(({ values }) => String(values["name"]).startsWith("/aws/rds/"));
    expect(groups.map(({ values }) => String(values["name"])).toSorted()).toEqual([
      "/aws/rds/instance/tap-prod-mysql/error",
      "/aws/rds/instance/tap-prod-mysql/slowquery",
    ]);
    expect(only(stack, "aws_db_instance")["depends_on"]).toEqual(expect.arrayContaining(groups.map(({ address }) => address)));
    for (const { values } of groups) expect(values).toMatchObject({ kms_key_id: expect.stringContaining("logs-key"), retention_in_days: 90 });
  });

  it("is watched from inside", () => {
    expect(only(stack, "aws_db_instance")).toMatchObject({ monitoring_interval: 60, monitoring_role_arn: expect.stringContaining("aws_iam_role.mysql") });
  });

  it("stands in isolated subnets, and lets its own application in by group", () => {
    const subnets = only(stack, "aws_db_subnet_group")["subnet_ids"] as readonly string[];
    expect(subnets).toHaveLength(3);
    for (const subnet of subnets) expect(subnet).toContain("isolated");
  });
});

describe("Performance Insights", () => {
  it("watches classes that it can, with the stack's key", () => {
    for (const name of both)
      expect(only(finance[name], "aws_db_instance")).toMatchObject({
        performance_insights_enabled: true,
        performance_insights_retention_period: 7,
        performance_insights_kms_key_id: expect.stringContaining("database-key"),
      });
  });

  it.each(["db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"])("does not watch %s, where AWS refuses it", (instanceClass) => {
    const instance = only(sized({ instanceClass }), "aws_db_instance");
    expect(instance["performance_insights_enabled"]).toBe(false);
    expect(instance).not.toHaveProperty("performance_insights_kms_key_id");
  });

  it.each(["db.t3.medium", "db.t4g.medium", "db.m6g.large"])("watches %s", (instanceClass) => {
    expect(only(sized({ instanceClass }), "aws_db_instance")["performance_insights_enabled"]).toBe(true);
  });
});

describe("the version", () => {
  const warnings = (configuration: object) => settingsWarnings(readSettings(webSources({ state: stateBucket, ...configuration })));

  it("is warned of while it is billed Extended Support, in every environment", () => {
    for (const environment of ["production", "staging"])
      expect(warnings({ environment })).toMatchObject([
        { path: "rdsEngineVersion", message: expect.stringContaining("2026-07-31"), hint: expect.stringContaining("TAP_RDS_ENGINE_VERSION=8.4") },
      ]);
    expect(warnings({ rdsEngineVersion: "8.4" })).toEqual([]);
  });

  it("is not changed to another major one by mistake", () => {
    for (const name of both) expect(only(production[name], "aws_db_instance")).not.toHaveProperty("allow_major_version_upgrade");
  });

  it("may be 8.4, with parameters of its own that stand beside the old ones during an upgrade", () => {
    const upgraded = web({ rdsEngineVersion: "8.4" });
    for (const name of both) {
      expect(only(upgraded[name], "aws_db_instance")).toMatchObject({ engine_version: "8.4", allow_major_version_upgrade: true });
      expect(only(upgraded[name], "aws_db_parameter_group")).toMatchObject({
        family: "mysql8.4",
        name: "tap-prod-mysql-8-4",
        lifecycle: { create_before_destroy: true },
      });
    }
  });

  it.each(["5.7", "16.4", "8.0.mysql_aurora.3.04.0", "8.0.39"])("is not %s", (rdsEngineVersion) => {
    expect(refusal(webSources({ rdsEngineVersion }))).toContain("rdsEngineVersion: not a major version of RDS for MySQL: 8.0, 8.4");
  });
});

describe("sizes", () => {
  it.each([
    ["staging", staging, { instance_class: "db.t3.micro", allocated_storage: 20, backup_retention_period: 1 }],
    ["production", production, { instance_class: "db.t3.small", backup_retention_period: 7, deletion_protection: true, skip_final_snapshot: false }],
    ["finance", finance, { instance_class: "db.t3.medium", allocated_storage: 100, backup_retention_period: 7, deletion_protection: true }],
  ] as const)("of %s", (_, stacks, expected) => {
    expect(only(stacks.primary, "aws_db_instance")).toMatchObject(expected);
    expect(only(stacks.secondary, "aws_db_instance")["instance_class"]).toBe(expected.instance_class);
  });

  it("come from the sizing file", () => {
    expect(only(sized({ instanceClass: "db.m6g.large", storageGib: 120, backupRetentionDays: 14 }), "aws_db_instance")).toMatchObject({
      instance_class: "db.m6g.large",
      allocated_storage: 120,
      backup_retention_period: 14,
    });
    expect(only(sized({ instanceClass: "db.m6g.large" }, "secondary"), "aws_db_instance")["instance_class"]).toBe("db.m6g.large");
  });

  it("are found under the component's path, by the identifier that AWS knows", () => {
    for (const name of both) expect(mapOutput(production[name], "components")["rds"]).toEqual({ type: "aws_db_instance", id: "tap-prod-mysql" });
  });

  it.each([
    ["storage of a replica", { blueprint: "web" }, "secondary", { storageGib: 60 }, "a replica has as much as its source"],
    ["storage without room to grow", { blueprint: "web" }, "primary", { storageGib: 190 }, "190 GiB leaves no tenth to grow by below 200 GiB"],
    ["an RDS instance that is not there", { blueprint: "saas" }, "primary", { instanceClass: "db.t3.small" }, "the stack has no RDS instance"],
    ["less storage than gp3 has", { blueprint: "web" }, "primary", { storageGib: 5 }, "rds.storageGib"],
  ])("refuses %s", (_, configuration, stack, rds, message) => {
    expect(refusal(webSources(configuration, { [`prod/${stack}.json`]: { version: 1, rds } }))).toContain(message);
  });
});
