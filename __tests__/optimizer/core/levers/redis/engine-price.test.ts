import { expect, it } from "vitest";
import { ruleOf } from "../../../../../optimizer/core/levers/rules.ts";
import { decisionsOf } from "../../../../support/rule-decisions.ts";
import { aRedisGroup, aWorld, redisSees } from "../../../../support/world.ts";

const rule = ruleOf("redis.size");
const { proposal } = decisionsOf(rule);

/** Four shards of three cache.r6g.4xlarge, with room to spare, of an engine that costs so much of what Redis OSS does. */
function pricedAs(engine: string | undefined, shareOf: (engine: string | undefined) => number | null) {
  const group = aRedisGroup(engine === undefined ? {} : { engine });
  const redisHourly = (_: string, nodeType: string, of?: string) => {
    const share = shareOf(of);
    return share === null ? null : (nodeType === "cache.r6g.4xlarge" ? 1.642 : 0.411) * share;
  };
  return proposal(redisSees(aWorld().policed({ baselineDays: 14 }).with(group), group, {}).priced({ redisHourly }));
}

it("a group costs what AWS asks for its engine: Valkey a fifth less than Redis OSS", () => {
  const shareOf = (engine: string | undefined) => (engine === "valkey" ? 0.8 : 1);
  const [redis, valkey] = [pricedAs(undefined, shareOf), pricedAs("valkey", shareOf)];
  const listed = (12 * 1.642 - 4 * 0.411) * 730;
  expect([redis.savings, valkey.savings]).toEqual([
    { kind: "known", usd: expect.closeTo(listed) },
    { kind: "known", usd: expect.closeTo(listed * 0.8) },
  ]);
});

it("of an engine without a price the saving is unknown, by the engine's name", () => {
  expect(pricedAs("another", (engine) => (engine === undefined ? 1 : null)).savings).toMatchObject({
    kind: "unknown",
    what: "cache.r6g.4xlarge (another) in us-east-1",
  });
});

it("a plan rests on the engine, which AWS can change in place", () => {
  expect(rule.restsOn(aRedisGroup())).toMatchObject({ engine: "redis" });
  expect(rule.restsOn(aRedisGroup({ engine: "valkey" }))).toMatchObject({ engine: "valkey" });
});
