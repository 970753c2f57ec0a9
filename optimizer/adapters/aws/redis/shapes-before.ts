import type { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import type { ReplicationGroup } from "@aws-sdk/client-elasticache";
import { allInOrder } from "../../../core/model/all-in-order.ts";
import type { SizesBefore } from "../../../core/sizing/sizes-before.ts";
import { type AccountEvent, accountEventsOf, numberOf, textOf } from "../account-events.ts";
import { answered } from "../answered.ts";
import type { ReadOnce } from "../service-adapters.ts";
import { allSizes, settledMs, sizesBy } from "../sizes-before.ts";

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
export async function shapesBefore(client: CloudTrailClient, once: ReadOnce, group: ReplicationGroup): Promise<SizesBefore> {
  const id = answered(group.ReplicationGroupId, "ReplicationGroupId");
  const createdMs = group.ReplicationGroupCreateTime?.getTime();
  const found = await allInOrder(
    respectsOf(group).map(async ({ calls, today, asked }, place) =>
      sizesBy(await accountEventsOf(client, once, calls), {
        today,
        createdMs: place === 0 ? createdMs : undefined,
        changeOf: (event) => {
          const after = asked(event.request);
          if (after === undefined || textOf(event.request, "replicationGroupId")?.toLowerCase() !== id.toLowerCase()) return undefined;
          return { atMs: event.atMs, settledMs: settledMs(event), before: null, after };
        },
      }),
    ),
  );
  return allSizes(found);
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
