import { otherSizes, type SizeChange, type SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEventsOf, numberOf, textOf } from "../account-events.ts";
import type { History } from "../history.ts";
import { unlessLate } from "../late-news.ts";
import { settledSoonMs } from "../sizes-before.ts";

/** CloudTrail's names, which hold the version of the API (https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html). */
const calls = ["UpdateFunctionConfiguration20150331v2", "CreateFunction20150331"];
/** The clock of a call and that of what it changed. */
const skewMs = 60_000;

interface Now {
  readonly name: string;
  readonly memoryMb: number;
  /** Of code or configuration, as Lambda itself says. */
  readonly lastModifiedMs: number;
}

/**
 * The memory that a function had before, with which its processors went. The answer to a call of another setting tells it, too. What was changed
 * in the last minutes, Lambda says, but not to what end.
 */
export async function memoryBefore({ clients, once, nowMs }: History<never>, { name, memoryMb, lastModifiedMs }: Now): Promise<SizesBefore> {
  const events = await accountEventsOf(clients.cloudTrail, once, calls);
  if (events.kind === "unseen") return events;
  const own = events.value.filter(({ request }) => nameIn(textOf(request, "functionName") ?? "") === name);
  const before = otherSizes(
    memoryText(memoryMb),
    own.flatMap((event) => changeOf(event) ?? []),
  );
  const isTold = ({ atMs }: { readonly atMs: number }): boolean => own.some((event) => Math.abs(event.atMs - atMs) <= skewMs);
  return unlessLate({ kind: "seen", value: before }, [{ what: `${name} was modified (LastModified)`, atMs: lastModifiedMs }], { isTold, nowMs });
}

function changeOf(event: AccountEvent): SizeChange | undefined {
  const { atMs, request, response } = event;
  const memoryMb = numberOf(request, "memorySize");
  if (memoryMb !== null) return { atMs, settledMs: settledSoonMs(event), before: null, after: memoryText(memoryMb) };
  const kept = numberOf(response, "memorySize");
  if (kept === null) return undefined;
  return { atMs, settledMs: atMs, before: memoryText(kept), after: memoryText(kept) };
}

function memoryText(memoryMb: number): string {
  return `${memoryMb} MB`;
}

/** Of a name, an ARN, or a part of one such as `123456789012:function:name`, with or without a version. */
function nameIn(asked: string): string {
  const parts = asked.split(":");
  const at = parts.indexOf("function");
  return (at === -1 ? parts[0] : parts[at + 1]) ?? asked;
}
