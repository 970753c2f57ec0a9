import {
  CloudTrailServiceException,
  InvalidLookupAttributesException,
  InvalidMaxResultsException,
  InvalidNextTokenException,
  InvalidTimeRangeException,
  type LookupEventsCommandInput,
  type LookupEventsCommandOutput,
} from "@aws-sdk/client-cloudtrail";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import { type Answer, type CallContext, query, type Service } from "../../account/service.ts";
import { refusal, serviceErrors } from "../../account/service-error.ts";
import { eventNameOf, eventOf } from "./event.ts";

const errors = serviceErrors(CloudTrailServiceException, "json");
const mostResults = 50;
const keptMs = 90 * 86_400_000;
/** "About 5 minutes" on average: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html */
const delayMs = 5 * 60_000;

/** The event history of a region: what changed the account in it, the newest first. */
function lookupEvents(input: LookupEventsCommandInput, { region, state, nowMs }: CallContext): Answer<LookupEventsCommandOutput> {
  refuseUnmodelled("LookupEvents", input, ["LookupAttributes", "StartTime", "EndTime", "MaxResults", "NextToken"]);
  const { LookupAttributes: attributes = [], StartTime: start, EndTime: end, MaxResults: size = mostResults } = input;
  const [attribute, another] = attributes;
  if (another !== undefined) throw new InvalidLookupAttributesException(refusal("You can only specify one lookup attribute."));
  if (attribute !== undefined && attribute.AttributeKey !== "EventName") throw new NotSimulated(`LookupEvents by ${attribute.AttributeKey}`);
  if (size < 1 || size > mostResults) throw new InvalidMaxResultsException(refusal(`MaxResults ${size} is not between 1 and ${mostResults}.`));
  if (start !== undefined && end !== undefined && start > end) throw new InvalidTimeRangeException(refusal("The start time is after the end time."));
  const fromMs = Math.max(nowMs - keptMs, start?.getTime() ?? -Infinity);
  const untilMs = Math.min(nowMs - delayMs, end?.getTime() ?? Infinity);
  const events = state.calls
    .map((call, place) => ({ call, place }))
    .filter(({ call }) => call.region === region && call.atMs >= fromMs && call.atMs <= untilMs)
    .filter(({ call }) => attribute === undefined || eventNameOf(call) === attribute.AttributeValue)
    .toSorted((a, b) => b.call.atMs - a.call.atMs || b.place - a.place);
  const page = pageOf(events, input.NextToken, size);
  if (page === undefined) throw new InvalidNextTokenException(refusal("The token is not one of an earlier answer."));
  return {
    Events: page.items.map(({ call, place }) => eventOf(call, place, state.accountId)),
    ...(page.next === undefined ? {} : { NextToken: page.next }),
  };
}

export const cloudTrail: Service = {
  name: "cloudtrail",
  api: { client: "CloudTrailClient", errors, commands: { LookupEvents: query(lookupEvents) } },
};
