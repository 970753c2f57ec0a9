import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { optimizerProcess } from "../../support/optimizer-process.ts";

/** What a reader who only ever pastes the printed next command has typed, and how each ended. */
interface Typed {
  readonly line: string;
  readonly code: number | null;
  readonly next: readonly string[];
  readonly said: string;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tap-next-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of what asks a person, the answer is yes: there is no terminal here. */
async function typed(line: string): Promise<Typed> {
  const words = line.replace(/^npx optimizer /, "").split(" ");
  const { code, out, err } = await optimizerProcess([...words, ...(words[0] === "run" ? ["--yes"] : [])], { cwd: folder });
  return {
    line,
    code,
    next: [...`${out}\n${err}`.matchAll(/^ *next +(npx optimizer .+)$/gm)].map(([, command = ""]) => command.trim()),
    said: `${out}\n${err}`,
  };
}

describe("a person who only pastes the next command that was printed", () => {
  it("comes from a simulated account to an empty difference, and a look in between leads on", async () => {
    const walk: Typed[] = [];
    for (let line: string | undefined = "npx optimizer simulate deploy"; line !== undefined && walk.length < 10; line = walk.at(-1)?.next.at(-1))
      walk.push(await typed(line));
    const looks = await Promise.all(["npx optimizer status", "npx optimizer report"].map(typed));

    const run = walk[2]?.next[0]?.split(" ").at(-1) ?? "";
    expect(walk.map(({ line }) => line)).toEqual([
      "npx optimizer simulate deploy",
      "npx optimizer plan",
      "npx optimizer run --plan plan.json",
      `npx optimizer adopt ${run}`,
      `npx optimizer adopt ${run} --check`,
    ]);
    // The story's run rolls one region back, which its exit code says.
    expect(walk.map(({ code, said }) => ({ code, said: code === 0 || code === 5 ? "" : said }))).toEqual([0, 0, 5, 0, 0].map((code) => ({ code, said: "" })));
    expect(walk.at(-1)?.said).toContain("0 to add, 0 to change, 0 to destroy");
    for (const look of looks) expect(look.next, look.line).toEqual([`npx optimizer adopt ${run}`]);
  });
});
