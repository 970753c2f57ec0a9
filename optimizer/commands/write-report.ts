import { join } from "node:path";
import { UserError } from "../../contract/user-error.ts";
import { realizedSoFar } from "../app/realized-so-far.ts";
import { report } from "../app/report.ts";
import type { World } from "../composition/world.ts";
import type { RealizedSoFar } from "../core/model/money.ts";
import type { Baseline } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { Shell } from "./shell.ts";

export interface WrittenReport {
  readonly html: string;
  readonly json: string;
  readonly verdict: string;
  readonly realized: RealizedSoFar;
}

/** Writes both files into `folder`, or beside the run's state. Reaches AWS for what was realized alone. */
export async function writeReport(plan: Plan, state: RunState, world: World, shell: Shell, folder?: string): Promise<WrittenReport> {
  const realized = await realizedSoFar(plan, state, world.clock.nowMs(), () => world.readers());
  return writeFiles({ plan, state, realized }, world, shell, folder);
}

/** Said in place of what was realized where a report is written without asking AWS for anything. */
const notAsked: RealizedSoFar = { kind: "not-yet", reason: "Cost Explorer is asked when the run has ended" };

/**
 * The report of a run that is still going, from its journal alone: it costs nothing and waits for nothing. A report that cannot be written must not end
 * the run, so that is only reported.
 */
export async function writeInterimReport(plan: Plan, state: RunState, world: World, shell: Shell, folder?: string): Promise<WrittenReport | undefined> {
  try {
    return await writeFiles({ plan, state, realized: notAsked }, world, shell, folder);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    world.reporter.tell({ kind: "warning", message: `the report was not written: ${error.message}` });
    return undefined;
  }
}

async function writeFiles(
  { plan, state, realized }: { readonly plan: Plan; readonly state: RunState; readonly realized: RealizedSoFar },
  world: World,
  shell: Shell,
  folder: string | undefined,
): Promise<WrittenReport> {
  const files = report({ plan, state, realized, baseline: await frozenBaseline(plan, world), plotly: await shell.plottingLibrary() });
  const target = folder ?? join(world.stateFolder, "reports", state.runId);
  const paths = { html: join(target, "dashboard.html"), json: join(target, "report.json") };
  await shell.files.write(paths.html, files.html);
  await shell.files.write(paths.json, files.json);
  return { ...paths, verdict: files.verdict, realized };
}

/** The plan's own baseline, where the state folder still has it: a report must not fail for want of one picture. */
export async function frozenBaseline(plan: Plan, world: World): Promise<Baseline | null> {
  try {
    return await world.plans.baseline(plan.baselineHash);
  } catch (error) {
    if (error instanceof UserError && (error.code === "baseline-unknown" || error.code === "plan-unknown")) return null;
    throw error;
  }
}
