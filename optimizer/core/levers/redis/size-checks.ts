import { metrics } from "../../metrics/catalogue.ts";
import { type Action, changesAmong, type OwnCheck } from "../../model/action.ts";
import type { RuleFacts } from "../../model/rule.ts";
import { capacityCheck, mostCheck, neverCheck, utilizationCheck } from "../own-checks.ts";
import { mostConnections } from "./fit.ts";
import { sampleSeconds } from "./load.ts";
import { nodeNames, type RedisReplicationGroup } from "./replication-group.ts";

/** What the group's nodes are once the action is through. */
export function nodeTypeAfter({ nodeType }: RedisReplicationGroup, { steps }: Action): string {
  return changesAmong(steps).reduce((type, change) => (change.kind === "redis.node-type" ? change.after.nodeType : type), nodeType);
}

/** Of all nodes that there are today: those that the change removes report no more, and the others keep their names. */
export function sizeChecks(
  { policy, capacities }: Pick<RuleFacts, "policy" | "capacities">,
  group: RedisReplicationGroup,
  nodeType: string,
): readonly OwnCheck[] {
  const { region, id } = group.ref;
  const of = nodeNames(group).map((node) => ({ CacheClusterId: node }));
  const capacity = capacities.redis(nodeType);
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
    ...mostCheck(policy, {
      name: `connections to one node of ${id}`,
      region,
      metric: metrics.redisConnections,
      of,
      statistic: "Maximum",
      unit: "Count",
      whole: mostConnections,
    }),
    ...(capacity === undefined
      ? []
      : capacityCheck(policy, {
          name: `network of the busiest node of ${id}, of the baseline of ${nodeType}`,
          region,
          of,
          metrics: [metrics.redisBytesIn, metrics.redisBytesOut],
          perUnit: 8 / sampleSeconds / (capacity.networkBaselineGbps * 1e9),
        })),
    neverCheck(policy, { name: `evictions of ${id}`, region, metric: metrics.redisEvictions, of }),
  ];
}
