import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../../contract/canonical-json.ts";
import { metrics, seriesKey } from "../../../../optimizer/core/metrics/catalogue.ts";
import type { BrownoutStep } from "../../../../optimizer/core/model/action.ts";
import type { BalancerReference, Plan } from "../../../../optimizer/core/model/plan.ts";
import { type Policy, policySchema } from "../../../../optimizer/core/model/policy.ts";
import { buildPlan, type PlanParts } from "../../../../optimizer/core/planning/build-plan.ts";
import { knownUsd } from "../../../../optimizer/core/money/monthly.ts";
import type { ResourceRef } from "../../../../optimizer/core/model/resource-ref.ts";
import type { Decision, Proposal, Rule } from "../../../../optimizer/core/model/rule.ts";
import { planBlocks } from "../../../../optimizer/core/report/plan-blocks.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { resourcesOf } from "../../../../optimizer/core/levers/resource-kinds.ts";
import { current } from "../../../../optimizer/core/model/older-plans.ts";
import { noSpending } from "../../../support/no-spending.ts";
import { sampleAction, sampleAdvice, sampleProposal } from "../../../support/sample-run.ts";
import { evenReference } from "../../../support/plan-builder.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aCluster, aGroup, aTable, aWorld, primary, secondary, type World } from "../../../support/world.ts";

const third = "eu-west-1";

function reference(region: string, requestsPerSecond: number, overrides: Partial<BalancerReference> = {}): BalancerReference {
  return evenReference(region, { loadBalancer: `app/${region}/1`, requestsPerSecond, ...overrides });
}

const balancers = [reference(primary, 300), reference(secondary, 100), reference(third, 200)];

const brownout: BrownoutStep = {
  kind: "brownout",
  id: "brownout",
  minutes: 24 * 60,
  probes: ["a", "b", "c"].map((metric) => seriesKey({ ...metrics.dynamoReads, metric }, primary, {}, "Sum", 300)),
  lift: [],
  description: "see whether anything reads it",
};

/** One rule a phase: tables have a brownout first. */
const rules: readonly Rule[] = [
  aRule("first.rule", "dynamodb-table", 1, {
    decide: ({ inventory }) =>
      resourcesOf(inventory, "dynamodb-table").map(({ ref }) => aProposal({ id: "first.rule", phase: 1 }, ref, {}, { steps: [brownout] })),
  }),
  aRule("second.rule", "auto-scaling-group", 2),
  aRule("third.rule", "aurora-cluster", 3, { decide: ({ inventory }) => resourcesOf(inventory, "aurora-cluster").map(({ ref }) => withFollowUp(ref)) }),
];

/** In the primary something follows, with 40 of the 100 USD. */
function withFollowUp(ref: ResourceRef): Proposal {
  const proposal = aProposal({ id: "third.rule", phase: 3 }, ref);
  const { action } = proposal;
  if (ref.region !== primary) return proposal;
  return { ...proposal, followUps: [{ action: { ...action, id: `${action.id}:follow-up`, after: action.id }, savings: { kind: "known", usd: 40 } }] };
}

/** A table in the owner region, groups in three regions, databases in two. */
const world = aWorld().with(
  aGroup(),
  aGroup({ region: secondary }),
  aGroup({ region: third }),
  aTable(),
  aCluster(),
  aCluster({ name: "west", region: secondary }),
);

function plan(world: World, overrides: Partial<PlanParts> = {}): Plan {
  const facts = world.facts(rules);
  return buildPlan({
    createdAtMs: 1,
    ownerRegion: primary,
    policy: world.policy,
    deployments: { deployments: [], missing: [], warnings: [] },
    outputsHash: "o",
    inventory: facts.inventory,
    rules,
    baseline: facts.baseline,
    baselineHash: "b",
    decisions: decideAll(rules, facts),
    balancers,
    prices: facts.prices,
    costs: null,
    spending: noSpending,
    costExplorerRequests: 3,
    skipPhases: [],
    consent: { given: [], policy: [] },
    ...overrides,
  });
}

