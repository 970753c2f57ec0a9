import { describe, expect, it } from "vitest";
import { unscoredSinceMs } from "../../../../optimizer/core/execution/unscored-since.ts";
import type { JournalRecord } from "../../../../optimizer/core/model/journal-record.ts";
import type { StageState } from "../../../../optimizer/core/model/run-state.ts";
import { groupsOnly } from "../../../support/run-records.ts";

const minuteMs = 60_000;
const policy = { ...groupsOnly().policy.window, slotMinutes: 15, settleMinutes: 5 };

function watched(overrides: Partial<StageState> = {}): StageState {
  const window = { startMs: 0, deadlineMs: 120 * minuteMs, slots: [] };
  return { region: "us-east-1", round: 1, status: "observing", actions: [], confirmation: [], soaked: false, window, ...overrides };
}

function journal(...minutes: readonly (readonly [number, JournalRecord["type"]])[]): readonly JournalRecord[] {
  return minutes.map(([at, type], index) => ({ seq: index + 1, at: at * minuteMs, type }) as JournalRecord);
}

describe("since when a region owes its next slot", () => {
  it("is when that slot was due, however late its points were before they could not be read at all", () => {
    expect(unscoredSinceMs(watched(), journal([0, "PLAN"], [1, "LEASE"], [90, "DECISION"]), policy)).toBe(20 * minuteMs);
  });

  it("leaves out the time in which nobody was there", () => {
    expect(unscoredSinceMs(watched(), journal([0, "PLAN"], [1, "LEASE"], [600, "LEASE"], [601, "DECISION"]), policy)).toBe(600 * minuteMs);
  });

  it("goes on through ticks that come at least once a slot", () => {
    const ticks = Array.from({ length: 40 }, (_, at) => [at * 10, "LEASE"] as const);
    expect(unscoredSinceMs(watched(), journal(...ticks), policy)).toBe(20 * minuteMs);
  });

  it("is no time where nothing is watched: without a window, after its last slot, or on the way back", () => {
    const { window: _none, ...unwatched } = watched();
    const over = { startMs: 0, deadlineMs: 0, slots: [] };
    expect([unwatched, watched({ window: over }), watched({ status: "rolling-back" })].map((stage) => unscoredSinceMs(stage, [], policy))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
