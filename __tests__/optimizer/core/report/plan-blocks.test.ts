import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { RealizedSoFar } from "../../../../optimizer/core/model/money.ts";
import type { BalancerReference, BaselineIncident, Plan } from "../../../../optimizer/core/model/plan.ts";
import { moneyBlocks, planBlocks } from "../../../../optimizer/core/report/plan-blocks.ts";
import { sampleAction, samplePlan, sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

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

  it("names a region once above its actions, and a resource once above its refused sizes", () => {
    const [first, second] = [sampleAction(), sampleAction({ id: "second", summary: "the second", after: "first" })];
    const [refused] = sampleProposal().refused;
    if (refused === undefined) throw new Error("the sample refuses a size");
    const shown = text(
      samplePlan({
        decisions: [sampleProposal(first, { refused: [refused, { ...refused, target: "m5.large" }] })],
        phases: [{ number: 2, stages: [{ region: "us-east-1", role: "canary", actions: [first, second] }] }],
      }),
    );
    expect(shown).toMatch(
      /^ {2}us-east-1 canary +group tap-prod-asg +m5\.4xlarge.*\n {2,}group tap-prod-asg +the second +once first has passed, watched for a soak/m,
    );
    expect(shown).toMatch(/^ {2}us-east-1 +group tap-prod-asg +m5\.xlarge refused.*\n {2,}m5\.large refused/m);
  });

  it("gives a change without a projection its reason, and leaves out the tables of which there is nothing", () => {
    const { chosen: _, ...proposal } = sampleProposal(sampleAction({ disruptions: [] }), { savings: { kind: "known", usd: 0 }, refused: [] });
    const stages = [{ region: "us-east-1", role: "canary" as const, actions: [proposal.action] }];
    const shown = text(samplePlan({ decisions: [proposal], phases: [{ number: 2, stages }], calendar: [] }));
    expect(shown).toContain("$0.00/month  CPU p95 14 % is below 40 %; some 2 h to undo");
    for (const title of ["Refused", "Left alone", "Calendar", "Disruptions", "Watching", "Withheld"]) expect(shown).not.toContain(title);
  });

  it.each([
    [1, "1 change that needs an approval"],
    [2, "2 changes that need an approval"],
  ])("counts %d that wait", (amount, words) => {
    const withheld = { action: "a", summary: "s", savings: { kind: "known", usd: 1 }, why: "w" } as const;
    const skips = Array.from({ length: amount }, () => sampleSkip({ code: "needs-approval", withheld }));
    expect(text(samplePlan({ decisions: skips }))).toContain(words);
  });

  it("says which region was left out", () => {
    const plan = samplePlan();
    expect(text({ ...plan, inventory: { ...plan.inventory, failedRegions: { "eu-west-1": "access denied" } } })).toContain(
      "eu-west-1 is left out: access denied",
    );
  });
});

describe("what is watched by", () => {
  const startMs = Date.UTC(2026, 4, 12);
  const balancer: BalancerReference = {
    region: "us-east-1",
    loadBalancer: "app/tap/1",
    p99SecondsByHour: [],
    requestsPerSlotByHour: [],
    errorDispersion: 1,
    errorRate: 0.0002,
    logP99Sigma: 0,
    logP99Autocorrelation: 0,
    conclusiveShare: 1,
    requestsPerSecond: 1200,
    falseRollbackShare: 0.01,
    smallestVisibleP99Increase: 0.35,
  };
  const incident = (rest: Partial<BaselineIncident>): BaselineIncident => ({ startMs, endMs: startMs + 5_400_000, errorRate: 0, p99Ratio: 3.21, ...rest });
  const shown = (rest: Partial<BalancerReference>) =>
    /p99 seen.*?(?=\n\n)/s.exec(text(samplePlan({ balancers: [{ ...balancer, ...rest }] })))?.[0].replaceAll(/\s+/g, " ");

  it("is told with the smallest harm that it shows, as far as the plan says", () => {
    expect(text(samplePlan({ balancers: [balancer] }))).toContain("1,200 requests/s, errors 0.02 %; a false rollback in 1 % of past windows");
    expect(shown({})).toBe("p99 seen from +35 %");
    expect(shown({ smallestVisiblePeakP99Increase: 0.5, smallestVisibleErrorRate: 0.01 })).toBe(
      "p99 seen from +35 % (+50 % in the busiest hours), errors from 1 % within 8 h",
    );
  });

  it.each<readonly [Partial<BaselineIncident>, string]>([
    [{}, "p99 ×3.2"],
    [{ errorRate: 0.5 }, "errors 50 %"],
    [{ errorRate: 0.008, p99Ratio: null }, "errors 0.8 %"],
    [{ errorRate: 0.008, p99Ratio: 1.1 }, "errors 0.8 %"],
  ])("leaves an incident of %j out of what is usual, and says that it was %s", (rest, harm) => {
    expect(shown({ incidents: [incident(rest)] })).toBe(`p99 seen from +35 %; left out of what is usual: 2026-05-12 00:00 UTC for 1 h 30 min (${harm})`);
  });

  it("names three incidents, and counts the others", () => {
    expect(shown({ incidents: Array.from({ length: 5 }, () => incident({})) })).toMatch(/(2026-05-12.*){3} and 2 more$/);
  });
});

describe("what is realized", () => {
  it.each<readonly [RealizedSoFar, string]>([
    [{ kind: "seen", usd: 8, savings: [], costExplorerRequests: 1 }, "$8.00"],
    [{ kind: "unread", reason: "AccessDenied" }, "unknown"],
    [{ kind: "not-yet", reason: "too early" }, "not yet seen"],
  ])("%#: stands beside what is estimated", (realized, words) => {
    const shown = layout(moneyBlocks(samplePlan(), realized), { width: 200, colour: false, unicode: true }).join("\n");
    expect(/realized so far +(.*?) {2}/.exec(shown)?.[1]).toBe(words);
  });
});
