import type { Change } from "../levers/change-kinds.ts";
import type { SeriesKey } from "./observation.ts";
import type { ResourceRef } from "./resource-ref.ts";
import type { PhaseNumber, RuleId } from "./rule-id.ts";

/** One mutation of an action. `id` is unique within the plan and goes into AWS's client tokens. */
export interface ChangeStep {
  readonly kind: "change";
  readonly id: string;
  readonly change: Change;
  readonly description: string;
  /**
   * On the way back: it stops harm that is still growing, and comes before every other step of the region. It is tried once: what follows
   * undoes the same, so that a refusal does not hold anything up.
   */
  readonly urgent?: true;
  /** On the way back: it rests on none of the steps before it, so that it is taken though one of them was refused for good. */
  readonly alone?: true;
}

/**
 * A probation: for `minutes` none of `probes` may show a value above zero in any slot. One that does lifts the brownout:
 * the steps done so far are undone (`lift`), and the action becomes the skip `still-read`.
 */
export interface BrownoutStep {
  readonly kind: "brownout";
  readonly id: string;
  readonly minutes: number;
  readonly probes: readonly SeriesKey[];
  readonly lift: readonly ChangeStep[];
  readonly description: string;
}

export type Step = ChangeStep | BrownoutStep;

/** The changes among steps, in their order. */
export function changesAmong(steps: readonly Step[]): readonly Change[] {
  return steps.flatMap((step) => (step.kind === "change" ? [step.change] : []));
}

/** A property of several values, e.g. where objects move to and when, is written as a whole. */
export type SizingValue = string | number | true | Readonly<Record<string, string | number>>;

/** What `adopt` writes: a property of a component, found by Terraform type and id through the output `components`. */
export interface SizingChange {
  readonly type: string;
  readonly id: string;
  readonly property: string;
  /** `append` adds `value` to a list, `set` replaces; `remove` takes it off a list again, after a rollback. */
  readonly operation: "set" | "append" | "remove";
  readonly value: SizingValue;
}

/** A short outage that the action itself causes; its slots do not count for the severe fast path. */
export interface Disruption {
  readonly kind: "failover" | "instance-restart" | "instance-replacement";
  readonly seconds: number;
  readonly detail: string;
}

/**
 * What a change promised of the changed resource itself, watched in its window beside the load balancers:
 *
 * - `at-most`: the largest of `series` may not stay above `limit`, such as the utilization that the projection allows;
 * - `at-least`: the smallest of them may not stay below it;
 * - `never`: an event that the whole baseline had none of, counted over all of `series`, may not happen.
 */
export interface OwnCheck {
  /** In words, with the resource, e.g. `engine CPU of cache`; says the same thing wherever it stands. */
  readonly name: string;
  readonly kind: "at-most" | "at-least" | "never";
  /** In the region of the action, at the length of a window's slot. */
  readonly series: readonly SeriesKey[];
  /** A value of a series times this is in `unit`, such as bytes a sample in percent of a bandwidth; absent: it is as CloudWatch tells it. */
  readonly factor?: number;
  /** The series are parts of one figure, such as bytes read and written: their values are added up, once each has one. */
  readonly summed?: true;
  /** In `unit`; 0 of an event. */
  readonly limit: number;
  readonly unit: "Percent" | "Count" | "Count/Second" | "Milliseconds";
  /** For so many minutes after the newest change nothing is looked at: a cache fills first. */
  readonly graceMinutes?: number;
  /** Beyond its limit it is nobody's harm in a slot in which this other check of the action showed no more than so much. */
  readonly harmlessUpTo?: { readonly check: string; readonly value: number };
  /** Where the limit comes from, in words. */
  readonly why: string;
}

/**
 * Actions of a phase act in rounds: 1 is every action that can be undone and follows none, 2 those that follow another one's pass, 3 those
 * that cannot be undone. A round begins once the ones before it are through.
 */
export type Round = 1 | 2 | 3;

/** How long a way back takes, by orders of magnitude since AWS promises no times; or why nobody can tell. */
export type UndoMinutes = number | { readonly kind: "unknown"; readonly reason: string };

/** One typed change of one resource, with its way back captured before anything runs. */
export interface Action {
  /** `<rule>:<region>:<resource id>` plus a part where a resource has several, e.g. an index. */
  readonly id: string;
  readonly rule: RuleId;
  readonly phase: PhaseNumber;
  readonly region: string;
  readonly resource: ResourceRef;
  readonly summary: string;
  /** In order. */
  readonly steps: readonly Step[];
  /** In order, from any point of `steps`: a step whose `after` already holds is skipped. */
  readonly rollback: readonly ChangeStep[];
  /** Id of the action of its phase and region that this one follows: it begins once that one has passed, and is skipped unless that one was kept. */
  readonly after?: string;
  /** Id of an action of its stage that it comes right behind, whatever becomes of that one: on the way back it is undone first. */
  readonly behind?: string;
  /** It begins after every other action of its round and region, and goes back first: others may need what it removes. */
  readonly isLast?: true;
  /** Steps after the pass, which nobody watched: only in plans of version 1. A run of one goes on without them. */
  readonly afterPass?: readonly ChangeStep[];
  /** Absent: its window is judged by load balancers. `nothing-visible`: no window could show its effect, so it is applied, verified and done. */
  readonly judgedBy?: "nothing-visible";
  /** What its window watches of the resource itself. Absent: nothing, as in plans of older releases. */
  readonly checks?: readonly OwnCheck[];
  readonly reversibility: "immediate" | "slow" | "irreversible";
  /** Minutes that the way back takes; for an irreversible action, the part of it that can still be put back. */
  readonly undoMinutes: UndoMinutes;
  /** What its way back does not bring back, in words; said wherever an irreversible action is approved or rolled back. */
  readonly cannotComeBack?: string;
  /** It is carried out only when someone approved of it, for this reason. */
  readonly approval?: { readonly why: string };
  readonly disruptions: readonly Disruption[];
  readonly writeBack: readonly SizingChange[];
}

export function roundOf({ reversibility, after }: Action): Round {
  if (reversibility === "irreversible") return 3;
  return after === undefined ? 1 : 2;
}
