import { knownSizes } from "../../sizing/sizes-before.ts";
import { pointAt } from "../../model/observation.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { idleAmount } from "../../sizing/load-line.ts";
import { type Estimate, hourSeconds, p95, p995, type Quantity, type Reading, remembered } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import { type FleetSize, sizeThen, survivors } from "../../sizing/fleet-size.ts";
import { type Answering, answeringOf } from "../../sizing/answering.ts";
import { answeredKeys } from "../../sizing/latency.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { mapped, type Series } from "../../sizing/series.ts";
import { type HourlyDemand, worstHourEvidence } from "../../sizing/worst-hour.ts";
import type { Refusal, Studies, Study } from "../lever.ts";
import { once } from "../../model/once.ts";
import type { ContainerService } from "./container-service.ts";
import { ineligibility } from "./eligibility.ts";
import { cpuPercent, memoryPercent, runningTasks, serviceKeys } from "./load.ts";
import { taskSizeOf, vcpuOf } from "./task-size.ts";

/** A service under load: what every rule on it starts from. */
export interface ServiceStudy extends Study {
  readonly facts: RuleFacts;
  readonly service: ContainerService;
  readonly size: FleetSize;
  /** The requirement's condition: p95 of CPU and of memory. */
  readonly usual: () => { readonly series: readonly Series[]; readonly evidence: readonly Evidence[] };
  /** What each dimension needs, were the load of the whole baseline carried by so many tasks at all hours. */
  readonly demandOn: (tasks: number) => ServiceDemand;
  /** How requests are answered; undefined where nothing tells how many there are and how long they take. */
  readonly answering: () => Answering | undefined;
}

export interface ServiceDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: readonly Evidence[];
  /** Why dimensions that must be known are not. */
  readonly unknown: readonly string[];
}

export const serviceStudies: Studies<"ecs-service", ServiceStudy> = {
  kind: "ecs-service",
  otherSizes: ({ sizesBefore, countsBefore }) => [...knownSizes(sizesBefore), ...knownSizes(countsBefore)],
  looksCloser: true,
  series: (service, policy) => [...serviceKeys(service), ...answeredKeys(service.ref.region, service.loadBalancers, policy)],
  study: (facts, described) => {
    const size = sizeOf(facts, described);
    const service = countedBy(size, described);
    const refusal: Refusal | undefined = ineligibility(facts, service);
    const answering = once(() =>
      answeringOf(facts, {
        region: service.ref.region,
        loadBalancers: service.loadBalancers,
        cpu: cpuPercent(facts.baseline, service)("Average", hourSeconds),
        vcpu: vcpuOf(service.task.size),
        size,
        // All of it is reckoned on so many tasks, whether or not policies would add some for what grows.
        isScaled: false,
      }),
    );
    const dimensions = once(() => dimensionsOf(facts, service, answering));
    return (reading) => ({
      facts,
      service,
      size,
      refusal,
      usual: once(() => usualLoad(facts, dimensions(), reading)),
      demandOn: (tasks) => demandOn(facts, { size, dimensions: dimensions(), reading, tasks }),
      answering,
    });
  },
};

/** How many tasks ran through the baseline; the desired number where Container Insights is off or full of gaps. */
function sizeOf({ baseline, policy }: RuleFacts, service: ContainerService): FleetSize {
  const running = runningTasks(baseline, service);
  return {
    desired: service.desiredCount,
    zones: service.zones.kind === "seen" ? Math.max(1, service.zones.value.length) : 1,
    byHour: incompleteness(running, policy) === undefined ? running : undefined,
  };
}

/** Where its number is known by the hour, that counts, and not when somebody asked for another one. */
function countedBy({ byHour }: FleetSize, service: ContainerService): ContainerService {
  if (byHour === undefined) return service;
  const { countsBefore: _, ...counted } = service;
  return counted;
}

interface Dimension {
  readonly dimension: "cpu" | "memory";
  readonly name: string;
  readonly percent: Quantity;
  /** What a task has of it today. */
  readonly capacity: number;
  /** Of it a task uses so much without any load, percent. */
  readonly idlePercent: () => number;
}

function dimensionsOf({ baseline }: RuleFacts, service: ContainerService, answering: () => Answering | undefined): readonly Dimension[] {
  const { cpu, memoryMib } = service.task.size;
  const [busy, used] = [remembered(cpuPercent(baseline, service)), remembered(memoryPercent(baseline, service))];
  // What is done beside requests is not known apart from them: it is shared out anew with the rest.
  return [
    { dimension: "cpu", name: "CPU", percent: busy, capacity: cpu, idlePercent: () => 0 },
    {
      dimension: "memory",
      name: "memory",
      percent: used,
      capacity: memoryMib,
      idlePercent: once(() => idleMemory(used, busy, answering())),
    },
  ];
}