const whole = plan(world);

function policy(rollout: Policy["rollout"]): Policy {
  return policySchema.parse({ rollout });
}

describe("the stages of a plan", () => {
  it("go from the region of least traffic, as canary, to the owner region", () => {
    expect(whole.phases.map(({ stages }) => stages.map(({ region, role, round }) => [region, role, ...(round === undefined ? [] : [round])]))).toEqual([
      [[primary, "follower"]],
      [
        [secondary, "canary"],
        [third, "follower"],
        [primary, "follower"],
      ],
      [
        [secondary, "canary"],
        [primary, "follower"],
        [primary, "follower", 2],
      ],
    ]);
  });

  it("keep the owner last even with the least traffic, and order equal traffic by name", () => {
    const equal = plan(world, { balancers: [reference(primary, 1), reference(secondary, 5), reference(third, 5)] });
    expect(equal.phases[1]?.stages.map(({ region }) => region)).toEqual([third, secondary, primary]);
  });

  it.each(["together", "sequential"] as const)("have no canary when the rollout is %s", (rollout) => {
    const stages = plan(world, { policy: policy(rollout) }).phases.flatMap((phase) => phase.stages);
    expect(stages.map(({ role }) => role)).not.toContain("canary");
  });

  it("hold each action once, in the phase of its rule", () => {
    const ids = whole.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map(({ id }) => id)));
    expect(ids).toEqual([
      "first.rule:us-east-1:tenants",
      "second.rule:us-west-2:web",
      "second.rule:eu-west-1:web",
      "second.rule:us-east-1:web",
      "third.rule:us-west-2:west",
      "third.rule:us-east-1:aurora",
      "third.rule:us-east-1:aurora:follow-up",
    ]);
  });

  it("order the actions of one region by their ids", () => {
    const names = ["b", "c", "a"];
    const many = aWorld().with(...names.map((name) => aGroup({ name })));
    expect(plan(many).phases[1]?.stages.map(({ actions }) => actions.map(({ resource }) => resource.id))).toEqual([["a", "b", "c"]]);
  });

  it("leave out a region that could never be judged, and say why", () => {
    const blind = plan(world, { balancers: [reference(primary, 300), reference(secondary, 1, { conclusiveShare: 0.949 })] });
    const codes = blind.decisions
      .filter(({ resource }) => resource.region !== primary)
      .map((decision) => decision.kind === "skip" && [decision.code, decision.detail]);
    expect(codes).toEqual([
      ["cannot-judge", expect.stringContaining("no load balancer of eu-west-1")],
      ["cannot-judge", expect.stringContaining("had enough requests in 94.9 % of its slots, 95 % are needed")],
      ["cannot-judge", expect.stringContaining("app/us-west-2/1")],
    ]);
    expect(new Set(blind.phases.flatMap(({ stages }) => stages.map(({ region }) => region)))).toEqual(new Set([primary]));
  });

  it("leave out a region whose baseline breaks the limits itself: no window there could ever pass", () => {
    const ill = plan(world, { balancers: [reference(primary, 300), reference(secondary, 100, { errorRate: 0.0061 }), reference(third, 200)] });
    const codes = ill.decisions
      .filter(({ resource }) => resource.region === secondary)
      .map((decision) => decision.kind === "skip" && [decision.code, decision.detail]);
    expect(codes.length).toBeGreaterThan(1);
    for (const each of codes)
      expect(each).toEqual(["cannot-judge", expect.stringContaining("0.61 % of requests before anything was changed, 0.5 % are allowed")]);
  });

  it("keep what no load balancer could judge, where there is nothing that one could show", () => {
    const invisible = rules.map((rule): Rule => (rule.phase === 3 ? { ...rule, judgedBy: "nothing-visible" } : rule));
    const blind = plan(world, { rules: invisible, balancers: [] });
    expect(blind.phases.map(({ stages }) => stages.length)).toEqual([0, 0, 3]);
    expect(blind.phases[2]?.stages.flatMap(({ actions }) => actions.map(({ judgedBy }) => judgedBy))).toEqual(
      Array.from({ length: 3 }, () => "nothing-visible"),
    );
    expect(blind.calendar.map(({ what }) => what)).toEqual(["act", "act", "act"]);
  });

  it("leave out skipped phases, and keep what they would have done as a reason", () => {
    const skipped = plan(world, { skipPhases: [2] });
    expect(skipped.phases[1]?.stages).toEqual([]);
    expect(skipped.decisions.filter((decision) => decision.kind === "skip" && decision.code === "phase-skipped")).toHaveLength(3);
  });

  it("say of what is left out what it rests on, and what it would have been", () => {
    const { evidence, refused } = sampleProposal();
    const seen = decideAll(rules, world.facts(rules)).map((decision): Decision =>
      decision.kind === "proposal" ? { ...decision, evidence, refused } : decision,
    );
    const left = (overrides: Partial<PlanParts>) =>
      plan(world, { decisions: seen, ...overrides }).decisions.filter(
        ({ kind, rule, resource }) => kind === "skip" && rule === "second.rule" && resource.region === primary,
      )[0];
    const whose = { kind: "skip", rule: "second.rule", resource: aGroup().ref, evidence, refused };
    expect(left({ skipPhases: [2] })).toStrictEqual({ ...whose, code: "phase-skipped", detail: "phase 2 was skipped on request; otherwise: it is idle" });
    expect(left({ balancers: [] })).toStrictEqual({
      ...whose,
      code: "cannot-judge",
      detail: "no load balancer of us-east-1 has a baseline to judge a change by; otherwise: it is idle",
    });
    const why = "nobody can bring it back";
    const wary = seen.map((decision): Decision =>
      decision.kind === "proposal" ? { ...decision, action: { ...decision.action, approval: { why } } } : decision,
    );
    expect(left({ decisions: wary })).toStrictEqual({
      ...whose,
      code: "needs-approval",
      detail: "nobody can bring it back; otherwise: it is idle",
      withheld: { action: "second.rule:us-east-1:web", summary: "web: large → small", savings: { kind: "known", usd: 100 }, why },
    });
  });
});

