import { type CloudTrailClient, type Event, paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import { allInOrder } from "../../core/model/all-in-order.ts";
import type { Seen } from "../../core/model/seen.ts";
import { answered } from "./answered.ts";
import { seenOrThrottled } from "./seen.ts";
import type { ReadOnce } from "./service-adapters.ts";

/** A call that AWS carried out. Parameters as CloudTrail writes them: by the API's names with a small first letter. */
export interface AccountEvent {
  readonly atMs: number;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

/** AWS gives 50 a page, and two pages a second for an account and region: so many take a minute and a half. */
const mostPages = 200;

/**
 * The calls of one name in a region's event history, which holds 90 days without a trail and for nothing: more than the longest baseline. Asked for
 * once, whichever resources need it. Unseen where AWS denies it or goes on throttling it, and where one of them cannot be read, since it might be
 * about any resource.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export function accountEvents(client: CloudTrailClient, once: ReadOnce, name: string): Promise<Seen<readonly AccountEvent[]>> {
  return once(`LookupEvents ${name}`, () => lookUp(client, name));
}

/** Those of several names together. */
export async function accountEventsOf(client: CloudTrailClient, once: ReadOnce, names: readonly string[]): Promise<Seen<readonly AccountEvent[]>> {
  const found = await allInOrder(names.map((name) => accountEvents(client, once, name)));
  return found.find(({ kind }) => kind === "unseen") ?? { kind: "seen", value: found.flatMap((one) => (one.kind === "seen" ? one.value : [])) };
}

const lookup = "CloudTrail's LookupEvents";

async function lookUp(client: CloudTrailClient, name: string): Promise<Seen<readonly AccountEvent[]>> {
  const read = await seenOrThrottled(lookup, () => readPages(client, name));
  return read.kind === "unseen" ? read : read.value;
}

async function readPages(client: CloudTrailClient, name: string): Promise<Seen<readonly AccountEvent[]>> {
  const found: AccountEvent[] = [];
  let pages = 0;
  for await (const { Events: events = [] } of paginateLookupEvents(
    { client, pageSize: 50 },
    { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: name }] },
  )) {
    for (const event of events) {
      const read = readEvent(event);
      if (read === "unreadable") return unseen(`an event of ${name} is not in CloudTrail's form`);
      if (read !== "failed") found.push(read);
    }
    if (++pages === mostPages) return unseen(`${name} was called more than ${mostPages * 50} times in 90 days`);
  }
  return { kind: "seen", value: found };
}

function unseen(reason: string): Seen<never> {
  return { kind: "unseen", reason: `${lookup}: ${reason}` };
}

/** One that AWS refused changed nothing: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
function readEvent({ CloudTrailEvent: text, EventTime: time }: Event): AccountEvent | "failed" | "unreadable" {
  const record = parsed(answered(text, "CloudTrailEvent"));
  if (record === undefined) return "unreadable";
  if (typeof record["errorCode"] === "string") return "failed";
  const { requestParameters: request, responseElements: response } = record;
  if (!isRecord(request)) return "unreadable";
  return { atMs: answered(time, "EventTime").getTime(), request, response: isRecord(response) ? response : {} };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A parameter that is text, or null. */
export function textOf(parameters: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = parameters[name];
  return typeof value === "string" ? value : null;
}

/** A parameter that is a number, also where CloudTrail writes it as text; or null. */
export function numberOf(parameters: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = parameters[name];
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}
