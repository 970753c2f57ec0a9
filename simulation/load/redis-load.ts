import type { Cache } from "./demand-schema.ts";
import type { History } from "./history.ts";
import { redisCapacity } from "./known-capacity.ts";
import { addTo, rememberRows, type TickRows } from "./tick-rows.ts";

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
} as const;

const bytesPerGib = 1_073_741_824;
/** Replication, snapshots and the kernel beside the engine thread, as a share of its work. */
const besideEngine = 0.5;

/** A Redis replication group: keys and commands spread evenly over the shards; primaries answer, replicas follow. */
export function redisRows(
  history: History,
  region: string,
  group: string,
  cache: Cache,
  requestsPerSecond: (tick: number) => number,
  appInstancesAt: (atMs: number) => number,
): TickRows {
  const capacityAt = history.remember((atMs) => history.view.redisAt(region, group, atMs));
  return rememberRows(10, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    history.eachPart(region, tick, 0, (atMs, share) => {
      const capacity = capacityAt(atMs);
      if (capacity === null) return;
      const node = redisCapacity(capacity.nodeType);
      const sets = (requests * cache.setsPerRequest) / capacity.shards;
      const gets = (requests * cache.getsPerRequest) / capacity.shards;
      const memory = (cache.datasetGib * bytesPerGib) / capacity.shards / node.maxMemoryBytes;
      addTo(values, offset + redisField.primaryEngine, share * Math.min(1, (gets + sets) * cache.engineSecondsPerCommand));
      addTo(values, offset + redisField.replicaEngine, share * Math.min(1, sets * cache.engineSecondsPerCommand));
      addTo(values, offset + redisField.vcpu, share * node.vcpu);
      addTo(values, offset + redisField.memory, share * Math.min(1, memory));
      addTo(values, offset + redisField.connections, share * appInstancesAt(atMs) * cache.connectionsPerInstance);
      addTo(values, offset + redisField.gets, share * gets);
      addTo(values, offset + redisField.sets, share * sets);
      addTo(values, offset + redisField.evictions, share * (memory > 1 ? sets : 0));
      addTo(values, offset + redisField.bytesIn, share * sets * cache.bytesPerCommand);
      addTo(values, offset + redisField.bytesOut, share * gets * cache.bytesPerCommand);
    });
  });
}

/** Busy share of a whole node, as CPUUtilization has it, from its engine thread's. */
export function hostShare(engine: number, vcpu: number): number {
  return Math.min(1, (engine * (1 + besideEngine)) / vcpu);
}
