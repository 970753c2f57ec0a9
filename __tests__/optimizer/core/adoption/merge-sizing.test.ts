import { describe, expect, it } from "vitest";
import { emptySizing } from "../../../../contract/sizing.ts";
import { mergeSizing } from "../../../../optimizer/core/adoption/merge-sizing.ts";

const absentIndex = { type: "aws_dynamodb_table", id: "tap-prod-tenants", property: "absentIndexes", operation: "append", value: "by-plan" } as const;

describe("mergeSizing", () => {
  it("appends an index once, however often it is merged", () => {
    const once = mergeSizing(emptySizing, "tables.tenants", absentIndex);
    expect(once).toEqual({ version: 1, tables: { tenants: { absentIndexes: ["by-plan"] } } });
    expect(mergeSizing(once, "tables.tenants", absentIndex)).toEqual(once);
  });

  it("keeps the indexes adopted before", () => {
    const before = mergeSizing(emptySizing, "tables.tenants", { ...absentIndex, value: "by-region" });
    expect(mergeSizing(before, "tables.tenants", absentIndex).tables?.["tenants"]?.absentIndexes).toEqual(["by-plan", "by-region"]);
    const later = mergeSizing(before, "tables.tenants", { ...absentIndex, value: "by-status" });
    expect(later.tables?.["tenants"]?.absentIndexes).toEqual(["by-region", "by-status"]);
  });

  it("keeps dots in an instance's identifier", () => {
    const change = { type: "aws_rds_cluster_instance", id: "tap.prod.1", property: "instanceClass", operation: "set", value: "db.r6g.xlarge" } as const;
    expect(mergeSizing(emptySizing, "aurora.instances.tap.prod.1", change)).toEqual({
      version: 1,
      aurora: { instances: { "tap.prod.1": { instanceClass: "db.r6g.xlarge" } } },
    });
  });

  it.each([
    ["functions.ar.chive", { type: "aws_lambda_function", property: "memoryMib", value: 1024 }, { functions: { "ar.chive": { memoryMib: 1024 } } }],
    ["services.ap.p", { type: "aws_ecs_service", property: "cpu", value: 512 }, { services: { "ap.p": { cpu: 512 } } }],
    ["tables.ten.ants", { type: "aws_dynamodb_table", property: "readCapacity", value: 5 }, { tables: { "ten.ants": { readCapacity: 5 } } }],
  ])("keeps dots in the key of %s", (path, change, expected) => {
    expect(mergeSizing(emptySizing, path, { id: "x", operation: "set", ...change })).toEqual({ version: 1, ...expected });
  });

  it("refuses a path that sizing files do not have", () => {
    expect(() => mergeSizing(emptySizing, "queues", { ...absentIndex, operation: "set" })).toThrow(/queues\.absentIndexes = "by-plan" cannot be written/);
  });

  it("does not let a table named __proto__ reach the prototype", () => {
    try {
      mergeSizing(emptySizing, "tables.__proto__", absentIndex);
    } catch (error) {
      expect(error).toMatchObject({ code: "sizing-not-expressible" });
    }
    expect(Object.hasOwn(Object.prototype, "absentIndexes")).toBe(false);
  });
});
