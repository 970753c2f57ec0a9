import { describe, expect, it } from "vitest";
import type { Disruption } from "../../../../optimizer/core/model/action.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import { recordLine, regionLines, slotsWords } from "../../../../optimizer/core/report/record-lines.ts";
import { samplePlan, sampleRecord, sampleSlot, sampleStartMs, sampleState, sampleStage } from "../../../support/sample-run.ts";

function told(draft: RecordDraft, state = sampleState(), plan = samplePlan()): string | undefined {
  return recordLine(sampleRecord(draft), plan, state)
    ?.map((piece) => piece.text)
    .join("");
}

const place = { at: sampleStartMs + 52.25 * 3_600_000, region: "us-east-1", phase: 2, op: "us-east-1-refresh-back" } as const;
const change = samplePlan().phases[1]?.stages[1]?.actions[0]?.rollback[0]?.change;

describe("recordLine", () => {
  it("tells the run's time, the region and the step in words", () => {
    if (change === undefined) throw new Error("the sample has a rollback");
    const body = { action: "asg.instance-type:us-east-1:tap-prod-asg", purpose: "rollback", change, token: "t" } as const;
    expect(told({ ...place, type: "RB_INTENT", body })).toBe("day 3 04:15  us-east-1      undo: replace the instances by the old type");
  });

  it("tells what a refusal said", () => {
    const body = { action: "a", purpose: "forward", result: "rejected", error: { name: "InvalidDBInstanceState", message: "busy" } } as const;
    expect(told({ ...place, type: "OUTCOME", body })).toContain("AWS refused  InvalidDBInstanceState: busy");
  });

  it("says nothing for a call that simply worked, since its read-back does", () => {
    expect(told({ ...place, type: "OUTCOME", body: { action: "a", purpose: "forward", result: "ok" } })).toBeUndefined();
  });

  it("says of a window that goes on into the busiest hours until which weekday and hour", () => {
    const opened = (hours: number) =>
      told({ ...place, op: null, type: "WINDOW", body: { event: "opened", startMs: sampleStartMs, deadlineMs: sampleStartMs + hours * 3_600_000 } });
    expect(opened(48.25)).toMatch(/watching for 48 h {2}in whole slots of 15 min: until day 3 00:15$/);
    expect(opened(66)).toMatch(/watching for 48 h, then on into the busiest hours of the week {2}.*: goes on until Wednesday 18:00 UTC, day 3 18:00$/);
  });

  it("sums slots up instead of listing them", () => {
    const window = { startMs: sampleStartMs, deadlineMs: sampleStartMs + 48 * 3_600_000, slots: Array.from({ length: 48 }, (_, index) => sampleSlot(index)) };
    const stage = { ...sampleStage("us-east-1"), status: "observing" as const, window };
    const state = sampleState({ phases: [{ number: 2, status: "open", stages: [stage] }] });
    const few = sampleState({ phases: [{ number: 2, status: "open", stages: [{ ...stage, window: { ...window, slots: window.slots.slice(0, 47) } }] }] });
    const slot = { ...place, op: null, type: "SLOT", body: { watch: "window", score: sampleSlot(47) } } as const;
    expect(told(slot, state)).toContain("48 slots: 48 passed; errors 0.02 %");
    expect(told(slot, few)).toBeUndefined();
  });

  it("says of a slot over a limit when the plan announced a disruption for it", () => {
    const failover = { kind: "failover", seconds: 35, detail: "the writer's role moves" } as const;
    const announcing = (disruptions: readonly Disruption[]) => {
      const plan = samplePlan();
      const phases = plan.phases.map((phase) => ({
        ...phase,
        stages: phase.stages.map((stage) => ({ ...stage, actions: stage.actions.map((action) => ({ ...action, disruptions })) })),
      }));
      return { ...plan, phases };
    };
    const score = sampleSlot(3, "breach");
    const slot = { ...place, op: null, type: "SLOT", body: { watch: "window", score } } as const;
    const after = (minutes: number) => {
      const body = { action: "asg.instance-type:us-east-1:tap-prod-asg", purpose: "forward", number: 1 } as const;
      const at = score.startMs - minutes * 60_000;
      return sampleState({
        records: [
          sampleRecord({ ...place, at, type: "ATTEMPT", body }),
          sampleRecord({
            ...place,
            at: at + 60_000,
            type: "VERIFIED",
            body: { action: body.action, purpose: "forward", state: { kind: "settled", value: null } },
          }),
        ],
      });
    };
    expect(told(slot, after(-5), announcing([failover]))).toContain("slot over a limit during a disruption that the plan announced");
    for (const silent of [told(slot, after(30), announcing([failover])), told(slot, after(-5), announcing([]))])
      expect(silent).toMatch(/slot over a limit {2}/);
  });
});

describe("regionLines", () => {
  it("shows how far a window is, and nothing when no phase is open", () => {
    const stage = { ...sampleStage("us-east-1"), status: "observing" as const };
    const open = sampleState({ phases: [{ number: 2, status: "open", stages: [stage] }] });
    expect(regionLines(samplePlan(), open).map((line) => line.map((piece) => piece.text).join(""))[0]).toContain("3/192");
    expect(regionLines(samplePlan(), sampleState())).toEqual([]);
  });
});

describe("slotsWords", () => {
  it("names what was not conclusive", () => {
    expect(slotsWords([sampleSlot(0), sampleSlot(1, "inconclusive"), sampleSlot(2, "breach")])).toBe(
      "3 slots: 1 passed, 1 over a limit, 1 inconclusive; errors 0.02 %",
    );
  });
});
