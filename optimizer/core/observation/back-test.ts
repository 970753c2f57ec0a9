import type { Usual } from "./usual.ts";
import type { Policy } from "../model/policy.ts";
import type { SlotCounts, SlotScore } from "../model/window.ts";
import { isBreach } from "./judge-window.ts";
import { scoreSlot } from "./score-slot.ts";

const weekMs = 7 * 24 * 3_600_000;

/** Starts of windows within a week are this many windows apart; a quarter of 48 h is twelve hours. */
const startsPerWindow = 4;

/** The baseline as the run would have seen it. */
export interface History {
  readonly startMs: number;
  readonly slotMs: number;
  readonly counts: readonly SlotCounts[];
}

export interface BackTest {
  /** Share of the baseline's windows that the decision rule would have rolled back; 1 when the baseline holds no whole window. */
  readonly falseRollbackShare: number;
  /** The smallest p99 increase that four of five windows would have shown; at least `largestIncrease` when none would. */
  readonly smallestVisibleP99Increase: number;
}

export const largestIncrease = 4;

/**
 * Slides the policy's window over the frozen baseline, each judged against the medians of the other weeks, through the same code that
 * judges a run. Kayenta calls this a retrospective; it is the real guarantee, since the sequential bounds are approximations.
 */
export function backTest(history: History, referenceWithout: (week: number) => Usual, policy: Policy["window"], tests: number): BackTest {
  const windows = windowsOf(history, policy, referenceWithout);
  if (windows.length === 0) return { falseRollbackShare: 1, smallestVisibleP99Increase: largestIncrease };
  const breaches = (which: readonly TestWindow[], factor: number): number =>
    which.filter((window) => breached(window, factor, policy, tests)).length / which.length;
  const sparse = windows.filter((_, index) => index % Math.max(1, Math.floor(windows.length / 16)) === 0);
  return { falseRollbackShare: breaches(windows, 1), smallestVisibleP99Increase: smallestVisible((increase) => breaches(sparse, 1 + increase) >= 0.8) };
}

interface TestWindow {
  readonly slots: readonly { readonly startMs: number; readonly endMs: number; readonly counts: SlotCounts }[];
  readonly reference: Usual;
}

function windowsOf({ startMs, slotMs, counts }: History, policy: Policy["window"], referenceWithout: (week: number) => Usual): readonly TestWindow[] {
  const length = Math.max(1, Math.round(policy.minutes / policy.slotMinutes));
  const perWeek = Math.floor(weekMs / slotMs);
  const stride = Math.max(1, Math.floor(length / startsPerWindow), Math.floor(perWeek / 14));
  const windows: TestWindow[] = [];
  for (let week = 0; week * perWeek < counts.length; week += 1) {
    const reference = referenceWithout(week);
    const end = Math.min(counts.length, (week + 1) * perWeek);
    for (let first = week * perWeek; first + length <= end; first += stride) {
      const slots = counts.slice(first, first + length).map((each, index) => {
        const slotStartMs = startMs + (first + index) * slotMs;
        return { startMs: slotStartMs, endMs: slotStartMs + slotMs, counts: each };
      });
      windows.push({ slots, reference });
    }
  }
  return windows;
}

function breached({ slots, reference }: TestWindow, factor: number, policy: Policy["window"], tests: number): boolean {
  const references = [reference];
  const scores = slots.map(({ startMs, endMs, counts }): SlotScore => {
    const slowed = [{ ...counts, p99Seconds: counts.p99Seconds === null ? null : counts.p99Seconds * factor }];
    // What a slot alone says only matters to the literal decision; putting it in words for thousands of slots would take most of the time.
    return policy.decision === "literal"
      ? scoreSlot({ startMs, endMs }, slowed, references, policy)
      : { startMs, endMs, counts: slowed, verdict: "pass", reason: "" };
  });
  const deadlineMs = scores.at(-1)?.endMs ?? 0;
  return isBreach(scores, { policy, references, tests, disruptions: [], deadlineMs, extensionLeftMinutes: 0 });
}

/** Bisection to a hundredth; what shows a small increase shows a larger one. */
function smallestVisible(visible: (increase: number) => boolean): number {
  let low = 0;
  let high = largestIncrease;
  if (!visible(high)) return largestIncrease;
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (visible(middle)) high = middle;
    else low = middle;
  }
  return Math.round(high * 100) / 100;
}
