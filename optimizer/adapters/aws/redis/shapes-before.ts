import type { CacheCluster, ReplicationGroup } from "@aws-sdk/client-elasticache";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEventsOf, numberOf, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { History } from "../history.ts";
import { unlessLate } from "../late-news.ts";
import { allSizes, settledMs, sizesBy } from "../sizes-before.ts";
import { recentEvents } from "./recent-events.ts";

/** What a call did is over by then. */
const longestMs = 6 * 3_600_000;

/** A group, and its nodes, of which ElastiCache tells by their own names. */
interface Shaped {
  readonly group: ReplicationGroup;
  readonly nodes: readonly Pick<CacheCluster, "CacheClusterId">[];
}

/** One of what makes a group's size. */
interface Respect {
  readonly calls: readonly string[];
  readonly today: string;
  /** Undefined for a call about something else; null where it does not say what it asks for in a form that is known here. */
  readonly asked: (request: AccountEvent["request"]) => string | null | undefined;
}

/**
 * The node types, shards and replicas that a group had before: what each node does and holds depends on all of them. Whoever changes them, policies
 * among them, makes these calls (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/logging-using-cloudtrail.html). What a group was before a
 * call its answer is not relied on for.
 */
export async function shapesBefore({ clients, once, nowMs }: History<"elastiCache">, { group, nodes }: Shaped): Promise<SizesBefore> {
  const id = answered(group.ReplicationGroupId, "ReplicationGroupId");
  const recent = await recentEvents(clients.elastiCache, once);
  if (recent.kind === "unseen") return recent;
  const callsMs: number[] = [];
  const createdMs = group.ReplicationGroupCreateTime?.getTime();
  const found = await allInOrder(
    respectsOf(group).map(async ({ calls, today, asked }, place) =>
      sizesBy(await accountEventsOf(clients.cloudTrail, once, calls), {
        today,
        createdMs: place === 0 ? createdMs : undefined,
        changeOf: (event) => {
          const after = asked(event.request);
          if (after === undefined || textOf(event.request, "replicationGroupId")?.toLowerCase() !== id.toLowerCase()) return undefined;
          callsMs.push(event.atMs);
          return { atMs: event.atMs, settledMs: settledMs(event), before: null, after };
        },
      }),
    ),
  );
  const names = new Set([id, ...nodes.map(({ CacheClusterId }) => CacheClusterId)]);
  const news = recent.value.filter(({ source }) => names.has(source));
  return unlessLate(
    allSizes(found),
    news.map(({ source, message, atMs }) => ({ what: `ElastiCache tells "${message}" of ${source}`, atMs })),
    { isTold: ({ atMs }) => callsMs.some((callMs) => callMs <= atMs && callMs > atMs - longestMs), nowMs },
  );
}

function respectsOf({ CacheNodeType: nodeType, NodeGroups: nodeGroups = [] }: ReplicationGroup): readonly Respect[] {
  const [first] = nodeGroups;
  const counted = (word: string) => (count: number | null) => (count === null ? null : `${count} ${word}`);
  const [shards, replicas] = [counted("shards"), counted("replicas of each shard")];
  return [
    { calls: ["ModifyReplicationGroup"], today: answered(nodeType, "CacheNodeType"), asked: (request) => textOf(request, "cacheNodeType") ?? undefined },
    {
      calls: ["ModifyReplicationGroupShardConfiguration"],
      today: shards(nodeGroups.length) ?? "",
      asked: (request) => shards(numberOf(request, "nodeGroupCount")),
    },
    {
      calls: ["IncreaseReplicaCount", "DecreaseReplicaCount"],
      today: replicas((first?.NodeGroupMembers ?? []).length - 1) ?? "",
      asked: (request) => replicas(numberOf(request, "newReplicaCount")),
    },
  ];
}
