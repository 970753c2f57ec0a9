import { redisCapacity, sampleSpread } from "../../load/known-capacity.ts";
import { rememberPerModel, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { tickMs } from "../../load/tick.ts";
import { overflowShare } from "../../load/waiting.ts";
import { stackOf, type LoadBalancer } from "../../shared/load-balancer.ts";
import { cacheDemand, jobsAt, type Cache } from "./demand.ts";
import { replicationGroups, usableBytes, type ReplicationGroup } from "./replication-group.ts";

/** Fields of a replication group's row, for one node. Rates are per second. */
export const redisField = {
  /** Busy share of a primary's engine thread, and of a replica's, which only repeats the writes. */
  primaryEngine: 0,
  replicaEngine: 1,
  vcpu: 2,
  memory: 3,
  connections: 4,
  gets: 5,
  sets: 6,
  evictions: 7,
  bytesIn: 8,
  bytesOut: 9,
  usedBytes: 10,
  /** Share of commands that the engine's thread has no time for. */
  failed: 11,
} as const;

const bytesPerGib = 1_073_741_824;
/** Replication, snapshots and the kernel beside the engine thread, as a share of its work. */
const besideEngine = 0.5;

const remembered = rememberPerModel<TickRows>();

/** Figures of a replication group by tick; `null` for one that the region does not have, or whose load is not described. */
export function cacheLoad(model: LoadModel, region: string, id: string): TickRows | null {
  return remembered(model, `${region}/${id}`, () => {
    const demand = cacheDemand.of(model.scenario, region);
    const group = model.state.of(replicationGroups).get(region, id);
    return demand === undefined || group === undefined ? null : redisRows(model, group, demand);
  });
}

/** A stack's application asks the replication group of its own stack; requests whose commands find no time fail. */
export function cacheStage(model: LoadModel, region: string, balancer: LoadBalancer): Stage | null {
  const group = model.state
    .of(replicationGroups)
    .in(region)
    .find((candidate) => stackOf(candidate) === stackOf(balancer));
  const rows = group === undefined ? null : cacheLoad(model, region, group.id);
  if (rows === null) return null;
  // Commands take microseconds: what they wait for one another is nothing beside a request's own time.
  return { failed: (tick) => rows.at(tick, redisField.failed), waitMedian: () => 0, waitP99: () => 0 };
}

/** A Redis replication group: keys and commands spread evenly over the shards; primaries answer, replicas follow. */
function redisRows(model: LoadModel, group: ReplicationGroup, cache: Cache): TickRows {
  const { region } = group;
  const requestsPerSecond = model.requests(region);
  const appInstancesAt = model.applicationInstances(region);
  const scenarioStartMs = Date.parse(model.scenario.start);
  const stateAt = model.history.remember((atMs) => group.state.at(atMs) ?? null);
  return rememberRows(12, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    model.history.eachPart(region, tick, 0, (atMs, share) => {
      const state = stateAt(atMs);
      if (state === null) return;
      const shards = state.shards.length;
      const node = redisCapacity(state.nodeType);
      const sets = (requests * cache.setsPerRequest) / shards;
      const gets = (requests * cache.getsPerRequest) / shards;
      const jobs = jobsAt(cache, tick * tickMs, scenarioStartMs);
      const usedBytes = ((cache.datasetGib + jobs.writtenGib) * bytesPerGib) / shards;
      const memory = usedBytes / usableBytes(group, state.nodeType);
      const engine = (gets + sets) * cache.engineSecondsPerCommand + jobs.engineSeconds / shards;
      addTo(values, offset + redisField.primaryEngine, share * Math.min(1, engine));
      addTo(values, offset + redisField.failed, share * overflowShare(engine, sampleSpread));
      addTo(values, offset + redisField.usedBytes, share * (usedBytes / Math.max(1, memory)));
      addTo(values, offset + redisField.replicaEngine, share * Math.min(1, sets * cache.engineSecondsPerCommand));
      addTo(values, offset + redisField.vcpu, share * node.vcpu);
      addTo(values, offset + redisField.memory, share * Math.min(1, memory));
      addTo(values, offset + redisField.connections, share * appInstancesAt(atMs) * cache.connectionsPerInstance);
      addTo(values, offset + redisField.gets, share * (gets + jobs.reads / shards));
      addTo(values, offset + redisField.sets, share * sets);
      addTo(values, offset + redisField.evictions, share * (memory > 1 ? sets : 0));
      addTo(values, offset + redisField.bytesIn, share * sets * cache.bytesPerCommand);
      addTo(values, offset + redisField.bytesOut, share * (gets + jobs.reads / shards) * cache.bytesPerCommand);
    });
  });
}

/** Busy share of a whole node, as CPUUtilization has it, from its engine thread's. */
export function hostShare(engine: number, vcpu: number): number {
  return Math.min(1, (engine * (1 + besideEngine)) / vcpu);
}
