import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import type { ReplicationGroup } from "@aws-sdk/client-elasticache";
import { beforeEach, describe, expect, it } from "vitest";
import { shapesBefore } from "../../../../../optimizer/adapters/aws/redis/shapes-before.ts";
import { answersOf } from "../../../../support/answers-of.ts";

const cloudTrail = answersOf(CloudTrailClient);
const client = new CloudTrailClient({ region: "us-east-1" });
const day = (number: number): Date => new Date(Date.UTC(2026, 4, number));
const dayMs = (number: number): number => day(number).getTime();
const settledMs = (number: number): number => dayMs(number) + 6 * 3_600_000;
const NodeGroupMembers = [{ CacheClusterId: "r-1" }, { CacheClusterId: "r-2" }];
const group: ReplicationGroup = { ReplicationGroupId: "cache", CacheNodeType: "cache.r6g.large", NodeGroups: [{ NodeGroupMembers }, { NodeGroupMembers }] };
const of = () => shapesBefore(client, (_, ask) => ask(), group);

beforeEach(() => {
  cloudTrail.reset();
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
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

  it("are unseen where one of the names cannot be asked for", async () => {
    const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: "IncreaseReplicaCount" }];
    cloudTrail.on(LookupEventsCommand, { LookupAttributes }).rejects(Object.assign(new Error("no"), { name: "AccessDeniedException", $fault: "client" }));
    expect(await of()).toMatchObject({ kind: "unseen" });
  });
});
