import type { SizingChange } from "../../optimizer/core/model/action.ts";
import type { RuleId } from "../../optimizer/core/model/rule-id.ts";
import type { Trial } from "./trial.ts";

/** What a decision does, found by trying it, or by looking who uses what it takes away. */
export interface Truth {
  /** An hour of the baseline is over a limit and was not as deployed, or asks more of the size than it has; or somebody used it then. */
  readonly isUnsafeSeen: boolean;
  /** Likewise of the two weeks after it. */
  readonly isUnsafeLater: boolean;
  /** Requests fail in an hour of the baseline while a zone, or any one member, is gone, and did not fail as deployed. */
  readonly isUnsafeWithout: boolean;
}

export const harmless: Truth = { isUnsafeSeen: false, isUnsafeLater: false, isUnsafeWithout: false };

/** The most that could be had. `gain` is US dollars a month, or a number of things where there is nothing to save. */
export interface Best {
  readonly text: string | null;
  readonly gain: number;
}

export const nothing: Best = { text: null, gain: 0 };

/** What one account has for one or several rules to decide about, and the truth of whatever they decide. */
export interface Opened {
  /** Where nothing is saved in money: what is counted instead. */
  readonly counts?: string;
  truthOf(changes: readonly SizingChange[]): Truth;
  /** What the changes are really worth, in the unit of `Best.gain`. */
  gainOf(changes: readonly SizingChange[]): number;
  text(changes: readonly SizingChange[]): string;
  /** The greatest gain that breaks no hour of the baseline, with a zone or a member gone either. */
  readonly safest: Best;
  /** Likewise where the policy's own margins are kept and the requirement's thresholds ask for it. */
  readonly safestWithin: Best;
  peers(): readonly PeerDecision[];
}

/** What a rule of thumb would do. */
export interface PeerDecision {
  readonly name: string;
  readonly text: string | null;
  readonly truth: Truth;
  readonly gain: number;
}

/** Rules that are judged together, and how an account is opened for them; undefined where it has nothing for them. */
export interface Lever {
  /** They decide about the same sizes, so that they are judged together. */
  readonly rules: readonly RuleId[];
  /** Whether the policy may say which share of the requests asks the resource (`rules.askingShares`): it is judged with that said, too. */
  readonly isShareSaid?: true;
  open(trial: Trial): Opened | undefined;
}
