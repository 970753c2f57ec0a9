import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { nextCommand, openWorld } from "../../../optimizer/commands/open-world.ts";
import { resetSimulated } from "../../../optimizer/commands/reset-simulated.ts";
import type { World } from "../../../optimizer/composition/world.ts";
import { memoryShell } from "../../support/memory-shell.ts";

const world = { stateFolder: "s" } as World;
const flags = { state: "s", aws: undefined, scenario: undefined, clock: undefined, profile: undefined };

describe("openWorld", () => {
  it("remembers the account of a state folder, so that no flag need be repeated", async () => {
    const shell = memoryShell({ world });
    await openWorld({ ...flags, aws: "simulated", scenario: "mine.json" }, shell, "begin");
    await openWorld(flags, shell);
    expect(shell.settings.map(({ aws, scenario, clock }) => [aws, scenario, clock])).toEqual([
      ["simulated", "mine.json", "virtual"],
      ["simulated", "mine.json", "virtual"],
    ]);
  });

  it("writes nothing for a command that only looks", async () => {
    const shell = memoryShell({ world });
    await openWorld(flags, shell);
    expect(shell.written.size).toBe(0);
    expect(shell.settings[0]).toMatchObject({ aws: "real", clock: "real" });
  });

  it("refuses to mix a real account and a simulated one in a folder", async () => {
    const shell = memoryShell({ world, folders: { s: ["plans", "world.json"] } });
    await openWorld({ ...flags, aws: "real" }, shell, "begin");
    await expect(openWorld({ ...flags, aws: "simulated" }, shell)).rejects.toMatchObject({
      code: "other-world",
      message: expect.stringContaining("a real account"),
    });
  });

  it.each([
    ["nothing else", ["world.json"]],
    ["a demo", ["world.json", "demo"]],
    ["another state folder, as of --state .optimizer/mine", ["world.json", "mine"]],
  ])("holds nobody to the account of a command that failed before it made anything, beside %s", async (_beside, names) => {
    const shell = memoryShell({ world, folders: { s: names } });
    await openWorld(flags, shell, "begin");
    await openWorld({ ...flags, aws: "simulated" }, shell, "begin");
    await openWorld(flags, shell);
    expect(shell.settings.map(({ aws }) => aws)).toEqual(["real", "simulated", "simulated"]);
  });

  it("names the scenarios, not their hashes, when the account was made from another one", async () => {
    const shell = memoryShell({ world });
    await openWorld({ ...flags, aws: "simulated", scenario: "story" }, shell, "begin");
    const differs = new UserError({ code: "scenario-differs", message: "0a1b…", hint: "" });
    const refusing = { ...shell, createWorld: () => Promise.reject(differs) };
    await expect(openWorld({ ...flags, scenario: "mine.json" }, refusing)).rejects.toMatchObject({
      code: "scenario-differs",
      message: "s is about the scenario story, not mine.json",
      hint: expect.stringContaining("npx optimizer simulate deploy --reset --scenario mine.json --state s"),
    });
    await expect(openWorld(flags, refusing)).rejects.toMatchObject({ message: "the scenario story has changed since s was deployed from it" });
  });

  it.each(["", "[]", '{"version":1,"aws":"moon"}', '{"version":2,"aws":"real"}'])("refuses a world.json that says nothing it knows: %s", async (text) => {
    const shell = memoryShell({ world });
    shell.written.set("s/world.json", text);
    await expect(openWorld(flags, shell)).rejects.toMatchObject({ code: "state-unusable" });
  });
});

describe("nextCommand", () => {
  it("is whole as it can be pasted: the folder where it is not the default, quoted where a shell needs it", () => {
    expect(nextCommand({ state: ".optimizer" }, "adopt", "run-1")).toBe("npx optimizer adopt run-1");
    expect(nextCommand({ state: "my state" }, "adopt", "run-1")).toBe("npx optimizer adopt run-1 --state 'my state'");
    expect(nextCommand({ state: "it's" }, "plan")).toBe(String.raw`npx optimizer plan --state 'it'\''s'`);
  });
});

describe("resetSimulated", () => {
  it("removes what a simulated world made and nothing else", async () => {
    const removed: string[] = [];
    const shell = memoryShell({ world, folders: { s: ["simulation", "plans", "marks", "mine", "notes.txt"] } });
    shell.written.set("s/world.json", '{"version":1,"aws":"simulated","scenario":"story"}');
    await resetSimulated("s", { ...shell, files: { ...shell.files, removeFolder: async (path) => void removed.push(path) } });
    expect(removed).toEqual(["s/marks", "s/plans", "s/simulation"]);
  });

  it("never touches a folder that is about a real account, or about nothing it knows", async () => {
    const real = memoryShell({ world, folders: { s: ["plans", "world.json"] } });
    real.written.set("s/world.json", '{"version":1,"aws":"real"}');
    await expect(resetSimulated("s", real)).rejects.toMatchObject({ code: "not-simulated-world" });
    await expect(resetSimulated("s", memoryShell({ world, folders: { s: ["src"] } }))).rejects.toMatchObject({ code: "not-simulated-world" });
  });
});
