import { describe, expect, it } from "vitest";
import { report } from "../../../optimizer/app/report.ts";
import { samplePlan, sampleState } from "../../support/sample-run.ts";

describe("report", () => {
  it("gives programs what became of each resource, its evidence and its way back", () => {
    const json = JSON.parse(report(samplePlan(), sampleState()).json);
    expect(json).toMatchObject({ version: 1, run: { id: "run-1", outcome: "partly-rolled-back", account: "123456789012" }, timestamp: "2026-06-01T00:00Z" });
    expect(json.resources.map((each: { region: string; status: string }) => [each.region, each.status])).toEqual([
      ["us-west-2", "finished"],
      ["us-east-1", "rolled-back"],
    ]);
    expect(json.resources[0]).toMatchObject({ before: "m5.4xlarge", after: "m5.2xlarge", rollbackPlan: ["replace the instances by the old type"] });
    expect(json.resources[0].utilization[0]).toMatchObject({ dimension: "cpu", current: 0.26, projected: 0.52 });
    expect(json.skipped).toEqual([
      { rule: "dynamodb.unused-gsi", region: "us-east-1", resource: "tenant-acme-events", code: "tenant-resource", detail: "tag TenantId" },
    ]);
  });

  it("counts only what was kept in the estimate of kept changes", () => {
    const json = JSON.parse(report(samplePlan(), sampleState()).json);
    expect(json.savings.estimatedOfKeptChanges).toEqual({ kind: "known", usd: 4204.8 });
    expect(json.savings.estimated).toEqual({ kind: "known", usd: 8409.6 });
    expect(json.savings.realizedSoFarUsd).toBeNull();
  });
});
