import type { Baseline, FrozenBaseline } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import type { Journal } from "./journal.ts";

export interface StoredPlan {
  readonly hash: string;
  readonly plan: Plan;
}

/**
 * A plan as it is made, which names the SHA-256 of its baseline: known once that is written, so that hundreds of megabytes of figures become text
 * once, for the disk and for their hash.
 */
export interface MadePlan {
  readonly baseline: Baseline;
  readonly planOn: (baselineHash: string) => Plan;
}

/** Plans live under the hash of their canonical JSON and are never changed. */
export interface PlanStore {
  save(made: MadePlan, outputs: string): Promise<StoredPlan>;
  load(hash: string): Promise<StoredPlan>;
  /** A plan file anywhere; its baseline is found by hash. */
  loadFile(path: string): Promise<StoredPlan>;
  baseline(hash: string): Promise<FrozenBaseline>;
  /** The URL of `paging.webhookUrl` that the plan was made with: it may be a secret, so the plan itself shows only its host. */
  webhookUrl(hash: string): Promise<string | undefined>;
}

export interface RunSummary {
  readonly runId: string;
  readonly planHash: string;
  readonly accountId: string;
  readonly regions: readonly string[];
}

/** A run of the folder. Of one whose description cannot be read nothing is known but why, and whether its mark says that it goes on. */
export type ListedRun =
  | (RunSummary & { readonly open: boolean; readonly undescribed?: never })
  | { readonly runId: string; readonly open: boolean; readonly undescribed: string };

/** Somebody asks for a rollback of one phase or, with null, of everything. */
export interface RollbackRequest {
  readonly id: string;
  readonly phase: PhaseNumber | null;
  readonly by: string;
}

/** Runs and which account+region each has open, from start to CLOSED (apart from the process lease). */
export interface RunStore {
  /**
   * One of the account+regions open for a run: UserError `run-open` naming it and "resume or rollback". A run of which something is
   * damaged is open, too: `JournalBroken`.
   */
  refuseOpen(run: RunSummary): Promise<void>;
  /** Opens account+regions for this run, refusing like `refuseOpen`. A run created before that never came to its first record is created again. */
  create(run: RunSummary): Promise<Journal>;
  open(runId: string): Promise<{ readonly run: RunSummary; readonly journal: Journal }>;
  /** Forgets the open marks once CLOSED is journaled. */
  close(run: RunSummary): Promise<void>;
  /** One that cannot be read hides none of the others. */
  list(): Promise<readonly ListedRun[]>;
  /** Leaves a request for whoever carries the run out, which may be another process. On disk when resolved. */
  request(runId: string, asked: Omit<RollbackRequest, "id">): Promise<RollbackRequest>;
  /** Requests that were not obeyed yet. Asked between any two things a run does, so it is cheap. */
  requests(runId: string): Promise<readonly RollbackRequest[]>;
  /** Forgets a request, once it is journaled or withdrawn. */
  settle(runId: string, requestId: string): Promise<void>;
}
