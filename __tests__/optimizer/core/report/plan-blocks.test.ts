import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import { planBlocks } from "../../../../optimizer/core/report/plan-blocks.ts";
import { samplePlan, sampleSkip } from "../../../support/sample-run.ts";

function text(plan: Plan = samplePlan()): string {
  return layout(planBlocks(plan, "f".repeat(64)), { width: 200, colour: false, unicode: true }).join("\n");
}

describe("planBlocks", () => {
  it("shows what changes, in the order it acts, with saving and projection", () => {
    expect(text()).toMatch(/us-west-2 canary +group tap-prod-asg +m5\.4xlarge → m5\.2xlarge +\$4,205\/month +CPU 26 % would become 52 %, allowed 80 %/);
    expect(text().indexOf("us-west-2 canary")).toBeLessThan(text().indexOf("us-east-1 follower"));
  });

  it("shows refused sizes with the figure that refuses them", () => {
    expect(text()).toContain("m5.xlarge refused: CPU 26 % would become 152 %, allowed 80 %");
  });

  it("shows every skip with its reason", () => {
    const skips = [sampleSkip(), sampleSkip({ code: "insufficient-data", detail: "11 of 14 days" })];
    const shown = text(samplePlan({ decisions: skips }));
    expect(shown).toMatch(/table tenant-acme-events +belongs to a tenant +tag TenantId/);
    expect(shown).toMatch(/not enough data +11 of 14 days/);
  });

  it("shows calendar, disruptions and the three figures of money apart", () => {
    const shown = text();
    expect(shown).toContain("day 3 00:00  phase 2: window closes in us-west-2");
    expect(shown).toContain("instance replacement, up to 5 min");
    expect(shown).toMatch(/estimated +\$8,410\/month/);
    expect(shown).toMatch(/commitment-capped +\$5,000\/month/);
    expect(shown).toMatch(/realized so far +not yet seen/);
    expect(shown).toMatch(/this tool's bill +\$0\.04 +spent on collecting; \$0\.04 more expected/);
  });

  it("says what is not known of a figure beside it, so that the column stays narrow", () => {
    const plan = samplePlan();
    const estimated = { kind: "partly" as const, usd: 1560, unknown: [{ what: "ingest", reason: "how much slower is not known" }] };
    expect(text({ ...plan, savings: { ...plan.savings, estimated } })).toMatch(
      /estimated +\$1,560\/month {2}and ingest \(how much slower is not known\); list prices/,
    );
  });

  it("says which region was left out", () => {
    const plan = samplePlan();
    expect(text({ ...plan, inventory: { ...plan.inventory, failedRegions: { "eu-west-1": "access denied" } } })).toContain(
      "eu-west-1 is left out: access denied",
    );
  });
});
