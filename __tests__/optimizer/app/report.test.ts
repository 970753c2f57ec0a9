import { describe, expect, it } from "vitest";
import { report } from "../../../optimizer/app/report.ts";
import { samplePlan, sampleState } from "../../support/sample-run.ts";

const notYet = { kind: "not-yet", reason: "nothing was changed" } as const;
const parts = { plan: samplePlan(), state: sampleState(), realized: notYet, baseline: null, plotly: "" };

describe("report", () => {
  it("gives programs what became of each resource, its evidence and its way back", () => {
    const json = JSON.parse(report(parts).json);
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
    const json = JSON.parse(report(parts).json);
    expect(json.savings.estimatedOfKeptChanges).toEqual({ kind: "known", usd: 4204.8 });
    expect(json.savings.estimated).toEqual({ kind: "known", usd: 8409.6 });
    expect(json.savings.realizedSoFarUsd).toBeNull();
  });

  it("tells what was realized and what the changes cost before and after, kept ones apart", () => {
    const [west, east] = samplePlan().decisions.flatMap((decision) =>
      decision.kind === "proposal"
        ? [{ ...decision, monthlyCost: { before: { kind: "known" as const, usd: 8409.6 }, after: { kind: "known" as const, usd: 4204.8 } } }]
        : [],
    );
    if (west === undefined || east === undefined) throw new Error("the sample proposes for two regions");
    const seen = {
      kind: "seen",
      usd: 12.5,
      savings: [{ region: "us-west-2", service: "EC2", comparedAt: "equal-weekdays", days: 2, usd: 12.5 }],
      costExplorerRequests: 1,
    } as const;
    const json = JSON.parse(report({ ...parts, plan: samplePlan({ decisions: [west, east] }), realized: seen }).json);
    expect(json.monthlyCost).toEqual({
      before: { kind: "known", usd: 16_819.2 },
      afterAll: { kind: "known", usd: 8409.6 },
      afterKept: { kind: "known", usd: expect.closeTo(12_614.4) },
    });
    expect(json.resources.map((each: { kept: boolean }) => each.kept)).toEqual([true, false]);
    expect(json.savings.realizedSoFarUsd).toBe(12.5);
    expect(json.realized).toEqual(seen);
  });
});
