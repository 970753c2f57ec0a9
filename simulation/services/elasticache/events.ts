import type { DescribeEventsCommandInput, DescribeEventsCommandOutput, Event } from "@aws-sdk/client-elasticache";
import { refuseUnmodelled } from "../../account/not-simulated.ts";
import { pageOf } from "../../account/page.ts";
import type { Answer, CallContext } from "../../account/service.ts";
import { type GroupState, invalidValue, nodeName, replicationGroups, type ReplicationGroup } from "./replication-group.ts";

const minuteMs = 60_000;
const mostMinutes = 14 * 24 * 60;
const usualMinutes = 60;

/** What happened to the groups of a region and to their nodes. */
export function describeEvents(input: DescribeEventsCommandInput, { state, region, nowMs }: CallContext): Answer<DescribeEventsCommandOutput> {
  refuseUnmodelled("DescribeEvents", input, ["Duration", "MaxRecords", "Marker"]);
  const { Duration: minutes = usualMinutes, MaxRecords: size = 100 } = input;
  if (minutes < 0 || minutes > mostMinutes) throw invalidValue(`Duration must be at most ${mostMinutes} minutes.`);
  if (size < 20 || size > 100) throw invalidValue(`Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  const found = state
    .of(replicationGroups)
    .in(region)
    .flatMap(eventsOf)
    .filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - minutes * minuteMs)
    .toSorted((a, b) => b.atMs - a.atMs);
  const page = pageOf(found, input.Marker, size);
  if (page === undefined) throw invalidValue("The marker is not valid");
  return { Events: page.items.map(({ atMs, ...event }) => ({ ...event, Date: new Date(atMs) })), ...(page.next === undefined ? {} : { Marker: page.next }) };
}

type Happened = Event & { readonly atMs: number };

function eventsOf(group: ReplicationGroup): readonly Happened[] {
  const [firstMs = 0, ...later] = group.state.moments();
  let before = group.state.at(firstMs);
  return later.flatMap((atMs) => {
    const now = group.state.at(atMs);
    if (now === undefined || before === undefined) return [];
    const told = between(group, before, now).map((event) => ({ ...event, atMs }));
    before = now;
    return told;
  });
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ElastiCacheSNS.html */
function between(group: ReplicationGroup, before: GroupState, now: GroupState): readonly Event[] {
  const [old, present] = [nodesOf(group, before), nodesOf(group, now)];
  const ofNodes = (names: readonly string[], Message: string): readonly Event[] =>
    names.map((SourceIdentifier) => ({ SourceIdentifier, SourceType: "cache-cluster", Message }));
  return [
    ...(before.nodeType === now.nodeType ? [] : ofNodes(present, `Succeeded applying modification to cache node type to ${now.nodeType}.`)),
    ...ofNodes(
      present.filter((name) => !old.includes(name)),
      "Cache cluster created",
    ),
    ...ofNodes(
      old.filter((name) => !present.includes(name)),
      "Cache cluster deleted",
    ),
  ];
}

function nodesOf(group: ReplicationGroup, { shards }: GroupState): readonly string[] {
  return shards.flatMap((shard) => shard.nodes.map((node) => nodeName(group, shard, node)));
}
