import { describe, expect, it } from "vitest";
import { undoWords } from "../../../../optimizer/core/report/words.ts";
import { groupAction } from "../../../support/plan-builder.ts";

describe("how an action is undone", () => {
  const { undoMinutes: _, ...untimed } = groupAction("us-east-1");

  it("is told in hours and minutes where they are known", () => {
    expect(undoWords({ ...untimed, reversibility: "slow", undoMinutes: 135 })).toBe("some 2 h 15 min to undo");
  });

  it("is told by a word where they are not", () => {
    expect(undoWords({ ...untimed, reversibility: "immediate" })).toBe("immediate to undo");
  });

  it("is what does not come back, however long it would take", () => {
    const lost = { ...untimed, reversibility: "irreversible", undoMinutes: 10, cannotComeBack: "the older backups" } as const;
    expect(undoWords(lost)).toBe("cannot be undone: the older backups would not come back");
  });
});
