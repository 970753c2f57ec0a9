import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textFiles } from "../../../optimizer/composition/text-files.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "text-files-"));
  writeFileSync(join(folder, "text"), "ä\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a file of the program's own", () => {
  it("is read as UTF-8, and is none where there is nothing, or a file above it", async () => {
    expect(await textFiles.read(join(folder, "text"))).toBe("ä\n");
    expect(await textFiles.read(join(folder, "nothing"))).toBeUndefined();
    expect(await textFiles.read(join(folder, "text", "below"))).toBeUndefined();
  });

  it.each([
    ["a folder", (path: string) => mkdirSync(path)],
    ["no file", (path: string) => execFileSync("mkfifo", [path])],
    ["a symbolic link", (path: string) => symlinkSync(join(folder, "text"), path)],
  ])("is refused with what stands in its place: %s", async (what, stand) => {
    const path = join(folder, what);
    stand(path);
    await expect(textFiles.read(path)).rejects.toMatchObject({ code: "state-unusable", message: expect.stringContaining(`${path} is ${what}`) });
  });
});
