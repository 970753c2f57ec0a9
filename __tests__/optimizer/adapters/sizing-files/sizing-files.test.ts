import { mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptySizing } from "../../../../contract/sizing.ts";
import { createSizingFiles } from "../../../../optimizer/adapters/sizing-files/sizing-files.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sizing-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("sizing files", () => {
  it("are empty where there is none, and read back what was written", async () => {
    const sizing = createSizingFiles(folder);
    expect(await sizing.read("prod", "primary")).toEqual(emptySizing);
    const path = await sizing.write("prod", "primary", { version: 1, compute: { instanceType: "m5.2xlarge" } });
    expect(path).toBe(join(folder, "prod", "primary.json"));
    expect(await sizing.read("prod", "primary")).toEqual({ version: 1, compute: { instanceType: "m5.2xlarge" } });
    expect(await readFile(path, "utf8")).toMatch(/\}\n$/);
  });

  it.each([
    ["{", "is not JSON"],
    ['{"version":1,"colour":"red"}', "colour"],
    ['{"version":2}', "version"],
  ])("refuse %s, naming what is wrong", async (text, problem) => {
    await mkdir(join(folder, "prod"));
    await writeFile(join(folder, "prod", "primary.json"), text);
    await expect(createSizingFiles(folder).read("prod", "primary")).rejects.toMatchObject({
      code: "bad-sizing-file",
      message: expect.stringContaining(problem),
    });
  });

  it("say what is wrong where a folder stands in the place of a file, or a file in that of a folder", async () => {
    const sizing = createSizingFiles(folder);
    await mkdir(join(folder, "prod", "primary.json"), { recursive: true });
    await expect(sizing.read("prod", "primary")).rejects.toMatchObject({ code: "bad-sizing-file", message: expect.stringContaining("EISDIR") });
    await expect(sizing.write("prod", "primary", emptySizing)).rejects.toMatchObject({ code: "unwritable", message: expect.stringContaining("EISDIR") });
    await writeFile(join(folder, "dev"), "");
    await expect(sizing.read("dev", "primary")).rejects.toMatchObject({ code: "bad-sizing-file", message: expect.stringContaining("ENOTDIR") });
    await expect(sizing.write("dev", "primary", emptySizing)).rejects.toMatchObject({
      code: "unwritable",
      message: expect.stringContaining("cannot be written"),
    });
  });

  it.each(["..", "a/b", "", "-x", ".hidden"])("never leave their folder for a stack named %j", async (name) => {
    await expect(createSizingFiles(folder).write("prod", name, emptySizing)).rejects.toMatchObject({ code: "bad-stack-name" });
  });
});
