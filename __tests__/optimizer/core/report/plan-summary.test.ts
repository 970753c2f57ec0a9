import { describe, expect, it } from "vitest";
import { layout } from "../../../../optimizer/adapters/terminal/layout.ts";
import type { Plan } from "../../../../optimizer/core/model/plan.ts";
import type { Decision, Proposal } from "../../../../optimizer/core/model/rule.ts";
import { planCountsWords, planSummaryBlocks } from "../../../../optimizer/core/report/plan-summary.ts";
import { sampleAction, sampleAdvice, samplePlan, sampleProposal, sampleSkip } from "../../../support/sample-run.ts";

/** The narrowest terminal that is promised. */
const columns = 80;
const screenLines = 24;

function lines(plan: Plan): readonly string[] {
  return layout(planSummaryBlocks(plan, "f".repeat(64)), { width: columns, colour: false, unicode: true });
}

const tight = { dimension: "memory", current: 0.4, projected: 0.85, limit: 0.8, fits: true, method: "p99.5" } as const;
const refusedCandidate = {
  target: "cache.r6g.4xlarge, 4 shards of 2 nodes",
  projections: [
    tight,
    {
      dimension: "cpu" as const,
      current: 0.934,
      projected: 0.934,
      limit: 0.9,
      fits: false,
      method: "",
      worstHour: { atMs: Date.UTC(2026, 4, 12, 3), rarePeaksMs: [] },
    },
  ],
  fits: false,
  monthlySavings: { kind: "known" as const, usd: 1 },
};
const byWorstHour = sampleSkip({
  rule: "redis.size",
  resource: { kind: "redis-replication-group", region: "us-west-2", id: "tap-prod-redis" },
  code: "does-not-fit",
  refused: [refusedCandidate],
});
const shared = sampleSkip({
  rule: "asg.instance-type",
  resource: { kind: "auto-scaling-group", region: "us-east-1", id: "tap-prod-asg" },
  code: "shared",
  detail: 'group acme-reports, a tenant\'s (tag "TenantName"), follows its launch template: it launches the latest version of lt-1',
});

function manyChanges(amount: number): Plan {
  const proposals: Proposal[] = Array.from({ length: amount }, (_, index) =>
    sampleProposal(sampleAction({ id: `asg.instance-type:ap-southeast-1:group-${index}`, region: "ap-southeast-1" })),
  );
  const skips: Decision[] = Array.from({ length: amount }, (_, index) =>
    sampleSkip({
      code: "needs-approval",
      withheld: { action: `rule:${index}`, summary: `change ${index}`, savings: { kind: "known", usd: 1 }, why: "history is lost" },
    }),
  );
  return samplePlan({
    decisions: [...proposals, ...skips],
    phases: [
      { number: 1, stages: [] },
      { number: 2, stages: [{ region: "ap-southeast-1", role: "canary", actions: proposals.map(({ action }) => action) }] },
      { number: 3, stages: [] },
    ],
  });
}

