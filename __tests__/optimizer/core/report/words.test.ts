import { describe, expect, it } from "vitest";
import { evidenceWords, undoWords } from "../../../../optimizer/core/report/words.ts";
import type { Evidence } from "../../../../optimizer/core/model/rule.ts";
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

describe("a figure of the evidence", () => {
  const words = (value: number, unit: Evidence["unit"]) =>
    evidenceWords({ name: "memory", value, unit, statistic: "Maximum", periodSeconds: 3600, completeness: 1, series: [] });

  it.each([
    [11_775_539_339, "Bytes", "memory 11 GiB (Maximum)"],
    [0, "Bytes", "memory 0 bytes (Maximum)"],
    [1023, "Bytes", "memory 1,023 bytes (Maximum)"],
    [1024, "Bytes", "memory 1 KiB (Maximum)"],
    [5_242_880, "Bytes/Second", "memory 5 MiB a second (Maximum)"],
    [5449.2, "Count/Second", "memory 5,449 a second (Maximum)"],
  ] as const)("of %d %s is told as people count it", (value, unit, told) => {
    expect(words(value, unit)).toBe(told);
  });
});
