import { describe, expect, it } from "vitest";
import { shardLoad } from "../../../../../optimizer/core/levers/redis/load.ts";
import { fullestZone, hasUnevenSlots, replicasPerShard, type RedisNodeGroup } from "../../../../../optimizer/core/levers/redis/replication-group.ts";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { metrics } from "../../../../../optimizer/core/metrics/catalogue.ts";
import { aRedisGroup, aWorld, redisSees } from "../../../../support/world.ts";

const rule = ruleOf("redis.size");
const grouped = (...nodeGroups: readonly Partial<RedisNodeGroup>[]) =>
  aRedisGroup({ nodeGroups: nodeGroups.map((each, at) => ({ id: `000${at + 1}`, members: ["a", "b"], ...each })) });

describe("replicas of each shard", () => {
  it.each<[string, readonly (readonly string[])[], number | undefined]>([
    ["one node each", [["a"], ["b"]], 0],
    [
      "three nodes each",
      [
        ["a", "b", "c"],
        ["d", "e", "f"],
      ],
      2,
    ],
    ["different numbers", [["a", "b"], ["c"]], undefined],
    ["a shard without a node", [[]], undefined],
    ["no shard", [], undefined],
  ])("%s", (_, members, replicas) => {
    expect(replicasPerShard(grouped(...members.map((each) => ({ members: each }))))).toBe(replicas);
  });
});

describe("the zone that has most of a shard", () => {
  it("is that of whichever shard, where that stands in several", () => {
    const found = { shard: "0002", zone: "b", nodes: 3 };
    const [spread, fullest, alone] = [{ zones: ["a", "b", "c"] }, { zones: ["b", "a", "b", "b"] }, { zones: ["c", "c", "c", "c"] }];
    expect(fullestZone(grouped(spread, fullest, alone))).toEqual(found);
    expect(fullestZone(grouped({ zones: ["a", "a", "b"] }, fullest, spread))).toEqual(found);
    expect(fullestZone(grouped(spread))?.nodes).toBe(1);
    expect(fullestZone(grouped(alone, {}))).toBeUndefined();
  });
});

describe("slots that somebody shared out unequally", () => {
  it.each<[string, readonly (number | undefined)[], boolean]>([
    ["equal parts", [4096, 4096, 4096, 4096], false],
    ["parts as equal as three can be", [5461, 5462, 5461], false],
    ["two more than another", [5460, 5462, 5462], true],
    ["the last one fewer", [8000, 8000, 384], true],
    ["one shard", [16_384], false],
    ["none told", [undefined, undefined], false],
    ["told of some, which are alike", [5461, undefined, 5462], false],
    ["told of some, which are not", [5461, undefined, 5469], true],
  ])("%s", (_, slots, isUneven) => {
    expect(hasUnevenSlots(grouped(...slots.map((each) => (each === undefined ? {} : { slots: each }))))).toBe(isUneven);
  });
});

describe("replicas that answer reads", () => {
  const group = aRedisGroup({ shards: 2, nodes: 2 });
  const world = redisSees(aWorld().policed({ baselineDays: 14 }).with(group), group, {});
  const answersWith = (first: number, second: number): boolean => {
    const reads = (share: number): number => (500 * 3600 * 0.9 * share) / (1 - share);
    const seen = world.sees(metrics.redisGets, "cache-0001-002", reads(first)).sees(metrics.redisGets, "cache-0002-002", reads(second));
    return shardLoad(seen.facts(rule).baseline, group).replicasAnswer;
  };

  it("are those of which one shard's has a hundredth of its reads: less is what health checks do", () => {
    expect(answersWith(0, 0)).toBe(false);
    expect(answersWith(0.0099, 0.0099)).toBe(false);
    expect(answersWith(0.0101, 0)).toBe(true);
    expect(answersWith(0, 0.3)).toBe(true);
  });
});
