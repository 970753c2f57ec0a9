import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Every source and page of the repository. */
function texts(): readonly string[] {
  const folders = ["bench", "constructs", "contract", "docs", "optimizer", "scripts", "simulation", "stacks"];
  const within = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|mjs|md)$/.test(name))
      .map((name) => join(folder, name)),
  );
  return [...within, "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "main.ts"];
}

// A decision that a reader may look up is a note of docs/decisions, named by its file.
it("cites no number of a text that is not in the repository", () => {
  const cited = texts().flatMap((path) => [...readFileSync(join(root, path), "utf8").matchAll(/\bseams? \d+/gi)].map(([words]) => `${path}: ${words}`));
  expect(cited).toEqual([]);
});
