import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Paths in backticks that are whole: with a folder, and no part left open (`<service>`). */
function pathsIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map(([, path = ""]) => path);
  return [...new Set(quoted.filter((path) => /^(?:[\w.-]+\/)+[\w.-]*$/.test(path) && topLevel.includes(path.split("/")[0] ?? "")))];
}

const topLevel = ["contract", "constructs", "stacks", "optimizer", "simulation", "scripts", "docs", "__tests__"];

describe("ARCHITECTURE.md", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const paths = pathsIn(text);
  const walk = [...text.matchAll(/^\d+\. `([^`]+)`:/gm)].map(([, path = ""]) => path);

  it.each(paths)("names %s, which exists", (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });

  it("walks through one change in at most 25 files, each named once", () => {
    expect(walk.length).toBeGreaterThan(15);
    expect(walk.length).toBeLessThanOrEqual(25);
    expect(new Set(walk).size).toBe(walk.length);
    expect(paths).toEqual(expect.arrayContaining(walk));
  });
});
