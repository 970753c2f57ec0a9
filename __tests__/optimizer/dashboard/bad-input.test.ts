import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planReport, report } from "../../../optimizer/app/report.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import type { RunState } from "../../../optimizer/core/model/run-state.ts";
import { planCsv } from "../../../optimizer/core/report/plan-csv.ts";
import { planMarkdown } from "../../../optimizer/core/report/plan-markdown.ts";
import { mostRows } from "../../../optimizer/dashboard/table.ts";
import { checkoutFiles } from "../../support/checkout-files.ts";
import { sampleAction, samplePlan, sampleProposal, sampleRecord, sampleSkip, sampleStage, sampleStartMs, sampleState } from "../../support/sample-run.ts";
import { planOfManyResources } from "../../support/thousand-resources.ts";

const notYet = { kind: "not-yet", reason: "nothing was changed" } as const;
const library = "/* the plotting library */";
/** What would rewrite the text around it, or what a terminal or a spreadsheet would act on. */
const invisible = /(?![\t\n\r])\p{Cc}|\p{Cf}/u;

function runFiles(plan: Plan, state: RunState = sampleState()) {
  return report({ plan, state, realized: notYet, baseline: null, plotly: library });
}

interface BadName {
  readonly name: string;
  readonly text: string;
  /** How a page writes it. */
  readonly written: string;
}

const badNames: readonly BadName[] = [
  { name: "markup", text: `<img src=x onerror=alert(1)>`, written: "&lt;img src=x onerror=alert(1)&gt;" },
  { name: "the end of a script", text: "</script><script>alert(1)</script>", written: "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" },
  { name: "a comment", text: "<!--<script>", written: "&lt;!--&lt;script&gt;" },
  { name: "quotes", text: `" onmouseover="alert(1)" x='y'`, written: "&quot; onmouseover=&quot;alert(1)&quot; x=&#39;y&#39;" },
  { name: "right-to-left marks", text: "a\u202eb\u2066c\u2069d\u200fe", written: "abcde" },
  { name: "emoji", text: "🚀 caf\u00e9 数据库", written: "🚀 café 数据库" },
  { name: "half of an emoji", text: "a\ud83d", written: "a\ufffd" },
  { name: "1,024 characters", text: "x".repeat(1024), written: "x".repeat(1024) },
  { name: "control sequences", text: "a\u001b[31mb\u0007c\u0000\u009b2J", written: "a[31mbc2J" },
  { name: "a formula", text: "=HYPERLINK(1)", written: "=HYPERLINK(1)" },
  { name: "a template of the plotting library", text: "%{x} <br> &lt;", written: "%{x} &lt;br&gt; &amp;lt;" },
];

function named(text: string): { readonly plan: Plan; readonly state: RunState } {
  const action = sampleAction({ resource: { kind: "auto-scaling-group", region: "us-east-1", id: text }, summary: text });
  const proposal = sampleProposal(action, { part: text, from: text, to: text, reason: text, warnings: [text] });
  const skips = [
    sampleSkip({ resource: { kind: "dynamodb-table", region: text, id: text }, detail: text }),
    sampleSkip({ code: "still-read", detail: text, part: text }),
  ];
  const plan = samplePlan({ decisions: [proposal, ...skips], costs: { days: 14, services: [{ region: "us-east-1", service: text, monthlyUsd: 10 }] } });
  const records = [sampleRecord({ type: "HOLD", at: sampleStartMs, region: text, phase: 2, op: null, body: { reason: text } })];
  return { plan, state: sampleState({ runId: text, records }) };
}

/** A page without the parts that are ours: what is left was made of names. */
function body(page: string): string {
  return page.replace(/<style.*?<\/style>/s, "").replace(/<script>.*$/s, "");
}

