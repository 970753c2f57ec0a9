import type { Schedule, Trouble } from "./schedule.ts";
import { regions } from "./small-stacks.ts";
import type { SmallWorld } from "./small-account.ts";
import { playOn } from "./play.ts";
import { World } from "./world.ts";

const [east, west] = regions;

function drill(...troubles: readonly Trouble[]): Schedule {
  return { seed: 0, mode: "foreground", troubles };
}

function rush(region: string, start: number, hours: number, factor: number): Trouble {
  return { kind: "rush", promotion: { region, start, hours, factor, rampMinutes: 10 } };
}

/** Schedules made to need one safety check each: with the check they keep every promise, without it they do not. Hours are those of the undisturbed run. */
export const drills = {
  undisturbed: drill(),
  "the canary's group is too small": drill(rush(west, 4, 3, 5)),
  "the second region's database is too small": drill(rush(east, 8, 6, 3)),
  "the canary's database is too small": drill(rush(west, 8, 6, 5)),
  "a region ill before its next change": drill(rush(west, 6.6, 3, 6)),
  "a group becomes a tenant's": drill({ kind: "hand", atHour: 0.5, region: west, deed: "tenant-tag" }),
  "a member gets another size": drill({ kind: "hand", atHour: 0.5, region: west, deed: "resized" }),
  "a change waits for a member's window": drill({ kind: "hand", atHour: 6, region: west, deed: "queued" }, { kind: "asked-back", atHour: 12 }),
  "a size is put back as the last window closes": drill({ kind: "hand", atHour: 13.06, region: east, deed: "size-put-back" }),
  "describes are stale": drill({ kind: "aws", fault: { kind: "stale-reads", from: 0, until: 30, lagSeconds: 295 } }),
  "no capacity for days": drill({ kind: "aws", fault: { kind: "insufficient-capacity", region: west, from: 0, until: 70 } }),
  "metrics are denied for days": drill({ kind: "aws", fault: { kind: "access-denied", region: west, from: 4, until: 60, commands: ["GetMetricData"] } }),
  "metrics are partial for hours": drill({ kind: "metrics", fault: { kind: "partial-data", region: west, from: 4, until: 16, share: 0.5 } }),
  "metrics come late": drill({ kind: "metrics", fault: { kind: "late-points", region: west, from: 4, until: 10, lagSeconds: 400 } }),
} as const satisfies Readonly<Record<string, Schedule>>;

export type DrillName = keyof typeof drills | "a sleeper wakes before a change";

export const drillNames: readonly DrillName[] = [...(Object.keys(drills) as (keyof typeof drills)[]), "a sleeper wakes before a change"];

/** The drill by name; that of the sleeper sleeps where the undisturbed run is about to send its first change, and somebody else goes on meanwhile. */
export async function drillOf(small: SmallWorld, name: DrillName): Promise<Schedule> {
  if (name !== "a sleeper wakes before a change") return drills[name];
  const world = new World(small, drills.undisturbed);
  let last = 0;
  world.onAwait = (at) => {
    if (world.mutations.length === 0 && world.records.at(-1)?.type === "ATTEMPT") last = at;
  };
  const seen: number[] = [];
  const { onAwait } = world;
  world.onAwait = (at) => {
    onAwait(at);
    if (last === at) seen.push(at);
  };
  await playOn(small, world);
  return drill({ kind: "sleeper", at: seen[0] ?? 1, other: "tick" });
}
