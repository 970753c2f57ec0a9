import type { Mode } from "../app/advance.ts";
import type { Driver, RunPorts } from "../app/drive-run.ts";
import { createPlanReview } from "../app/review-plan.ts";
import type { World } from "../composition/world.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { nextCommand } from "./open-world.ts";
import type { Shell } from "./shell.ts";
import { writeInterimReport } from "./write-report.ts";

/**
 * What carrying out a run reaches. Builds the writers: only commands that change something call this. `begin` refuses a policy whose channels for
 * paging cannot work; a run that goes on is not kept from it by them.
 */
export async function runPorts(world: World, stored: StoredPlan, purpose: "begin" | "go-on" = "go-on"): Promise<RunPorts> {
  const pagers = await world.pagers(stored, purpose);
  const readers = await world.readers();
  const writers = await world.writers(stored.plan.policy);
  return {
    ...readers,
    changeReader: readers.changes,
    births: readers.births,
    resources: readers.resources,
    changeWriter: writers.changes,
    lock: writers.lock,
    clock: world.clock,
    reporter: world.reporter,
    runs: world.runs,
    plans: world.plans,
    review: createPlanReview(world.plans, readers.prices),
    paging: { pagers, command: (words) => nextCommand({ state: world.stateFolder }, ...words) },
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