describe.each(badNames)("names with $name", ({ text, written }) => {
  const { plan, state } = named(text);
  const pages = [runFiles(plan, state).html, planReport(plan, "a".repeat(64), null, library)];

  it("stand on both pages as text, without what is invisible", () => {
    for (const page of pages) {
      expect(page).toContain(written);
      expect(body(page)).not.toMatch(/<img|<br>|onmouseover="|<!--/);
      expect(page.match(/<script/g)).toHaveLength(3);
      expect(page).not.toMatch(invisible);
      expect(Buffer.from(page, "utf8").toString("utf8")).toBe(page);
      const data = /<script type="application\/json" id="chart-data">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
      expect(Object.keys(JSON.parse(data))).toContain("costs");
      expect(data).not.toContain("%{x} &lt;");
    }
  });

  it("are no formula in the CSV, and neither markup nor a line of their own in the markdown", () => {
    for (const cell of planCsv(plan).split(/[,\r\n]+/)) expect(cell.replace(/^"/, "")).not.toMatch(/^[=+@\t]|^-\D/);
    expect(planMarkdown(plan, "a".repeat(64))).not.toMatch(/<img|<script|<!--|\p{Cc}(?<![\n])/u);
  });
});

describe("a page of", () => {
  it("nothing at all says so in each view, and draws no empty picture", () => {
    const plan = samplePlan({
      decisions: [],
      phases: [1, 2, 3].map((number) => ({ number: number as 1 | 2 | 3, stages: [] })),
      calendar: [],
      savings: { estimated: { kind: "known", usd: 0 }, commitmentCapped: { kind: "known", usd: 0 }, realizedSoFarUsd: null },
    });
    const state = sampleState({ phases: [], outcome: "nothing-to-do" });
    const { html } = runFiles(plan, state);
    expect(html).toContain("0 of 0 changes kept");
    expect(html.match(/class="none"/g)?.length).toBeGreaterThanOrEqual(5);
    expect(html.match(/data-chart="/g)).toHaveLength(1 + 1); // the script's own selector, and the savings
    expect(planReport(plan, "a".repeat(64), null, library)).toContain("0 changes proposed");
  });

  it("10,000 resources has the first rows of each table, says how many there are, and keeps all of them in report.json", () => {
    const skips = Array.from({ length: 10_000 }, (_, index) =>
      sampleSkip({ code: "still-read", resource: { kind: "dynamodb-table", region: "us-east-1", id: `table-${index}` } }),
    );
    const { html, json } = runFiles(samplePlan({ decisions: [sampleProposal(), ...skips] }));
    expect(html).toContain("The first 1,000 of 10,000 rows");
    expect(html).toContain(`table table-${mostRows - 1}<`);
    expect(html).not.toContain(`table table-${mostRows}<`);
    expect(JSON.parse(json).skipped).toHaveLength(10_000);
  });

  it("1,000 resources, each with a change and fourteen figures, takes no more than 6 MiB with the library", () => {
    const libraryBytes = statSync(checkoutFiles.plottingLibrary).size;
    const plan = planOfManyResources();
    for (const page of [runFiles(plan).html, planReport(plan, "a".repeat(64), null, library)])
      expect(Buffer.byteLength(page) + libraryBytes).toBeLessThan(6 * 1024 * 1024);
  });

  it("a plan without prices says unknown, with the reason, and sums nothing it does not know", () => {
    const unknown = { kind: "unknown", what: "m5.2xlarge", reason: "no price" } as const;
    const plan = samplePlan({
      decisions: [sampleProposal(undefined, { savings: unknown })],
      savings: { estimated: unknown, commitmentCapped: unknown, realizedSoFarUsd: null },
    });
    for (const page of [runFiles(plan).html, planReport(plan, "a".repeat(64), null, library)]) {
      expect(page).toContain("unknown: m5.2xlarge (no price)");
      expect(page).toContain("Cost Explorer could not be read");
      expect(body(page)).not.toMatch(/NaN|undefined|−\$0|\$0\.00 a month/);
    }
  });

  it("a run still going says so first, and that a change is not kept before its window has passed", () => {
    const stage = {
      ...sampleStage("us-west-2", "observing"),
      actions: [{ actionId: "asg.instance-type:us-west-2:tap-prod-asg", status: "applied", steps: {} }],
    } as const;
    const { outcome: _, ...open } = sampleState({ phases: [{ number: 2, status: "open", stages: [stage] }] });
    const { html } = runFiles(samplePlan(), open);
    expect(html).toContain("This run is still going");
    expect(html.indexOf("This run is still going")).toBeLessThan(html.indexOf('class="verdict"'));
    expect(html).toContain("applied, its window is not over");
  });

  it("a run that was rolled back says that nothing is kept, what was undone and that it was read back", () => {
    const { html } = runFiles(
      samplePlan(),
      sampleState({ phases: [{ number: 2, status: "rolled-back", stages: [sampleStage("us-east-1", "rolled-back")] }], outcome: "rolled-back" }),
    );
    expect(html).toContain("0 of 2 changes kept");
    expect(html).toContain("1 region rolled back and verified");
    expect(html).toContain("verified by read-back");
    expect(html).not.toContain("applied and kept");
  });
});
