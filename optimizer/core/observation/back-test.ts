import type { Policy } from "../model/policy.ts";
import type { SlotCounts, SlotScore } from "../model/window.ts";
import { isBreach } from "./judge-window.ts";
import { scoreSlot } from "./score-slot.ts";
import type { History } from "./slot-columns.ts";
import { hourOfWeek, hoursPerWeek } from "./hour-of-week.ts";
import { busyHours, type WholeUsual, withP99 } from "./usual.ts";

const weekMs = hoursPerWeek * 3_600_000;

/** Starts of windows within a week are this many windows apart; a quarter of 48 h is twelve hours. */
const startsPerWindow = 4;

/** What is called visible shows in 19 of 20 windows; so many are tried. */
const windowsTried = 20;
const visibleShare = 0.95;

/** An error rate is looked for in a window's first third: eight hours of a day, sixteen of 48 h would be late. */
const errorHours = 8;

export interface BackTest {
  /** Share of the baseline's windows that the decision rule would have rolled back; 1 when the baseline holds no whole window. */
  readonly falseRollbackShare: number;
  /** The smallest p99 increase that 19 of 20 windows would have shown; `largestIncrease` when none would. */
  readonly smallestVisibleP99Increase: number;
  /** The same of an increase in the busiest quarter of the week's hours alone; absent where no hours are busier. */
  readonly smallestVisiblePeakP99Increase?: number;
  /** The smallest error rate that 19 of 20 windows would have shown within eight hours; 1 when none would. */
  readonly smallestVisibleErrorRate: number;
}

export const largestIncrease = 4;

/** Harm put into a window of the baseline. */
interface Planted {
  readonly p99Factor: number;
  readonly busyOnly: boolean;
  readonly errorRate: number;
}

const nothing: Planted = { p99Factor: 1, busyOnly: false, errorRate: 0 };

/**
 * Slides the policy's window over the frozen baseline, each judged against the medians of the other weeks, through the same code that
 * judges a run. Kayenta calls this a retrospective; it is the real guarantee, since the sequential bounds are approximations.
 */
export function backTest(history: History, referenceWithout: (week: number) => WholeUsual, policy: Policy["window"], tests: number): BackTest {
  const windows = windowsOf(history, policy, referenceWithout);
  const [first] = windows;
  if (first === undefined) return { falseRollbackShare: 1, smallestVisibleP99Increase: largestIncrease, smallestVisibleErrorRate: 1 };
  const isRolledBack = (window: TestWindow, planted: Planted): boolean => breached(window, planted, policy, tests);
  const tried = spread(windows);
  const busy = busyHours(first.reference);
  const busySlots = (window: TestWindow): number => window.slots.filter(({ startMs }) => busy?.[hourOfWeek(startMs)] === true).length;
  const withPeak = busy === null ? [] : spread(windows.filter((window) => busySlots(window) * 6 >= window.slots.length));
  const hours = tried.map((window) => ({
    ...window,
    slots: window.slots.slice(0, Math.ceil((errorHours * 60) / policy.slotMinutes)),
    deadlineMs: Number.POSITIVE_INFINITY,
  }));
  const visible = (which: readonly TestWindow[], planted: (size: number) => Planted, least: number, largest: number): number =>
    smallestVisible(
      visibilityIn(which, (window, size) => isRolledBack(window, planted(size))),
      least,
      largest,
    );
  return {
    falseRollbackShare: windows.filter((window) => isRolledBack(window, nothing)).length / windows.length,
    smallestVisibleP99Increase: visible(tried, (size) => ({ ...nothing, p99Factor: 1 + size }), policy.maxP99Increase, largestIncrease),
    ...(withPeak.length === 0
      ? {}
      : {
          smallestVisiblePeakP99Increase: visible(
            withPeak,
            (size) => ({ ...nothing, p99Factor: 1 + size, busyOnly: true }),
            policy.maxP99Increase,
            largestIncrease,
          ),
        }),
    smallestVisibleErrorRate: visible(hours, (errorRate) => ({ ...nothing, errorRate }), policy.maxErrorRate, 1),
  };
}

interface TestWindow {
  /** What a slot alone says only matters to the literal decision; putting it in words for thousands of slots would take most of the time. */
  readonly slots: readonly SlotScore[];
  readonly reference: WholeUsual;
  /** Where it ends; never of a part of a window, of which the end says nothing. */
  readonly deadlineMs: number;
}

function spread(windows: readonly TestWindow[]): readonly TestWindow[] {
  const step = Math.max(1, windows.length / windowsTried);
  return Array.from({ length: Math.min(windows.length, windowsTried) }, (_, index) => windows[Math.floor(index * step)]).filter((each) => each !== undefined);
}

