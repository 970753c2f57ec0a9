import { capacities } from "../../../contract/capacities.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import { redisCapacity } from "../../../simulation/load/known-capacity.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { tickAt, ticksPerHour } from "../../../simulation/load/tick.ts";
import { momentMs } from "../../../simulation/scenario/references.ts";
import { cacheDemand } from "../../../simulation/services/elasticache/demand.ts";
import { cacheLoad, redisField } from "../../../simulation/services/elasticache/load.ts";
import { nodeNumbers, replicasOf, replicationGroups, shardId } from "../../../simulation/services/elasticache/replication-group.ts";
import { highestIn, meanIn, quantileOf } from "../hours.ts";
import { between, numberOf, stepsFrom, textOf, type TriedLever } from "../lever.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

interface CacheShape {
  readonly nodeType: string;
  readonly shards: number;
  readonly replicas: number;
}

const { redisSize } = defaultPolicy.rules;
const bitsPerByte = 8;
/** The most connections that one node takes (ElastiCache guide, "Large number of connections"). */
const mostConnections = 65_000;

/** Node type, shards and replicas. Replicas answer nothing here, so that a lost node asks no more of those that are left; one of each shard must be left. */
export const redis: TriedLever<CacheShape> = {
  rules: ["redis.size"],
  open({ state, scenario }) {
    const [group] = state.of(replicationGroups).in(region);
    const demand = cacheDemand.of(scenario, region);
    if (group === undefined || demand === undefined) return undefined;
    const was = group.state.final();
    const deployed: CacheShape = { nodeType: was.nodeType, shards: was.shards.length, replicas: replicasOf(was) ?? 0 };
    const types = stepsFrom(capacities.redisFamily(deployed.nodeType), deployed.nodeType, redisSize.targetNodeType);
    const shardCounts = between(Math.min(deployed.shards, redisSize.targetShards), deployed.shards);
    const replicaCounts = between(Math.min(deployed.replicas, Math.max(1, redisSize.targetReplicas)), deployed.replicas);
    const rowsOf = (model: LoadModel) => {
      const rows = cacheLoad(model, region, group.id);
      if (rows === null) throw new Error(`${group.id} has no load`);
      return rows;
    };
    const startMs = Date.parse(scenario.start);
    return {
      service: "elasticache",
      deployed,
      candidates: types.flatMap((nodeType) => shardCounts.flatMap((shards) => replicaCounts.map((replicas) => ({ nodeType, shards, replicas })))),
      losses: [],
      samples: 5,
      put({ nodeType, shards, replicas }) {
        const nodes = nodeNumbers(replicas + 1);
        group.state.set(state.bornMs, { status: "available", nodeType, shards: nodeNumbers(shards).map((number) => ({ id: shardId(number), nodes })) });
      },
      usage(model, { nodeType }) {
        const rows = rowsOf(model);
        const bitsAtMost = redisCapacity(nodeType).networkBaselineGbps * 1e9;
        return (tick) =>
          Math.max(
            rows.at(tick, redisField.primaryEngine),
            rows.at(tick, redisField.memory),
            rows.at(tick, redisField.connections) / mostConnections,
            (Math.max(rows.at(tick, redisField.bytesIn), rows.at(tick, redisField.bytesOut)) * bitsPerByte) / bitsAtMost,
          );
      },
      isAsked(model, hours) {
        const rows = rowsOf(model);
        const highest = (field: number): readonly number[] => hours.map((hour) => highestIn(hour, (tick) => rows.at(tick, field)));
        const commands = hours.map((hour) => deployed.shards * meanIn(hour, (tick) => rows.at(tick, redisField.gets) + rows.at(tick, redisField.sets)));
        return (
          quantileOf(highest(redisField.primaryEngine), 0.95) < redisSize.maxEngineCpuShare &&
          Math.max(...highest(redisField.memory)) < redisSize.maxMemoryShare &&
          Math.max(...commands) < redisSize.maxCommandsPerSecond
        );
      },
      monthlyUsd: ({ nodeType, shards, replicas }) => priced(prices.redisHourly(region, nodeType), nodeType) * shards * (1 + replicas) * monthHours,
      after: (changes) => ({
        nodeType: textOf(changes, "nodeType") ?? deployed.nodeType,
        shards: numberOf(changes, "shards") ?? deployed.shards,
        replicas: numberOf(changes, "replicasPerShard") ?? deployed.replicas,
      }),
      text: ({ nodeType, shards, replicas }) => `${nodeType}, ${shards} × ${1 + replicas}`,
      alsoHours: (demand.jobs ?? []).flatMap(({ start, hours }) => {
        const first = Math.floor(tickAt(momentMs(start, startMs)) / ticksPerHour);
        return between(first, first + Math.ceil(hours));
      }),
    };
  },
};
