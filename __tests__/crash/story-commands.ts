import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Ended, type OptimizerProcess, startOptimizer } from "./start-optimizer.ts";
import type { Story } from "./story.ts";

/** A copy of the deployed and planned account of its own, for one test. */
export function freshState({ scratch, template }: Pick<Story, "scratch" | "template">, name: string): string {
  const state = join(scratch, name);
  rmSync(state, { recursive: true, force: true });
  cpSync(template, state, { recursive: true });
  return state;
}

export function simulated(state: string, scenario = "story"): readonly string[] {
  return ["--aws", "simulated", "--scenario", scenario, "--clock", "virtual", "--state", state, "--json"];
}

export function runPlan({ planFile }: Pick<Story, "planFile">, state: string): readonly string[] {
  return ["run", ...simulated(state), "--plan", planFile, "--yes"];
}

export function resume({ runId, scenario }: Pick<Story, "runId"> & Partial<Pick<Story, "scenario">>, state: string): readonly string[] {
  return ["resume", runId, ...simulated(state, scenario)];
}

/** Carries the plan out, or takes back what was. */
export function begin(
  { begin: command, planFile, runId, scenario }: Pick<Story, "begin" | "planFile" | "runId" | "scenario">,
  state: string,
): readonly string[] {
  return command === "run" ? ["run", ...simulated(state, scenario), "--plan", planFile, "--yes"] : ["rollback", runId, ...simulated(state, scenario), "--yes"];
}

/** Raised only where a test waits in vain; nothing is measured by it. */
const patienceMs = 120_000;

/** Resolves when the run's journal has come to so many bytes, or the process has ended. */
export async function journalReaches(bytes: number, state: string, runId: string, { child }: OptimizerProcess): Promise<void> {
  const path = journalPath(state, runId);
  const startedMs = performance.now();
  while (child.exitCode === null && !(existsSync(path) && statSync(path).size >= bytes)) {
    if (performance.now() - startedMs > patienceMs) throw new Error(`${path} did not reach ${bytes} bytes`);
    await pause(2);
  }
}

/** Starts a command and kills it without warning some milliseconds after the journal has come to so many bytes. */
export async function killed(args: readonly string[], state: string, runId: string, at: { readonly bytes: number; readonly afterMs: number }): Promise<Ended> {
  const started = startOptimizer(args);
  await journalReaches(at.bytes, state, runId, started);
  await pause(at.afterMs);
  started.child.kill("SIGKILL");
  return started.ended;
}

/** Type of the journal's last whole record. */
export function lastRecord(state: string, runId: string): string {
  const lines = readFileSync(journalPath(state, runId), "utf8").split("\n");
  return (JSON.parse(lines.at(-2) ?? "{}") as { readonly type?: string }).type ?? "none";
}

export function journalPath(state: string, runId: string): string {
  return join(state, "runs", runId, "journal.jsonl");
}

export function onlyEntry(folder: string): string {
  const [name, ...others] = readdirSync(folder);
  if (name === undefined || others.length > 0) throw new Error(`${folder} does not hold one entry`);
  return name;
}