describe("a plan on one screen", () => {
  it.each([0, 1, 8, 9, 1000])("fits 80 columns and 24 lines with %i changes, and says how many it does not show", (amount) => {
    const shown = lines(manyChanges(amount));
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(shown.length, shown.join("\n")).toBeLessThanOrEqual(screenLines);
    expect(shown.join("\n").includes(`and ${amount - 8} more change`)).toBe(amount > 8);
    const waiting = `, ${amount} ${amount === 1 ? "needs" : "need"} approval; each undone in ≤ 2 h`;
    expect(shown.at(-1)).toBe(`Plan: ${amount} to change, 0 left alone${amount === 0 ? "" : waiting}`);
  });

  it("says within what time each change can be undone, of how many nobody can tell, and how many cannot be", () => {
    const actions = [
      sampleAction({ id: "a", undoMinutes: 5 }),
      sampleAction({ id: "b", undoMinutes: 150 }),
      sampleAction({ id: "c", undoMinutes: { kind: "unknown", reason: "its warm-up is not known" } }),
      sampleAction({ id: "d", undoMinutes: 600, reversibility: "irreversible" }),
    ];
    const plan = samplePlan({
      decisions: actions.map((action) => sampleProposal(action)),
      phases: [{ number: 2, stages: [{ region: "us-east-1", role: "follower", actions }] }],
    });
    expect(lines(plan).at(-1)).toBe("Plan: 4 to change, 0 left alone; undone in ≤ 2 h 30 min (1 not known), 1 never");
  });

  it("has a line for advice, however much there is, which is counted as neither a change nor left alone", () => {
    const unknown = { kind: "unknown", what: "DynamoDB capacity in ap-southeast-1", reason: "price unknown" } as const;
    const advice = Array.from({ length: 100 }, (_, index) => sampleAdvice(index === 0 ? { savesAtMost: unknown } : {}));
    for (const plan of [samplePlan(), manyChanges(1000)]) {
      const shown = lines({ ...plan, decisions: [...plan.decisions, ...advice] });
      expect(shown.length, shown.join("\n")).toBeLessThanOrEqual(screenLines);
      expect(shown).toContainEqual(expect.stringMatching(/^ *advice {6}100, at most \$4,059\/month and 1 unknown, never executed: --verbose$/));
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(shown.at(-1)).toBe(lines(plan).at(-1));
    }
  });

  it("shows fewer changes where each takes two lines", () => {
    const plan = manyChanges(12);
    const decisions = plan.decisions.map((decision) =>
      decision.kind === "proposal" ? { ...decision, from: "cache.r6g.4xlarge, 4 shards of 3 nodes", to: "cache.r6g.xlarge, 2 shards of 2 nodes" } : decision,
    );
    const shown = lines({ ...plan, decisions });
    expect(shown.length, shown.join("\n")).toBeLessThanOrEqual(screenLines);
    expect(shown.join("\n")).toContain("and 8 more changes");
  });

  it("groups what is left alone by reason, the commonest first", () => {
    const skips = [sampleSkip(), sampleSkip({ code: "threshold-not-met" }), sampleSkip({ code: "threshold-not-met" })];
    expect(lines(samplePlan({ decisions: skips })).join("\n")).toContain("left alone  is being used (2), belongs to a tenant (1): --verbose");
    expect(planCountsWords(samplePlan({ decisions: skips }))).toBe("Plan: 0 to change, 3 left alone");
  });

  it("names a refusal by the worst hour with its hour, and one of something shared with whom, and counts others of their kind", () => {
    const told = lines(
      samplePlan({
        decisions: [
          byWorstHour,
          { ...byWorstHour, resource: { ...byWorstHour.resource, region: "us-east-1" } },
          shared,
          { ...shared, rule: "asg.capacity" },
          sampleSkip(),
        ],
      }),
    )
      .join("\n")
      .replaceAll(/\n +/g, " ");
    expect(told).toContain(
      'refused by its worst hour (2): tap-prod-redis in us-west-2, CPU 93.4 % at best on 2026-05-12 03:00 UTC, allowed 90 % shared with others: tap-prod-asg in us-east-1, group acme-reports, a tenant\'s (tag "TenantName"), follows its launch template belongs to a tenant (1)',
    );
    // What is too tight by its usual load needs no worst hour.
    const usual = { ...byWorstHour, refused: [{ ...refusedCandidate, projections: [...refusedCandidate.projections, { ...tight, fits: false }] }] };
    expect(lines(samplePlan({ decisions: [usual] })).join("\n")).toContain("left alone  no smaller size fits (1)");
  });

  it("shows fewer changes beside two refusals in words, and cuts long ones", () => {
    const longName = { ...shared, resource: { ...shared.resource, id: "g".repeat(200) } };
    const plan = manyChanges(8);
    const shown = lines({ ...plan, decisions: [...plan.decisions.filter(({ kind }) => kind === "proposal"), byWorstHour, longName, sampleSkip()] });
    expect(shown.length, shown.join("\n")).toBeLessThanOrEqual(screenLines);
    expect(shown.join("\n")).toContain("and 2 more changes");
    expect(shown.join("\n")).toContain("…");
  });

  it("says of a change that nobody knows what it saves, and shows one that saves nothing as it is", () => {
    const unknown = { kind: "unknown", what: "storage", reason: "price unknown" } as const;
    const plan = samplePlan();
    const saving = (savings: Proposal["savings"]) =>
      lines({ ...plan, decisions: plan.decisions.map((each) => (each.kind === "proposal" ? { ...each, savings } : each)) }).join("\n");
    expect(saving(unknown)).toMatch(/tap-prod-asg +m5\.4xlarge → m5\.2xlarge +unknown/);
    expect(saving({ kind: "known", usd: 0 })).toMatch(/tap-prod-asg +m5\.4xlarge → m5\.2xlarge +\$0\.00/);
  });

  it("adds up the reasons that have no room beside a refusal in words, and advice of which all is known", () => {
    const codes = ["scaled", "threshold-not-met", "already-there", "not-found", "unreadable"] as const;
    const decisions = [byWorstHour, ...codes.map((code) => sampleSkip({ code })), sampleAdvice()];
    const shown = lines(samplePlan({ decisions, calendar: [] }))
      .join("\n")
      .replaceAll(/\n +/g, " ");
    expect(shown).toContain("scales by itself (1), is being used (1), already at its target (1), other reasons (2), smaller sizes refused (1): --verbose");
    expect(shown).toContain("advice      1, at most $41.00/month, never executed: --verbose");
    expect(shown).not.toContain("takes ");
  });

  it("always says which region could not be read", () => {
    const plan = samplePlan();
    expect(lines({ ...plan, inventory: { ...plan.inventory, failedRegions: { "eu-west-1": "access denied" } } }).join("\n")).toContain(
      "eu-west-1: access denied",
    );
  });

  it("prints the flag that approves, whole", () => {
    expect(lines(manyChanges(1)).join("\n")).toContain("--approve rule:0");
  });
});
