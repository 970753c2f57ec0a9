import type { OwnCheck } from "../model/action.ts";
import type { Span } from "../model/observation.ts";
import type { Policy } from "../model/policy.ts";
import type { CommonShift, SlotScore } from "../model/window.ts";
import type { GrowingEvidence } from "./balancer-evidence.ts";
import type { Usual } from "./usual.ts";

/** What one action promised of the resource that it changes. */
export interface Promised {
  readonly resource: string;
  readonly checks: readonly OwnCheck[];
}

/** What a window is judged by. */
export interface Judging {
  readonly policy: Policy["window"];
  /** Of the region's balancers. */
  readonly references: readonly Usual[];
  /** Load balancers × metrics × phases of the run: how many tests share the chance of a false rollback. */
  readonly tests: number;
  /** Declared disruptions: slots they overlap cannot be severe, but stay in the end gate. */
  readonly disruptions: readonly Span[];
  /** When the window may close. */
  readonly deadlineMs: number;
  /** How long it may still be extended after `deadlineMs`. */
  readonly extensionLeftMinutes: number;
  /** What untouched regions went through in the same slots; it only ever excuses. */
  readonly common?: CommonShift | undefined;
  /** What the stage's actions promised of what they change; absent where nothing is changed. */
  readonly checks?: readonly OwnCheck[];
  /** The same by what it is about, for whether anything of it was to be seen. */
  readonly promised?: readonly Promised[];
}

/** Slots in which no breach was found, and what they say. */
export interface JudgedSoFar {
  readonly slots: readonly SlotScore[];
  readonly evidence: readonly GrowingEvidence[];
}

type Remembered = JudgedSoFar & { readonly judging: Judging };

/** By a window's first slot, as long as that lives. Slots never change, so what they say holds for whoever judges them by the same. */
const newest = new WeakMap<SlotScore, Remembered>();

/** The longest known beginning of these slots: a window is judged after every slot, and would cost the square of its slots without. */
export function judgedSoFar(slots: readonly SlotScore[], judging: Judging): JudgedSoFar | undefined {
  const [first] = slots;
  const known = first === undefined ? undefined : newest.get(first);
  if (known === undefined || !isSame(known.judging, judging)) return undefined;
  return known.slots.every((slot, index) => slot === slots[index]) ? known : undefined;
}

/** Remembers the beginning of a window; only what holds no breach may be remembered. */
export function rememberJudged({ slots, evidence }: JudgedSoFar, judging: Judging): void {
  const [first] = slots;
  if (first !== undefined) newest.set(first, { slots, evidence, judging });
}

/** All that evidence and thresholds come from; deadline, extension and control only matter to what is said at the end. */
function isSame(one: Judging, other: Judging): boolean {
  return (
    one.policy === other.policy &&
    one.tests === other.tests &&
    isAlike(one.references, other.references, (a, b) => a === b) &&
    isAlike(one.disruptions, other.disruptions, isSameSpan) &&
    isAlike(one.checks ?? [], other.checks ?? [], (a, b) => a === b)
  );
}

function isAlike<T>(one: readonly T[], other: readonly T[], equal: (a: T, b: T | undefined) => boolean): boolean {
  return one.length === other.length && one.every((each, index) => equal(each, other[index]));
}

function isSameSpan(one: Span, other: Span | undefined): boolean {
  return one.startMs === other?.startMs && one.endMs === other.endMs;
}
