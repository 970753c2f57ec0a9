import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunMark } from "../../../optimizer/core/report/page/run-marks.ts";
import { markLabels, mostLevels } from "../../../optimizer/dashboard/views/mark-labels.ts";

const mark = (atMs: number, kind: RunMark["kind"] = "change"): RunMark => ({ atMs, kind, region: null, text: "what" });

describe("markLabels", () => {
  it("says marks of one kind that are near to each other once, with their number", () => {
    const labels = markLabels([mark(0), mark(10), mark(20), mark(500), mark(21, "breach"), mark(22, "rollback")], 0, 1000);
    expect(labels.map(({ text, atMs }) => [text, atMs])).toEqual([
      ["3 changes", 0],
      ["breach", 21],
      ["change", 500],
    ]);
  });

  it("puts a label near the right edge left of its moment", () => {
    expect(markLabels([mark(100), mark(950)], 0, 1000).map(({ side }) => side)).toEqual(["right", "left"]);
  });

  it("has an answer where all happened at once", () => {
    expect(markLabels([mark(5), mark(5, "breach")], 5, 5).map(({ level }) => level)).toEqual([0, 1]);
  });

  const marks = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom<RunMark["kind"]>("change", "breach", "rolled-back", "hold")), {
    maxLength: 60,
  });
  it("lets no label cover another one, below the highest level, and says every mark", () => {
    fc.assert(
      fc.property(marks, (given) => {
        const labels = markLabels(
          given.map(([atMs, kind]) => mark(atMs, kind)),
          0,
          1000,
        );
        for (const [index, label] of labels.entries()) {
          if (label.level === mostLevels - 1) continue;
          for (const other of labels.slice(index + 1)) {
            if (other.level === label.level) expect(other.covers[0] >= label.covers[1] || label.covers[0] >= other.covers[1]).toBe(true);
          }
        }
        const said = labels.reduce((sum, { text }) => sum + Number(/\d+/.exec(text)?.[0] ?? 1), 0);
        expect(said).toBe(given.length);
      }),
    );
  });
});
