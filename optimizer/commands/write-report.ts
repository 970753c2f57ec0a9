import { join } from "node:path";
import { realizedSoFar } from "../app/realized-so-far.ts";
import { report } from "../app/report.ts";
import type { World } from "../composition/world.ts";
import type { RealizedSoFar } from "../core/model/money.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { Shell } from "./shell.ts";

export interface WrittenReport {
  readonly html: string;
  readonly json: string;
  readonly realized: RealizedSoFar;
}

/** Writes both files into `folder`, or beside the run's state. Reaches AWS for what was realized alone. */
export async function writeReport(plan: Plan, state: RunState, world: World, shell: Shell, folder?: string): Promise<WrittenReport> {
  const realized = await realizedSoFar(plan, state, world.clock.nowMs(), async () => (await world.readers()).costs);
  const files = report(plan, state, realized);
  const target = folder ?? join(world.stateFolder, "reports", state.runId);
  const paths = { html: join(target, "dashboard.html"), json: join(target, "report.json") };
  await shell.files.write(paths.html, files.html);
  await shell.files.write(paths.json, files.json);
  return { ...paths, realized };
}