describe("the calendar of a plan", () => {
  const hours = (minutes: number) => minutes / 60;
  const told = (made: Plan) => made.calendar.map(({ atMinutes, phase, region, what }) => [hours(atMinutes), phase, region, what]);

  it("lets the canary soak while the others wait, and the next phase wait for every window", () => {
    expect(told(whole)).toEqual([
      [0, 1, primary, "brownout"],
      [24, 1, primary, "act"],
      [72, 1, primary, "window-ends"],
      [72, 2, secondary, "act"],
      [84, 2, secondary, "soak-ends"],
      [84, 2, third, "act"],
      [84, 2, primary, "act"],
      [120, 2, secondary, "window-ends"],
      [132, 2, third, "window-ends"],
      [132, 2, primary, "window-ends"],
      [132, 3, secondary, "act"],
      [144, 3, secondary, "soak-ends"],
      [144, 3, primary, "act"],
      [180, 3, secondary, "window-ends"],
      [192, 3, primary, "window-ends"],
      [192, 3, primary, "act"],
      [204, 3, primary, "window-ends"],
    ]);
  });

  it("gives each region its whole window when the rollout is sequential, and one to all when together", () => {
    const acts = (rollout: Policy["rollout"]) =>
      told(plan(world, { policy: policy(rollout) }))
        .filter(([, phase, , what]) => phase === 2 && what === "act")
        .map(([hour]) => hour);
    expect(acts("sequential")).toEqual([72, 120, 168]);
    expect(acts("together")).toEqual([72, 72, 72]);
  });
});

