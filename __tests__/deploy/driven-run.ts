import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunSummaryJson } from "../../optimizer/core/report/run-summary.ts";
import type { PlayedMetrics } from "./played-metrics.ts";
import type { TerraformProject } from "./terraform-project.ts";

/** How far a run gets between two polls, in minutes of the server's time. */
const stepMinutes = 5;
const mostMinutes = 24 * 60;
/** How long the start of a run may take, on a busy machine too; the server's time stands still meanwhile, so a wait for it would never end. */
const mostStartMs = 300_000;

/**
 * Starts a run in the foreground, and interrupts it as a user does with Ctrl-C once something is journaled; the run's id. From
 * then on it is driven by `tick`, each time a process of its own, as cron would do it.
 */
export async function startAndInterrupt(project: TerraformProject, args: readonly string[], input: string): Promise<string> {
  const known = new Set(journaledRuns(project));
  const { program, given, options } = project.optimizerCommand(["run", ...args, "--yes", "--single-operator"]);
  const child = spawn(program, given, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => printed.push(text));
  child.stdin.end(input);
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  // One signal only: a second one means "stop now", and ends the process without an exit code.
  const interrupt = () => {
    clearInterval(watch);
    clearTimeout(late);
    child.kill("SIGINT");
  };
  const watch = setInterval(() => {
    if (journaledRuns(project).some((run) => !known.has(run))) interrupt();
  }, 200);
  const late = setTimeout(interrupt, mostStartMs);
  const code = await ended.finally(() => {
    clearInterval(watch);
    clearTimeout(late);
  });
  const [run] = journaledRuns(project).filter((one) => !known.has(one));
  if (code !== 75 || run === undefined) throw new Error(`the run was to be interrupted, but ended with ${code}:\n${printed.join("").slice(-6000)}`);
  return run;
}

/** Runs whose journal holds an intent: something is to be changed. */
function journaledRuns(project: TerraformProject): readonly string[] {
  const folder = join(project.stateFolder, "runs");
  return names(folder).filter((run) =>
    names(join(folder, run))
      .filter((file) => file.includes("journal"))
      .some((file) => readFileSync(join(folder, run, file), "utf8").includes('"INTENT"')),
  );
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Where a run stands after one `tick`, with the exit code. */
export async function tick(project: TerraformProject, run: string): Promise<{ readonly code: number; readonly summary: RunSummaryJson }> {
  const { code, stdout, stderr } = await project.optimizer(["tick", run, "--json"]);
  if (stdout.trim() === "") throw new Error(`tick ended with ${code} and said nothing:\n${stderr}`);
  return { code, summary: JSON.parse(stdout) as RunSummaryJson };
}

/** Ticks and lets time go by until the run is where `there` wants it. */
export async function driveUntil(
  project: TerraformProject,
  metrics: PlayedMetrics,
  run: string,
  there: (summary: RunSummaryJson) => boolean,
): Promise<{ readonly code: number; readonly summary: RunSummaryJson }> {
  for (let minutes = 0; ; minutes += stepMinutes) {
    const seen = await tick(project, run);
    if (there(seen.summary)) return seen;
    const { outcome, needsHuman, hold } = seen.summary;
    if (outcome !== null || needsHuman !== null || hold !== null || minutes > mostMinutes) {
      throw new Error(`the run did not get there in ${minutes} minutes: ${JSON.stringify(seen.summary, undefined, 2)}`);
    }
    await metrics.pass(stepMinutes);
  }
}

export function phaseStatus(summary: RunSummaryJson, phase: number): string | undefined {
  return summary.phases.find((one) => one.phase === phase)?.status;
}

export function turnStatus(summary: RunSummaryJson, phase: number, region: string): string | undefined {
  return summary.phases.find((one) => one.phase === phase)?.regions.find((one) => one.region === region)?.status;
}
