import type { RedisCapacity } from "../../../../contract/capacities.ts";
import { certainly } from "../../model/certainly.ts";
import type { Projection, RuleFacts } from "../../model/rule.ts";
import { limitsOf } from "../../sizing/choose-size.ts";
import { outgrown } from "../../sizing/growth.ts";
import { figure, rounding } from "../../sizing/projection.ts";
import { mapped } from "../../sizing/series.ts";
import { type HourlyDemand, worstHour } from "../../sizing/worst-hour.ts";
import type { RedisReplicationGroup } from "./replication-group.ts";
import type { RedisDemand } from "./study.ts";

/** Node type, shards and replicas of each: chosen together, since each changes what the others have to carry. */
export interface RedisShape {
  readonly nodeType: string;
  readonly shards: number;
  readonly replicas: number;
}

export function nodesOf({ shards, replicas }: RedisShape): number {
  return shards * (1 + replicas);
}

export function shapeText({ nodeType, shards, replicas }: RedisShape): string {
  return `${nodeType}, ${counted(shards, "shard")} of ${counted(1 + replicas, "node")}`;
}

export function counted(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

/** One node takes 65,000 clients, whatever its type (ElastiCache guide, "Large number of connections"). */
export const mostConnections = 65_000;
/** AWS's own condition for a shard to be removed (ElastiCache guide, "Online cluster resizing"). */
const freeForMoved = 1.5;
const gib = 1024 ** 3;

/** What AWS lets the data of one node take. */
function usableBytes({ maxMemoryBytes }: RedisCapacity, reservedPercent: number): number {
  return maxMemoryBytes * (1 - reservedPercent / 100);
}

export interface Fit {
  readonly facts: RuleFacts;
  readonly group: RedisReplicationGroup;
  readonly demand: RedisDemand;
  readonly from: RedisShape;
  readonly reservedPercent: number;
}

/** What `demandsOn` makes sure of. */
const asManyDemands = "the demands are the same, however many nodes answer";

/**
 * Every dimension of a shape, as shares of what it has. Keys move by slots, evenly, yet slots are not equally full or busy: each kept shard is
 * taken to get what the busiest has today, times shards before ÷ shards after. Where replicas answer reads, one node of each shard is lost, and the
 * busiest of those that are left keeps its own.
 * Undefined where a capacity is not known.
 */
export function projectionsOf(fit: Fit, to: RedisShape): readonly Projection[] | undefined {
  const { facts, from, demand, reservedPercent, group } = fit;
  const before = facts.capacities.redis(from.nodeType);
  const after = facts.capacities.redis(to.nodeType);
  if (before === undefined || after === undefined) return undefined;
  const limit = limitsOf(facts.policy).usual;
  const today = demand.demandsOn(answering(from, demand));
  const shares = demand.demandsOn(answering(to, demand)).map(({ dimension, amount, statistic, hourlyMaxima }, place) => {
    const perNode = (capacity: RedisCapacity): number => capacityOf(dimension, capacity);
    const current = certainly(today[place], asManyDemands).amount / (perNode(before) * answering(from, demand));
    const projected = (amount * from.shards) / (perNode(after) * answering(to, demand) * to.shards);
    const method = [
      `${statistic} ${figure(amount)}${unitOf[dimension]} × ${from.shards} ÷ ${to.shards} shards`,
      ...(demand.replicasAnswer ? [`by the busiest of ${answering(to, demand)} of ${1 + to.replicas} nodes, one lost`] : []),
      `of ${figure(perNode(after))}${unitOf[dimension]} a node`,
    ].join(", ");
    return { projection: { dimension, current, projected, limit, fits: projected <= limit + rounding, method }, hourlyMaxima };
  });
  const fullest = Math.max(...demand.shards.map(({ bytes }) => bytes));
  const usable = usableBytes(after, reservedPercent);
  const projected = (fullest * from.shards) / (to.shards * usable);
  const memory: Projection = {
    dimension: "memory",
    current: fullest / usableBytes(before, reservedPercent),
    projected,
    limit,
    fits: projected <= limit + rounding,
    method: `the fullest shard's ${figure(fullest / gib)} GiB × ${from.shards} ÷ ${to.shards} shards, of ${figure(usable / gib)} GiB a node beside its reserve of ${reservedPercent} %`,
  };
  return [
    ...shares.map(({ projection }) => projection),
    memory,
    ...demand.shards.filter(({ bytes }) => bytes === fullest).flatMap(({ byHour }) => outgrown(facts.policy, memory, byHour)),
    ...shares.flatMap(({ projection, hourlyMaxima }) =>
      projection.dimension === "connections" ? outgrown(facts.policy, projection, hourlyMaxima.values) : [],
    ),
    ...roomForMoved(demand, group, { from, to, usable: usableBytes(before, reservedPercent) }),
    ...hourlyOf(fit, to).flatMap((hourly) => worstHour(hourly, from.nodeType, to.nodeType, limitsOf(facts.policy))),
  ];
}

/** What a shape has to carry hour by hour with nothing lost; memory and connections count by their peaks already. */
export function hourlyOf({ facts, demand, from }: Pick<Fit, "facts" | "demand" | "from">, to: RedisShape): readonly HourlyDemand[] {
  const answer = demand.replicasAnswer ? 1 + to.replicas : 1;
  const nodes = to.shards * answer;
  return demand
    .demandsOn(answer)
    .filter(({ dimension }) => dimension !== "connections")
    .map(({ dimension, name, unit, hourlyMaxima }) => ({
      dimension,
      name,
      unit,
      series: hourlyMaxima,
      startMs: facts.baseline.span.startMs,
      used: hourlyMaxima.values,
      instancesBefore: mapped(hourlyMaxima.values, () => from.shards),
      instancesAfter: mapped(hourlyMaxima.values, () => nodes),
      note: "no node lost",
      capacityOf: (nodeType) => (dimension === "cpu" ? oneThread : facts.capacities.redis(nodeType)?.networkBaselineGbps),
    }));
}

/** One thread executes all commands, however many processors the node has: percent of it. */
const oneThread = 100;

const unitOf = { cpu: " %", network: " Gbit/s", connections: " connections" } as const;

function capacityOf(dimension: "cpu" | "network" | "connections", { networkBaselineGbps }: RedisCapacity): number {
  switch (dimension) {
    case "cpu":
      return oneThread;
    case "network":
      return networkBaselineGbps;
    case "connections":
      return mostConnections;
  }
}

/** Nodes of a shard that share its work when one of them is lost. */
function answering({ replicas }: RedisShape, { replicasAnswer }: RedisDemand): number {
  return replicasAnswer ? Math.max(1, replicas) : 1;
}

/** The shards that are kept, of the nodes that there are: Terraform counts from 0001, so the lowest stay. */
export function keptShards({ nodeGroups }: RedisReplicationGroup, shards: number): readonly string[] {
  return nodeGroups.slice(0, shards).map(({ id }) => id);
}

/** Moving happens on today's nodes, before they get smaller: each kept shard takes an equal part of what the removed ones hold. */
function roomForMoved(
  { shards }: RedisDemand,
  group: RedisReplicationGroup,
  { from, to, usable }: { readonly from: RedisShape; readonly to: RedisShape; readonly usable: number },
): readonly Projection[] {
  if (to.shards === from.shards) return [];
  const kept = new Set(keptShards(group, to.shards));
  const moved = shards.reduce((sum, { id, bytes }) => sum + (kept.has(id) ? 0 : bytes), 0) / to.shards;
  const free = Math.min(...shards.flatMap(({ id, bytes }) => (kept.has(id) ? [usable - bytes] : [])));
  // Where nothing is free, a mebibyte: a plan is JSON, which has no figure for what has no end.
  const projected = (freeForMoved * moved) / Math.max(free, gib / 1024);
  const method = `${freeForMoved} × the ${figure(moved / gib)} GiB that move to each kept shard, of the ${figure(free / gib)} GiB that are free in the fullest of them`;
  return [{ dimension: "memory", current: 0, projected, limit: 1, fits: projected <= 1 + rounding, method }];
}
