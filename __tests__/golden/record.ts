/**
 * `npx tsx __tests__/golden/record.ts v1`: records the story's run as this release writes it, once for each version of the plan's or the
 * journal's format. A folder that is there is never recorded again: it is what an older release left behind.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import story from "../../simulation/scenarios/story.json" with { type: "json" };
import { deployedState, inProcess, writeSynthesis } from "../support/deployed-state.ts";
import { figuresOf, packState, type GoldenExpectation } from "../support/golden-run.ts";

async function record(folder: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "golden-"));
  const state = join(scratch, "state");
  mkdirSync(folder, { recursive: true });
  const scenario = join(folder, "scenario.json");
  writeFileSync(scenario, `${JSON.stringify(story, null, 2)}\n`);
  const outputs = await deployedState(state, await writeSynthesis(join(scratch, "cdktf.out")), scenario);
  const world = ["--state", state, "--aws", "simulated", "--scenario", scenario];
  const { code } = await inProcess(["run", ...world, "--outputs-file", outputs, "--yes", "--json"]);
  const [run] = JSON.parse((await inProcess(["runs", ...world, "--json"])).out) as { readonly runId: string }[];
  if (run === undefined) throw new Error("no run was recorded");
  packState(state, join(folder, "state"));
  const written = await inProcess(["report", run.runId, ...world, "--json"]);
  const records = readFileSync(join(state, "runs", run.runId, "journal.jsonl"), "utf8")
    .trimEnd()
    .split("\n").length;
  const expected: GoldenExpectation = { runId: run.runId, records, exitCode: code, report: figuresOf(written.out) };
  writeFileSync(join(folder, "expected.json"), `${JSON.stringify(expected, null, 2)}\n`);
  rmSync(scratch, { recursive: true });
}

const name = process.argv[2] ?? "";
const target = join(import.meta.dirname, name);
if (!/^v\d+$/.test(name) || existsSync(target)) throw new Error(`name a version that is not recorded yet, such as v2: ${name}`);
await record(target);
