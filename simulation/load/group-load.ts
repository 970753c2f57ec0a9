import type { Scenario } from "../scenario.ts";
import type { Application } from "./demand-schema.ts";
import type { History } from "./history.ts";
import { ec2Capacity, sampleSpread, vcpuSpeed } from "./known-capacity.ts";
import { addTo, rememberRows, type TickRows } from "./tick-rows.ts";
import { createWaitingMix, overflowShare } from "./waiting.ts";

/** Fields of a group's row. Shares are 0 to 1; bytes are per second and instance; memory is a share of the instance's. */
export const groupField = {
  instances: 0,
  cpu: 1,
  /** Sum of squares' mean, for the spread between instance types. */
  cpuSquare: 2,
  memory: 3,
  memorySquare: 4,
  bytesIn: 5,
  bytesOut: 6,
  /** Share of requests that find no room. */
  rejected: 7,
  waitMedian: 8,
  waitP99: 9,
} as const;

const fields = 10;
/** Above this share of its memory an instance cannot take more requests. */
const usableMemoryShare = 0.95;
const mib = 1 / 1024;

interface Totals {
  cpu: number;
  cpuSquare: number;
  memory: number;
  memorySquare: number;
  rejected: number;
}

/**
 * An Auto Scaling group under load. The balancer hands out requests in turn, so each instance gets the same number whatever
 * its size: during a refresh the small ones fill first. Each instance is an M/M/c queue, c its vCPUs.
 */
export function groupRows(
  scenario: Scenario,
  history: History,
  region: string,
  group: string,
  demand: Application,
  requestsPerSecond: (tick: number) => number,
): TickRows {
  const mix = createWaitingMix();
  const capacityAt = history.remember((atMs) => history.view.groupAt(region, group, atMs));
  return rememberRows(fields, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    mix.clear();
    history.eachPart(region, tick, 0, (atMs, share) => {
      const capacity = capacityAt(atMs);
      if (capacity === null) return;
      const types = Object.entries(capacity.instances);
      const instances = types.reduce((sum, [, count]) => sum + count, 0);
      const each = instances === 0 ? 0 : requests / instances;
      const totals: Totals = { cpu: 0, cpuSquare: 0, memory: 0, memorySquare: 0, rejected: instances === 0 ? 1 : 0 };
      for (const [type, count] of types) {
        const weight = instances === 0 ? 0 : count / instances;
        const type1 = loadOfInstance(scenario, type, demand, each);
        totals.cpu += weight * Math.min(1, type1.cpu);
        totals.cpuSquare += weight * Math.min(1, type1.cpu) ** 2;
        totals.memory += weight * Math.min(1, type1.memory);
        totals.memorySquare += weight * Math.min(1, type1.memory) ** 2;
        totals.rejected += weight * Math.max(overflowShare(type1.cpu, sampleSpread), memoryOverflow(type1.memory));
        mix.add(share * weight, ec2Capacity(type).vcpu, type1.cpu, demand.vcpuSecondsPerRequest);
      }
      addPart(values, offset, share, instances, totals);
      addTo(values, offset + groupField.bytesIn, share * each * demand.networkInBytesPerRequest);
      addTo(values, offset + groupField.bytesOut, share * each * demand.networkOutBytesPerRequest);
    });
    values[offset + groupField.waitMedian] = mix.exceededBy(0.5, demand.timeoutSeconds);
    values[offset + groupField.waitP99] = mix.exceededBy(0.01, demand.timeoutSeconds);
  });
}

function addPart(values: Float64Array, offset: number, share: number, instances: number, totals: Totals): void {
  addTo(values, offset + groupField.instances, share * instances);
  addTo(values, offset + groupField.cpu, share * totals.cpu);
  addTo(values, offset + groupField.cpuSquare, share * totals.cpuSquare);
  addTo(values, offset + groupField.memory, share * totals.memory);
  addTo(values, offset + groupField.memorySquare, share * totals.memorySquare);
  addTo(values, offset + groupField.rejected, share * totals.rejected);
}

/** Demand ÷ capacity of one instance: above 1 when it does not fit. */
function loadOfInstance(scenario: Scenario, type: string, demand: Application, requestsPerSecond: number): { readonly cpu: number; readonly memory: number } {
  const { vcpu, memoryMib } = ec2Capacity(type);
  const vcpuDemand = demand.backgroundVcpu + (requestsPerSecond * demand.vcpuSecondsPerRequest) / vcpuSpeed(scenario.familySpeed, type);
  const gib = demand.memoryBaseGib + requestsPerSecond * demand.memoryMibPerRequestPerSecond * mib;
  return { cpu: vcpuDemand / vcpu, memory: gib / (memoryMib * mib) };
}

function memoryOverflow(memory: number): number {
  return memory <= usableMemoryShare ? 0 : 1 - usableMemoryShare / memory;
}

/** Standard deviation of a share from sample to sample: around the mean, and between instance types. */
export function sampleDeviation(mean: number, square: number): number {
  return Math.sqrt(Math.max(0, square - mean * mean) + (sampleSpread * mean) ** 2);
}
