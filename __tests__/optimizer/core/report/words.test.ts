import { describe, expect, it } from "vitest";
import { undoWords } from "../../../../optimizer/core/report/words.ts";
import { groupAction } from "../../../support/plan-builder.ts";

describe("how an action is undone", () => {
  const action = groupAction("us-east-1");

  it("is told in hours and minutes where they are known", () => {
    expect(undoWords({ ...action, reversibility: "slow", undoMinutes: 135 })).toBe("some 2 h 15 min to undo");
    expect(undoWords({ ...action, reversibility: "immediate", undoMinutes: 1 })).toBe("some 1 min to undo");
  });

  it("is told with the reason where no time can be", () => {
    const undoMinutes = { kind: "unknown", reason: "its warm-up is not known" } as const;
    expect(undoWords({ ...action, reversibility: "slow", undoMinutes })).toBe("slow to undo, in a time that cannot be told: its warm-up is not known");
  });

  it("is what does not come back, however long it would take", () => {
    const lost = { ...action, reversibility: "irreversible", undoMinutes: 10, cannotComeBack: "the older backups" } as const;
    expect(undoWords(lost)).toBe("cannot be undone: the older backups would not come back");
  });
});
