import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sizingSchema, type Sizing } from "../../contract/sizing.ts";
import type { TableDefinition } from "../../constructs/data/table-definition.ts";
import type { Problem } from "../../stacks/settings/problem.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import { applySizing } from "../../stacks/settings/sizing-overrides.ts";
import { compared } from "../support/alarm-resources.ts";
import { resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const before = synthesized(sources()).primary;

/** Types of the resources that differ to Terraform, are new or gone. */
function changedTypes(after: StackDocument): readonly string[] {
  const [old, now] = [before, after].map((stack) => new Map(resources(stack).map((one) => [one.address, JSON.stringify(compared(one).values)])));
  const addresses = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  const changed = addresses.filter((address) => old?.get(address) !== now?.get(address));
  return [...new Set(changed.map((address) => address.split(".")[0] ?? ""))].sort();
}

const smallReader = { "tap-prod-aurora-2": { instanceClass: "db.r6g.large" } };

/** Path in the contract → a sizing of the primary → what it changes there, and nothing else. */
const sizes: Readonly<Record<string, readonly [Omit<Sizing, "version">, readonly string[]]>> = {
  "compute.instanceType": [{ compute: { instanceType: "m5.xlarge" } }, ["aws_launch_template"]],
  "compute.minSize": [{ compute: { minSize: 6 } }, ["aws_autoscaling_group"]],
  "compute.desiredCapacity": [{ compute: { desiredCapacity: 13 } }, ["aws_autoscaling_group"]],
  "compute.maxSize": [{ compute: { maxSize: 20 } }, ["aws_autoscaling_group"]],
  "tables.*.absentIndexes": [{ tables: { users: { absentIndexes: ["by-role"] } } }, ["aws_dynamodb_table"]],
  "tables.*.stream": [{ tables: { "audit-logs": { stream: "off" } } }, ["aws_dynamodb_table"]],
  "tables.*.billingMode": [{ tables: { "audit-logs": { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 50 } } }, ["aws_dynamodb_table"]],
  "tables.*.readCapacity": [{ tables: { "audit-logs": { billingMode: "PROVISIONED", readCapacity: 6, writeCapacity: 50 } } }, ["aws_dynamodb_table"]],
  "tables.*.writeCapacity": [{ tables: { "audit-logs": { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 60 } } }, ["aws_dynamodb_table"]],
  "aurora.instances.*.instanceClass": [{ aurora: { instances: smallReader } }, ["aws_rds_cluster_instance"]],
  "aurora.instances.*.absent": [{ aurora: { instances: { "tap-prod-aurora-3": { absent: true } } } }, ["aws_rds_cluster_instance"]],
  "aurora.backupRetentionDays": [{ aurora: { backupRetentionDays: 7 } }, ["aws_rds_cluster"]],
  "redis.nodeType": [{ redis: { nodeType: "cache.r6g.large" } }, ["aws_elasticache_replication_group"]],
  "redis.shards": [{ redis: { shards: 2 } }, ["aws_elasticache_replication_group"]],
  "redis.replicasPerShard": [{ redis: { replicasPerShard: 1 } }, ["aws_elasticache_replication_group"]],
};

/** Those take a whole component or region, or are another database's; tests of their own follow them. */
const elsewhere = ["aurora.absent", "redis.absent", "regionAbsent", "aurora.minAcu", "aurora.maxAcu"];

describe("each size of the contract", () => {
  it.each(Object.entries(sizes))("%s changes its own resource only", (_, [sizing, types]) => {
    expect(changedTypes(synthesized(sources({}, { "prod/primary.json": { version: 1, ...sizing } })).primary)).toEqual(types);
  });

  it("is one of these: none of saas's components has a size that nobody looks at", () => {
    const ofSaas = leaves(z.toJSONSchema(sizingSchema)).filter((path) => /^(?:compute|tables|aurora|redis|regionAbsent)\b/.test(path));
    expect([...ofSaas].sort()).toEqual([...Object.keys(sizes), ...elsewhere].sort());
  });
});

describe("what a size must leave to AWS", () => {
  it("the group's desired capacity is scaling's; capacity of a table is not, since nothing scales it here", () => {
    const fixed = synthesized(sources({}, { "prod/primary.json": { version: 1, ...sizes["tables.*.billingMode"]?.[0] } })).primary;
    const ignored = (type: string) => resources(fixed, type).map(({ values }) => values["lifecycle"]);
    expect(ignored("aws_autoscaling_group")).toEqual([{ ignore_changes: ["desired_capacity"] }]);
    for (const lifecycle of ignored("aws_dynamodb_table")) expect(lifecycle).toEqual({ ignore_changes: ["replica"] });
    expect(resources(fixed, "aws_appautoscaling_target")).toEqual([]);
  });
});

describe("a table whose capacity the blueprint fixes", () => {
  const billing = { mode: "PROVISIONED", readCapacity: 500, writeCapacity: 500 } as const;
  const sized = (sizing: NonNullable<Sizing["tables"]>[string]) => {
    const [stack] = readSettings(sources()).stacks;
    if (stack === undefined) throw new Error("no stack");
    const tables = stack.components.tables.map((table): TableDefinition => (table.key === "audit-logs" ? { ...table, billing } : table));
    const problems: Problem[] = [];
    const after = applySizing({ ...stack, components: { ...stack.components, tables } }, { tables: { "audit-logs": sizing } }, "x", problems);
    return { billing: after.components.tables.find(({ key }) => key === "audit-logs")?.billing, problems };
  };

  it("keeps the one when only the other is said", () => {
    expect(sized({ readCapacity: 50 })).toEqual({ billing: { ...billing, readCapacity: 50 }, problems: [] });
    expect(sized({ writeCapacity: 50 })).toEqual({ billing: { ...billing, writeCapacity: 50 }, problems: [] });
  });

  it("is paid by request when it says so", () => {
    expect(sized({ billingMode: "PAY_PER_REQUEST" })).toEqual({ billing: { mode: "PAY_PER_REQUEST" }, problems: [] });
  });

  it("cannot have none", () => {
    expect(sized({ readCapacity: 0 })).toMatchObject({ billing, problems: [{ message: "billingMode PROVISIONED without capacity" }] });
  });
});

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
}

/** Paths of all values; `*` for a name that the user gives. */
function leaves(schema: unknown, path: readonly string[] = []): readonly string[] {
  const { properties, additionalProperties } = schema as JsonSchema;
  if (properties !== undefined) return Object.entries(properties).flatMap(([name, inner]) => leaves(inner, [...path, name]));
  if (typeof additionalProperties === "object" && additionalProperties !== null) return leaves(additionalProperties, [...path, "*"]);
  return [path.join(".")];
}
