import { describe, expect, it } from "vitest";
import { planCsv } from "../../../../optimizer/core/report/plan-csv.ts";
import { planMarkdown } from "../../../../optimizer/core/report/plan-markdown.ts";
import { sampleAction, samplePlan, sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

const hash = "a".repeat(64);
const hostile = `<img src=x> | @everyone\n=cmd()\u202e "q"`;

describe("planMarkdown", () => {
  it("leads with the verdict and a table of changes, and folds the rest", () => {
    const text = planMarkdown(samplePlan(), hash);
    expect(text.split("\n")[2]).toContain("2 changes proposed: −$8,410 a month");
    expect(text).toContain("| group tap-prod-asg | us-west-2 | m5.4xlarge → m5.2xlarge | $4,205/month | cpu 52 % of at most 80 % |");
    expect(text.match(/<details>/g)).toHaveLength(3);
  });

  it("stays under GitHub's limit whatever the plan's size, and counts what it leaves out", () => {
    const skips = Array.from({ length: 5000 }, (_, index) => sampleSkip({ detail: `detail ${index} ${"x".repeat(100)}` }));
    const text = planMarkdown(samplePlan({ decisions: skips }), hash);
    expect(text.length).toBeLessThanOrEqual(65_536);
    const [, rest] = /and (\d+) more: see the plan's page/.exec(text) ?? [];
    expect(Number(rest) + (text.match(/detail \d+/g)?.length ?? 0)).toBe(5000);
  });

  it("lets no name be markup, a mention, or a border of its cell", () => {
    const text = planMarkdown(samplePlan({ decisions: [sampleProposal(undefined, { to: hostile }), sampleSkip({ detail: hostile })] }), hash);
    expect(text).not.toContain("<img");
    expect(text).not.toContain("@everyone");
    expect(text.split("\n").filter((line) => line.startsWith("| group"))).toHaveLength(1);
    expect(text).toContain(String.raw`&lt;img src=x&gt; \|`);
  });
});

describe("planCsv", () => {
  it("has a row for every decision, quoted by the standard", () => {
    const rows = planCsv(samplePlan()).split("\r\n");
    expect(rows).toHaveLength(5);
    expect(rows[1]).toBe("change,2,asg.instance-type,us-west-2,tap-prod-asg,,m5.4xlarge,m5.2xlarge,4204.80,slow,120,CPU p95 14 % is below 40 %");
    const unknown = sampleProposal(sampleAction({ undoMinutes: { kind: "unknown", reason: "no figure" } }));
    expect(planCsv(samplePlan({ decisions: [unknown] }))).toContain("4204.80,slow,,CPU p95");
    expect(rows[3]).toMatch(/^left alone,,dynamodb.unused-gsi,us-east-1,tenant-acme-events/);
  });

  it.each(["=1+1", "+1", "-1+1", "@x", "\tx"])("lets a spreadsheet take no name for a formula: %j", (name) => {
    const text = planCsv(samplePlan({ decisions: [sampleProposal(undefined, { to: name })] }));
    expect(text).toContain(`,'${name}`);
  });
});
