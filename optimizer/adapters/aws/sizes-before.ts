import type { Seen } from "../../core/model/seen.ts";
import { otherSizes, type SizeChange, type SizesBefore } from "../../core/sizing/sizes-before.ts";
import type { AccountEvent } from "./account-events.ts";

const hourMs = 3_600_000;
/** From a call until the new size is sure to be there: many times of what such changes usually take (contract/change-seconds.ts). */
const atOnceMs = 6 * hourMs;
/** What waits for the maintenance window waits a week at most, and takes its time there. */
const inWindowMs = 8 * 24 * hourMs;

/** When a change that was asked for is sure to have been made; without `applyImmediately` AWS waits for the maintenance window. */
export function settledMs({ atMs, request }: AccountEvent): number {
  return atMs + (request["applyImmediately"] === true ? atOnceMs : inWindowMs);
}

/** The same of what never waits. */
export function settledSoonMs({ atMs }: AccountEvent): number {
  return atMs + atOnceMs;
}

interface Known {
  readonly today: string;
  readonly createdMs: number | undefined;
  /** The change that an event is of this resource; undefined for others'. */
  readonly changeOf: (event: AccountEvent) => SizeChange | undefined;
}

/** The sizes that a resource had before, by the calls that were about it. */
export function sizesBy(events: Seen<readonly AccountEvent[]>, { today, createdMs, changeOf }: Known): SizesBefore {
  if (events.kind === "unseen") return events;
  const changes = events.value.flatMap((event) => changeOf(event) ?? []);
  return { kind: "seen", value: otherSizes(today, changes, createdMs) };
}

/** Hours of another size in any of several respects. */
export function allSizes(respects: readonly SizesBefore[]): SizesBefore {
  const unseen = respects.find(({ kind }) => kind === "unseen");
  return unseen ?? { kind: "seen", value: respects.flatMap((one) => (one.kind === "seen" ? one.value : [])) };
}
