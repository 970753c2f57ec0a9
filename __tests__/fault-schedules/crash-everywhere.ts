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
  /** Those of them that were tried, over all lanes. */
  readonly tried: number;
  readonly broken: readonly { readonly at: string; readonly violations: readonly Violation[] }[];
}

/** What is killed: runs of one world, by name. */
export interface CrashPlay {
  readonly small: SmallWorld;
  readonly runs: Readonly<Record<string, readonly Trouble[]>>;
  /** The most moments of each run that are tried, spread evenly over it; every one unless said. */
  readonly mostMoments?: number;
}

/** Of the small world: a run that is kept, and one that goes back. */
export const smallRuns: CrashPlay["runs"] = {
  undisturbed: [],
  "a rush": [{ kind: "rush", promotion: { region: regions[1], start: 3, hours: 3, factor: 5, rampMinutes: 10 } }],
};

/**
 * Each run killed at each await, before what is awaited happens and after it with the answer lost; each has to come to the same end and to keep
 * every promise on the way. A process leaves nothing but what is on disk and in AWS, so that awaits between two changes of these are one case:
 * what is left after one is what is there before the next.
 */
export async function playCrashes({ small, runs, mostMoments = Infinity }: CrashPlay, which: number, lanes: number): Promise<CrashesPlayed> {
  const broken: { at: string; violations: readonly Violation[] }[] = [];
  let points = 0;
  let moments = 0;
  let tried = 0;
  for (const [name, troubles] of Object.entries(runs)) {
    const schedule: Schedule = { seed: 0, mode: "foreground", troubles };
    const { world, outcome, found } = await wholeRun(small, schedule);
    points += 2 * world.awaits;
    moments += found.length;
    const chosen = spread(found, mostMoments);
    tried += chosen.length;
    for (const { at, moment } of chosen.filter((_, index) => index % lanes === which)) {
      const played = await playOn(small, new World(small, schedule, { world, moment }));
      const other = played.outcome === outcome ? [] : [{ invariant: "a crash changes no outcome", detail: `${played.outcome} instead of ${outcome}`, atMs: 0 }];
      const violations = [...played.violations, ...other];
      if (violations.length > 0) broken.push({ at: `${name}, before await ${at} of ${world.awaits}`, violations });
    }
  }
  return { points, moments, tried, broken };
}

/** So many of all, each the middle one of an equal share. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / most)]).flatMap((one) => (one === undefined ? [] : [one]));
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
