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
    expect(text).toContain("| group tap-prod-asg | us-west-2 | m5.4xlarge → m5.2xlarge | $4,205/month | CPU 52 % of at most 80 % |");
    expect(text.match(/<details>/g)).toHaveLength(3);
  });

  it("stays under GitHub's limit whatever the plan's size, and counts what it leaves out", () => {
    const skips = Array.from({ length: 5000 }, (_, index) => sampleSkip({ detail: `detail ${index} ${"x".repeat(100)}` }));
    const text = planMarkdown(samplePlan({ decisions: skips }), hash);
    expect(text.length).toBeLessThanOrEqual(65_536);
    const [, rest] = /and (\d+) more: see the plan's page/.exec(text) ?? [];
    expect(Number(rest) + (text.match(/detail \d+/g)?.length ?? 0)).toBe(5000);
  });

  it.each([100, 1000, 5000])("cuts no line of %i changes in the middle, and counts those that it leaves out with all their evidence", (amount) => {
    const plan = samplePlan({ decisions: Array.from({ length: amount }, () => sampleProposal()) });
    const text = planMarkdown(plan, hash);
    const row = "| group tap-prod-asg | us-east-1 | m5.4xlarge → m5.2xlarge | $4,205/month | CPU 52 % of at most 80 % | some 2 h to undo |";
    const rows = text.split("\n").filter((line) => line.startsWith("| group"));
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(new Set(rows)).toEqual(new Set([row]));
    const [, more] = /^… and (\d+) more changes: see the plan's page$/m.exec(text) ?? [];
    expect(rows.length + Number(more ?? 0)).toBe(amount);
    const leftOut = /^Not shown here, see the plan's page: .*$/m.exec(text)?.[0];
    const whole = amount === 100;
    expect(leftOut).toBe(whole ? undefined : `Not shown here, see the plan's page: Evidence (${amount}), Refused sizes (${amount})`);
    expect(text).toMatch(/<sub>plan a{12}, .*<\/sub>\n$/);
  });

  it("has a dash for a change without a projection", () => {
    const { chosen: _, ...proposal } = sampleProposal();
    expect(planMarkdown(samplePlan({ decisions: [proposal] }), hash)).toContain("| $4,205/month | – | some 2 h to undo |");
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

  it("keeps the money of what waits apart from what is changed, and has none where none is known", () => {
    const withheld = { action: "a", summary: "s", savings: { kind: "known", usd: 3 }, why: "w" } as const;
    const unknown = { kind: "unknown", what: "storage", reason: "price unknown" } as const;
    const waiting = (savings: typeof unknown | typeof withheld.savings) =>
      sampleSkip({ code: "needs-approval", detail: "d", withheld: { ...withheld, savings } });
    const [, first, second] = planCsv(samplePlan({ decisions: [waiting(withheld.savings), waiting(unknown)] })).split("\r\n");
    expect(first).toBe("withheld,,dynamodb.unused-gsi,us-east-1,tenant-acme-events,,,,3.00,,,needs approval: d");
    expect(second).toBe("withheld,,dynamodb.unused-gsi,us-east-1,tenant-acme-events,,,,,,,needs approval: d");
  });

  it.each(["=1+1", "+1", "-1+1", "@x", "\tx"])("lets a spreadsheet take no name for a formula: %j", (name) => {
    const text = planCsv(samplePlan({ decisions: [sampleProposal(undefined, { to: name })] }));
    expect(text).toContain(`,'${name}`);
  });
});
