import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { optimizer, type OptimizerProcess, startOptimizer } from "./start-optimizer.ts";
import { accountLog, expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { freshState, journalPath, journalReaches, onlyEntry, resume, runPlan, simulated } from "./story-commands.ts";

const story = inject("story");
const early = Math.floor(story.journalBytes / 20);

let undisturbed: RunEnd;
beforeAll(async () => {
  undisturbed = await runEnd(story.undisturbed, story.runId, story.printed);
});

/** Stops a process (SIGSTOP) where it does not hold the account itself, which nobody could then use. */
async function stopped(state: string, { child }: OptimizerProcess): Promise<void> {
  for (;;) {
    child.kill("SIGSTOP");
    await pause(20);
    if (!existsSync(join(state, "simulation", "account.jsonl.lock"))) return;
    child.kill("SIGCONT");
    await pause(1);
  }
}

describe("a second operator", () => {
  it("is refused with exit 3 while a run is carried out, told its name, and changes nothing", async () => {
    const state = freshState(story, "two-runs");
    const first = startOptimizer(runPlan(story, state));
    await journalReaches(early, state, story.runId, first);
    await stopped(state, first);
    const second = startOptimizer(runPlan(story, state));
    // Long enough to start and to find the lock held; the lease itself lasts two minutes.
    await pause(6_000);
    first.child.kill("SIGCONT");
    const [one, two] = await Promise.all([first.ended, second.ended]);
    expect(two).toMatchObject({ code: 3, stdout: "" });
    expect(two.stderr).toContain(`run ${story.runId}`);
    expect(one.code, one.stderr).toBe(5);
    expect(expectSameEnd(await runEnd(state, story.runId, one.stdout), undisturbed, "two runs", 0)).toBe(true);
  });

  it("takes a run over from a process that slept longer than its lease; the sleeper wakes up with 75 and changes nothing more", async () => {
    const state = freshState(story, "sleeper");
    const policy = join(state, "policy.json");
    const planFile = join(state, "plan.json");
    await writeFile(policy, JSON.stringify({ lock: { leaseSeconds: 6 } }));
    expect(await optimizer(["plan", ...simulated(state), "--policy", policy, "--out", planFile])).toMatchObject({ code: 0 });
    const sleeper = startOptimizer(runPlan({ planFile }, state));
    const runId = await runBegun(state, sleeper);
    await journalReaches(early, state, runId, sleeper);
    await stopped(state, sleeper);
    const other = await optimizer(resume({ runId }, state));
    expect(other.code, other.stderr).toBe(5);
    const end = await runEnd(state, runId, other.stdout);
    expect(end.state.records.flatMap((record) => (record.type === "LEASE" ? [record.body.event] : []))).toEqual(["acquired", "stolen", "released"]);
    expect(commands(end)).toEqual(commands(undisturbed));
    const log = accountLog(state);
    const journal = readFileSync(journalPath(state, runId), "utf8");
    sleeper.child.kill("SIGCONT");
    const woken = await sleeper.ended;
    expect(woken, woken.stderr).toMatchObject({ code: 75, stdout: "" });
    expect(readFileSync(journalPath(state, runId), "utf8")).toBe(journal);
    expect(accountLog(state)).toBe(log);
  });
});

async function runBegun(state: string, { child }: OptimizerProcess): Promise<string> {
  const runs = join(state, "runs");
  while (child.exitCode === null && !existsSync(runs)) await pause(2);
  while (child.exitCode === null && readdirSync(runs).length === 0) await pause(2);
  return onlyEntry(runs);
}

/** Another plan's run has another name, and tokens of that name. */
function commands({ calls }: RunEnd): readonly string[] {
  return calls.map(({ region, command }) => `${region} ${command}`);
}
