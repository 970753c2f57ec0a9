import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layout } from "../../../optimizer/adapters/terminal/layout.ts";
import { safeLines } from "../../../optimizer/adapters/terminal/safe-text.ts";
import type { Block } from "../../../optimizer/core/model/telling.ts";
import { decisionName, decisionNamed } from "../../../optimizer/core/report/decision-names.ts";
import { explainDecisionBlocks } from "../../../optimizer/core/report/explain-decision.ts";
import { planBlocks } from "../../../optimizer/core/report/plan-blocks.ts";
import { planSummaryBlocks } from "../../../optimizer/core/report/plan-summary.ts";
import { sampleAction, samplePlan, sampleProposal, sampleSkip } from "../../support/sample-run.ts";

const hostile: readonly (readonly [string, string])[] = [
  ["a right-to-left mark", "tap\u200f\u202egnp.exe"],
  ["control sequences", "tap\u001b[2J\u001b]0;title\u0007\r\n\u009b31m"],
  ["a formula", '=HYPERLINK("http://x","y")'],
  ["markup", "<script>alert(1)</script>"],
  ["an emoji", "tap-👩‍👩‍👧‍👦-🇩🇪"],
  ["1,024 characters", "n".repeat(1024)],
];

function everything(name: string): readonly Block[] {
  const action = sampleAction({ resource: { kind: "auto-scaling-group", region: "us-east-1", id: name }, summary: name });
  const withheld = { action: `rule:${name}`, summary: name, savings: { kind: "known", usd: 1 } as const, why: name };
  const decisions = [
    sampleProposal(action, { part: name, from: name, to: name, reason: name, warnings: [name] }),
    sampleSkip({ detail: name, part: name }),
    sampleSkip({ code: "needs-approval", withheld }),
  ];
  const plan = samplePlan({ decisions, inventory: { accountId: "123456789012", resources: [], undescribed: [], failedRegions: { "eu-west-1": name } } });
  return [
    ...planSummaryBlocks(plan, "f".repeat(64)),
    ...planBlocks(plan, "f".repeat(64)),
    ...decisions.flatMap((decision) => explainDecisionBlocks(plan, decisionNamed(plan, decisionName(decision)))),
  ];
}

function expectHarmless(name: string): void {
  for (const line of layout(everything(name), { width: 80, colour: false, unicode: true })) {
    expect(line).not.toMatch(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    expect(Array.from(line).length).toBeLessThanOrEqual(80);
  }
}

describe("names on a terminal", () => {
  it.each(hostile)("move no cursor, turn no text round and break no line: %s", (_, name) => expectHarmless(name));

  it("do neither, whatever they are", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => expectHarmless(name)));
  });

  it("keeps the ends of lines of an error, and nothing else that could control the terminal", () => {
    expect(safeLines("one\u001b[2J\n  two\r\u202e\u061c\n")).toBe("one[2J\n  two\n");
  });
});
