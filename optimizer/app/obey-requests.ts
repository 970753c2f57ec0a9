import type { RollbackRequest } from "../ports/run-store.ts";
import type { RunState } from "../core/model/run-state.ts";
import { UserError } from "../../contract/user-error.ts";
import type { RunContext } from "./run-context.ts";

/** Where others leave what they ask of the process that carries a run out. */
export interface RequestDesk {
  pending(): Promise<readonly RollbackRequest[]>;
  settle(requestId: string): Promise<void>;
}

/** Journals what was asked since the last look, so that `next` goes back; each request once, whatever a crash leaves behind. */
export async function obeyRequests(run: RunContext, desk: RequestDesk | undefined): Promise<void> {
  for (const request of (await readable(run, desk)) ?? []) {
    if (run.state().outcome === undefined && !isJournaled(run.state(), request)) {
      if (isHeld(run.state())) await run.journal({ phase: null, region: null }, "HOLD", { reason: "a rollback was requested", releasedBy: request.by });
      await run.journal({ phase: request.phase, region: null }, "DECISION", { kind: "rollback-requested", by: request.by, request: request.id });
    }
    await desk?.settle(request.id);
  }
}

/** A request that cannot be read must not stop the watching: it is reported, and stays. */
async function readable(run: RunContext, desk: RequestDesk | undefined): Promise<readonly RollbackRequest[] | undefined> {
  try {
    return await desk?.pending();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "state-unusable") throw error;
    if (run.warnOnce(error.message)) run.ports.reporter.tell({ kind: "warning", message: `${error.message}: ${error.hint}` });
    return undefined;
  }
}

function isJournaled({ records }: RunState, { id }: RollbackRequest): boolean {
  return records.some((record) => record.type === "DECISION" && record.body.kind === "rollback-requested" && record.body.request === id);
}

function isHeld({ needsHuman, phases }: RunState): boolean {
  return needsHuman !== undefined || phases.some(({ stages }) => stages.some(({ status, held }) => status === "rollback-incomplete" || held !== undefined));
}
