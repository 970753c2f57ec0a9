import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../../optimizer/core/model/policy.ts";
import type { Proposal } from "../../../../optimizer/core/model/rule.ts";
import { type CarriedOut, carriedOutOf } from "../../../../optimizer/core/planning/build-plan.ts";
import { evenReference } from "../../../support/plan-builder.ts";
import { aProposal, aRule } from "../../../support/small-rules.ts";
import { aCluster, primary } from "../../../support/world.ts";

const rules = [aRule("third.rule", "aurora-cluster", 3)];

function carriedOut(parts: Pick<Parameters<typeof carriedOutOf>[0], "decisions"> & Partial<Parameters<typeof carriedOutOf>[0]>): CarriedOut {
  const none = { given: [], policy: [] };
  return carriedOutOf({ policy: defaultPolicy, ownerRegion: primary, rules, balancers: [evenReference(primary)], skipPhases: [], consent: none, ...parts });
}

describe("consent to a part of a proposal", () => {
  const why = "nobody can bring it back";
  const own = aProposal({ id: "third.rule", phase: 3 }, aCluster().ref, {
    savings: { kind: "known", usd: 100 },
    monthlyCost: { before: { kind: "known", usd: 500 }, after: { kind: "known", usd: 400 } },
  });
  const follower = (name: string, usd: number, more: Partial<Proposal["action"]> = {}) => ({
    action: { ...own.action, id: `${own.action.id}:${name}`, after: own.action.id, ...more },
    savings: { kind: "known" as const, usd },
  });

  it("leaves what waits at its cost, and carries out the follow-ups that need none", () => {
    const proposal = { ...own, followUps: [follower("free", 10), follower("wary", 30, { approval: { why } })] };
    const [kept, waits] = carriedOut({ decisions: [proposal] }).decisions;
    expect(kept).toMatchObject({
      savings: { kind: "known", usd: 70 },
      monthlyCost: { before: { usd: 500 }, after: { usd: 430 } },
      followUps: [{ action: { id: `${own.action.id}:free` } }],
    });
    expect(waits).toMatchObject({ code: "needs-approval", withheld: { action: `${own.action.id}:wary`, savings: { usd: 30 } } });
  });

  it("of whose cost nothing is said says nothing of it, and has no follow-ups where none is left", () => {
    const { monthlyCost: _cost, ...unpriced } = own;
    const [kept] = carriedOut({ decisions: [{ ...unpriced, followUps: [follower("wary", 30, { approval: { why } })] }] }).decisions;
    expect(kept).toStrictEqual({ ...unpriced, savings: { kind: "known", usd: 70 } });
  });

  it("that is given changes nothing of it", () => {
    const proposal = { ...own, followUps: [follower("free", 10), follower("wary", 30, { approval: { why } })] };
    const consent = { given: [{ given: `${own.action.id}:wary`, by: "ann@desk" }], policy: [] };
    const made = carriedOut({ decisions: [proposal], consent });
    expect(made.decisions[0]).toBe(proposal);
    expect(made.decisions).toHaveLength(1);
    expect(made.approvals).toEqual([{ action: `${own.action.id}:wary`, by: "ann@desk" }]);
  });

  it("to a follow-up alone approves of nothing, since what it follows waits", () => {
    const followUps = [follower("wary", 30, { approval: { why } })];
    const proposal = { ...own, action: { ...own.action, approval: { why } }, followUps };
    const made = carriedOut({ decisions: [proposal], consent: { given: [{ given: followUps[0]!.action.id, by: "ann@desk" }], policy: [] } });
    expect(made.approvals).toEqual([]);
    expect(made.phases.flatMap(({ stages }) => stages)).toEqual([]);
    expect(made.decisions).toEqual([expect.objectContaining({ code: "needs-approval" })]);
  });
});
