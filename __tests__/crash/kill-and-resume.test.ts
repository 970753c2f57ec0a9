import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const points = Number(process.env.TAP_CRASH_POINTS ?? 50);
/** Two at a time: one process waits for its disk while the other computes. */
const lanes = 2;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs the real command line as its users do; kills it without warning after `killAfterMs`. */
function optimizer(args: readonly string[], killAfterMs?: number): Promise<Ended> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["bin/optimizer.js", ...args], { cwd: root, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), milliseconds: performance.now() - startedMs });
    });
  });
}

/** Moments spread evenly over the run, each moved within its share by a seeded generator, so that a failure can be replayed. */
function moments(count: number, wholeMs: number): readonly number[] {
  let seed = 20_261_121;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, index) => ((index + next()) / count) * wholeMs);
}

const simulated = (state: string): readonly string[] => ["--aws", "simulated", "--scenario", "story", "--state", state];
const runArguments = (state: string): readonly string[] => ["run", ...simulated(state), "--yes", "--single-operator", "--json"];

/** What must not depend on a crash: how the run ended, and every figure of the account's log of mutations but its times. */
async function finalState(state: string, run: string): Promise<unknown> {
  const status = await optimizer(["status", run, ...simulated(state), "--json"]);
  const { outcome, phases } = JSON.parse(status.stdout) as { outcome: string; phases: unknown };
  return { outcome, phases: withoutTimes(phases) };
}

function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/(Ms|^at|^attempts|^slots|^confirmation|^reason|^detail|^steps|^seq|^lastSeq)$/.test(key))
      .map(([key, member]) => [key, withoutTimes(member)]),
  );
}

function mutations(state: string): number {
  return readFileSync(join(state, "simulation", "log.jsonl"), "utf8").split("\n").filter((line) => line.includes('"mutation"')).length;
}

async function onlyRun(state: string): Promise<string | undefined> {
  const { stdout } = await optimizer(["runs", ...simulated(state), "--json"]);
  const { runs } = JSON.parse(stdout) as { runs: { runId: string }[] };
  return runs[0]?.runId;
}

describe("a run that is killed with SIGKILL", () => {
  const scratch = mkdtempSync(join(tmpdir(), "tap-crash-"));
  const template = join(scratch, "template");
  let undisturbed: unknown;
  let undisturbedMutations = 0;
  let wholeMs = 0;

  beforeAll(async () => {
    const deployed = await optimizer(["simulate", "deploy", ...simulated(template)]);
    expect(deployed.code, deployed.stderr).toBe(0);
    const state = join(scratch, "undisturbed");
    cpSync(template, state, { recursive: true });
    const ended = await optimizer(runArguments(state));
    expect(ended.code, ended.stderr).toBe(5);
    wholeMs = ended.milliseconds;
    undisturbed = await finalState(state, (await onlyRun(state)) ?? "");
    undisturbedMutations = mutations(state);
  }, 120_000);

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it(`ends as the undisturbed run after resume, at ${points} moments, and a second resume changes nothing`, async () => {
    const waiting = moments(points, wholeMs).map((killAfterMs, index) => ({ killAfterMs, index }));
    let killedMidway = 0;
    const lane = async (): Promise<void> => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        const where = `killed after ${job.killAfterMs.toFixed(0)} ms`;
        const state = join(scratch, `point-${job.index}`);
        cpSync(template, state, { recursive: true });
        const killed = await optimizer(runArguments(state), job.killAfterMs);
        const run = await onlyRun(state);
        if (run === undefined) {
          // Killed before the run began: nothing may have been changed.
          expect(mutations(state), where).toBe(0);
        } else {
          if (killed.code === null) killedMidway += 1;
          const resumed = await optimizer(["resume", run, ...simulated(state), "--yes", "--single-operator"]);
          expect(resumed.code, `${where}: ${resumed.stderr}`).toBe(5);
          expect(await finalState(state, run), where).toEqual(undisturbed);
          expect(mutations(state), where).toBe(undisturbedMutations);
          const again = await optimizer(["resume", run, ...simulated(state), "--yes", "--single-operator"]);
          expect(again.code, `${where}, second resume: ${again.stderr}`).toBe(5);
          expect(mutations(state), `${where}, second resume`).toBe(undisturbedMutations);
        }
        rmSync(state, { recursive: true, force: true });
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    expect(killedMidway).toBeGreaterThan(points / 4);
  });
});
