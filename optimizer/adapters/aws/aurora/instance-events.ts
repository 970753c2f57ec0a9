import { paginateDescribeEvents, type RDSClient } from "@aws-sdk/client-rds";
import type { Seen } from "../../../core/model/seen.ts";
import { type SizeChange, untold } from "../../../core/sizing/sizes-before.ts";
import { answered } from "../answered.ts";
import { seenOrThrottled } from "../seen.ts";
import type { ReadOnce } from "../service-adapters.ts";

/** What RDS says happened to an instance. */
export interface InstanceEvent {
  readonly atMs: number;
  readonly instance: string;
  readonly categories: readonly string[];
  readonly message: string;
}

/** RDS keeps its events for 14 days. */
const keptMinutes = 14 * 24 * 60;
const categories: readonly string[] = ["availability", "configuration change", "deletion"];
const hourMs = 3_600_000;
/** AWS's own words: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html (RDS-EVENT-0012, RDS-EVENT-0014). */
const started = /^applying modification to (?:database|db) instance class/i;
const finished = /^finished applying modification to (?:database|db) instance class/i;
/** Of a change whose beginning RDS does not tell. */
const longestMs = 6 * hourMs;

/**
 * The events of all instances of a region, asked for once. RDS has them at once, yet promises none of them
 * (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/working-with-events.html): one that is there proves something, one that is not proves nothing.
 */
export function instanceEvents(client: RDSClient, once: ReadOnce): Promise<Seen<readonly InstanceEvent[]>> {
  return once("DescribeEvents of RDS", () => seenOrThrottled("RDS's DescribeEvents", () => read(client)));
}

async function read(client: RDSClient): Promise<readonly InstanceEvent[]> {
  const found: InstanceEvent[] = [];
  for await (const { Events = [] } of paginateDescribeEvents(
    { client, pageSize: 100 },
    { SourceType: "db-instance", Duration: keptMinutes, EventCategories: [...categories] },
  )) {
    // Emulators give events of all categories.
    const ofAsked = Events.filter(({ EventCategories = [] }) => EventCategories.some((each) => categories.includes(each)));
    found.push(
      ...ofAsked.map(({ Date: date, SourceIdentifier: instance, EventCategories: of = [], Message: message = "" }) => ({
        atMs: answered(date, "Date").getTime(),
        instance: answered(instance, "SourceIdentifier"),
        categories: of,
        message,
      })),
    );
  }
  return found;
}

/**
 * Changes of class with the moments at which they were made, which only RDS's events tell of one that waited for its maintenance window; and the
 * changes of which no call tells: what was there before them is not known.
 */
export function madeWhen(changes: readonly SizeChange[], events: readonly InstanceEvent[]): readonly SizeChange[] {
  const inOrder = events.toSorted((a, b) => a.atMs - b.atMs);
  const ends = inOrder.filter(({ message }) => finished.test(message)).map(({ atMs }) => atMs);
  const startBefore = (endMs: number, sinceMs: number): number | undefined =>
    inOrder.findLast(({ atMs, message }) => started.test(message) && atMs <= endMs && atMs >= sinceMs)?.atMs;
  const explained = new Set<number>();
  const timed = changes.map((change) => {
    const endMs = change.before === change.after ? undefined : ends.find((atMs) => atMs > change.atMs && atMs <= change.settledMs);
    if (endMs === undefined) return change;
    explained.add(endMs);
    // One that was made at once is over within hours, told or not: RDS forgets, and a plan would differ by that alone.
    if (change.settledMs - change.atMs <= longestMs) return change;
    return { ...change, atMs: startBefore(endMs, change.atMs) ?? change.atMs, settledMs: endMs };
  });
  const unexplained = ends
    .filter((endMs) => !explained.has(endMs))
    .map((endMs): SizeChange => ({ atMs: startBefore(endMs, endMs - longestMs) ?? endMs - longestMs, settledMs: endMs, before: untold, after: null }));
  return [...timed, ...unexplained];
}
