import { cpSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { optimizer, type OptimizerProcess, startOptimizer } from "./start-optimizer.ts";
import { callsIn, runEnd } from "./run-end.ts";
import { freshState, onlyEntry, resume, runPlan, simulated } from "./story-commands.ts";

const story = inject("story");
const stopper = pathToFileURL(join(import.meta.dirname, "stop-at.mjs")).href;
const points = Number(process.env.TAP_STOP_POINTS ?? 10);
/** They mostly wait: a lease has to run out for each. */
const lanes = 4;
/** Long enough for a busy machine to renew in time. */
const leaseSeconds = 6;

interface Prepared {
  readonly scratch: string;
  readonly template: string;
  readonly planFile: string;
  readonly runId: string;
  readonly calls: readonly string[];
  readonly places: number;
}

function stopping(place: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${stopper}`, TAP_STOP_AT: String(place) };
}

function commandsIn(state: string): readonly string[] {
  return callsIn(state).map(({ region, command }) => `${region} ${command}`);
}

/** Resolves when the process stands still, or has ended before its place came. */
async function standsStill({ child }: OptimizerProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
    if (stat.slice(stat.lastIndexOf(")") + 2).startsWith("T")) return true;
    await pause(20);
  }
  return false;
}

describe.skipIf(process.platform !== "linux")("a process that is stopped past its lease", () => {
  let prepared: Prepared;

  /** A plan with a short lease, carried out once undisturbed to learn its places. */
  beforeAll(async () => {
    const template = freshState(story, "short-lease");
    const policy = join(story.scratch, "short-lease-policy.json");
    const planFile = join(story.scratch, "short-lease-plan.json");
    await writeFile(policy, JSON.stringify({ lock: { leaseSeconds } }));
    expect(await optimizer(["plan", ...simulated(template), "--policy", policy, "--out", planFile])).toMatchObject({ code: 0 });
    const state = `${template}-undisturbed`;
    cpSync(template, state, { recursive: true });
    const countFile = join(story.scratch, "places");
    const ended = await optimizer(runPlan({ planFile }, state), { ...stopping(0), TAP_COUNT_PLACES: countFile });
    expect(ended.code, ended.stderr).toBe(5);
    const places = Number(readFileSync(countFile, "utf8"));
    prepared = { scratch: story.scratch, template, planFile, runId: onlyEntry(join(state, "runs")), calls: commandsIn(state), places };
  }, 300_000);

  async function stopAndTakeOver(place: number): Promise<"stopped" | "too-late"> {
    const { runId } = prepared;
    const state = freshState(prepared, `stopped-${place}`);
    const sleeper = startOptimizer(runPlan(prepared, state), stopping(place));
    if (!(await standsStill(sleeper))) return "too-late";
    const where = `place ${place} of ${prepared.places}`;
    const other = await optimizer(resume({ runId }, state));
    expect(other.code, `${where}: ${other.stderr}`).toBe(5);
    const calls = commandsIn(state);
    sleeper.child.kill("SIGCONT");
    const woken = await sleeper.ended;
    // At its last places it had closed the run itself.
    expect([5, 75], `${where}: woken ${woken.stderr}`).toContain(woken.code);
    expect(commandsIn(state), `${where}: calls of the one that woke up`).toEqual(calls);
    expect(calls, `${where}: calls of both`).toEqual(prepared.calls);
    const verified = await optimizer(["verify-journal", runId, ...simulated(state)]);
    expect(verified.code, `${where}: ${verified.stderr}`).toBe(0);
    const end = await runEnd(state, runId, other.stdout);
    expect(end.openMarks, where).toEqual([]);
    expect(end.state.outcome, where).toBe("partly-rolled-back");
    return "stopped";
  }

  it(`changes nothing more when it wakes up and breaks no journal, at ${points} places before, between and after writes, syncs and calls`, async () => {
    const waiting = Array.from({ length: points }, (_, index) => 1 + Math.floor(((index + 0.5) / points) * prepared.places));
    const told: string[] = [];
    const lane = async (): Promise<void> => {
      for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) told.push(await stopAndTakeOver(place));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    console.log(`${told.filter((one) => one === "stopped").length} of ${points} stopped, of ${prepared.places} places`);
    expect(told.filter((one) => one === "stopped").length).toBeGreaterThan(points * 0.8);
  });
});
