import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { Savings } from "../../../../optimizer/core/model/money.ts";
import { planBlocks } from "../../../../optimizer/core/report/plan-blocks.ts";
import { planMarkdown } from "../../../../optimizer/core/report/plan-markdown.ts";
import { planSummaryBlocks } from "../../../../optimizer/core/report/plan-summary.ts";
import { rangeWords, rateWords, riseWords } from "../../../../optimizer/core/report/spending.ts";
import { samplePlan } from "../../../support/sample-run.ts";
import { someSpending } from "../../../support/some-spending.ts";

const hash = "f".repeat(64);
const plan = samplePlan({ spending: someSpending });

function whole(of: Plan = plan): string {
  return layout(planBlocks(of, hash), { width: 200, colour: false, unicode: true }).join("\n");
}

function summary(of: Plan): string {
  return layout(planSummaryBlocks(of, hash), { width: 200, colour: false, unicode: true }).join("\n");
}

describe("the bill by month", () => {
  it("is told by region and service, the running month apart and at its own pace", () => {
    expect(whole()).toContain("complete months, each as 730 hours; $41,795/month in 2026-05, rising by $997.50 a month since 2026-03");
    expect(whole()).toMatch(/region +service +2026-04 +2026-05 +2026-06 so far/);
    expect(whole()).toMatch(/us-west-2 +Amazon Elastic Compute Cloud - Compute +\$25,000 +\$26,000 +\$26,500 +rising by \$1,000 a month/);
    expect(whole()).toMatch(/us-east-1 +Amazon ElastiCache +\$15,810 +\$15,795 +\$15,795 +steady/);
  });

  it("stands as a row beside the savings, with how many answers Cost Explorer did not give; what the account has none of is no such answer", () => {
    expect(whole()).toMatch(
      /the whole bill +\$41,795\/month +in 2026-05, rising by \$997\.50 a month since 2026-03; AWS recommends 1 commitment; 1 answer of Cost Explorer not had/,
    );
  });

  it("is left out of plans that lack it, and says nothing of a trend where no month is complete", () => {
    expect(whole(samplePlan())).not.toContain("The bill by month");
    expect(whole(samplePlan())).not.toContain("the whole bill");
    expect(whole(samplePlan({ spending: { ...someSpending, trend: null } }))).not.toContain("The bill by month");
  });

  it("counts what is more than a screen holds", () => {
    const services = Array.from({ length: 14 }, (_, at) => ({
      region: "us-east-1",
      service: `service ${at}`,
      monthlyUsd: [1],
      runningMonthlyUsd: null,
      risingUsd: null,
    }));
    expect(whole(samplePlan({ spending: { ...someSpending, trend: { months: ["2026-05"], running: null, services } } }))).toContain("and 2 smaller lines");
  });

  it("calls a rise below a hundredth of the last month steady, and one month alone nothing", () => {
    expect(riseWords({ monthlyUsd: [990, 1000], risingUsd: 10 })).toBe("rising by $10.00 a month");
    expect(riseWords({ monthlyUsd: [990.1, 1000], risingUsd: 9.9 })).toBe("steady");
    expect(riseWords({ monthlyUsd: [1010, 1000], risingUsd: -10 })).toBe("falling by $10.00 a month");
    expect(riseWords({ monthlyUsd: [1000], risingUsd: null })).toBeUndefined();
  });
});

describe("commitments", () => {
  it("are told with coverage, utilization, what AWS recommends and what it does not tell", () => {
    expect(whole()).toContain("reservations and Savings Plans; reported, never bought");
    expect(whole()).toMatch(/reservations of Amazon ElastiCache +every region +0 % of the hours covered/);
    expect(whole()).toMatch(/Savings Plans for Amazon Elastic Compute Cloud - Compute +every region +29 % of the spend covered/);
    expect(whole()).toMatch(/Savings Plans +every region +94 % used, \$310\.50 paid for nothing/);
    expect(whole()).toMatch(/recommended +12 × cache\.r6g\.4xlarge in us-east-1: \$3,884\/month, as AWS estimates it from usage before these changes/);
    expect(whole()).toMatch(/utilization of reservations of Amazon ElastiCache +none +no data/);
    expect(whole()).toMatch(/recommended Savings Plans +not told +AccessDeniedException/);
  });

  it("are all used, or of no service, or none at all", () => {
    const { coverage: _, ...rest } = someSpending;
    const used = { kind: "reservation", usedShare: 1, unusedUsd: 0.004 } as const;
    const quiet = { ...rest, coverage: [], utilization: [used], recommendations: [], unread: [] };
    expect(whole(samplePlan({ spending: quiet }))).toMatch(/^ +reservations +every region +100 % used$/m);
    expect(whole(samplePlan({ spending: quiet }))).toMatch(/the whole bill +\$41,795\/month +in 2026-05, rising by \$997\.50 a month since 2026-03$/m);
    expect(whole(samplePlan({ spending: { ...quiet, utilization: [] } }))).not.toContain("Commitments");
  });

  it("stand in a pull request's comment, folded", () => {
    const comment = planMarkdown(plan, hash);
    expect(comment).toContain("<details><summary>The bill by month, reservations and Savings Plans (9)</summary>");
    expect(comment).toContain("- recommended, never bought: 12 × cache.r6g.4xlarge in us-east-1: $3,884/month");
    expect(comment).toContain("- Amazon Elastic Compute Cloud - Compute, us-west-2: $26,000/month, rising by $1,000 a month");
    expect(planMarkdown(samplePlan(), hash)).not.toContain("Savings Plans");
    expect(planMarkdown(samplePlan({ spending: { ...someSpending, trend: null } }), hash)).not.toContain("all services");
    const service = { region: "us-east-1", service: "EC2", monthlyUsd: [7], runningMonthlyUsd: null, risingUsd: null };
    const trend = { months: ["2026-05"], running: null, services: [service] } as const;
    expect(planMarkdown(samplePlan({ spending: { ...someSpending, trend } }), hash)).toMatch(/^- EC2, us-east-1: \$7\.00\/month$/m);
  });
});

describe("what a saving is claimed at", () => {
  const usd = (amount: number) => ({ kind: "known", usd: amount }) as const;
  const savings: Savings = { estimated: usd(5000), commitmentCapped: usd(2000), realizedSoFarUsd: null };
  const rates = (...all: number[]): Savings => ({ ...savings, effectiveRates: all.map((rate) => ({ region: "us-east-1", service: "EC2", rate })) });

  it("names the account's rate, or the span of them; a list price goes without saying", () => {
    expect(rateWords(rates(0.87, 0.868))).toBe("at your account's effective rate of 0.87");
    expect(rateWords(rates(0.87, 0.93))).toBe("at your account's effective rates of 0.87 to 0.93");
    expect(rateWords(rates(1, 0.998))).toBeUndefined();
    expect(rateWords(savings)).toBeUndefined();
  });

  it("names either end of what commitments make of it, where it differs", () => {
    expect(rangeWords({ ...savings, commitmentRange: { low: usd(2000), high: usd(3500) } })).toBe("$3,500/month where what is freed covers other usage");
    expect(rangeWords({ ...savings, commitmentRange: { low: usd(-100), high: usd(2000) } })).toBe(
      "−$100.00/month where reservations cover nothing of what it becomes",
    );
    expect(rangeWords(savings)).toBeUndefined();
    expect(summary(samplePlan({ savings: rates(0.9) }))).toContain("paid on demand today: $2,000/month, at your account's effective rate of 0.90");
  });
});
