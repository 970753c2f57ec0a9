import { describe, expect, it } from "vitest";
import { reportView } from "../../../optimizer/core/report/report-view.ts";
import { runPictures } from "../../../optimizer/core/report/page/pictures.ts";
import { chartData, plainText } from "../../../optimizer/dashboard/chart.ts";
import { runPage } from "../../../optimizer/dashboard/run-page.ts";
import { escapeHtml } from "../../../optimizer/dashboard/markup.ts";
import { samplePlan, sampleProposal, sampleRecord, sampleSkip, sampleStartMs, sampleState } from "../../support/sample-run.ts";

const hostile = `</script><img src=x onerror=alert(1)>"'\`<b>`;

function page(plan = samplePlan(), state = sampleState()): string {
  const realized = { kind: "not-yet", reason: "nothing was changed" } as const;
  const view = reportView(plan, state, realized);
  return runPage(view, runPictures(plan, state, view, realized, null), "/* the plotting library */");
}

describe("runPage", () => {
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
    expect(text.match(/<\/script>/g)).toHaveLength(3);
    expect(text).not.toContain("<b>");
    expect(text).not.toMatch(/="[^"]*onerror=alert\(1\)>"/);
    expect(text).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&#96;&lt;b&gt;");
  });

  it("loads nothing, and lets only its own two scripts run", () => {
    const text = page();
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1]?.replaceAll("&#39;", "'") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy.match(/script-src ([^;]+)/)?.[1]).toMatch(/^('sha256-[\w+/=]{44}' ?){2}$/);
    expect(policy).not.toMatch(/unsafe-eval|https?:|script-src[^;]*unsafe-inline/);
    expect(text.match(/<script/g)).toHaveLength(3); // the data block, the library, the page's own
    expect(text).not.toMatch(/<link|<iframe|\ssrc=|url\(|@import|\son\w+=|javascript:/i);
  });

  it("writes names into the data block so that none can end it", () => {
    const chart = { id: "x", description: "", variants: [{ label: hostile, traces: [{ name: hostile }] }], layout: {}, heightPx: 1 };
    expect(chartData([chart])).not.toContain("<");
    expect(JSON.parse(chartData([chart])).x.variants[0].label).toBe(hostile);
  });

  it("gives the plotting library names without markup of its own, since it reads some", () => {
    expect(plainText(`<a href="x">&amp;</a> %{y} \u202e`)).toBe('&lt;a href="x"&gt;&amp;amp;&lt;/a&gt; % {y} ');
  });

  it("says in one sentence what was kept, what it saves of the whole bill, and what was undone", () => {
    const services = [
      { region: "us-east-1", service: "Amazon ElastiCache", monthlyUsd: 15_795.2 },
      { region: "us-west-2", service: "Amazon Elastic Compute Cloud - Compute", monthlyUsd: 42_048 - 15_795.2 },
    ];
    const text = page(samplePlan({ costs: { days: 14, services } }));
    expect(text).toContain(
      "1 of 2 changes kept: −$4,205 a month, 10 % of $42,048 (rate of the last 14 days); 1 region rolled back and verified; no tenant&#39;s resource was touched.",
    );
    // What nothing touches is in the picture, too.
    expect(text).toMatch(/Amazon ElastiCache<\/th>\s*<td[^>]*><div>\$15,795<\/div><\/td>\s*<td[^>]*><div>\$15,795<\/div><\/td>\s*<td[^>]*><div>untouched/);
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

  it("shows refusals with the projected figure and rollbacks with their proof", () => {
    const text = page();
    expect(text).toContain("m5.xlarge refused: CPU 26 % would become 152 %, allowed 80 %");
    expect(text).toContain("verified by read-back");
    expect(text).toContain("p99 ×2.40 for two slots");
  });

  it("names excluded tenants with the reason", () => {
    const text = page();
    expect(text).toContain("table tenant-acme-events");
    expect(text).toContain("tag TenantId");
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
