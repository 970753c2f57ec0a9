import type { Action, BrownoutStep, ChangeStep, Round } from "../model/action.ts";
import type { PollKind, Purpose, RecordDraft } from "../model/journal-record.ts";
import type { Span } from "../model/observation.ts";
import type { PhaseNumber } from "../model/rule-id.ts";
import type { WindowVerdict } from "../model/window.ts";
import type { InPlace } from "./in-place.ts";

/** A region's share of a phase, in one round of it. */
export interface StageKey {
  readonly phase: PhaseNumber;
  readonly region: string;
  readonly round: Round;
}

/** One change of one action on its way: to be made, or to be waited for. */
export interface StepEffect extends StageKey {
  readonly action: Action;
  readonly step: ChangeStep;
  readonly purpose: Purpose;
}

/** What an effect asks of its region; undefined for what is decided without asking. */
export function pollOf({ kind }: Effect): PollKind | undefined {
  switch (kind) {
    case "change":
    case "settle":
    case "inspect":
      return "resource";
    case "probe":
    case "score":
    case "check-control":
    case "compare":
    case "check-health":
      return "metrics";
    case "record":
    case "wait":
    case "stop":
      return undefined;
  }
}

export interface Closing {
  readonly verdict: WindowVerdict;
  /** Where the window ends instead while something is on its way; undefined when it may be extended no further. */
  readonly extendToMs?: number;
}

/** The one thing to do next. Drivers carry it out, journal what came of it, and ask again. */
export type Effect =
  /** Nothing but a decision: journal it. */
  | { readonly kind: "record"; readonly draft: RecordDraft }
  /** Make the change, or find out whether it was made. */
  | ({ readonly kind: "change" } & StepEffect)
  /** The change was accepted: look whether it is settled. */
  | ({ readonly kind: "settle" } & StepEffect)
  /** Describe what is in place: somebody else may have been there. Once a slot, up to the newest that is due. */
  | ({
      readonly kind: "inspect";
      readonly inPlace: readonly InPlace[];
      readonly throughMs: number;
      /** The look that the region's pass depends on: the window closes where all is as it was left, and with nothing in between. */
      readonly closing?: Closing;
    } & StageKey)
  | ({
      readonly kind: "probe";
      readonly action: Action;
      readonly step: BrownoutStep;
      /** From the brownout's start to the newest slot that AWS has completed. */
      readonly span: Span;
      readonly brownout: Span;
    } & StageKey)
  /** Score one slot of the region; `throughMs` is where the slots that are due end, so that missed ones are read at once. */
  | ({
      readonly kind: "score";
      readonly watch: "window" | "after-rollback";
      readonly span: Span;
      readonly throughMs: number;
    } & StageKey)
  /** A breach was found: see whether untouched regions breach in the same slots, which makes it `not ours`. */
  | ({
      readonly kind: "check-control";
      readonly controls: readonly string[];
      readonly slots: readonly Span[];
      readonly verdict: WindowVerdict;
    } & StageKey)
  /** A window would be rolled back by what it shows as a whole: see what untouched regions went through in the same slots. */
  | ({
      readonly kind: "compare";
      /** Each as long as nothing was changed in it. */
      readonly controls: readonly { readonly region: string; readonly untilMs: number }[];
      readonly slots: readonly Span[];
    } & StageKey)
  /** Look whether the region is healthy now, before the action's first step. */
  | ({ readonly kind: "check-health"; readonly action: Action; readonly slots: readonly Span[] } & StageKey)
  | { readonly kind: "wait"; readonly untilMs: number; readonly reason: string }
  | { readonly kind: "stop"; readonly because: "closed" | "needs-human" };
