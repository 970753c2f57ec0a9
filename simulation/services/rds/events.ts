import type { DescribeEventsCommandInput, DescribeEventsCommandOutput, Event } from "@aws-sdk/client-rds";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { errors, instances, type InstanceState } from "./cluster.ts";
import { marker, paged } from "./describe.ts";
import { standaloneInstances } from "./standalone.ts";

const minuteMs = 60_000;
const mostMinutes = 14 * 24 * 60;
const usualMinutes = 60;

/** What happened to the instances of a region, the oldest first, as AWS lists it. */
export function describeEvents(input: DescribeEventsCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeEventsCommandOutput> {
  refuseUnmodelled("DescribeEvents", input, ["SourceIdentifier", "SourceType", "Duration", "EventCategories", "MaxRecords", "Marker"]);
  const { SourceIdentifier: source, SourceType: type, Duration: minutes = usualMinutes, EventCategories: categories = [] } = input;
  if (source !== undefined && type === undefined) throw errors.refuse("InvalidParameterCombination", "Cannot specify source identifier without source type");
  if (minutes < 1 || minutes > mostMinutes) throw errors.refuse("InvalidParameterValue", `Duration must be between 1 and ${mostMinutes} minutes.`);
  const all = [...state.of(instances).in(region), ...state.of(standaloneInstances).in(region)];
  const found = all
    .flatMap((instance) => eventsOf(instance))
    .filter((event) => event.atMs <= nowMs && event.atMs > nowMs - minutes * minuteMs)
    .filter(({ id }) => (source === undefined || source === id) && (type ?? "db-instance") === "db-instance")
    .filter(({ category }) => categories.length === 0 || categories.includes(category))
    .toSorted((a, b) => a.atMs - b.atMs);
  const page = paged(found, input);
  return { Events: page.items.map(described), ...marker(page) };
}

interface Happened {
  readonly atMs: number;
  readonly id: string;
  readonly arn: string;
  readonly category: string;
  readonly message: string;
}

type Instance = Pick<Happened, "id" | "arn"> & {
  readonly state: { readonly moments: () => readonly number[]; readonly at: (ms: number) => InstanceState | undefined };
};

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
function eventsOf({ id, arn, state }: Instance): readonly Happened[] {
  const [firstMs = 0, ...later] = state.moments();
  let [before, wholeClass] = [state.at(firstMs), state.at(firstMs)?.instanceClass];
  return later.flatMap((atMs) => {
    const now = state.at(atMs);
    if (now === undefined || before === undefined) return [];
    const told = messagesOf(before, now, wholeClass);
    before = now;
    if (now.status === "available") wholeClass = now.instanceClass;
    return told.map(([category, message]) => ({ atMs, id, arn, category, message }));
  });
}

/** @param wholeClass the class while it was available last. */
function messagesOf(before: InstanceState, now: InstanceState, wholeClass: string | undefined): readonly (readonly [string, string])[] {
  const isMember = now.status !== "deleting" && now.status !== "deleted";
  return [
    ...(now.status === "modifying" && before.status !== "modifying" && now.pendingClass !== undefined
      ? [["configuration change", "Applying modification to database instance class"] as const]
      : []),
    ...(before.serving && !now.serving && isMember ? [["availability", "DB instance shutdown"] as const] : []),
    ...(!before.serving && now.serving && before.status !== "creating" ? [["availability", "DB instance restarted"] as const] : []),
    ...(now.status === "available" && wholeClass !== now.instanceClass
      ? [["configuration change", "Finished applying modification to DB instance class"] as const]
      : []),
    ...(now.status === "available" && before.status === "creating" ? [["creation", "DB instance created"] as const] : []),
    ...(now.status === "deleted" ? [["deletion", "DB instance deleted"] as const] : []),
  ];
}

function described({ atMs, id, arn, category, message }: Happened): Event {
  return { Date: new Date(atMs), SourceIdentifier: id, SourceType: "db-instance", SourceArn: arn, EventCategories: [category], Message: message };
}