/**
 * Percent of a task's memory that is used without requests; where no load balancer tells those, without CPU: less, since some of that is used
 * beside requests.
 */
function idleMemory(used: Quantity, busy: Quantity, answering: Answering | undefined): number {
  if (answering === undefined) return idleAmount(used("Maximum", hourSeconds).values, busy("Maximum", hourSeconds).values);
  const { answered, machines: tasks } = answering;
  return idleAmount(
    used("Average", hourSeconds).values,
    mapped(answered.perSecond, (requests, hour) => requests / pointAt(tasks, hour)),
  );
}

function usualLoad(facts: RuleFacts, dimensions: readonly Dimension[], reading: Reading): ReturnType<ServiceStudy["usual"]> {
  const { maxP95CpuShare, maxP95MemoryShare } = facts.policy.rules.ecsService;
  const estimates = dimensions.map((one) => ({ ...one, estimate: p95(facts, one.percent, reading) }));
  return {
    series: estimates.map(({ estimate }) => estimate.series),
    evidence: estimates.map(({ dimension, name, estimate }) => figureOf(name, estimate, (dimension === "cpu" ? maxP95CpuShare : maxP95MemoryShare) * 100)),
  };
}

interface Carried {
  readonly size: FleetSize;
  readonly dimensions: readonly Dimension[];
  readonly reading: Reading;
  readonly tasks: number;
}

function demandOn(facts: RuleFacts, { size, dimensions, reading, tasks }: Carried): ServiceDemand {
  const estimated = dimensions.map((one) => ({ ...one, estimate: p995(facts, one.percent, reading) }));
  const hourly = dimensions.map((one) => hourlyDemand(facts, size, one, tasks));
  return {
    demands: estimated.map((one) => ({
      dimension: one.dimension,
      statistic: one.estimate.statistic,
      capacityOf: capacityOf(one.dimension),
      ...bindingMoment(one.estimate, size, tasks, one.idlePercent()),
      ...idleOf(one),
    })),
    hourly,
    evidence: [...estimated.map(({ name, estimate }) => figureOf(name, estimate)), ...hourly.map(worstHourEvidence)],
    unknown: estimated.flatMap(({ estimate }) => incompleteness(estimate.series, facts.policy) ?? []),
  };
}

function capacityOf(dimension: Dimension["dimension"]): Demand["capacityOf"] {
  return (text) => (dimension === "cpu" ? taskSizeOf(text)?.cpu : taskSizeOf(text)?.memoryMib);
}

/** In the unit of the dimension; nothing where none is known. */
function idleOf({ idlePercent, capacity }: Dimension): Pick<Demand, "idle"> {
  return idlePercent() === 0 ? {} : { idle: (idlePercent() / 100) * capacity };
}

/** The moment that binds: the estimate's quantile of load × the tasks that carried it. Afterwards, what one lost zone leaves of `tasks` does. */
function bindingMoment(
  estimate: Estimate,
  size: FleetSize,
  tasks: number,
  idlePercent: number,
): Pick<Demand, "current" | "instancesBefore" | "instancesAfter" | "note"> {
  const { series } = estimate;
  const before = sizeThen(size, series);
  const total = mapped(series.values, (value, period) => (value - idlePercent) * pointAt(before, period));
  const moment = total.indexOf(quantile(total, estimate.quantile));
  const left = survivors(tasks, size.zones);
  const lost = left < tasks ? `one zone of ${size.zones} lost` : "no zone to lose";
  return {
    current: pointAt(series.values, moment) / 100,
    instancesBefore: pointAt(before, moment),
    instancesAfter: left,
    note: size.byHour === undefined ? `${lost}, the desired ${size.desired} taken as the number of tasks since Container Insights is off` : lost,
  };
}

function hourlyDemand({ baseline }: RuleFacts, size: FleetSize, of: Dimension, tasks: number): HourlyDemand {
  const { dimension, name, percent, capacity } = of;
  const series = percent("Maximum", hourSeconds);
  return {
    dimension,
    name,
    series,
    unit: "Percent",
    startMs: baseline.span.startMs,
    used: mapped(series.values, (value) => (value / 100) * capacity),
    instancesBefore: sizeThen(size, series),
    instancesAfter: new Float64Array(series.values.length).fill(tasks),
    note: "no zone lost",
    capacityOf: capacityOf(dimension),
    ...idleOf(of),
  };
}

function figureOf(name: string, { series, quantile: q, statistic }: Estimate, limit?: number): Evidence {
  return evidence(name, quantile(series.values, q), { series, statistic, unit: "Percent", ...(limit === undefined ? {} : { limit }) });
}
