import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, inject, it } from "vitest";
import { mustHaveNamespaces, noNamespaces, startInNamespace } from "./namespaces.ts";
import { callsIn } from "./run-end.ts";
import { optimizer, type OptimizerProcess, startOptimizer } from "./start-optimizer.ts";
import { freshState, journalPath, onlyEntry, simulated } from "./story-commands.ts";

const story = inject("story");
const leaseSeconds = 6;
const started: OptimizerProcess[] = [];

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
});

/** A run that waits in real time, so that it lives and renews its lease while others try. */
async function livingRun(name: string, start: (args: readonly string[]) => OptimizerProcess) {
  const state = freshState(story, name);
  const policy = join(state, "policy.json");
  const planFile = join(state, "plan.json");
  await writeFile(policy, JSON.stringify({ lock: { leaseSeconds } }));
  expect(await optimizer(["plan", ...simulated(state), "--policy", policy, "--out", planFile])).toMatchObject({ code: 0 });
  const paced = simulated(state).map((word) => (word === "virtual" ? "real" : word));
  const run = start(["run", ...paced, "--plan", planFile, "--yes"]);
  started.push(run);
  const runs = join(state, "runs");
  await until(run, () => existsSync(runs) && readdirSync(runs).length > 0 && callsIn(state).length > 0);
  return { state, paced, run, runId: onlyEntry(runs) };
}

async function until({ child }: OptimizerProcess, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
    await pause(50);
  }
}

describe("rollback beside a living run", () => {
  it("tells it and ends, and the run goes back by itself", async () => {
    const { state, paced, run, runId } = await livingRun("told", startOptimizer);
    const told = await optimizer(["rollback", runId, ...paced, "--yes"]);
    expect(told.code, told.stderr).toBe(0);
    expect(told.stderr).toContain("it goes back within a slot");
    await until(run, () => readFileSync(journalPath(state, runId), "utf8").includes('"kind":"rollback-requested"'));
    expect(run.child.exitCode).toBeNull();
    const requested = readFileSync(journalPath(state, runId), "utf8").match(/"rollback-requested"/g);
    expect(requested).toHaveLength(1);
  });
});

describe.skipIf(noNamespaces !== "" && !mustHaveNamespaces)(`two PID namespaces${noNamespaces === "" ? "" : ` (skipped: ${noNamespaces})`}`, () => {
  it.each([
    ["a run in a container is not taken for dead from outside", startInNamespace, startOptimizer],
    ["a run outside is not taken for dead from a container", startOptimizer, startInNamespace],
  ] as const)("%s: exit 3, and nothing is changed", async (name, holder, other) => {
    expect(noNamespaces).toBe("");
    const { state, paced, run, runId } = await livingRun(name.replaceAll(" ", "-"), holder);
    const calls = callsIn(state).length;
    const second = other(["resume", runId, ...paced]);
    started.push(second);
    const ended = await second.ended;
    expect(ended.code, ended.stderr).toBe(3);
    expect(ended.stderr).toContain(runId);
    expect(run.child.exitCode).toBeNull();
    expect(callsIn(state)).toHaveLength(calls);
    expect(await optimizer(["verify-journal", runId, ...simulated(state)])).toMatchObject({ code: 0 });
  });
});
