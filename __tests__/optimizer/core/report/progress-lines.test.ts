import { describe, expect, it } from "vitest";
import { progressLines } from "../../../../optimizer/core/report/progress-lines.ts";
import { samplePlan, sampleRecord, sampleSlot, sampleStartMs, sampleState, sampleStage } from "../../../support/sample-run.ts";

const hourMs = 3_600_000;
const window = { startMs: sampleStartMs, deadlineMs: sampleStartMs + 48 * hourMs, slots: Array.from({ length: 96 }, (_, index) => sampleSlot(index)) };
const at = sampleStartMs + 24 * hourMs;
const record = sampleRecord({ at, region: "us-east-1", phase: 2, op: null, type: "SLOT", body: { watch: "window", score: sampleSlot(95) } });

function shown(regions: readonly string[]): readonly string[] {
  const observing = regions.map((region) => ({ ...sampleStage(region), status: "observing" as const, window }));
  const state = sampleState({
    phases: [
      { number: 1, status: "passed", stages: [sampleStage("us-west-2")] },
      { number: 2, status: "open", stages: observing },
      { number: 3, status: "pending", stages: [{ ...sampleStage("us-west-2", "cancelled"), status: "pending" }] },
    ],
    records: [record],
  });
  return progressLines(samplePlan(), state).map((line) => line.map(({ text }) => text).join(""));
}

describe("the live view of a run", () => {
  it("has a row for each region, a column for each phase, the window's progress and the time that is left", () => {
    expect(shown(["us-east-1"])).toEqual([
      "24 h left      phase 1      phase 2      phase 3      ",
      "us-east-1      –            watching     –            ███░░░ slot 96/192, 24 h",
      "us-west-2      ✓ passed     –            waits        ",
    ]);
  });

  it("fits 80 columns with the longest of region names, so that nothing wraps", () => {
    for (const line of shown(["ap-southeast-1", "ap-northeast-3"])) expect(line.length).toBeLessThan(80);
  });

  it("shows nothing once the run is closed", () => {
    expect(progressLines(samplePlan(), sampleState())).toEqual([]);
  });
});
