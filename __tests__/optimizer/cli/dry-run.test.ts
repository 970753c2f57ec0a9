import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandTable } from "../../../optimizer/commands/command-table.ts";
import type { World } from "../../../optimizer/composition/world.ts";
import { deployedState, inProcess, realShell, writeSynthesis } from "../../support/deployed-state.ts";

let folder = "";
let outputs = "";
let run = "";
const at = (name: string): string => join(folder, name);
const account = (): Promise<string> => readFile(at("state/simulation/account.jsonl"), "utf8");
const flags = (): readonly string[] => ["--aws", "simulated", "--state", at("state"), "--json"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "optimizer-dry-run-"));
  outputs = await deployedState(at("state"), await writeSynthesis(at("cdktf.out")));
  const ended = await inProcess(["run", ...flags(), "--yes", "--outputs-file", outputs]);
  run = JSON.parse(ended.out).run;
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How each command is called; a command of the table that is not here fails its test. */
const invocations: Readonly<Record<string, () => readonly string[]>> = {
  plan: () => ["plan", "--outputs-file", outputs, "--out", at("plan.json")],
  run: () => ["run", "--outputs-file", outputs],
  tick: () => ["tick", run],
  status: () => ["status", run],
  resume: () => ["resume", run],
  rollback: () => ["rollback", run, "--yes"],
  report: () => ["report", run, "--out", at("report")],
  adopt: () => ["adopt", run, "--sizing", at("sizing")],
  continue: () => ["continue", run, "--yes"],
  abort: () => ["abort", run, "--yes"],
  runs: () => ["runs"],
  "verify-journal": () => ["verify-journal", run],
  "force-unlock": () => ["force-unlock", "00000000-0000-4000-8000-000000000000", "--yes"],
  simulate: () => ["simulate", "deploy"],
  scenarios: () => ["scenarios"],
  completion: () => ["completion", "bash"],
  doctor: () => ["doctor", "--outputs-file", outputs],
  "iam-policy": () => ["iam-policy", "--outputs-file", outputs],
  explain: () => ["explain", "asg.instance-type"],
  demo: () => ["demo"],
};

const names = commandTable.map(({ usage, dryRun }) => ({ name: usage.split(" ")[0] ?? "", dryRun }));

/** Runs a command line, and fails when it as much as builds what could change AWS. */
async function withoutWriters(argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
  const watch = (world: World): World => ({
    ...world,
    writers: () => Promise.reject(new Error("writers were built")),
  });
  return inProcess(argv, realShell(watch));
}

/** Arguments of this command, as a list; the test fails for one that nobody thought of here. */
function invocationOf(name: string): readonly string[] {
  const invocation = invocations[name];
  if (invocation === undefined) throw new Error(`say in this file how ${name} is called in a dry run`);
  return invocation();
}

describe("a dry run", { timeout: 180_000 }, () => {
  it.each(names)("of $name changes nothing at the account: its log of mutations is as it was", async ({ name, dryRun }) => {
    const argv = [...invocationOf(name), ...flags(), "--dry-run"];
    const before = await account();
    if (dryRun === "changes") await expect(withoutWriters(argv)).rejects.toMatchObject({ code: "not-dry", message: expect.stringContaining(name) });
    else {
      const { code, out } = await withoutWriters(argv);
      expect(code).toBe(0);
      expect(() => JSON.parse(out)).not.toThrow();
    }
    expect(await account()).toBe(before);
  });

  it.each(names.filter(({ name, dryRun }) => dryRun === "reads" && name !== "run"))("is what $name is anyway", async ({ name }) => {
    const before = await account();
    expect((await withoutWriters([...invocationOf(name), ...flags()])).code).toBe(0);
    expect(await account()).toBe(before);
  });

  it("is the only way in which run stops before the writers", async () => {
    await expect(withoutWriters([...invocationOf("run"), ...flags(), "--yes"])).rejects.toThrow("writers were built");
  });

  it("adopts into files alone, without writers", async () => {
    const before = await account();
    expect((await withoutWriters([...invocationOf("adopt"), ...flags()])).code).toBe(0);
    expect(await account()).toBe(before);
  });
});

describe("adopt --check of a real account", () => {
  it("claims no proof: it names the Terraform command and ends with 6", async () => {
    await writeFile(at("state/world.json"), '{"version":1,"aws":"real"}');
    const shell = realShell();
    expect(await inProcess(["adopt", run, "--check", "--state", at("state")], shell)).toEqual({ code: 6, out: "" });
    expect(shell.shown.join("\n")).toMatch(/not checked: .*only Terraform[\s\S]*plan -detailed-exitcode/);
    const { code, out } = await inProcess(["adopt", run, "--check", "--json", "--state", at("state")]);
    expect([code, JSON.parse(out)]).toEqual([6, { version: 1, proven: false, drift: null }]);
  });
});
