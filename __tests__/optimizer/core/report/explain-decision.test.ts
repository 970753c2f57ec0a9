import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { Action } from "../../../../optimizer/core/model/action.ts";
import type { Decision, Evidence, Projection } from "../../../../optimizer/core/model/rule.ts";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { decisionNamed } from "../../../../optimizer/core/report/decision-names.ts";
import { explainDecisionBlocks, statisticMeaning } from "../../../../optimizer/core/report/explain-decision.ts";
import { explainRuleBlocks } from "../../../../optimizer/core/report/explain-rule.ts";
import { sampleAction, sampleAdvice, samplePlan, sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

function explained(decision: Decision): string {
  return layout(explainDecisionBlocks(samplePlan(), decision), { width: 300, colour: false, unicode: true }).join("\n");
}

const projection: Projection = { dimension: "cpu", current: 0.2, projected: 0.4, limit: 0.8, fits: true, method: "x 2" };

function fitting(projections: readonly Projection[]): string {
  return explained(sampleProposal(undefined, { refused: [], chosen: { target: "t", projections, fits: true, monthlySavings: { kind: "known", usd: 1 } } }));
}

describe("a percentile for somebody who never met one", () => {
  it.each<readonly [Evidence["statistic"], string | undefined]>([
    ["p95 of hourly averages", "p95: only one hour in 20 was higher"],
    ["p99.5 of 5-minute maxima", "p99.5: only one span of 5 minutes in 200 was higher"],
    ["p0.5 of hourly averages", "p0.5: only one hour in 200 was lower"],
    ["highest hour", undefined],
  ])("%s is %j", (statistic, meaning) => {
    expect(statisticMeaning(statistic)).toBe(meaning);
  });
});

describe("what explains a change", () => {
  it("names a dimension as people do, and no multiple of nothing", () => {
    expect(fitting([{ ...projection, dimension: "ebs", current: 0, projected: 0.1 }])).toContain(
      "✓ EBS: 0 % in use today would be 10 %; up to 80 % is allowed",
    );
    expect(fitting([{ ...projection, dimension: "local storage" }])).toContain("✓ local storage: 20 % in use today would be 40 %, 2.0 times as much");
    expect(fitting([])).not.toContain("at the worst moment seen");
  });

  it("labels the first of several lines alone", () => {
    const [evidence] = sampleProposal().evidence;
    const [step] = sampleAction().steps;
    if (evidence === undefined || step === undefined) throw new Error("the sample has evidence and a step");
    const action = sampleAction({ steps: [step, { ...step, id: "2", description: "and then this" }] });
    const text = explained(sampleProposal(action, { evidence: [evidence, { ...evidence, name: "memory" }] }));
    expect(text).toMatch(/evidence +CPU 14 % .*\n +memory 14 %/);
    expect(text).toMatch(/steps +replace the instances\n +and then this/);
    expect(explained(sampleAdvice({ warnings: ["first", "second"] }))).toMatch(/mind +first\n +second/);
  });

  it("shows what it costs before and after, where the rule tells that", () => {
    const usd = (amount: number) => ({ kind: "known", usd: amount }) as const;
    expect(explained(sampleProposal(undefined, { monthlyCost: { before: usd(8409.6), after: usd(4204.8) } }))).toContain(
      "$8,410/month − $4,205/month = $4,205/month",
    );
  });

  it.each<readonly [Partial<Action>, string]>([
    [{}, "watched       for 48 h; undone at more than"],
    [{ after: "first" }, "watched       for 12 h; undone at more than"],
    [{ reversibility: "irreversible" }, "watched       for 12 h; undone at more than"],
    [{ judgedBy: "nothing-visible" }, "watched       no window could show its effect: it is read back, and done"],
  ])("%#: says of an action that is %j how it is watched", (rest, words) => {
    expect(explained(sampleProposal(sampleAction(rest)))).toContain(words);
  });
});

describe("what explains advice", () => {
  it("names the other resources, where it is about any", () => {
    expect(explained(sampleAdvice())).toContain("consider      table orders, with table returns in us-east-1: keep");
    expect(explained(sampleAdvice({ others: [] }))).toContain("consider      table orders in us-east-1: keep");
  });
});

describe("what explains a rule", () => {
  it("says that a literal policy decides by the limits alone", () => {
    const policy = { ...defaultPolicy, rules: { ...defaultPolicy.rules, decision: "literal" as const } };
    const text = layout(explainRuleBlocks(ruleOf("asg.instance-type"), policy), { width: 300, colour: false, unicode: true }).join("\n");
    expect(text).toMatch(/decides +literal: by its limits alone; whether the smaller size would fit is printed as a warning/);
  });
});

describe("a decision by name", () => {
  const plan = samplePlan({ decisions: [sampleSkip({ part: "by-plan" }), sampleSkip({ part: "by-day" })] });

  it("is found without its region, by its part", () => {
    expect(decisionNamed(plan, "dynamodb.unused-gsi:tenant-acme-events:by-day")).toMatchObject({ part: "by-day" });
  });

  it("is guessed where it is nearly right, and only then", () => {
    const hint = (text: string) => {
      try {
        return decisionNamed(plan, text);
      } catch (error) {
        return error;
      }
    };
    expect(hint("dynamodb.unused-gsi:us-east-1:tenant-acme-events:by-dya")).toMatchObject({
      hint: "did you mean dynamodb.unused-gsi:us-east-1:tenant-acme-events:by-day? without a name, all of them are listed",
    });
    expect(hint("x")).toMatchObject({ code: "decision-unknown", hint: "without a name, all of them are listed" });
  });
});
