import { ec2Capacity, sampleSpread, vcpuSpeed } from "../../load/known-capacity.ts";
import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { createWaitingMix, overflowShare } from "../../load/waiting.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { application, type Application } from "../../shared/application.ts";
import type { FleetInstance } from "../../shared/fleet.ts";
import type { LoadBalancer } from "../../shared/load-balancer.ts";
import { groups, type AutoScalingGroup } from "./group.ts";

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

/** Instances of a group that take traffic at a moment, by instance type, and how many zones they stand in. */
export interface GroupCapacity {
  readonly instances: Readonly<Record<string, number>>;
  readonly zones: number;
}

/** Fleets never change once made, so what was made of one holds as long as it lives. */
const capacityOfFleet = new WeakMap<readonly FleetInstance[], GroupCapacity>();

/** `null` before the group was there. */
export function capacityAt(group: AutoScalingGroup, atMs: number): GroupCapacity | null {
  const fleet = group.instances.at(atMs);
  if (fleet === undefined) return null;
  const known = capacityOfFleet.get(fleet);
  if (known !== undefined) return known;
  const serving = fleet.filter((instance) => instance.lifecycleState === "InService");
  const instances: Record<string, number> = {};
  for (const { instanceType } of serving) instances[instanceType] = (instances[instanceType] ?? 0) + 1;
  const capacity = { instances, zones: new Set(serving.map((instance) => instance.zone)).size };
  capacityOfFleet.set(fleet, capacity);
  return capacity;
}

const remembered = rememberPerModel<TickRows>();

/** Figures of a group by tick; `null` for one that the region does not have, or whose load is not described. */
export function groupLoad(model: LoadModel, region: string, name: string): TickRows | null {
  return remembered(model, `${region}/${name}`, () => {
    const demand = application.of(model.scenario, region);
    const group = model.state.of(groups).get(region, name);
    if (demand === undefined || group === undefined) return null;
    const requests = model.requestsThrough(region, (balancer) => groupBehind(model, region, balancer) === group);
    return groupRows(model, group, demand, requests);
  });
}

/** The group whose instances are registered with the load balancer's target groups answers its requests. */
export function groupStage(model: LoadModel, region: string, balancer: LoadBalancer): Stage | null {
  const group = groupBehind(model, region, balancer);
  const rows = group === undefined ? null : groupLoad(model, region, group.name);
  if (rows === null) return null;
  return {
    targets: (tick) => rows.at(tick, groupField.instances),
    rejected: (tick) => rows.at(tick, groupField.rejected),
    waitMedian: (tick) => rows.at(tick, groupField.waitMedian),
    waitP99: (tick) => rows.at(tick, groupField.waitP99),
  };
}

function groupBehind({ state }: Pick<LoadModel, "state">, region: string, balancer: LoadBalancer): AutoScalingGroup | undefined {
  return state
    .of(groups)
    .in(region)
    .find((group) => group.targetGroupArns.some((arn) => balancer.targetGroupArns.includes(arn)));
}

/** Whether the load balancer's requests are the group's to answer. */
export function isBehind(state: LoadModel["state"], group: AutoScalingGroup, balancer: LoadBalancer): boolean {
  return groupBehind({ state }, group.region, balancer) === group;
}

/** Mean of the instances' CPU, 0 to 1; NaN without an instance. `requestsPerSecond` is what each answers. */
export function meanCpu(scenario: Scenario, instances: GroupCapacity["instances"], demand: Application, requestsPerSecond: number): number {
  let [sum, count] = [0, 0];
  for (const [type, number] of Object.entries(instances)) {
    sum += number * Math.min(1, loadOfInstance(scenario, type, demand, requestsPerSecond).cpu);
    count += number;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/**
 * An Auto Scaling group under load. The load balancer hands out requests in turn, so each instance gets the same number whatever
 * its size: during a refresh the small ones fill first. Each instance is an M/M/c queue, c its vCPUs.
 */
function groupRows({ scenario, history }: LoadModel, group: AutoScalingGroup, demand: Application, requestsPerSecond: ByTick): TickRows {
  const mix = createWaitingMix();
  const capacityOf = history.remember((atMs) => capacityAt(group, atMs));
  return rememberRows(fields, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    mix.clear();
    history.eachPart(group.region, tick, 0, (atMs, share) => {
      const capacity = capacityOf(atMs);
      if (capacity === null) return;
      const types = Object.entries(capacity.instances);
      const instances = types.reduce((sum, [, count]) => sum + count, 0);
      const each = instances === 0 ? 0 : requests / instances;
      const totals: Totals = { cpu: 0, cpuSquare: 0, memory: 0, memorySquare: 0, rejected: instances === 0 ? 1 : 0 };
      for (const [type, count] of types) {
        const weight = instances === 0 ? 0 : count / instances;
        const load = loadOfInstance(scenario, type, demand, each);
        totals.cpu += weight * Math.min(1, load.cpu);
        totals.cpuSquare += weight * Math.min(1, load.cpu) ** 2;
        totals.memory += weight * Math.min(1, load.memory);
        totals.memorySquare += weight * Math.min(1, load.memory) ** 2;
        totals.rejected += weight * Math.max(overflowShare(load.cpu, sampleSpread), memoryOverflow(load.memory));
        mix.add(share * weight, ec2Capacity(type).vcpu, load.cpu, demand.vcpuSecondsPerRequest);
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
