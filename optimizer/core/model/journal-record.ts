import type { Round } from "./action.ts";
import type { Change, ChangeState } from "../levers/change-kinds.ts";
import type { PhaseNumber } from "./rule-id.ts";
import type { CommonShift, SlotScore, WindowVerdict } from "./window.ts";

/** Why a change is made. `after-pass` stands only in journals of plans of version 1. */
export type Purpose = "forward" | "rollback" | "lift" | "after-pass";

export interface ErrorNote {
  readonly name: string;
  readonly message: string;
}

/** What a region is asked: for its metrics, or for a resource and its changes. */
export type PollKind = "metrics" | "resource";

export type HoldCause = "unhealthy" | "traffic-lost" | "coverage" | "not-ours" | "unreadable";

/** How somebody is told outside of the terminal. */
export type PageChannel = "command" | "webhook" | "sns";

/** Why a way back does not get on. */
export type DelayCause = "refused" | "busy" | "no-capacity" | "queued" | "served" | "not-taken" | "unreadable";

/** A region that gave no answer, and why. */
export interface UnreadRegion {
  readonly region: string;
  readonly reason: string;
}

interface RecordBodies {
  /** First record of every run. */
  PLAN: { readonly planHash: string; readonly regions: readonly string[]; readonly toolVersion: string; readonly principalArn: string };
  LEASE: { readonly event: "acquired" | "stolen" | "released"; readonly holder: string };
  /** Durable before the call. `op` of the record is the step's id. */
  INTENT: { readonly action: string; readonly purpose: Purpose; readonly change: Change; readonly token: string };
  ATTEMPT: { readonly action: string; readonly purpose: Purpose; readonly number: number };
  /** `none-needed`: what shall be is already so. `recovered`: a describe after a crash or an unclear error showed that it had been applied. */
  OUTCOME: {
    readonly action: string;
    readonly purpose: Purpose;
    readonly result: "ok" | "rejected" | "unknown" | "recovered" | "none-needed";
    readonly error?: ErrorNote;
    /** When it is tried again. */
    readonly retryAtMs?: number;
  };
  /** Read back and equal to what shall be. */
  VERIFIED: { readonly action: string; readonly purpose: Purpose; readonly state: ChangeState };
  /** Forward and rollback changes use the same bodies; the RB_ types make a rollback visible in the journal. */
  RB_INTENT: RecordBodies["INTENT"];
  RB_OUTCOME: RecordBodies["OUTCOME"];
  RB_VERIFIED: RecordBodies["VERIFIED"];
  BROWN_OUT: {
    readonly action: string;
    readonly event: "started" | "silent" | "read" | "unclear";
    readonly startMs: number;
    readonly endMs: number;
    readonly detail: string;
  };
  WINDOW:
    | { readonly event: "opened"; readonly startMs: number; readonly deadlineMs: number }
    | { readonly event: "extended"; readonly deadlineMs: number; readonly reason: string }
    /**
     * What regions untouched meanwhile went through in the window's slots up to `throughMs`; null when none could be read for long enough. `unread`:
     * those of `regions` that gave no answer, and why; absent where all did, and in journals of older releases.
     */
    | {
        readonly event: "compared";
        readonly throughMs: number;
        readonly regions: readonly string[];
        readonly common: CommonShift | null;
        readonly unread?: readonly UnreadRegion[];
      }
    | { readonly event: "closed"; readonly verdict: WindowVerdict };
  /** `revised`: earlier slots of the same watch whose figures had grown when they were read again. */
  SLOT: { readonly watch: "window" | "after-rollback"; readonly score: SlotScore; readonly revised?: readonly SlotScore[] };
  DECISION:
    | { readonly kind: "breach"; readonly verdict: WindowVerdict }
    | { readonly kind: "action-skipped"; readonly action: string; readonly code: string; readonly detail: string }
    /** Just before the action begins. */
    | { readonly kind: "approved"; readonly action: string; readonly by: string }
    /** The region is not healthy now: the action waits. `healthy` ends the wait. */
    | { readonly kind: "unhealthy"; readonly action: string; readonly detail: string }
    | { readonly kind: "healthy"; readonly action: string }
    /** Something else moves on the resource of a step (`op`): the step waits. */
    | { readonly kind: "busy"; readonly action: string; readonly purpose: Purpose; readonly detail: string }
    /** An urgent step (`op`) of a way back was refused; the way goes on without it. */
    | { readonly kind: "step-left"; readonly action: string; readonly purpose: Purpose; readonly detail: string }
    /** A step (`op`) of a way back was given up; those of its action that rest on nothing of it are still taken. */
    | { readonly kind: "step-given-up"; readonly action: string; readonly purpose: Purpose; readonly detail: string }
    /**
     * The region could not be read, or not written to without an answer; `poll-succeeded` ends a row of failures. `action`: it was asked for this
     * action's step (`op`) alone, and nothing else waits for it; absent where all of the region was asked for, and in journals of older releases.
     */
    | { readonly kind: "poll-failed"; readonly of: PollKind; readonly reason: string; readonly retryAtMs: number; readonly action?: string }
    | { readonly kind: "poll-succeeded"; readonly of: PollKind; readonly action?: string }
    | { readonly kind: "region-cancelled"; readonly reason: string }
    | { readonly kind: "soaked" }
    | { readonly kind: "phase-closed"; readonly result: "passed" | "rolled-back" | "partly-rolled-back" | "skipped" }
    /** `request`: id of the file through which a living run was asked. */
    | { readonly kind: "rollback-requested"; readonly by: string; readonly request?: string }
    | { readonly kind: "rolled-back-verified" }
    | { readonly kind: "rollback-incomplete"; readonly remaining: readonly string[] };
  /** A region stops until a human releases it (`releasedBy`), or evidence of a breach rolls it back. */
  HOLD: { readonly reason: string; readonly cause?: HoldCause; readonly releasedBy?: string };
  /**
   * `isGone`: the resource, or the part that the step is about, is not there any more, or is another one of its name. `goesOn`: on a way back,
   * what rests on nothing of this step is taken all the same. Both absent in journals of older releases.
   */
  DRIFT: {
    readonly action: string;
    readonly purpose: Purpose;
    readonly expected: string;
    readonly found: string;
    readonly isGone?: true;
    readonly goesOn?: true;
  };
  CRED_LOST: { readonly detail: string };
  /**
   * `goesOn`: a way back that is tried again meanwhile, each `cause` of each step told once an hour at most; without a cause in journals of older
   * releases.
   */
  NEEDS_HUMAN: { readonly reason: string; readonly commands: readonly string[]; readonly goesOn?: true; readonly cause?: DelayCause };
  CLOSED: { readonly outcome: RunOutcome };
  /**
   * Somebody was told of an event outside of the terminal, or could not be. `event`: its kind and the number of the record that it is about. The
   * only type besides LEASE that may follow CLOSED, since the end is told as well. Releases that know no paging refuse a journal that holds it.
   */
  PAGED: { readonly event: string; readonly channel: PageChannel; readonly result: "sent" | "failed"; readonly detail?: string };
}

