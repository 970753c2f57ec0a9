import { sampleSpread } from "../../load/known-capacity.ts";
import { rememberPerModel, type ByTick, type LoadModel, type Stage } from "../../load/load-model.ts";
import { addTo, rememberRows, type TickRows } from "../../load/tick-rows.ts";
import { tickAt, tickMs, ticksPerHour } from "../../load/tick.ts";
import { createWaitingMix, overflowShare } from "../../load/waiting.ts";
import { application, type Application } from "../../shared/application.ts";
import type { LoadBalancer } from "../../shared/load-balancer.ts";
import { ecsServices, type EcsService } from "./container-service.ts";
import { revisionOf } from "./task-definition.ts";

/** Fields of a service's row. Shares are 0 to 1 of what all tasks have. */
export const serviceField = {
  tasks: 0,
  cpu: 1,
  memory: 2,
  rejected: 3,
  waitMedian: 4,
  waitP99: 5,
  /** What the bill counts: vCPUs and GiB of the tasks that run. */
  vcpu: 6,
  gib: 7,
} as const;

const fields = 8;
const vcpuUnits = 1024;
const mibPerGib = 1024;
/** Above this share of its memory a task cannot take more requests. */
const usableMemoryShare = 0.95;

interface TaskKind {
  readonly count: number;
  readonly vcpu: number;
  readonly gib: number;
}

const remembered = rememberPerModel<TickRows>();

/** Figures of a service by tick; `null` for one whose load is not described. */
export function serviceLoad(model: LoadModel, service: EcsService): TickRows | null {
  return remembered(model, `${service.region}/${service.cluster}/${service.name}`, () => {
    const demand = application.of(model.scenario, service.region);
    if (demand === undefined) return null;
    const requests = model.requestsThrough(service.region, (balancer) => serviceBehind(model, service.region, balancer) === service);
    return serviceRows(model, service, demand, requests);
  });
}

export function serviceStage(model: LoadModel, region: string, balancer: LoadBalancer): Stage | null {
  const service = serviceBehind(model, region, balancer);
  const rows = service === undefined ? null : serviceLoad(model, service);
  if (rows === null) return null;
  return {
    targets: (tick) => rows.at(tick, serviceField.tasks),
    rejected: (tick) => rows.at(tick, serviceField.rejected),
    waitMedian: (tick) => rows.at(tick, serviceField.waitMedian),
    waitP99: (tick) => rows.at(tick, serviceField.waitP99),
  };
}

function serviceBehind({ state }: LoadModel, region: string, balancer: LoadBalancer): EcsService | undefined {
  return state
    .of(ecsServices)
    .in(region)
    .find(({ targetGroups }) => targetGroups.some(({ arn }) => balancer.targetGroupArns.includes(arn)));
}

/** Each task gets the same number of requests, whatever its size. A task with less than one vCPU is one server that is as much slower. */
function serviceRows({ history, state }: LoadModel, service: EcsService, demand: Application, requestsPerSecond: ByTick): TickRows {
  const mix = createWaitingMix();
  const kindsOf = history.remember((atMs) => kindsAt(state, service, atMs));
  return rememberRows(fields, (tick, values, offset) => {
    const requests = requestsPerSecond(tick);
    mix.clear();
    history.eachPart(service.region, tick, 0, (atMs, share) => {
      const kinds = kindsOf(atMs);
      if (kinds === null) return;
      const tasks = kinds.reduce((sum, { count }) => sum + count, 0);
      const each = tasks === 0 ? 0 : requests / tasks;
      const add = (field: number, amount: number): void => addTo(values, offset + field, share * amount);
      add(serviceField.tasks, tasks);
      if (tasks === 0) add(serviceField.rejected, 1);
      for (const { count, vcpu, gib } of kinds) {
        const weight = count / tasks;
        const cpu = (demand.backgroundVcpu + each * demand.vcpuSecondsPerRequest) / vcpu;
        const memory = (demand.memoryBaseGib + (each * demand.memoryMibPerRequestPerSecond) / mibPerGib) / gib;
        const memoryOverflow = memory <= usableMemoryShare ? 0 : 1 - usableMemoryShare / memory;
        add(serviceField.cpu, weight * Math.min(1, cpu));
        add(serviceField.memory, weight * Math.min(1, memory));
        add(serviceField.rejected, weight * Math.max(overflowShare(cpu, sampleSpread), memoryOverflow));
        add(serviceField.vcpu, count * vcpu);
        add(serviceField.gib, count * gib);
        mix.add(share * weight, Math.max(1, Math.floor(vcpu)), cpu, demand.vcpuSecondsPerRequest / Math.min(1, vcpu));
      }
    });
    values[offset + serviceField.waitMedian] = mix.exceededBy(0.5, demand.timeoutSeconds);
    values[offset + serviceField.waitP99] = mix.exceededBy(0.01, demand.timeoutSeconds);
  });
}

/** `null` before the service was there. */
function kindsAt(state: LoadModel["state"], service: EcsService, atMs: number): readonly TaskKind[] | null {
  const found = service.state.at(atMs);
  if (found === undefined) return null;
  return Object.entries(found.running).flatMap(([definition, count]) => {
    const size = revisionOf({ state, region: service.region, nowMs: Math.max(atMs, state.bornMs) }, definition)?.size;
    return count === 0 || size === undefined ? [] : { count, vcpu: size.cpu / vcpuUnits, gib: size.memoryMib / mibPerGib };
  });
}

/** What all services of a region are billed for, whether anything is asked of them or not. */
export function hoursUsed(model: LoadModel, region: string, fromMs: number, untilMs: number): readonly { readonly usage: string; readonly units: number }[] {
  const used = new Map<string, number>();
  const add = (usage: string, units: number): void => void used.set(usage, (used.get(usage) ?? 0) + units);
  for (const service of model.state.of(ecsServices).in(region)) {
    const rows = serviceLoad(model, service);
    if (rows === null) continue;
    const isArm = revisionOf({ state: model.state, region, nowMs: model.state.nowMs }, service.state.final().primary.definition)?.isArm === true;
    const kind = isArm ? "Fargate-ARM" : "Fargate";
    for (let tick = tickAt(fromMs); (tick + 1) * tickMs <= untilMs; tick++) {
      add(`${kind}-vCPU-Hours:perCPU`, orZero(rows.at(tick, serviceField.vcpu)) / ticksPerHour);
      add(`${kind}-GB-Hours`, orZero(rows.at(tick, serviceField.gib)) / ticksPerHour);
    }
  }
  return [...used].map(([usage, units]) => ({ usage, units }));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
