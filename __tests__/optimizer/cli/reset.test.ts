import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stateEntries } from "../../../optimizer/commands/state-entries.ts";
import { deployedState, inProcess, writeSynthesis } from "../../support/deployed-state.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-reset-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("`simulate deploy --reset` removes all that a run has made, so that the same run begins anew", async () => {
  const state = join(folder, "state");
  const synthesis = await writeSynthesis(join(folder, "cdktf.out"));
  const outputs = await deployedState(state, synthesis);
  const run = ["run", "--state", state, "--outputs-file", outputs, "--yes", "--single-operator", "--json"];
  const first = await inProcess(run);
  const runId: string = JSON.parse(first.out).run;
  await inProcess(["report", runId, "--state", state, "--json"]);
  await inProcess(["adopt", runId, "--state", state, "--json"]);
  // Whatever the optimizer makes and this list does not name would be left over by --reset.
  expect((await readdir(state)).filter((name) => !stateEntries.includes(name))).toEqual([]);
  expect(stateEntries.filter((name) => name !== "world.json")).toEqual(expect.arrayContaining(["marks", "runs", "plans", "locks", "open"]));

  await mkdir(join(state, "mine"));
  await writeFile(join(state, "notes.txt"), "somebody's");
  await inProcess(["simulate", "deploy", "--reset", "--state", state, "--from", synthesis, "--json"]);
  expect((await readdir(state)).toSorted()).toEqual(["mine", "notes.txt", "simulation", "world.json"]);
  expect(await inProcess(run)).toEqual(first);
});
