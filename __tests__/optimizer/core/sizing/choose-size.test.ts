import { describe, expect, it } from "vitest";
import { policySchema } from "../../../../optimizer/core/model/policy.ts";
import { type Choice, chooseCandidate, chooseSize } from "../../../../optimizer/core/sizing/choose-size.ts";
import { refusedByWorstHour, worstHourRefusal } from "../../../../optimizer/core/sizing/worst-hour.ts";

const policy = policySchema.parse({});
const vcpu: Readonly<Record<string, number>> = { "4xlarge": 16, "2xlarge": 8 };
const choice: Choice = {
  from: "4xlarge",
  sizes: ["2xlarge"],
  demands: [
    { dimension: "cpu", current: 0.3, statistic: "p99.5 of hourly maxima", instancesBefore: 2, instancesAfter: 2, note: "", capacityOf: (type) => vcpu[type] },
  ],
  hourly: [],
  unknown: [],
  savings: () => ({ kind: "known", usd: 100 }),
  besides: () => [],
};

describe("the size that is chosen", () => {
  it("is none where there is no smaller one", () => {
    expect(chooseCandidate(policy, { from: "large", options: [], unknown: [], blind: [] })).toEqual({
      kind: "none",
      code: "already-there",
      detail: "large has no smaller size to go to",
      refused: [],
    });
  });

  it("is none where the capacity of a type is not known, by name", () => {
    const chosen = chooseSize(policy, { ...choice, sizes: ["3xlarge"] });
    expect(chosen).toMatchObject({ kind: "none", code: "unsupported", detail: "the cpu capacity of 4xlarge or 3xlarge is not known" });
  });

  it("of whose capacity nobody knows is taken by a literal decision alone, which says what was not projected", () => {
    const literal = policySchema.parse({ rules: { decision: "literal" } });
    expect(chooseSize(literal, { ...choice, sizes: ["3xlarge"] })).toMatchObject({
      kind: "size",
      candidate: { target: "3xlarge", projections: [], fits: true },
      warnings: ["not projected: the cpu capacity of 4xlarge or 3xlarge is not known"],
    });
  });

  it("is the target where 0.3 × 16 ÷ 8 = 60 % of it are used", () => {
    expect(chooseSize(policy, choice)).toMatchObject({ kind: "size", candidate: { target: "2xlarge", projections: [{ projected: 0.6, fits: true }] } });
  });
});

describe("what refused every size", () => {
  it("is no worst hour where no size was refused", () => {
    expect(refusedByWorstHour([])).toBeUndefined();
    expect(worstHourRefusal({ code: "does-not-fit", refused: [] })).toBeUndefined();
    expect(worstHourRefusal({ code: "insufficient-data", refused: [] })).toBeUndefined();
  });
});
