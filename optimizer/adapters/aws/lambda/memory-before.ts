import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { SizeChange, SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEventsOf, numberOf, textOf } from "../account-events.ts";
import type { ReadOnce } from "../service-adapters.ts";
import { settledSoonMs, sizesBy } from "../sizes-before.ts";

/** CloudTrail's names, which hold the version of the API (https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html). */
const calls = ["UpdateFunctionConfiguration20150331v2", "CreateFunction20150331"];

/**
 * The memory that a function had before, with which its processors went. The answer to a call of another setting tells it, too.
 */
export async function memoryBefore(
  client: CloudTrailClient,
  once: ReadOnce,
  { name, memoryMb }: { readonly name: string; readonly memoryMb: number },
): Promise<SizesBefore> {
  return sizesBy(await accountEventsOf(client, once, calls), { today: memoryText(memoryMb), createdMs: undefined, changeOf: (event) => changeOf(name, event) });
}

function changeOf(name: string, event: AccountEvent): SizeChange | undefined {
  const { atMs, request, response } = event;
  const asked = textOf(request, "functionName");
  if (asked === null || nameIn(asked) !== name) return undefined;
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
