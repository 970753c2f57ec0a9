import type { Mode } from "../app/advance.ts";
import type { Driver, RunPorts } from "../app/drive-run.ts";
import { createPlanReview } from "../app/review-plan.ts";
import type { World } from "../composition/world.ts";
import type { Policy } from "../core/model/policy.ts";
import type { Shell } from "./shell.ts";
import { writeInterimReport } from "./write-report.ts";

/** What carrying out a run reaches. Builds the writers: only commands that change something call this. */
export async function runPorts(world: World, policy: Policy): Promise<RunPorts> {
  const readers = await world.readers();
  const writers = await world.writers(policy);
  return {
    ...readers,
    changeReader: readers.changes,
    births: readers.births,
    changeWriter: writers.changes,
    lock: writers.lock,
    clock: world.clock,
    reporter: world.reporter,
    runs: world.runs,
    plans: world.plans,
    review: createPlanReview(world.plans, readers.prices),
  };
}

export function driver(shell: Shell, world: World, mode: Mode): Driver {
  return {
    who: shell.operator,
    toolVersion: shell.version,
    mode,
    signal: shell.signal,
    onPhaseEnd: async (plan, state) => void (await writeInterimReport(plan, state, world, shell)),
  };
}
