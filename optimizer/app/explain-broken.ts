import { UserError } from "../../contract/user-error.ts";
import { liveChanges } from "../core/execution/live-changes.ts";
import type { Plan } from "../core/model/plan.ts";
import { JournalBroken } from "../errors.ts";
import type { PlanStore } from "../ports/run-store.ts";

/**
 * Does what reads a journal. One that is broken is told with what is live in AWS, as far as plan and readable records say, and with the
 * commands that undo it: whoever stands before it may have changes in place that nobody watches.
 */
export async function explainingBroken<T>(plans: PlanStore, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JournalBroken)) throw error;
    throw await explained(error, plans);
  }
}

async function explained(error: JournalBroken, plans: PlanStore): Promise<JournalBroken> {
  const { journal } = error;
  const plan = await planOf(journal.planHash, plans);
  const code = error.code === "journal-newer" ? "journal-newer" : "journal-broken";
  if (plan === undefined) {
    const unknown = `What run ${journal.runId} changed cannot be told: its plan cannot be read either. Its regions may hold changes that nobody watches.`;
    return new JournalBroken(journal, { code, message: `${journal.problem}\n  ${unknown}`, hint: `${journal.remedy} Until then start no run there.` });
  }
  const { live, possible, undoLive, undoPossible } = liveChanges(plan, journal.runId, journal.readable, false);
  const read = journal.readable.length;
  const extent = journal.written === undefined ? `${read} records can be read` : `${read} of ${journal.written} records can be read`;
  const message = [
    journal.problem,
    `${extent}. ${read === 0 ? "None of them says what is live in AWS" : `In AWS, as they say: ${live.length === 0 ? "no change is live" : `live and not watched: ${live.join("; ")}`}`}`,
    ...(possible.length === 0 ? [] : [`what the missing records may tell, planned: ${possible.join("; ")}`]),
  ].join("\n  ");
  const hint = [
    journal.remedy,
    ...(undoLive.length === 0 ? [] : ["Without a copy, undo by hand what is live:", ...undoLive.map((command) => `  ${command}`)]),
    ...(undoPossible.length === 0
      ? []
      : ["and, where a describe shows that it was made, what else was planned:", ...undoPossible.map((command) => `  ${command}`)]),
    ...(live.length + possible.length === 0 ? [] : ["No new run begins in these regions before."]),
  ].join("\n  ");
  return new JournalBroken(journal, { code, message, hint });
}

async function planOf(hash: string | undefined, plans: PlanStore): Promise<Plan | undefined> {
  if (hash === undefined) return undefined;
  try {
    return (await plans.load(hash)).plan;
  } catch (error) {
    // A plan that is gone or altered is told as such beside the journal's own problem.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
