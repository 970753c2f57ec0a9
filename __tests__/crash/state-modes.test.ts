import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { optimizer } from "./start-optimizer.ts";
import { freshState, resume, simulated } from "./story-commands.ts";
import { cpSync, rmSync } from "node:fs";

const story = inject("story");

it("keeps every file of a state 0600 and every folder 0700, reports and synthesized stacks included", async () => {
  const state = freshState(story, "modes");
  rmSync(state, { recursive: true });
  cpSync(story.undisturbed, state, { recursive: true });
  const deployed = join(story.scratch, "modes-deployed");
  expect(await optimizer(["simulate", "deploy", ...simulated(deployed)])).toMatchObject({ code: 0 });
  expect(await optimizer(["report", story.runId, ...simulated(state)])).toMatchObject({ code: 0 });
  expect(await optimizer(["adopt", story.runId, "--sizing", join(state, "sizing"), ...simulated(state)])).toMatchObject({ code: 0 });
  expect(await optimizer(resume(story, state))).toMatchObject({ code: 5 });
  const open: string[] = [];
  for (const folder of [state, deployed]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const mode = (await lstat(path)).mode & 0o777;
      if (!entry.isSymbolicLink() && mode !== (entry.isDirectory() ? 0o700 : 0o600)) open.push(`${mode.toString(8)} ${path}`);
    }
    expect((await lstat(folder)).mode & 0o777).toBe(0o700);
  }
  expect(open).toEqual([]);
});
