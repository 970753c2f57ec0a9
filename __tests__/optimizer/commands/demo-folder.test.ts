import { describe, expect, it } from "vitest";
import { demoFolder } from "../../../optimizer/commands/demo-folder.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const marker = "this-folder-is-a-demo.txt";

describe("demoFolder", () => {
  it("is beside other state by default", async () => {
    expect(await demoFolder(".optimizer", memoryShell())).toBe(".optimizer/demo");
  });

  it("never removes a folder that holds something else", async () => {
    const removed: string[] = [];
    const shell = memoryShell({ folders: { home: ["thesis.doc"] } });
    const watched = { ...shell, files: { ...shell.files, removeFolder: async (path: string) => void removed.push(path) } };
    await expect(demoFolder("home", watched)).rejects.toMatchObject({ code: "not-a-demo-folder" });
    expect(removed).toEqual([]);
  });

  it("starts afresh where an earlier demo was", async () => {
    const shell = memoryShell({ folders: { old: [marker, "runs"] } });
    expect(await demoFolder("old", shell)).toBe("old");
    expect([...shell.written.keys()]).toEqual([`old/${marker}`]);
  });
});
