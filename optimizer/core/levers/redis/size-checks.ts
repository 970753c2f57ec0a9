import { metrics } from "../../metrics/catalogue.ts";
import type { OwnCheck } from "../../model/action.ts";
import type { Policy } from "../../model/policy.ts";
import { mostCheck, neverCheck, utilizationCheck } from "../own-checks.ts";
import { nodeNames, type RedisReplicationGroup } from "./replication-group.ts";

/** Of all nodes that there are today: those that the change removes report no more, and the others keep their names. */
export function sizeChecks(policy: Policy, group: RedisReplicationGroup): readonly OwnCheck[] {
  const { region, id } = group.ref;
  const of = nodeNames(group).map((node) => ({ CacheClusterId: node }));
  return [
    ...utilizationCheck(policy, { name: `engine CPU of the busiest node of ${id}`, region, metric: metrics.redisEngineCpu, of }),
    ...mostCheck(policy, {
      name: `memory of the fullest node of ${id}`,
      region,
      metric: metrics.redisMemory,
      of,
      statistic: "Maximum",
      unit: "Percent",
      whole: 100,
    }),
    neverCheck(policy, { name: `evictions of ${id}`, region, metric: metrics.redisEvictions, of }),
  ];
}
