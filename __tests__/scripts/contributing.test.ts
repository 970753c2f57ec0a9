import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");

function filesIn(folder: string, end: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(end)).map((name) => join(folder, name));
}

/** Files of a table that has a line for every kind; one with a `?` has lines for some. */
function tablesOf(kinds: "ChangeKind" | "ResourceKind"): readonly string[] {
  const declared = new RegExp(String.raw`\[\w+ in ${kinds}\]:`);
  return [...filesIn("optimizer", ".ts"), ...filesIn("__tests__", ".ts")].filter((path) => declared.test(readFileSync(join(root, path), "utf8"))).toSorted();
}

describe("CONTRIBUTING.md", () => {
  it.each([...tablesOf("ChangeKind"), ...tablesOf("ResourceKind")])("names the table %s, in which a new kind needs a line", (path) => {
    // The two registries of changes are where the lines of each lever meet.
    const isLever = ["optimizer/core/levers/change-kinds.ts", "optimizer/adapters/aws/change-adapters.ts"].includes(path);
    expect(text).toContain(isLever ? "<lever>/changes.ts" : basename(path));
  });

  it("finds such tables", () => {
    expect(tablesOf("ChangeKind").length).toBeGreaterThan(5);
    expect(tablesOf("ResourceKind").length).toBeGreaterThan(3);
  });

  it("names only files and folders that there are", () => {
    const named = [...text.matchAll(/`((?:optimizer|simulation|stacks|constructs|contract|scripts|docs|__tests__)\/[^`<>…]*)`/g)].map(([, path = ""]) => path);
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("names only tests that there are", () => {
    const tests = new Set(filesIn("__tests__", ".test.ts").map((path) => basename(path)));
    const named = [...text.matchAll(/`(?:[\w/-]+\/)?([\w-]+\.test\.ts)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((name) => !tests.has(name))).toEqual([]);
  });
});
