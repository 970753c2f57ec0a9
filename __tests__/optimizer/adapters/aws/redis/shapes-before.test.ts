import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { DescribeEventsCommand, ElastiCacheClient, type ReplicationGroup } from "@aws-sdk/client-elasticache";
import { beforeEach, describe, expect, it } from "vitest";
import { shapesBefore } from "../../../../../optimizer/adapters/aws/redis/shapes-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const elastiCache = answersOf(ElastiCacheClient);
const clients = { cloudTrail: new CloudTrailClient({ region: "us-east-1" }), elastiCache: new ElastiCacheClient({ region: "us-east-1" }) };
const day = (number: number): Date => new Date(Math.round(Date.UTC(2026, 4, 1) + (number - 1) * 86_400_000));
const dayMs = (number: number): number => day(number).getTime();
const settledMs = (number: number): number => dayMs(number) + 6 * 3_600_000;
const NodeGroupMembers = [{ CacheClusterId: "r-1" }, { CacheClusterId: "r-2" }];
const group: ReplicationGroup = { ReplicationGroupId: "cache", CacheNodeType: "cache.r6g.large", NodeGroups: [{ NodeGroupMembers }, { NodeGroupMembers }] };
const of = () => shapesBefore({ clients, once: (_, ask) => ask(), nowMs: dayMs(20) }, { group, nodes: NodeGroupMembers });

beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  elastiCache.reset();
  elastiCache.on(DescribeEventsCommand).resolves({ Events: [] });
});

function called(name: string, ...events: readonly (readonly [number, object])[]): void {
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: name }];
  const Events = events.map(([number, asked]) => ({
    EventTime: day(number),
    CloudTrailEvent: JSON.stringify({ requestParameters: { replicationGroupId: "cache", applyImmediately: true, ...asked }, responseElements: {} }),
  }));
  cloudTrail.on(LookupEventsCommand, { LookupAttributes }).resolves({ Events });
}

describe("the shapes that a group had", () => {
  it("are none where nobody changed it, by four calls' names", async () => {
    expect(await of()).toEqual({ kind: "seen", value: [] });
    expect(cloudTrail.commandCalls(LookupEventsCommand).map(({ args: [{ input }] }) => input.LookupAttributes?.[0]?.AttributeValue)).toEqual([
      "ModifyReplicationGroup",
      "ModifyReplicationGroupShardConfiguration",
      "IncreaseReplicaCount",
      "DecreaseReplicaCount",
    ]);
  });

  it.each<[string, object]>([
    ["ModifyReplicationGroup", { cacheNodeType: "cache.r6g.large" }],
    ["ModifyReplicationGroupShardConfiguration", { nodeGroupCount: 2 }],
    ["IncreaseReplicaCount", { newReplicaCount: 1 }],
    ["DecreaseReplicaCount", { newReplicaCount: 1 }],
    ["DecreaseReplicaCount", { replicaConfiguration: [{ nodeGroupId: "0001", newReplicaCount: 1 }] }],
  ])("end with %s %o", async (name, asked) => {
    called(name, [10, asked]);
    expect(await of()).toMatchObject({
      value: [
        { fromMs: null, untilMs: dayMs(10) },
        { fromMs: dayMs(10), untilMs: settledMs(10) },
      ],
    });
  });

  it("follow what was tried and undone, whichever call undid it", async () => {
    called("DecreaseReplicaCount", [10, { newReplicaCount: 0 }]);
    called("IncreaseReplicaCount", [12, { newReplicaCount: 1 }]);
    expect(await of()).toMatchObject({
      value: [
        { fromMs: null, untilMs: dayMs(10) },
        {},
        { size: "0 replicas of each shard", fromMs: settledMs(10), untilMs: dayMs(12) },
        { untilMs: settledMs(12) },
      ],
    });
  });

  it("leave out other groups' calls and those about something else", async () => {
    called("ModifyReplicationGroup", [10, { replicationGroupId: "other", cacheNodeType: "cache.r6g.large" }], [11, { snapshotRetentionLimit: 3 }]);
    expect(await of()).toEqual({ kind: "seen", value: [] });
  });

  it("are not known for a quarter of an hour after something that CloudTrail does not explain yet", async () => {
    const minuteMs = 60_000;
    const told = (minutes: number, SourceIdentifier: string, Message = "Cache cluster created"): void => {
      elastiCache.on(DescribeEventsCommand).resolves({ Events: [], Marker: "2" });
      elastiCache
        .on(DescribeEventsCommand, { Marker: "2" })
        .resolves({ Events: [{ Date: new Date(dayMs(20) - minutes * minuteMs), SourceIdentifier, Message }] });
    };
    told(14, "r-2");
    expect(await of()).toEqual({
      kind: "unseen",
      reason:
        'ElastiCache tells "Cache cluster created" of r-2 at 2026-05-19T23:46Z, and CloudTrail, which may be 15 minutes late, does not tell why yet: plan again after 2026-05-20T00:01Z',
    });
    for (const [minutes, source, message] of [
      [15, "r-2"],
      [14, "other-1"],
      [14, "cache", "Snapshot succeeded for snapshot with ID 'automatic.cache'"],
    ] as const) {
      told(minutes, source, message);
      expect(await of(), source).toEqual({ kind: "seen", value: [] });
    }
    told(14, "cache");
    called("IncreaseReplicaCount", [19.9, { newReplicaCount: 1 }]);
    expect(await of(), "by a call of this group").toMatchObject({ kind: "seen" });
  });

  it.each(["AccessDenied", "Throttling"])("are unseen where ElastiCache answers %s", async (name) => {
    elastiCache.on(DescribeEventsCommand).rejects(Object.assign(new Error("no"), { name, $fault: "client" }));
    expect(await of()).toEqual({ kind: "unseen", reason: `ElastiCache's DescribeEvents: ${name}: no` });
  });

  it("are unseen where one of the names cannot be asked for", async () => {
    const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: "IncreaseReplicaCount" }];
    cloudTrail.on(LookupEventsCommand, { LookupAttributes }).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $fault: "client" }));
    expect(await of()).toMatchObject({ kind: "unseen" });
  });
});
