import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import { runCommandLine } from "../../../../optimizer/commands/parser.ts";
import type { World } from "../../../../optimizer/composition/world.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { planPictures, runPictures } from "../../../../optimizer/core/report/page/pictures.ts";
import { planVerdict } from "../../../../optimizer/core/report/page/verdict.ts";
import { planBlocks } from "../../../../optimizer/core/report/plan-blocks.ts";
import { planCsv } from "../../../../optimizer/core/report/plan-csv.ts";
import { planMarkdown } from "../../../../optimizer/core/report/plan-markdown.ts";
import { reportJson } from "../../../../optimizer/core/report/report-json.ts";
import { reportView } from "../../../../optimizer/core/report/report-view.ts";
import { planPage } from "../../../../optimizer/dashboard/plan-page.ts";
import { runPage } from "../../../../optimizer/dashboard/run-page.ts";
import { memoryShell } from "../../../support/memory-shell.ts";
import { sampleAdvice, samplePlan, sampleProposal, sampleSkip, sampleState } from "../../../support/sample-run.ts";

const hash = "f".repeat(64);
const without = samplePlan({ decisions: [sampleProposal(), sampleSkip()] });
const plan = { ...without, decisions: [...without.decisions, sampleAdvice()] };
const realized = { kind: "not-yet", reason: "nothing was changed" } as const;
const view = reportView(plan, sampleState(), realized);
const text = layout(planBlocks(plan, hash), { width: 200, colour: false, unicode: true }).join("\n");
const pages = {
  plan: planPage(plan, hash, planPictures(plan, null), ""),
  run: runPage(view, runPictures(plan, sampleState(), view, realized, null), ""),
};

describe("advice", () => {
  it.each([
    ["the plan in a terminal", text],
    ["a comment of a pull request", planMarkdown(plan, hash)],
    ["the plan's page", pages.plan],
    ["the run's page", pages.run],
  ])("stands in a group of its own, counted and never executed: %s", (_, shown) => {
    expect(shown).toMatch(/dvice: 1, at most \$41\.00\/month, never executed/);
    for (const part of ["keep what returns holds in orders", "their keys fit one key schema", "0.73", "Who uses both?", "aws logs start-query"])
      expect(shown).toContain(part);
    expect(shown).toMatch(/table orders, with table returns/);
  });

  const lost = {
    name: "cluster west",
    what: "delete the cluster",
    commands: ["aws rds delete-db-cluster"],
    back: { kind: "lost", what: "its endpoints" },
  } as const;
  const taken = { name: "instances", what: "cut its clients off", commands: ["aws one", "aws two"], back: { kind: "comes-back", how: "aws three" } } as const;

  it("tells the steps of a person in their order, each with its commands and what of it comes back, in every report", async () => {
    const decisions = [...without.decisions, sampleAdvice({ byHand: [taken, lost] })];
    const stepwise = { ...without, decisions };
    const shown = [
      layout(planBlocks(stepwise, hash), { width: 200, colour: false, unicode: true }).join("\n"),
      planMarkdown(stepwise, hash).replaceAll("\\", ""),
      planPage(stepwise, hash, planPictures(stepwise, null), ""),
      await explained(stepwise, "plan.json", "dynamodb.table-consolidation:us-east-1:orders"),
    ];
    for (const report of shown) {
      const at = ["cut its clients off", "aws one", "aws two", "to take it back: aws three", "delete the cluster", "would not come back: its endpoints"].map(
        (part) => report.indexOf(part),
      );
      expect(at.every((position) => position >= 0)).toBe(true);
      expect(at).toEqual(at.toSorted((a, b) => a - b));
    }
    expect(reportJson(reportView(stepwise, sampleState(), realized)).advice[0]?.byHand).toEqual([taken, lost]);
    expect(reportJson(view).advice[0]?.byHand).toEqual([]);
  });

  it("is a row of its own kind in a spreadsheet, whose sum of savings does not hold it", () => {
    const rows = planCsv(plan).split("\r\n");
    expect(rows.filter((row) => row.startsWith("advice,"))).toEqual([
      'advice,,dynamodb.table-consolidation,us-east-1,orders,,,,,,,"never executed; table orders, with table returns: keep what returns holds in orders; at most $41.00/month; their keys fit one key schema"',
    ]);
    expect(rows.filter((row) => !row.startsWith("advice,"))).toEqual(planCsv(without).split("\r\n"));
  });

  it("is told apart in the verdict, and changes no other figure of it", () => {
    expect(planVerdict(plan).replace("; advice: 1, at most $41.00/month, never executed", "")).toBe(planVerdict(without));
    expect(planVerdict(plan)).not.toBe(planVerdict(without));
  });

  it("is no part of what report.json sums up or lists as changes and skips", () => {
    const { advice, ...rest } = reportJson(view);
    const { advice: none, ...others } = reportJson(reportView(without, sampleState(), realized));
    expect(none).toEqual([]);
    expect(rest).toEqual(others);
    expect(advice).toMatchObject([{ resource: "orders", others: ["returns"], savesAtMost: { usd: 41 }, toFindOut: [{ question: "Who uses both?" }] }]);
  });

  it("without any, no group is shown", () => {
    const pictures = planPictures(without, null);
    for (const shown of [planMarkdown(without, hash), planPage(without, hash, pictures, ""), planVerdict(without)]) expect(shown).not.toMatch(/advice/i);
  });

  it("lets no name be markup", () => {
    const hostile = `</script><img src=x onerror=alert(1)>"'`;
    const told = sampleAdvice({
      summary: hostile,
      reason: hostile,
      warnings: [hostile],
      toFindOut: [{ question: hostile, command: hostile }],
      byHand: [{ name: hostile, what: hostile, commands: [hostile], back: { kind: "lost", what: hostile } }],
    });
    const named = { ...without, decisions: [{ ...told, others: [{ ...told.resource, id: hostile }] }] };
    const page = planPage(named, hash, planPictures(named, null), "");
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x");
    expect(planMarkdown(named, hash)).not.toContain("<img");
  });

  async function explained(explainedPlan: typeof plan, ...argv: readonly string[]): Promise<string> {
    const plans: Pick<World["plans"], "loadFile"> = { loadFile: async () => ({ hash, plan: explainedPlan }) };
    const shell = memoryShell({ world: { plans, readPolicy: async () => defaultPolicy } as unknown as World });
    expect(await runCommandLine(["explain", ...argv], shell)).toBe(0);
    return shell.shown.join("\n").replaceAll(/\n {16,}/g, " ");
  }

  it("is explained with its figures, what it saves at most, and what a person has to find out; nothing of it is watched or undone", async () => {
    const named = "dynamodb.table-consolidation:us-east-1:orders";
    expect(await explained(plan, "plan.json")).toContain("advice: keep what returns holds in orders");
    const one = await explained(plan, "plan.json", named);
    for (const part of ["never executed", "$41.00/month", "0.73", "Who uses both?", "aws logs start-query", "restored as one"]) expect(one).toContain(part);
    expect(one).not.toMatch(/watched|way back|steps|--approve/);
    expect(await explained(plan, "dynamodb.table-consolidation")).toContain("it changes nothing: what it finds is advice for a person");
  });
});
