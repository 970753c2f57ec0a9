/**
 * Promises that the engine does not keep yet, by invariant and why. They are counted apart. A run of many schedules in which one of them is kept
 * after all ends with a failure that says so: then its line goes, and it never comes back.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  "what somebody else changed is not kept":
    "what is in place is described once a slot: what others change after the last look before a window closes is found only when it is adopted",
};

/** In so few schedules a gap may not show. */
export const schedulesThatShowGaps = 1_000;
