import { describe, expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aRedisGroup, aWorld, redisSees, type World } from "../../../../support/world.ts";

const { proposal } = decisionsOf(ruleOf("redis.size"));

/** Four shards of three cache.r6g.4xlarge, with room to spare. */
const seen = (load: Parameters<typeof redisSees>[2] = {}, group = aRedisGroup()): World =>
  redisSees(aWorld().policed({ baselineDays: 14 }).with(group), group, load);

describe("the action of redis.size", () => {
  const proposed = () => proposal(seen());

  it("removes shards, then replicas, then takes smaller nodes, and goes back the other way round", () => {
    const { action } = proposed();
    const states = (steps: typeof action.steps) => steps.map((step) => step.kind === "change" && [step.change.kind, step.change.after]);
    const all = { nodeGroups: ["0001", "0002", "0003", "0004"] };
    expect(states(action.steps)).toEqual([
      ["redis.shards", { nodeGroups: ["0001", "0002"] }],
      ["redis.replicas", { replicasPerShard: 1 }],
      ["redis.node-type", { nodeType: "cache.r6g.xlarge" }],
    ]);
    expect(states(action.rollback)).toEqual([
      ["redis.node-type", { nodeType: "cache.r6g.4xlarge" }],
      ["redis.replicas", { replicasPerShard: 2 }],
      ["redis.shards", all],
    ]);
  });

  it("keeps the shards that are there, by the names AWS gave them", () => {
    const named = aRedisGroup({ shards: 3 });
    const nodeGroups = named.nodeGroups.map((shard, at) => ({ ...shard, id: ["0002", "0007", "0011"][at] ?? "" }));
    const [first] = proposal(seen({}, { ...named, nodeGroups })).action.steps;
    expect(first).toMatchObject({ change: { before: { nodeGroups: ["0002", "0007", "0011"] }, after: { nodeGroups: ["0002", "0007"] } } });
  });

  it("says how long the way back takes, and what it does not restore", () => {
    const { action, warnings } = proposed();
    // Larger nodes 30 min, a replica more 12 min, a resharding 10 min and 14 GiB of keys.
    expect(action).toMatchObject({ reversibility: "slow", undoMinutes: 66 });
    expect(warnings).toContainEqual(expect.stringContaining("14 GiB of keys move to new shards, to which AWS gives names of its own"));
    expect(action.disruptions.map(({ kind }) => kind)).toEqual(["failover"]);
  });

  it("is adopted as node type, shards and replicas, and as nothing that stays", () => {
    expect(proposed().action.writeBack.map(({ property, value }) => [property, value])).toEqual([
      ["shards", 2],
      ["replicasPerShard", 1],
      ["nodeType", "cache.r6g.xlarge"],
    ]);
    const replicasAlone = proposal(seen({ gib: 3 }, aRedisGroup({ nodeType: "cache.r6g.xlarge", shards: 2, smallerNodeTypes: ["cache.r6g.large"] })));
    expect(replicasAlone.action.writeBack.map(({ property }) => property)).toEqual(["replicasPerShard"]);
    expect(replicasAlone.action.disruptions).toEqual([]);
  });

  it("takes as long to go back as what it changes alone: replicas, node types, or shards and what they held", () => {
    const back = (overrides: Parameters<typeof aRedisGroup>[0], load: Parameters<typeof redisSees>[2] = {}) =>
      proposal(seen(load, aRedisGroup(overrides))).action;
    const small = { nodeType: "cache.r6g.xlarge" };
    // Of three shards one is removed: a third of 9 × 1.1 GiB is 3.3 GiB, each a minute besides the ten of any resharding.
    const cases = [
      [back({ ...small, shards: 2 }, { gib: 3 }), "redis.replicas", 12],
      [back({ shards: 2, nodes: 2 }), "redis.node-type", 30],
      [back({ ...small, shards: 3, nodes: 2 }, { gib: 3 }), "redis.shards", 14],
    ] as const;
    for (const [action, kind, minutes] of cases) {
      expect(action.steps.map((step) => step.kind === "change" && step.change.kind)).toEqual([kind]);
      expect(action.undoMinutes, kind).toBe(minutes);
    }
  });

  it("is watched by what the type of its nodes has afterwards, whether that changes or not", () => {
    const network = (world: World) =>
      proposal(world)
        .action.checks?.map(({ name }) => name)
        .find((name) => name.startsWith("network"));
    expect(network(seen())).toBe("network of the busiest node of cache, of the baseline of cache.r6g.xlarge");
    const shardsAlone = seen({ gib: 3 }, aRedisGroup({ nodeType: "cache.r6g.xlarge", shards: 3, nodes: 2 }));
    expect(network(shardsAlone)).toBe("network of the busiest node of cache, of the baseline of cache.r6g.xlarge");
    const largerNodes = seen({}, aRedisGroup({ smallerNodeTypes: [] }));
    expect(network(largerNodes)).toBe("network of the busiest node of cache, of the baseline of cache.r6g.4xlarge");
  });

  it("names each step by its way and by what it changes, and says so in words", () => {
    const { action } = proposed();
    expect([...action.steps, ...action.rollback].map(({ id, description }) => [id.slice(id.indexOf("#")), description])).toEqual([
      ["#forward:shards", "cache: 4 → 2 shards"],
      ["#forward:replicas", "cache: 2 → 1 replicas a shard"],
      ["#forward:node-type", "cache: cache.r6g.4xlarge → cache.r6g.xlarge"],
      ["#rollback:node-type", "cache: cache.r6g.xlarge → cache.r6g.4xlarge"],
      ["#rollback:replicas", "cache: 1 → 2 replicas a shard"],
      ["#rollback:shards", "cache: 2 → 4 shards"],
    ]);
  });
});
