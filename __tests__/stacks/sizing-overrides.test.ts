import { describe, expect, it } from "vitest";
import { UserError } from "../../contract/user-error.ts";
import type { Sizing } from "../../contract/sizing.ts";
import type { Problem } from "../../stacks/settings/problem.ts";
import { applySizing } from "../../stacks/settings/sizing-overrides.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { mapOutput, only, resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

function sized(sizing: Omit<Sizing, "version">, stack: "primary" | "secondary" = "primary"): StackDocument {
  return synthesized(sources({}, { [`prod/${stack}.json`]: { version: 1, ...sizing } }))[stack];
}

function problems(sizing: Omit<Sizing, "version">, stack: "primary" | "secondary" = "primary"): string {
  try {
    readSettings(sources({}, { [`prod/${stack}.json`]: { version: 1, ...sizing } }));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "";
}

function table(document: StackDocument, name: string) {
  return resources(document, "aws_dynamodb_table").find(({ values }) => values["name"] === name)?.values;
}

describe("a size in the sizing file reaches the stack", () => {
  it("compute", () => {
    const stack = sized({ compute: { instanceType: "m5.2xlarge", minSize: 6, desiredCapacity: 10, maxSize: 20 } });
    expect(only(stack, "aws_launch_template")["instance_type"]).toBe("m5.2xlarge");
    expect(only(stack, "aws_autoscaling_group")).toMatchObject({ min_size: 6, desired_capacity: 10, max_size: 20 });
  });

  it("an absent index goes with the attribute that only it used", () => {
    const tenants = table(sized({ tables: { tenants: { absentIndexes: ["by-plan"] } } }), "tap-prod-tenants");
    expect(tenants?.["global_secondary_index"]).toMatchObject([{ name: "by-domain" }, { name: "by-status" }, { name: "by-owner" }]);
    expect(tenants?.["attribute"]).toEqual([
      { name: "domain", type: "S" },
      { name: "owner", type: "S" },
      { name: "pk", type: "S" },
      { name: "sk", type: "S" },
      { name: "status", type: "S" },
    ]);
  });

  it("a stream that is off has no view, no output", () => {
    const stack = sized({ tables: { "audit-logs": { stream: "off" } } });
    expect(table(stack, "tap-prod-audit-logs")).toMatchObject({ stream_enabled: false });
    expect(table(stack, "tap-prod-audit-logs")).not.toHaveProperty("stream_view_type");
    expect(mapOutput(stack, "dynamodb_tables")["audit-logs"]).not.toHaveProperty("stream_arn");
  });

  it("provisioned capacity, of the table and its indexes", () => {
    const logs = table(sized({ tables: { "audit-logs": { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 50 } } }), "tap-prod-audit-logs");
    expect(logs).toMatchObject({
      billing_mode: "PROVISIONED",
      read_capacity: 5,
      write_capacity: 50,
      global_secondary_index: Array.from({ length: 4 }, () => expect.objectContaining({ read_capacity: 5, write_capacity: 50 })),
    });
  });

  it("aurora: class and absence by identifier, backups", () => {
    const stack = sized({
      aurora: { backupRetentionDays: 7, instances: { "tap-prod-aurora-1": { instanceClass: "db.r6g.xlarge" }, "tap-prod-aurora-3": { absent: true } } },
    });
    expect(resources(stack, "aws_rds_cluster_instance").map(({ values }) => [values["identifier"], values["instance_class"]])).toEqual([
      ["tap-prod-aurora-1", "db.r6g.xlarge"],
      ["tap-prod-aurora-2", "db.r6g.4xlarge"],
    ]);
    expect(only(stack, "aws_rds_cluster")["backup_retention_period"]).toBe(7);
    expect(Object.keys(mapOutput(stack, "components"))).not.toContain("aurora.instances.tap-prod-aurora-3");
  });

  it("redis", () => {
    expect(only(sized({ redis: { nodeType: "cache.r6g.xlarge", shards: 2, replicasPerShard: 1 } }), "aws_elasticache_replication_group")).toMatchObject({
      node_type: "cache.r6g.xlarge",
      num_node_groups: 2,
      replicas_per_node_group: 1,
      multi_az_enabled: true,
    });
  });

  it("without replicas redis stays in one zone", () => {
    expect(only(sized({ redis: { replicasPerShard: 0 } }), "aws_elasticache_replication_group")).toMatchObject({
      automatic_failover_enabled: true,
      multi_az_enabled: false,
    });
  });

  it("an absent cache has no resource, no output, no secret to read", () => {
    const stack = sized({ redis: { absent: true } });
    expect(resources(stack, "aws_elasticache_replication_group")).toEqual([]);
    expect(Object.keys(stack.output).filter((name) => name.startsWith("redis"))).toEqual([]);
    expect(JSON.stringify(stack.resource["aws_iam_role_policy"])).not.toContain("redis");
  });

  it("an absent region leaves an empty stack that still knows its providers", () => {
    const stack = sized({ regionAbsent: true }, "secondary");
    expect(resources(stack)).toEqual([]);
    expect(Object.keys(stack.output).sort()).toEqual(["environment_suffix", "stack_name", "stack_region"]);
    expect(stack.provider.aws).toHaveLength(2);
  });

  it("and changes the other stack in nothing", () => {
    const shrunk = synthesized(sources({}, { "prod/primary.json": { version: 1, compute: { instanceType: "m5.large" } } }));
    expect(only(shrunk.secondary, "aws_launch_template")["instance_type"]).toBe("m5.4xlarge");
  });
});

describe("a size that has no place is a problem", () => {
  it.each([
    [{ tables: { invoices: {} } }, "tables.invoices: the stack owns no such table"],
    [{ tables: { tenants: { absentIndexes: ["by-colour"] } } }, "the table has no index by-colour"],
    [{ tables: { tenants: { stream: "off" } } }, "a global table cannot do without its stream"],
    [{ tables: { tenants: { billingMode: "PROVISIONED", readCapacity: 1, writeCapacity: 1 } } }, "falls behind its replicas"],
    [{ tables: { "audit-logs": { billingMode: "PROVISIONED" } } }, "billingMode PROVISIONED without capacity"],
    [{ tables: { "audit-logs": { readCapacity: 5 } } }, "paid by request"],
    [{ aurora: { instances: { "tap-prod-aurora-9": { absent: true } } } }, "the cluster has no such instance"],
    [
      { aurora: { instances: { "tap-prod-aurora-1": { absent: true }, "tap-prod-aurora-2": { absent: true }, "tap-prod-aurora-3": { absent: true } } } },
      "no instance is left",
    ],
    [{ aurora: { minAcu: 1 } }, "the cluster is not serverless"],
    [{ aurora: { absent: true } }, "its primary cluster is absent"],
    [{ compute: { minSize: 20 } }, "are not in this order"],
    [{ regionAbsent: true }, "the primary owns the global tables and database"],
  ] satisfies readonly (readonly [Omit<Sizing, "version">, string])[])("%j", (sizing, expected) => {
    expect(problems(sizing)).toContain(expected);
  });

  it.each([
    [{ compute: { minSize: 1 } }, { compute: null }, "compute: the stack has no Auto Scaling group"],
    [{ aurora: { backupRetentionDays: 1 } }, { aurora: null }, "aurora: the stack has no database"],
    [{ redis: { shards: 1 } }, { redis: null }, "redis: the stack has no cache"],
  ] as const)("%j where the blueprint has none of it", (sizing, absent, expected) => {
    const found: Problem[] = [];
    for (const stack of readSettings(sources()).stacks)
      applySizing({ ...stack, components: { ...stack.components, ...absent } }, sizing, "sizing/x.json", found);
    expect(found.map(({ path, message }) => `${path}: ${message}`)).toEqual([`sizing/x.json: ${expected}`, `sizing/x.json: ${expected}`]);
  });

  it("but a table that was global may lose its stream once no other region is left", () => {
    const sizing = { "prod/primary.json": { version: 1, tables: { tenants: { stream: "off" } } }, "prod/secondary.json": { version: 1, regionAbsent: true } };
    expect(table(synthesized(sources({}, sizing)).primary, "tap-prod-tenants")).toMatchObject({ stream_enabled: false });
  });

  it("in the secondary, a size of a table it only copies", () => {
    expect(problems({ tables: { tenants: { absentIndexes: ["by-plan"] } } }, "secondary")).toContain("the stack owns no such table");
  });
});