describe("advice", () => {
  const advising = aRule("fourth.rule", "dynamodb-table", 1, { judgedBy: "never-executed" });
  const advice = sampleAdvice({ rule: "fourth.rule" });

  it("stays in the plan, through a file, and is no part of what is done, saved, scheduled or approved of", () => {
    const told = plan(world, { rules: [...rules, advising], decisions: [...whole.decisions, advice], skipPhases: [] });
    expect(told).toEqual({ ...whole, decisions: [...whole.decisions, advice] });
    const read = current(JSON.parse(canonicalJson(told)) as Plan);
    expect(read.decisions.at(-1)).toEqual(JSON.parse(canonicalJson(advice)));
    expect(plan(world, { rules: [...rules, advising], decisions: [advice], skipPhases: [1] }).decisions).toEqual([advice]);
  });

  it("is all that such a rule may give: what it proposed would be a fault", () => {
    const ref = { kind: "dynamodb-table", region: primary, id: "tenants" } as const;
    const decisions = [aProposal({ id: "fourth.rule", phase: 1 }, ref)];
    expect(() => plan(world, { rules: [advising], decisions })).toThrow(/fourth\.rule gives advice alone/);
  });
});

describe("consent", () => {
  const facts = world.facts(rules);
  const why = "nobody can bring it back";
  const wary = decideAll(rules, facts).map((decision): Decision => {
    if (decision.kind !== "proposal" || decision.resource.region !== secondary || decision.rule !== "second.rule") return decision;
    return { ...decision, action: { ...decision.action, reversibility: "irreversible", cannotComeBack: "the big instances", approval: { why } } };
  });
  const id = "second.rule:us-west-2:web";
  const usd = (made: Plan) => knownUsd(made.savings.estimated);

  it("withholds what nobody approved of, with what it would save and the flag that approves", () => {
    const made = plan(world, { decisions: wary });
    const [skip] = made.decisions.filter((decision) => decision.kind === "skip" && decision.code === "needs-approval");
    expect(skip).toMatchObject({
      withheld: { action: id, why, cannotComeBack: "the big instances", savings: { kind: "known", usd: 100 } },
    });
    expect(made.phases.flatMap(({ stages }) => stages.flatMap(({ actions }) => actions.map((action) => action.id)))).not.toContain(id);
    expect(usd(whole) - usd(made)).toBe(100);
    const words = JSON.stringify(planBlocks(made, "f".repeat(64)));
    for (const said of [`--approve ${id}`, "$100.00/month", why, "the big instances would not come back"]) expect(words).toContain(said);
    expect(made.approvals).toEqual([]);
  });

  it("plans what was approved of, last of its phase, and remembers by whom", () => {
    const made = plan(world, { decisions: wary, consent: { given: [{ given: id, by: "ann@desk" }], policy: [] } });
    expect(made.approvals).toEqual([{ action: id, by: "ann@desk" }]);
    expect(made.phases[1]?.stages.at(-1)).toMatchObject({ region: secondary, round: 3, actions: [{ id }] });
    expect(usd(made)).toBeCloseTo(usd(whole));
  });

  it("lets a follow-up wait alone, and claims nothing for it", () => {
    const [aurora] = whole.decisions.filter((decision): decision is Proposal => decision.kind === "proposal" && decision.followUps !== undefined);
    const followUps = aurora!.followUps!.map((each) => ({ ...each, action: { ...each.action, approval: { why } } }));
    const made = plan(world, { decisions: [{ ...aurora!, followUps }] });
    expect(usd(made)).toBeCloseTo(knownUsd(aurora!.savings) - knownUsd(followUps[0]!.savings));
    expect(made.decisions).toEqual([expect.objectContaining({ kind: "proposal" }), expect.objectContaining({ code: "needs-approval" })]);
    expect(made.phases[2]?.stages).toHaveLength(1);
  });
});

