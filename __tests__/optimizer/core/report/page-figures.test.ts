import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../../../optimizer/core/model/journal-record.ts";
import type { SlotCounts, WindowVerdict } from "../../../../optimizer/core/model/window.ts";
import { loadCurves } from "../../../../optimizer/core/report/page/load-curves.ts";
import { risksOf } from "../../../../optimizer/core/report/page/risk-matrix.ts";
import { breachImpacts } from "../../../../optimizer/core/report/page/tenant-impact.ts";
import { samplePlan, sampleProposal, sampleRecord, sampleSlot, sampleStartMs, sampleState } from "../../../support/sample-run.ts";

const place = { at: sampleStartMs, phase: 2, region: "us-east-1", op: null } as const;

function slotRecord(index: number, verdict: "pass" | "breach", counts: Partial<SlotCounts>): JournalRecord {
  const slot = sampleSlot(index, verdict);
  const score = { ...slot, counts: slot.counts.map((each) => ({ ...each, ...counts })) };
  return sampleRecord({ ...place, type: "SLOT", body: { watch: "window", score } }, index + 1);
}

const verdict: WindowVerdict = { kind: "breach", rule: "severe", detail: "errors", errorRate: 0.1, medianP99Ratio: 1, conclusiveShare: 1, slots: 2 };
const breach = sampleRecord({ ...place, type: "DECISION", body: { kind: "breach", verdict } }, 9);

describe("what a breach met, in figures", () => {
  it("counts requests that no target could take among them, as the window's verdict does", () => {
    const records = [
      slotRecord(0, "pass", { requests: 10_000 }),
      slotRecord(1, "breach", { requests: 9_000, target5xx: 200, elb5xx: 1_000 }),
      slotRecord(2, "breach", { requests: 8_000, target5xx: 100, elb5xx: 500 }),
      breach,
    ];
    expect(breachImpacts(sampleState({ records }))).toEqual([{ phase: 2, region: "us-east-1", requests: 18_500, failed: 1_800, slots: 2, minutes: 30 }]);
  });

  it("counts an outage in which no request found a target as failed whole, and draws it as all errors", () => {
    const records = [slotRecord(1, "breach", { requests: null, target5xx: null, elb5xx: 700, p99Seconds: null }), breach];
    expect(breachImpacts(sampleState({ records }))).toMatchObject([{ requests: 700, failed: 700 }]);
    expect(loadCurves(samplePlan(), sampleState({ records })).flatMap(({ points }) => points.map(({ errorShare }) => errorShare))).toEqual([1]);
  });

  it("draws a gap where nothing is known", () => {
    const records = [slotRecord(1, "pass", { requests: null, target5xx: null, elb5xx: null })];
    expect(loadCurves(samplePlan(), sampleState({ records })).flatMap(({ points }) => points.map(({ errorShare }) => errorShare))).toEqual([null]);
  });
});

describe("the level of a risk", () => {
  it.each([
    [0.7449 * 0.8, "low"],
    [0.7451 * 0.8, "medium"],
    [0.944 * 0.8, "medium"],
    [0.9496 * 0.8, "high"],
    [0.95 * 0.8, "high"],
  ] as const)("goes by the share as it is told: %d of 0.8 is %s", (projected, level) => {
    const projection = { dimension: "cpu", current: 0.26, projected, limit: 0.8, fits: true, method: "x 2" } as const;
    const chosen = { target: "m5.2xlarge", projections: [projection], fits: true, monthlySavings: { kind: "known", usd: 1 } } as const;
    expect(risksOf(samplePlan(), [sampleProposal(undefined, { chosen })]).map((risk) => risk.level)).toEqual([level]);
  });

  it("is not by capacity where nothing was projected", () => {
    const { chosen: _, ...proposal } = sampleProposal();
    expect(risksOf(samplePlan(), [proposal])).toMatchObject([{ level: "not by capacity", usedShare: null }]);
  });
});
