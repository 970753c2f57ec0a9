import { metricOf } from "../metrics/catalogue.ts";
import type { OwnCheck } from "../model/action.ts";
import type { CheckedValue, SlotScore } from "../model/window.ts";
import type { Judging } from "./judging.ts";
import { isDisrupted } from "./own-checks.ts";

/**
 * Whether somebody looked at each changed resource itself: of what AWS reports always, whether it is used or not, about as many slots have to
 * have a figure as of a load balancer: in the window, or up to its planned end, after which late ones are still to come. In words what is missing;
 * undefined where nothing is.
 */
export function unseenPromise(slots: readonly SlotScore[], judging: Judging): string | undefined {
  const { promised = [], policy, disruptions } = judging;
  const planned = slots.filter(({ endMs }) => endMs <= plannedEndMs(judging));
  for (const { resource, checks } of promised) {
    const reported = checks.filter(isAlwaysReported);
    const { looked, seen } = figuresOf(slots, reported, disruptions);
    const own = figuresOf(planned, reported, disruptions);
    if (looked > 0 && seen < policy.minConclusiveShare * looked && (own.looked === 0 || own.seen < policy.minConclusiveShare * own.looked)) {
      const names = reported.map(({ name }) => name);
      return `${resource}: ${seen} of ${looked} slots have a figure of what its change promised (${names.slice(0, 1).join("")}${names.length > 1 ? ", …" : ""})`;
    }
  }
  return undefined;
}

/**
 * Whether the figures of what was changed go on to the end of the window as it was planned: those that come later than its last slots are read
 * are read with the slots of an extension. In words where they end before; what AWS reports of use alone may end at any time.
 */
export function unseenEnd(slots: readonly SlotScore[], judging: Judging): string | undefined {
  const { promised = [], disruptions } = judging;
  const untilMs = plannedEndMs(judging);
  for (const { resource, checks } of promised) {
    const reported = new Set(checks.filter(isAlwaysReported).map(({ name }) => name));
    const looked = slots.filter((slot) => slot.endMs <= untilMs && !isDisrupted(slot, disruptions) && valuesOf(slot, reported).length > 0);
    const [last, seen] = [looked.at(-1), looked.findLast((slot) => valuesOf(slot, reported).some(({ value }) => value !== null))];
    if (last === undefined || seen === undefined || last === seen) continue;
    return `${resource}: its own figures end ${(last.endMs - seen.endMs) / 60_000} minutes before the window: its metrics are late`;
  }
  return undefined;
}

/** Where the window would end without any extension. */
function plannedEndMs({ policy, deadlineMs, extensionLeftMinutes }: Judging): number {
  return deadlineMs - (policy.maxExtensionMinutes - extensionLeftMinutes) * 60_000;
}

function valuesOf({ checks = [] }: SlotScore, names: ReadonlySet<string>): readonly CheckedValue[] {
  return checks.filter(({ name }) => names.has(name));
}

/** What nobody could look at, since AWS reports it of what is used alone and there was no report: a pass says so. */
export function idlePromises(slots: readonly SlotScore[], { promised = [], disruptions }: Judging): readonly string[] {
  return promised.flatMap(({ resource, checks }) => {
    if (checks.some(isAlwaysReported)) return [];
    const { looked, seen } = figuresOf(slots, checks, disruptions);
    return looked > 0 && seen === 0 ? [`nothing of ${resource} itself was to be seen: nobody used it, or its metrics are missing`] : [];
  });
}

function isAlwaysReported({ series }: OwnCheck): boolean {
  return series.some((key) => metricOf(key)?.reported === "always");
}

/** In how many slots one of these checks was looked at, and in how many it showed something. */
function figuresOf(
  slots: readonly SlotScore[],
  checks: readonly OwnCheck[],
  disruptions: Judging["disruptions"],
): { readonly looked: number; readonly seen: number } {
  const names = new Set(checks.map(({ name }) => name));
  const own = slots
    .filter((slot) => !isDisrupted(slot, disruptions))
    .map((slot) => valuesOf(slot, names))
    .filter((values) => values.length > 0);
  return { looked: own.length, seen: own.filter((values) => values.some(({ value }) => value !== null)).length };
}
