/**
 * Promises that the engine does not keep yet, by invariant and why. They are counted apart. A run of many schedules in which one of them is kept
 * after all ends with a failure that says so: then its line goes, and it never comes back.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "what somebody else changed is not kept": "what others change within a window is looked for when a step is written, and not at each slot",
};

/** In so few schedules a gap may not show. */
export const schedulesThatShowGaps = 1_000;
