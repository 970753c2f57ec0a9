import { describe, expect, it } from "vitest";
import { layout, oneLine } from "../../../optimizer/adapters/terminal/layout.ts";
import { cell, piece } from "../../../optimizer/core/model/telling.ts";

const look = { width: 100, colour: false, unicode: true };
const escape = "\u001b";

describe("layout", () => {
  it("aligns columns and right-aligns figures", () => {
    const rows = [
      [cell("us-east-1"), cell("$4"), cell("first")],
      [cell("eu-west-2"), cell("$1,000"), cell("second")],
    ];
    expect(layout([{ kind: "table", rows, right: [1], indent: 0 }], look)).toEqual(["us-east-1      $4  first", "eu-west-2  $1,000  second"]);
  });

  it("wraps the last column at spaces and never exceeds the width", () => {
    const rows = [[cell("name"), cell("word ".repeat(60).trim())]];
    const lines = layout([{ kind: "table", rows, right: [], indent: 1 }], { ...look, width: 80 });
    expect(lines.length).toBeGreaterThan(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^ {8}word/);
  });

  it("takes a terminal narrower than 80 columns as 80", () => {
    const text = "x".repeat(79);
    expect(layout([{ kind: "line", line: cell(text), indent: 0 }], { ...look, width: 20 })).toEqual([text]);
  });

  it("strips control characters and bidirectional overrides from names", () => {
    const hostile = `${escape}]0;owned\u0007${escape}[31mred\u202egnp.exe\r\nnext\u009b2J`;
    const [line] = layout([{ kind: "line", line: cell(hostile), indent: 0 }], look);
    expect(line).toBe("]0;owned[31mredgnp.exenext2J");
  });

  it("colours by tone only when asked", () => {
    const block = { kind: "line", line: [piece("ok", "good")], indent: 0 } as const;
    expect(layout([block], look)).toEqual(["ok"]);
    expect(layout([block], { ...look, colour: true })).toEqual([`${escape}[32mok${escape}[39m`]);
  });

  it("falls back to ASCII where the terminal is not UTF-8", () => {
    const [line] = layout([{ kind: "line", line: cell("✓ a → b · 2 × 3 ß"), indent: 0 }], { ...look, unicode: false });
    expect(line).toBe("ok a -> b - 2 x 3 ?");
  });
});

describe("oneLine", () => {
  it("cuts what does not fit, so that a live line never wraps", () => {
    expect(oneLine(cell("word ".repeat(60)), { ...look, width: 80 }).length).toBeLessThan(80);
  });
});