describe("the money of a plan", () => {
  it("adds up what will be done, and nothing else", () => {
    const usd = (made: Plan) => (made.savings.estimated.kind === "known" ? made.savings.estimated.usd : Number.NaN);
    expect([usd(whole), usd(plan(world, { skipPhases: [2] }))]).toEqual([600, 300]);
    expect(whole.savings.commitmentCapped).toMatchObject({ kind: "unknown", reason: "Cost Explorer could not be read" });
    expect(whole.savings.realizedSoFarUsd).toBeNull();
  });

  it("tells what is paid today by region and service, where Cost Explorer could be read", () => {
    const lines = [{ region: primary, service: "EC2", amortizedUsd: 24 * 14, unblendedUsd: 0 }];
    expect(plan(world, { costs: { lines, days: 14 } }).costs).toEqual({ days: 14, services: [{ region: primary, service: "EC2", monthlyUsd: 730 }] });
    expect(whole).not.toHaveProperty("costs");
  });

  it("counts whole slots of what is watched, at each load balancer and each probe", () => {
    const window = { slotMinutes: 7 * 60 };
    // Each window of 48 h has seven slots of seven hours, each soak of 12 h two, and a day of brownout four.
    expect(plan(world, { policy: policySchema.parse({ window }) }).bill.runEstimate.metricRequests).toBe((6 * 7 + 2) * 3 * 6 + 3 * 4);
  });

  it("tells what collecting cost and what running will cost", () => {
    expect(whole.bill.collected).toEqual({
      metricRequests: whole.bill.collected.metricRequests,
      costExplorerRequests: 3,
      usd: expect.closeTo(whole.bill.collected.metricRequests * 0.000_01 + 0.03),
    });
    // Six stages of 192 slots and a soak of 48 over 3 load balancers of 6 series, and 3 probes for 96 slots of brownout.
    expect(whole.bill.runEstimate.metricRequests).toBe((6 * 192 + 48) * 3 * 6 + 3 * 96);
    // Three regions, and commitments that nothing uses.
    expect(whole.bill.runEstimate.costExplorerRequests).toBe(4);
    expect(plan(world, { skipPhases: [1, 2, 3] }).bill.runEstimate).toMatchObject({ metricRequests: 0, costExplorerRequests: 0, usd: 0 });
    expect(plan(world, { skipPhases: [2, 3] }).bill.runEstimate).toMatchObject({ metricRequests: 192 * 3 * 6 + 3 * 96, costExplorerRequests: 4 });
    // A change has no probes.
    const both = aProposal({ id: "first.rule", phase: 1 }, aTable().ref, {}, { steps: [brownout, ...sampleAction().steps] });
    expect(plan(world, { decisions: [both] }).bill.runEstimate.metricRequests).toBe(192 * 3 * 6 + 3 * 96);
  });
});

describe("a plan", () => {
  it("is plain data: JSON brings it back", () => {
    expect(JSON.parse(canonicalJson(whole))).toEqual(whole);
  });

  it("is the same whatever the order of the inventory and of the load balancers", () => {
    const resources = world.inventory.resources;
    fc.assert(
      fc.property(fc.shuffledSubarray([...resources], { minLength: resources.length }), (shuffled) => {
        const facts = world.facts(rules);
        const inventory = { ...facts.inventory, resources: shuffled };
        const again = plan(world, { inventory, decisions: decideAll(rules, { ...facts, inventory }), balancers: balancers.toReversed() });
        expect(canonicalJson(again)).toBe(canonicalJson(whole));
      }),
      { numRuns: 20 },
    );
  });

  it("lists load balancers by region and name", () => {
    const second = reference(primary, 1, { loadBalancer: "app/another/1" });
    const inOrder = ["app/eu-west-1/1", "app/another/1", "app/us-east-1/1", "app/us-west-2/1"];
    expect(plan(world, { balancers: [...balancers, second] }).balancers.map(({ loadBalancer }) => loadBalancer)).toEqual(inOrder);
  });

  it("lists what could not be described in one order too", () => {
    const lost = ["z", "a"].map((name) => ({ ref: aGroup({ name }).ref, reason: "failed" as const, detail: name }));
    const blind = aWorld().undescribed(...lost);
    expect(canonicalJson(plan(blind))).toBe(canonicalJson(plan(blind.reversed())));
    expect(plan(blind).inventory.undescribed.map(({ ref }) => ref.id)).toEqual(["a", "z"]);
  });
});
