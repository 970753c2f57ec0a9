import { metricOf } from "../metrics/catalogue.ts";
import type { OwnCheck } from "../model/action.ts";
import type { SlotScore } from "../model/window.ts";
import type { Judging } from "./judging.ts";
import { isDisrupted } from "./own-checks.ts";

/**
 * Whether somebody looked at each changed resource itself: of what AWS reports always, whether it is used or not, about as many slots have to
 * have a figure as of a load balancer. In words what is missing; undefined where nothing is.
 */
export function unseenPromise(slots: readonly SlotScore[], { promised = [], policy, disruptions }: Judging): string | undefined {
  for (const { resource, checks } of promised) {
    const reported = checks.filter(isAlwaysReported);
    const { looked, seen } = figuresOf(slots, reported, disruptions);
    if (looked > 0 && seen < policy.minConclusiveShare * looked) {
      const [first] = reported;
      return `${resource}: ${seen} of ${looked} slots have a figure of what its change promised (${first?.name ?? ""}${reported.length > 1 ? ", …" : ""})`;
    }
  }
  return undefined;
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
    .map((slot) => (slot.checks ?? []).filter(({ name }) => names.has(name)))
    .filter((values) => values.length > 0);
  return { looked: own.length, seen: own.filter((values) => values.some(({ value }) => value !== null)).length };
}
