import type { World } from "../composition/world.ts";
import { foldAll } from "../core/execution/fold.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { Journal } from "../ports/journal.ts";
import type { RunSummary } from "../ports/run-store.ts";

export interface LoadedRun {
  readonly run: RunSummary;
  readonly journal: Journal;
  readonly plan: Plan;
  readonly planHash: string;
  readonly state: RunState;
}

/** A run as its journal tells it; the chain is verified on the way. */
export async function loadRun(world: World, runId: string): Promise<LoadedRun> {
  const { run, journal } = await world.runs.open(runId);
  const { plan, hash } = await world.plans.load(run.planHash);
  return { run, journal, plan, planHash: hash, state: foldAll(plan, runId, await journal.read()) };
}
