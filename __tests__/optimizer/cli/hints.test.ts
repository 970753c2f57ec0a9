import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../../optimizer/commands/command-table.ts";

const root = join(import.meta.dirname, "../../..");
const commands = new Set(commandTable.map(({ usage }) => usage.split(" ")[0]));

/** Lines of our sources that tell a user to call the optimizer: `optimizer word` in a string. */
async function mentions(): Promise<readonly { readonly place: string; readonly command: string }[]> {
  const found: { place: string; command: string }[] = [];
  for (const folder of ["optimizer", "simulation", "contract", "stacks", "constructs"]) {
    const files = (await readdir(join(root, folder), { recursive: true })).filter((file) => file.endsWith(".ts"));
    for (const file of files) {
      const text = await readFile(join(root, folder, file), "utf8");
      for (const [index, line] of text.split("\n").entries()) {
        for (const [, command = ""] of line.matchAll(/(?:[`'"] ?|: |with )optimizer ([a-z][a-z-]+)\b/g))
          found.push({ place: `${folder}/${file}:${index + 1}`, command });
      }
    }
  }
  return found;
}

describe("hints", () => {
  it("name commands that exist", async () => {
    const all = await mentions();
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter(({ command }) => !commands.has(command))).toEqual([]);
  });
});
