import { playOn } from "./play.ts";
import type { Schedule, Trouble } from "./schedule.ts";
import type { SmallWorld } from "./small-account.ts";
import { regions } from "./small-stacks.ts";
import { type Moment, type Violation, World } from "./world.ts";

export interface CrashesPlayed {
  /** Awaits of the runs, before and after each. */
  readonly points: number;
  /** What is on disk and in AWS differs only so often: dying at any await is dying at one of these moments. */
  readonly moments: number;
  readonly broken: readonly { readonly at: string; readonly violations: readonly Violation[] }[];
}

/** A run that is kept, and one that goes back. */
const runs: Readonly<Record<string, readonly Trouble[]>> = {
  undisturbed: [],
  "a rush": [{ kind: "rush", promotion: { region: regions[1], start: 3, hours: 3, factor: 5, rampMinutes: 10 } }],
};

/**
 * Each run killed at each await, before what is awaited happens and after it with the answer lost; each has to come to the same end and to keep
 * every promise on the way. A process leaves nothing but what is on disk and in AWS, so that awaits between two changes of these are one case:
 * what is left after one is what is there before the next.
 */
export async function playCrashes(small: SmallWorld, which: number, lanes: number): Promise<CrashesPlayed> {
  const broken: { at: string; violations: readonly Violation[] }[] = [];
  let points = 0;
  let moments = 0;
  for (const [name, troubles] of Object.entries(runs)) {
    const schedule: Schedule = { seed: 0, mode: "foreground", troubles };
    const { world, outcome, found } = await wholeRun(small, schedule);
    points += 2 * world.awaits;
    moments += found.length;
    for (const { at, moment } of found.filter((_, index) => index % lanes === which)) {
      const played = await playOn(small, new World(small, schedule, { world, moment }));
      const other = played.outcome === outcome ? [] : [{ invariant: "a crash changes no outcome", detail: `${played.outcome} instead of ${outcome}`, atMs: 0 }];
      const violations = [...played.violations, ...other];
      if (violations.length > 0) broken.push({ at: `${name}, before await ${at} of ${world.awaits}`, violations });
    }
  }
  return { points, moments, broken };
}

async function wholeRun(small: SmallWorld, schedule: Schedule) {
  const world = new World(small, schedule);
  const found: { readonly at: number; readonly moment: Moment }[] = [];
  const seen = new Set<string>();
  world.onAwait = (at) => {
    const moment = world.moment();
    const key = JSON.stringify(moment);
    if (seen.has(key)) return;
    seen.add(key);
    found.push({ at, moment });
  };
  const { outcome } = await playOn(small, world);
  return { world, outcome, found };
}
