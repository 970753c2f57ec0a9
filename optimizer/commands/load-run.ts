import { explainingBroken } from "../app/explain-broken.ts";
import type { World } from "../composition/world.ts";
import { foldAll } from "../core/execution/fold.ts";
import type { JournalRecord } from "../core/model/journal-record.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { UserError } from "../../contract/user-error.ts";
import type { Journal } from "../ports/journal.ts";
import type { RunSummary } from "../ports/run-store.ts";

/** Where `optimizer plan` writes unless it is told otherwise. */
export const defaultPlanFile = "plan.json";

/** A run whose journal and plan were read and verified. */
export interface VerifiedRun {
  readonly run: RunSummary;
  readonly journal: Journal;
  readonly records: readonly JournalRecord[];
  readonly plan: Plan;
  readonly planHash: string;
}

export interface LoadedRun extends VerifiedRun {
  readonly state: RunState;
}

/** A run with its journal's chain verified, for who goes on with it and folds it under the lease. Broken: `JournalBroken`, with what is live in AWS. */
export async function verifiedRun(world: Pick<World, "runs" | "plans">, runId: string): Promise<VerifiedRun> {
  return explainingBroken(world.plans, async () => {
    const { run, journal } = await world.runs.open(runId);
    // First the journal: what is broken in it must be reported whether or not the plan can be read.
    const records = await journal.read();
    const { plan, hash } = await world.plans.load(run.planHash);
    return { run, journal, records, plan, planHash: hash };
  });
}

/** A run as its journal tells it. */
export async function loadRun(world: Pick<World, "runs" | "plans">, runId: string): Promise<LoadedRun> {
  const verified = await verifiedRun(world, runId);
  return { ...verified, state: foldAll(verified.plan, runId, verified.records) };
}

/** The run that a command is about when it names none: the open one, else the last. */
export async function latestRun(world: World): Promise<string> {
  const runs = await world.runs.list();
  const run = runs.find((each) => each.open) ?? runs.at(-1);
  if (run !== undefined) return run.runId;
  throw new UserError({
    code: "no-run",
    message: `there is no run in ${world.stateFolder}`,
    hint: "start one with `optimizer run`, or name another folder with --state",
  });
}
