import { describe, expect, it } from "vitest";
import { createLiveLines } from "../../../optimizer/adapters/terminal/live-lines.ts";
import { createTerminalReporter } from "../../../optimizer/adapters/terminal/terminal-reporter.ts";
import { narration } from "../../../optimizer/core/report/narration.ts";
import type { RunEvent } from "../../../optimizer/ports/reporter.ts";
import { samplePlan, sampleRecord, sampleSlot, sampleStartMs, sampleState, sampleStage } from "../../support/sample-run.ts";

function told(live: boolean, ...events: readonly RunEvent[]): string {
  let written = "";
  const lines = createLiveLines(
    (text) => (written += text),
    live,
    () => 0,
  );
  const reporter = createTerminalReporter(narration, lines, { width: 100, colour: false, unicode: true });
  for (const event of events) reporter.tell(event);
  return written;
}

const observing = sampleState({ phases: [{ number: 2, status: "open", stages: [{ ...sampleStage("us-east-1"), status: "observing" }] }] });
const place = { at: sampleStartMs, region: "us-east-1", phase: 2, op: null } as const;
const slot = sampleRecord({ ...place, type: "SLOT", body: { watch: "window", score: sampleSlot(2) } });
const slotRecorded: RunEvent = { kind: "recorded", record: slot, plan: samplePlan(), state: observing };

describe("the terminal's reporter", () => {
  it("shows a region's progress on a terminal and stays silent about it in a pipe", () => {
    expect(told(true, slotRecorded)).toContain("3/192");
    expect(told(false, slotRecorded)).toBe("");
  });

  it("writes one line for what happened", () => {
    const record = sampleRecord({ ...place, type: "HOLD", body: { reason: "no data" } });
    expect(told(false, { kind: "recorded", record, plan: samplePlan(), state: observing })).toBe("  day 1 00:00  us-east-1      on hold  no data\n");
  });

  it("removes the live lines when the run closes", () => {
    const record = sampleRecord({ ...place, region: null, phase: null, type: "CLOSED", body: { outcome: "adoptable" } });
    const text = told(true, slotRecorded, { kind: "recorded", record, plan: samplePlan(), state: sampleState() });
    expect(text.endsWith("\u001b[2A\u001b[J")).toBe(true);
  });

  it("keeps control characters of a warning off the screen", () => {
    expect(told(false, { kind: "warning", message: "bad\u001b[2Jname" })).toBe("  bad[2Jname\n");
  });
});