export type RecordType = keyof RecordBodies;

/** Every type that this optimizer can fold: a journal that holds another was written by a newer one. */
export const recordTypes: Readonly<Record<RecordType, true>> = {
  PLAN: true,
  LEASE: true,
  INTENT: true,
  ATTEMPT: true,
  OUTCOME: true,
  VERIFIED: true,
  RB_INTENT: true,
  RB_OUTCOME: true,
  RB_VERIFIED: true,
  BROWN_OUT: true,
  WINDOW: true,
  SLOT: true,
  DECISION: true,
  HOLD: true,
  DRIFT: true,
  CRED_LOST: true,
  NEEDS_HUMAN: true,
  CLOSED: true,
  PAGED: true,
};

export function isRecordType(type: string): type is RecordType {
  return Object.hasOwn(recordTypes, type);
}

export type RunOutcome = "adoptable" | "rolled-back" | "partly-rolled-back" | "nothing-to-do" | "rollback-incomplete" | "aborted";

/** One entry of a run's journal. `prev` is the SHA-256 of the previous record's bytes; the first has 64 zeros. */
export type JournalRecord = {
  [T in RecordType]: {
    readonly v: 1;
    readonly seq: number;
    readonly prev: string;
    /** AWS's time, epoch milliseconds. */
    readonly at: number;
    readonly epoch: number;
    readonly run: string;
    readonly account: string;
    readonly region: string | null;
    readonly phase: PhaseNumber | null;
    /** Round of the phase that the region is in; absent: 1. */
    readonly round?: Round;
    /** Step id for changes, else null. */
    readonly op: string | null;
    readonly type: T;
    readonly body: RecordBodies[T];
  };
}[RecordType];

/** A record before the journal gave it its place: everything but v, seq, prev, epoch, run and account. */
export type RecordDraft = {
  [T in RecordType]: {
    readonly type: T;
    readonly at: number;
    readonly region: string | null;
    readonly phase: PhaseNumber | null;
    readonly round?: Round;
    readonly op: string | null;
    readonly body: RecordBodies[T];
  };
}[RecordType];

export type RecordOf<T extends RecordType> = Extract<JournalRecord, { readonly type: T }>;
