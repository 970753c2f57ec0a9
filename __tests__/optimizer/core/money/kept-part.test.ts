import { describe, expect, it } from "vitest";
import { keptPart } from "../../../../optimizer/core/money/kept-part.ts";
import { sampleAction, sampleProposal } from "../../../support/sample-run.ts";

const own = sampleAction();
const follower = sampleAction({ id: "follower", after: own.id });
const proposal = sampleProposal(own, {
  savings: { kind: "known", usd: 300 },
  monthlyCost: { before: { kind: "known", usd: 600 }, after: { kind: "known", usd: 300 } },
  followUps: [{ action: follower, savings: { kind: "known", usd: 100 } }],
});

describe("what is claimed of a proposal", () => {
  it("is all of it once its follow-up was kept as well", () => {
    expect(keptPart(proposal, new Set([own.id, follower.id]))).toBe(proposal);
  });

  it("leaves out the share of a follow-up that was not kept", () => {
    expect(keptPart(proposal, new Set([own.id]))).toMatchObject({ savings: { usd: 200 }, monthlyCost: { before: { usd: 600 }, after: { usd: 400 } } });
  });

  it("is all of it where nothing follows its own action", () => {
    const alone = sampleProposal(own);
    expect(keptPart(alone, new Set([own.id]))).toBe(alone);
  });

  it("says nothing of what the resource costs where the proposal does not", () => {
    const { monthlyCost: _cost, ...withoutCost } = proposal;
    expect(keptPart(withoutCost, new Set([own.id]))).toEqual({ ...withoutCost, savings: { kind: "known", usd: 200 } });
  });

  it("is nothing where its own action was not kept", () => {
    expect(keptPart(proposal, new Set([follower.id]))).toBeUndefined();
  });
});
