import { describe, expect, it } from "vitest";
import { z } from "zod";
import { resources, sources, synthesized, type StackDocument } from "../support/synthesized-stacks.ts";

const production = synthesized(sources());

const index = z.object({ name: z.string(), hash_key: z.string(), range_key: z.string().optional(), projection_type: z.string() });
const tableSchema = z.object({
  name: z.string(),
  billing_mode: z.string(),
  hash_key: z.string(),
  range_key: z.string().optional(),
  attribute: z.array(z.object({ name: z.string(), type: z.string() })),
  global_secondary_index: z.array(index),
  stream_view_type: z.string(),
  point_in_time_recovery: z.object({ enabled: z.boolean() }),
});

function tables(stack: StackDocument): readonly z.infer<typeof tableSchema>[] {
  return resources(stack, "aws_dynamodb_table").map(({ values }) => tableSchema.parse(values));
}

describe("tables", () => {
  it("the primary owns three, the secondary its own audit logs and copies of the others", () => {
    const names = (stack: StackDocument) => tables(stack).map((table) => table.name);
    expect(new Set(names(production.primary))).toEqual(new Set(["tap-prod-audit-logs", "tap-prod-tenants", "tap-prod-users"]));
    expect(names(production.secondary)).toEqual(["tap-prod-audit-logs"]);
    expect(resources(production.secondary, "aws_dynamodb_table_replica")).toHaveLength(2);
  });

  it.each(tables(production.primary))("$name: on demand, four indexes, stream of both images, recovery", (table) => {
    expect(table).toMatchObject({ billing_mode: "PAY_PER_REQUEST", stream_view_type: "NEW_AND_OLD_IMAGES", point_in_time_recovery: { enabled: true } });
    expect(new Set(table.global_secondary_index.map(({ name }) => name)).size).toBe(4);
  });

  it.each(tables(production.primary))("$name: declares exactly the attributes that its keys use", (table) => {
    const keys = [table, ...table.global_secondary_index].flatMap(({ hash_key, range_key }) => (range_key === undefined ? [hash_key] : [hash_key, range_key]));
    expect(table.attribute.map(({ name }) => name)).toEqual([...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)));
  });
});
