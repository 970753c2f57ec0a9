import type { Event } from "@aws-sdk/client-cloudtrail";
import { deterministicUuid } from "../../account/deterministic-id.ts";
import type { RecordedCall } from "../../account/recorded-call.ts";

/** Lambda's events have the version of its API in their names (https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html). */
const versionedNames: Readonly<Record<string, string>> = {
  "lambda/DeleteFunctionConcurrency": "DeleteFunctionConcurrency20171031",
  "lambda/PutFunctionConcurrency": "PutFunctionConcurrency20171031",
  "lambda/UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
};

export function eventNameOf({ service, command }: Pick<RecordedCall, "service" | "command">): string {
  return versionedNames[`${service}/${command}`] ?? command;
}

/** Services of the query protocol answer with one element, which CloudTrail opens: its response elements are the instance's or group's own. */
const opened = new Set(["rds", "elasticache"]);

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function eventOf(call: RecordedCall, place: number, accountId: string): Event {
  const { atMs, region, service, input, output } = call;
  const eventName = eventNameOf(call);
  const EventId = deterministicUuid(["event", accountId, region, String(atMs), String(place)]);
  const [first] = Object.values(output);
  const answer: unknown = opened.has(service) && typeof first === "object" ? first : output;
  const record = {
    eventVersion: "1.11",
    eventTime: new Date(atMs).toISOString(),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: region,
    requestParameters: named(input),
    responseElements: named(answer),
    eventID: EventId,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: accountId,
  };
  return {
    EventId,
    EventName: eventName,
    EventSource: record.eventSource,
    EventTime: new Date(atMs),
    ReadOnly: "false",
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** With names as CloudTrail writes them: `DBInstanceClass` is `dBInstanceClass`. */
function named(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(named);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, named(member)]));
}
