import { describe, expect, it } from "vitest";
import { createLiveLines } from "../../../optimizer/adapters/terminal/live-lines.ts";

const erase = (lines: number): string => `\u001b[${lines}A\u001b[J`;

function screen(live: boolean) {
  const written: string[] = [];
  let now = 0;
  const lines = createLiveLines(
    (text) => written.push(text),
    live,
    () => now,
  );
  return { written, lines, pass: (ms: number) => (now += ms) };
}

describe("live lines", () => {
  it("are redrawn in place", () => {
    const { written, lines, pass } = screen(true);
    lines.show(() => ["a", "b"]);
    pass(100);
    lines.show(() => ["c", "d"]);
    expect(written).toEqual(["a\nb\n", `${erase(2)}c\nd\n`]);
  });

  it("are not redrawn more often than the eye sees", () => {
    const { written, lines, pass } = screen(true);
    lines.show(() => ["1"]);
    for (let slot = 2; slot < 50; slot++) lines.show(() => [String(slot)]);
    expect(written).toHaveLength(1);
    pass(100);
    lines.show(() => ["50"]);
    expect(written.at(-1)).toBe(`${erase(1)}50\n`);
  });

  it("stay below what is printed", () => {
    const { written, lines } = screen(true);
    lines.show(() => ["live"]);
    lines.print(["done"]);
    expect(written.at(-1)).toBe(`${erase(1)}done\nlive\n`);
  });

  it("are not made for a pipe, where nobody sees them", () => {
    const { lines } = screen(false);
    let made = 0;
    lines.show(() => {
      made += 1;
      return ["live"];
    });
    expect(made).toBe(0);
  });

  it("write no control sequence and no live line into a pipe", () => {
    const { written, lines } = screen(false);
    lines.show(() => ["live"]);
    lines.print(["done"]);
    lines.clear();
    expect(written).toEqual(["done\n"]);
  });
});
