import { join } from "node:path";
import { report } from "../app/report.ts";
import type { World } from "../composition/world.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { Shell } from "./shell.ts";

export interface ReportPaths {
  readonly html: string;
  readonly json: string;
}

/** Writes both files into `folder`, or beside the run's state. */
export async function writeReport(plan: Plan, state: RunState, world: World, shell: Shell, folder?: string): Promise<ReportPaths> {
  const files = report(plan, state);
  const target = folder ?? join(world.stateFolder, "reports", state.runId);
  const paths = { html: join(target, "dashboard.html"), json: join(target, "report.json") };
  await shell.files.write(paths.html, files.html);
  await shell.files.write(paths.json, files.json);
  return paths;
}
