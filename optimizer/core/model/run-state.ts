import type { Marks } from "../levers/change-kinds.ts";
import type { Round } from "./action.ts";
import type { HoldCause, JournalRecord, PollKind, Purpose, RunOutcome } from "./journal-record.ts";
import type { PhaseNumber } from "./rule-id.ts";
import type { CommonShift, SlotScore, WindowVerdict } from "./window.ts";

export interface StepState {
  readonly stepId: string;
  readonly purpose: Purpose;
  /**
   * `left`: an urgent step that was refused; what follows it undoes the same. `given-up`: one of a way back that was refused for good, or did not
   * settle, while others of its action rest on nothing of it.
   */
  readonly status: "intended" | "applied" | "verified" | "rejected" | "drifted" | "left" | "given-up";
  readonly attempts: number;
  /** When AWS first accepted it, or may have: the time it may take to settle counts from here, whatever is written again. */
  readonly acceptedMs?: number;
  /** Not before this is it tried again. */
  readonly retryAtMs?: number;
  /** An attempt before the newest one may have changed AWS: it was accepted, or nobody knows. */
  readonly mayHaveActed?: true;
  /** What it is about, or rests on, is not there any more, or is another one of its name: nobody can undo it by the step. */
  readonly isGone?: true;
  /** What was found of it where somebody else was there. */
  readonly found?: string;
  /** What it left beside its state, as it was read back. */
  readonly marks?: Marks;
  readonly at: number;
}

export interface ActionState {
  readonly actionId: string;
  /** `finished`: applied, and what follows it has passed as well. */
  readonly status: "pending" | "acting" | "brownout" | "applied" | "finished" | "skipped" | "rolling-back" | "rolled-back" | "drifted" | "rollback-incomplete";
  readonly brownout?: { readonly startMs: number; readonly endMs: number };
  /** Since when its region has not been healthy enough for it to begin. */
  readonly unhealthySinceMs?: number;
  /** By `<purpose>:<step id>`: since when somebody else's operation on the resource is waited for. */
  readonly waits?: Readonly<Record<string, number>>;
  /** The person who approved of it, where it needs an approval. */
  readonly approvedBy?: string;
  /** Polls of its own steps that failed in a row. */
  readonly failing?: FailingPolls;
  readonly skip?: { readonly code: string; readonly detail: string };
  /** By `<purpose>:<step id>`. */
  readonly steps: Readonly<Record<string, StepState>>;
}

export interface WindowState {
  readonly startMs: number;
  readonly deadlineMs: number;
  readonly slots: readonly SlotScore[];
  /** What untouched regions went through up to then; null when none could be read. */
  readonly compared?: { readonly throughMs: number; readonly common: CommonShift | null };
  readonly closed?: WindowVerdict;
}

/** A row of polls without an answer. */
export interface FailingPolls {
  readonly polls: number;
  readonly sinceMs: number;
  readonly retryAtMs: number;
}

/** What of a way back does not get on, as a human was told last. */
export interface Delay {
  /** Id of the step; null: all that is to be read of the region. */
  readonly op: string | null;
  readonly reason: string;
  readonly commands: readonly string[];
}

export interface StageState {
  readonly region: string;
  readonly round: Round;
  readonly status:
    | "pending"
    | "acting"
    | "observing"
    | "passed"
    | "rolling-back"
    | "confirming"
    | "rolled-back"
    | "rollback-incomplete"
    | "cancelled"
    | "empty";
  readonly actions: readonly ActionState[];
  readonly window?: WindowState;
  /** Slots after a rollback, until enough were healthy. */
  readonly confirmation: readonly SlotScore[];
  /** Since when slots count for the confirmation. */
  readonly confirmFromMs?: number;
  readonly soaked: boolean;
  /** Polls of the region as a whole that failed in a row, of either kind: what answers must not hide what does not. */
  readonly failing?: { readonly [P in PollKind]?: FailingPolls };
  readonly held?: { readonly reason: string; readonly cause: HoldCause; readonly sinceMs: number };
  /** A release starts a window anew from here. */
  readonly watchFromMs?: number;
  /** Steps of its way back that are tried again and again, of which a human was told why they do not get on; the latest told is the last. */
  readonly delays?: readonly Delay[];
  /** A human was told what this region waits for. */
  readonly humanAsked?: boolean;
  readonly reason?: string;
}

export interface PhaseState {
  readonly number: PhaseNumber;
  readonly status: "pending" | "open" | "passed" | "rolled-back" | "partly-rolled-back" | "skipped";
  readonly stages: readonly StageState[];
}

/** The fold of a run's journal over its plan: all an engine knows. */
export interface RunState {
  readonly runId: string;
  readonly planHash: string;
  readonly startedAtMs: number;
  readonly lastSeq: number;
  readonly phases: readonly PhaseState[];
  readonly hold?: { readonly reason: string; readonly region: string | null; readonly sinceMs: number };
  readonly needsHuman?: { readonly reason: string; readonly commands: readonly string[] };
  readonly rollbackRequested?: { readonly phase: PhaseNumber | null };
  readonly outcome?: RunOutcome;
  readonly records: readonly JournalRecord[];
}