function windowsOf({ startMs, slotMs, counts }: History, policy: Policy["window"], referenceWithout: (week: number) => WholeUsual): readonly TestWindow[] {
  const length = Math.max(1, Math.round(policy.minutes / policy.slotMinutes));
  const perWeek = Math.floor(weekMs / slotMs);
  const stride = Math.max(1, Math.floor(length / startsPerWindow), Math.floor(perWeek / 14));
  const windows: TestWindow[] = [];
  // Windows overlap, and slots never change: one object for each.
  const slots = counts.map((each, index): SlotScore => {
    const slotStartMs = startMs + index * slotMs;
    return { startMs: slotStartMs, endMs: slotStartMs + slotMs, counts: [each], verdict: "pass", reason: "" };
  });
  for (let week = 0; week * perWeek < counts.length; week += 1) {
    const reference = referenceWithout(week);
    const end = Math.min(counts.length, (week + 1) * perWeek);
    for (let first = week * perWeek; first + length <= end; first += stride) {
      const span = { startMs: startMs + first * slotMs, endMs: startMs + (first + length) * slotMs };
      // An outage of the baseline was one: rolling back for it would be no mistake.
      if (reference.incidents.some((incident) => incident.startMs < span.endMs && span.startMs < incident.endMs)) continue;
      windows.push({ slots: slots.slice(first, first + length), reference, deadlineMs: span.endMs });
    }
  }
  return windows;
}

function breached({ slots, reference, deadlineMs }: TestWindow, planted: Planted, policy: Policy["window"], tests: number): boolean {
  const references = [quickened(reference, planted)];
  const failing =
    planted.errorRate === 0
      ? slots
      : slots.map(({ startMs, endMs, counts, verdict, reason }) => ({
          startMs,
          endMs,
          counts: counts.map((each) => withErrors(each, planted.errorRate)),
          verdict,
          reason,
        }));
  const scores = policy.decision === "literal" ? failing.map((slot) => scoreSlot(slot, slot.counts, references, policy)) : failing;
  return isBreach(scores, { policy, references, tests, disruptions: [], deadlineMs, extensionLeftMinutes: 0 });
}

/** Slower slots are the same as a faster usual, which costs 168 divisions and not thousands of new slots. */
function quickened(reference: WholeUsual, { p99Factor, busyOnly }: Planted): WholeUsual {
  if (p99Factor === 1) return reference;
  const busy = busyOnly ? busyHours(reference) : null;
  const p99SecondsByHour = reference.p99SecondsByHour.map((p99, hour) => (p99 === null || (busyOnly && busy?.[hour] !== true) ? p99 : p99 / p99Factor));
  return withP99(reference, p99SecondsByHour);
}

/** Every member is named, in the order in which slots are read: what is judged by the thousand looks alike. */
function withErrors(counts: SlotCounts, errorRate: number): SlotCounts {
  if (counts.requests === null) return counts;
  const { loadBalancer, requests, target5xx, elb5xx, p99Seconds, healthyHosts, status } = counts;
  const planted = Math.min(requests, Math.max(target5xx ?? 0, Math.round(requests * errorRate)));
  return { loadBalancer, requests, target5xx: planted, elb5xx, p99Seconds, healthyHosts, status };
}

/**
 * Whether harm of a size shows in enough windows; looking stops at the miss that is one too many. More harm makes all evidence larger: a window that
 * showed less of it shows it, one that did not show more of it does not, and neither is looked at again.
 */
function visibilityIn(windows: readonly TestWindow[], isFound: (window: TestWindow, size: number) => boolean): (size: number) => boolean {
  const missesAllowed = Math.floor(windows.length * (1 - visibleShare) + 1e-9);
  const known = windows.map((window) => ({ window, shownAt: Number.POSITIVE_INFINITY, missedAt: 0 }));
  return (size) => {
    let missed = known.filter(({ missedAt }) => size <= missedAt).length;
    for (const of of known) {
      if (missed > missesAllowed) return false;
      if (size <= of.missedAt || size >= of.shownAt) continue;
      if (isFound(of.window, size)) of.shownAt = size;
      else {
        of.missedAt = size;
        missed += 1;
      }
    }
    return missed <= missesAllowed;
  };
}

/** Doubling from `least` until it shows, then bisection to a tenth of `least`; what shows a small increase shows a larger one. */
function smallestVisible(visible: (size: number) => boolean, least: number, largest: number): number {
  let [low, high] = [0, Math.min(least, largest)];
  while (!visible(high)) {
    if (high >= largest) return largest;
    [low, high] = [high, Math.min(largest, 2 * high)];
  }
  while (high - low > least / 10) {
    const middle = (low + high) / 2;
    if (visible(middle)) high = middle;
    else low = middle;
  }
  return Number(high.toPrecision(2));
}
