import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { createRunStore } from "../../optimizer/adapters/files/run-store.ts";
import { stopSignals } from "../../optimizer/stop-signals.ts";
import { optimizer, startOptimizer } from "./start-optimizer.ts";
import { accountLog, expectSameEnd, type RunEnd, runEnd } from "./run-end.ts";
import { freshState, journalReaches, killed, lastRecord, resume, runPlan, simulated } from "./story-commands.ts";

const story = inject("story");
const { runId } = story;
const third = { bytes: Math.floor(story.journalBytes / 3), afterMs: 0 };

let undisturbed: RunEnd;
beforeAll(async () => {
  undisturbed = await runEnd(story.undisturbed, runId, story.printed);
});

async function interrupted(signal: (typeof stopSignals)[number], state: string) {
  const started = startOptimizer(runPlan(story, state));
  await journalReaches(third.bytes, state, runId, started);
  started.child.kill(signal);
  return started.ended;
}

/** A run that was created and whose process was killed before its first record. */
async function neverBegan(state: string, id: string): Promise<void> {
  await createRunStore(state).create({ runId: id, planHash: undisturbed.state.planHash, accountId: "123456789012", regions: ["us-east-1", "us-west-2"] });
}

describe("a run that is interrupted", () => {
  it.each(stopSignals)("stops after the operation under way on %s with 75, its lock given back, and can be resumed", async (signal) => {
    const state = freshState(story, signal);
    const stopped = await interrupted(signal, state);
    expect(stopped.code, stopped.stderr).toBe(75);
    expect(stopped.stderr).toContain("can be resumed");
    expect(lastRecord(state, runId)).toBe("LEASE");
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, resumed.stderr).toBe(5);
    const end = await runEnd(state, runId, resumed.stdout);
    expect(end.state.records.flatMap((record) => (record.type === "LEASE" ? [record.body.event] : []))).toEqual([
      "acquired",
      "released",
      "acquired",
      "released",
    ]);
    // Nothing was left open, so nothing is done again, or later.
    expect(expectSameEnd(end, undisturbed, signal, 0)).toBe(true);
  });

  it("keeps its regions from another run, which is told its name with exit 3 and changes nothing", async () => {
    const state = freshState(story, "second-run");
    await interrupted("SIGINT", state);
    const log = accountLog(state);
    const second = await optimizer(runPlan(story, state));
    expect(second).toMatchObject({ code: 3, stdout: "" });
    expect(second.stderr).toContain(`run ${runId} is open`);
    expect(second.stderr).toContain(`optimizer resume ${runId}`);
    expect(accountLog(state)).toBe(log);
  });
});

describe("a command that carries nothing out", () => {
  it.each([
    ["plan", (state: string) => ["plan", ...simulated(state), "--out", join(state, "never.json")], (state: string) => state, "no plan was made"],
    ["simulate deploy", (state: string) => ["simulate", "deploy", ...simulated(`${state}/new`)], (state: string) => `${state}/new`, "nothing was"],
  ])("stops on SIGINT with 75, and nothing was made: %s", async (name, command, stateOf, words) => {
    const state = freshState(story, `stopped-${name.replace(" ", "-")}`);
    const started = startOptimizer(command(state));
    const told = { something: false };
    started.child.stderr?.once("data", () => (told.something = true));
    // Both come after the signals are listened to.
    while (started.child.exitCode === null && !told.something && !existsSync(join(state, "new", "simulation", "account.jsonl"))) await pause(5);
    started.child.kill("SIGINT");
    const stopped = await started.ended;
    expect(stopped.code, stopped.stderr).toBe(75);
    expect(stopped.stderr).toContain(words);
    expect(existsSync(join(state, "never.json"))).toBe(false);
    expect(existsSync(join(stateOf(state), "simulation", "outputs"))).toBe(name === "plan");
  });
});

describe("a run that is killed", () => {
  it("keeps its regions from another run; whoever resumes takes over its lock", async () => {
    const state = freshState(story, "killed-run");
    await killed(runPlan(story, state), state, runId, third);
    expect(await optimizer(runPlan(story, state))).toMatchObject({ code: 3, stderr: expect.stringContaining(`run ${runId} is open`) });
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, resumed.stderr).toBe(5);
    const { state: folded } = await runEnd(state, runId, resumed.stdout);
    // The refused one took the dead one's lock over and gave it back.
    expect(folded.records.flatMap((record) => (record.type === "LEASE" ? [record.body.event] : []))).toEqual(["acquired", "acquired", "released"]);
  });

  it("before its first record can be resumed, and has its regions to itself from then on", async () => {
    const state = freshState(story, "never-began");
    await neverBegan(state, runId);
    const resumed = await optimizer(resume(story, state));
    expect(resumed.code, resumed.stderr).toBe(5);
    expect(expectSameEnd(await runEnd(state, runId, resumed.stdout), undisturbed, "never began", 0)).toBe(true);
  });

  it("before its first record can be started again under the same name", async () => {
    const state = freshState(story, "never-began-again");
    await neverBegan(state, runId);
    const again = await optimizer(runPlan(story, state));
    expect(again.code, again.stderr).toBe(5);
    expect(expectSameEnd(await runEnd(state, runId, again.stdout), undisturbed, "began again", 0)).toBe(true);
  });

  it("before its first record is not resumed beside another run that is open by now", async () => {
    const state = freshState(story, "overtaken");
    await neverBegan(state, "run-0-overtaken");
    await interrupted("SIGINT", state);
    const log = accountLog(state);
    const overtaken = await optimizer(resume({ runId: "run-0-overtaken" }, state));
    expect(overtaken).toMatchObject({ code: 3, stderr: expect.stringContaining(`run ${runId} is open`) });
    expect(accountLog(state)).toBe(log);
  });
});
