import fc from "fast-check";
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

  it("breaks no word of a narrow table: columns give way at spaces, and the last cell goes below where that is not enough", () => {
    const row = [
      cell("us-east-1 follower"),
      cell("Aurora tap-prod-aurora"),
      cell("db.r6g.4xlarge → db.r6g.2xlarge"),
      cell("$1,515/month"),
      cell("CPU would become 76 %"),
    ];
    expect(layout([{ kind: "table", rows: [row], right: [3], indent: 1 }], { ...look, width: 80 })).toEqual([
      "  us-east-1 follower  Aurora tap-prod-aurora  db.r6g.4xlarge →      $1,515/month",
      "                                              db.r6g.2xlarge",
      "      CPU would become 76 %",
    ]);
  });

  it("hangs what wraps under the text it belongs to", () => {
    const line = [piece("day 1 00:00  "), piece("word ".repeat(20).trim())];
    const [first, second = "", ...rest] = layout([{ kind: "line", line, indent: 1, hang: 13 }], { ...look, width: 80 });
    expect(first).toMatch(/^ {2}day 1 00:00 {2}word/);
    expect(second).toMatch(/^ {15}word/);
    expect(rest).toEqual([]);
  });

  it("never exceeds the width, whatever stands in a table", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ maxLength: 90 }), { minLength: 1, maxLength: 6 }), { maxLength: 5 }),
        fc.integer({ min: 80, max: 160 }),
        (texts, width) => {
          const rows = texts.map((row) => row.map((text) => cell(text)));
          for (const line of layout([{ kind: "table", rows, right: [1], indent: 1 }], { ...look, width })) expect(line.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it("writes one escape pair for neighbouring words of one tone, however they were pieced together and wrapped", () => {
    const line = [piece("one two", "good"), piece(" "), piece("three", "good"), piece(" and four")];
    expect(layout([{ kind: "line", line, indent: 0 }], { ...look, colour: true })).toEqual([`${escape}[32mone two three${escape}[39m and four`]);
    const long = [piece("word ".repeat(40).trim(), "dim")];
    for (const each of layout([{ kind: "line", line: long, indent: 0 }], { ...look, width: 80, colour: true }))
      expect(each.split(escape).length - 1, each).toBe(2);
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
