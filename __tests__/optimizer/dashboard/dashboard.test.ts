import { describe, expect, it } from "vitest";
import { reportView } from "../../../optimizer/core/report/report-view.ts";
import { dashboard } from "../../../optimizer/dashboard/dashboard.ts";
import { escapeHtml } from "../../../optimizer/dashboard/markup.ts";
import { samplePlan, sampleProposal, sampleRecord, sampleSkip, sampleStartMs, sampleState } from "../../support/sample-run.ts";

const hostile = `</script><img src=x onerror=alert(1)>"'\`<b>`;

function page(plan = samplePlan(), state = sampleState()): string {
  return dashboard(reportView(plan, state, { kind: "not-yet", reason: "nothing was changed" }));
}

describe("dashboard", () => {
  it("escapes hostile names wherever they appear", () => {
    const proposal = sampleProposal(undefined, { part: hostile, from: hostile, reason: hostile });
    const skips = [
      sampleSkip({ resource: { kind: "dynamodb-table", region: hostile, id: hostile }, detail: hostile }),
      sampleSkip({ code: "still-read", detail: hostile }),
    ];
    const plan = samplePlan({ decisions: [proposal, ...skips] });
    const records = [sampleRecord({ type: "HOLD", at: sampleStartMs, region: hostile, phase: 2, op: null, body: { reason: hostile } })];
    const text = page(plan, sampleState({ runId: hostile, records }));
    expect(text).not.toContain("<img");
    expect(text).not.toContain("</script>");
    expect(text).not.toContain("<b>");
    expect(text).not.toMatch(/="[^"]*onerror=alert\(1\)>"/);
    expect(text).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&#96;&lt;b&gt;");
  });

  it("loads nothing and runs nothing", () => {
    const text = page();
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    expect(text).not.toMatch(/<script|<link|<iframe|\ssrc=|url\(|@import|\son\w+=|javascript:/i);
  });

  it("keeps the kinds of saving apart", () => {
    const text = page();
    for (const figure of ["$8,410/month", "$5,000/month", "not yet seen", "$4,205/month"]) expect(text).toContain(figure);
    expect(text).not.toContain("$13,410");
  });

  it("says unknown where a price is unknown", () => {
    const text = page(
      samplePlan({
        savings: { estimated: { kind: "unknown", reason: "no price for x9.large" }, commitmentCapped: { kind: "known", usd: 0 }, realizedSoFarUsd: null },
      }),
    );
    expect(text).toContain("unknown (no price for x9.large)");
    expect(text).toContain("$0.00/month");
  });

  it("shows refusals with the projected figure and roll-backs with their proof", () => {
    const text = page();
    expect(text).toContain("m5.xlarge refused: CPU 26 % would become 152 %, allowed 80 %");
    expect(text).toContain("verified by read-back");
    expect(text).toContain("p99 ×2.40 for two slots");
  });

  it("names excluded tenants with the reason", () => {
    const text = page();
    expect(text).toContain("table tenant-acme-events");
    expect(text).toContain("belongs to a tenant");
  });

  it("gives every table a caption and scoped headers, every section a heading", () => {
    const text = page();
    const tables = text.match(/<table>/g)?.length ?? 0;
    expect(tables).toBeGreaterThan(4);
    expect(text.match(/<caption>/g)).toHaveLength(tables);
    expect(text).not.toMatch(/<th>/);
    for (const id of text.matchAll(/aria-labelledby="([\w-]+)"/g)) expect(text).toContain(`id="${id[1]}"`);
  });

  it("is the same for the same run", () => {
    expect(page()).toBe(page());
  });
});

describe("escapeHtml", () => {
  it("drops controls and bidirectional overrides", () => {
    expect(escapeHtml("a\u202eb\u0000c\u200bd\ne")).toBe("abcd\ne");
  });
});
