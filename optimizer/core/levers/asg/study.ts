import type { Ec2Capacity } from "../../../../contract/capacities.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { type Estimate, hourSeconds, p95, p995, type Quantity, type Reading } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { pointAt, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { type HourlyDemand, worstHourEvidence } from "../../sizing/worst-hour.ts";
import { once, type Refusal, type Studies, type Study } from "../lever.ts";
import { ineligibility } from "./eligibility.ts";
import { type AutoScalingGroup, autoScalingGroupFacts } from "./group.ts";
import { cpuPercent, ebsPercent, hourlyKeys, memoryPeakPercent, networkPercent } from "./load.ts";
import type { UsualLimits } from "./policy.ts";
import { type GroupSize, groupSize, sizeNow, sizeThen, survivors } from "./size.ts";

/** A group under load: what every rule on it starts from. */
export interface GroupStudy extends Study {
  readonly facts: RuleFacts;
  readonly group: AutoScalingGroup;
  readonly size: GroupSize;
  /** Measured against one instance of today's type; undefined where its capacity is not known. */
  readonly load: GroupLoad | undefined;
}

export interface GroupLoad {
  /** p95 of CPU and network, as the requirement asks. */
  readonly usual: (limits: UsualLimits) => UsualLoad;
  /** What each dimension needs at the moment that binds. */
  readonly demand: () => GroupDemand;
  /** The same, were it carried by so many instances at all hours. */
  readonly demandOn: (instances: number) => GroupDemand;
}

export const groupStudies: Studies<"auto-scaling-group", GroupStudy> = {
  kind: "auto-scaling-group",
  series: hourlyKeys,
  study: (facts, group, reading) => {
    const size = groupSize(facts, group);
    const capacity = facts.capacities.ec2(group.instanceType);
    return {
      facts,
      group,
      size,
      refusal: refusalOf(facts, group),
      load: capacity === undefined ? undefined : loadOf(facts, group, { capacity, size, reading }),
    };
  },
};

interface Measure {
  readonly capacity: Ec2Capacity;
  readonly size: GroupSize;
  readonly reading: Reading;
}

function loadOf(facts: RuleFacts, group: AutoScalingGroup, measure: Measure): GroupLoad {
  const { capacity, reading, size } = measure;
  const onInstances = new Map<number, GroupDemand>();
  const dimensions = once(() => sorted(facts, dimensionsOf(facts, group, capacity, reading)));
  return {
    usual: (limits) => usualLoad(facts, group, measure, limits),
    demand: once(() => groupDemand(facts, group, dimensions(), carriedNow(size))),
    demandOn: (instances) => {
      const found = onInstances.get(instances) ?? groupDemand(facts, group, dimensions(), carriedBy(size, instances));
      onInstances.set(instances, found);
      return found;
    },
  };
}

function refusalOf(facts: RuleFacts, group: AutoScalingGroup): Refusal | undefined {
  const { instanceType, runningInstanceTypes, runningTemplateVersions, launchTemplateVersion } = group;
  const tenant = tenantReason(autoScalingGroupFacts.tags(group), facts.policy.tenantTags);
  if (tenant !== undefined) return { code: "tenant-resource", detail: tenant };
  const ineligible = ineligibility(facts, group);
  if (ineligible !== undefined) return ineligible;
  if (runningInstanceTypes.some((type) => type !== instanceType)) {
    return {
      code: "unsupported",
      detail: `its instances are of ${runningInstanceTypes.join(", ")} while its template says ${instanceType}: a refresh is under way`,
    };
  }
  if (runningTemplateVersions.some((version) => version !== launchTemplateVersion)) {
    return {
      code: "unsupported",
      detail: `its instances run version ${runningTemplateVersions.join(", ")} of their template while it would launch version ${launchTemplateVersion}: replacing them would bring what nobody has watched yet`,
    };
  }
  return undefined;
}

interface UsualLoad {
  readonly series: readonly Series[];
  readonly evidence: readonly Evidence[];
}

/** The requirement's own condition: p95 CPU and p95 network, the latter of the baseline bandwidth of today's type. */
function usualLoad(facts: RuleFacts, group: AutoScalingGroup, { capacity, reading }: Measure, limits: UsualLimits): UsualLoad {
  const { maxP95CpuShare, maxP95NetworkShare } = limits;
  const cpu = p95(facts, cpuPercent(facts.baseline, group), reading);
  const network = p95(facts, networkPercent(facts.baseline, group, capacity), reading);
  return {
    series: [cpu.series, network.series],
    evidence: [figure("CPU", cpu, maxP95CpuShare * 100), figure(networkName(capacity), network, maxP95NetworkShare * 100)],
  };
}

interface Dimension {
  readonly dimension: Demand["dimension"];
  readonly name: string;
  readonly estimate: Estimate;
  /** Highest sample of each hour, percent of today's type. */
  readonly hourlyMaxima: Series;
  readonly capacityOf: Demand["capacityOf"];
}

/** How many instances carried the load in each period, and how many would afterwards. */
interface Carriers {
  readonly earlier: (series: Series) => Float64Array;
  readonly afterwards: (series: Series) => Float64Array;
  readonly zones: number;
  readonly note: string;
}

function carriedNow(size: GroupSize): Carriers {
  return { earlier: (series) => sizeThen(size, series), afterwards: (series) => sizeNow(size, series), zones: size.zones, note: noteOf(size, size.desired) };
}

function carriedBy(size: GroupSize, instances: number): Carriers {
  return { ...carriedNow(size), afterwards: ({ values }) => values.map(() => instances), note: noteOf(size, instances) };
}

/** What each dimension needs at its binding moment, and which that must be known are not. */
interface GroupDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: () => readonly Evidence[];
  readonly unknown: readonly string[];
}

interface Dimensions {
  readonly known: readonly Dimension[];
  /** Why those that must be known are not. */
  readonly unknown: readonly string[];
}

/** CPU, memory and network must be known; EBS joins only where it was observed: idle volumes and instance stores report none. */
function sorted({ policy }: RuleFacts, dimensions: readonly Dimension[]): Dimensions {
  const gaps = dimensions.map((one) => ({ one, gap: incompleteness(one.estimate.series, policy) }));
  return {
    known: gaps.flatMap(({ one, gap }) => (gap === undefined ? one : [])),
    unknown: gaps.flatMap(({ one, gap }) => (one.dimension === "ebs" ? [] : (gap ?? []))),
  };
}

function groupDemand(facts: RuleFacts, group: AutoScalingGroup, { known, unknown }: Dimensions, carriers: Carriers): GroupDemand {
  const hourly = known.map((one) => hourlyDemand(facts, group, one, carriers));
  return {
    demands: known.map(({ dimension, estimate, capacityOf }) => ({
      dimension,
      statistic: estimate.statistic,
      capacityOf,
      ...bindingMoment(estimate, carriers),
    })),
    hourly,
    evidence: once(() => [...known.map(({ name, estimate }) => figure(name, estimate)), ...hourly.map(worstHourEvidence)]),
    unknown,
  };
}

function hourlyDemand(
  { baseline }: RuleFacts,
  { instanceType }: AutoScalingGroup,
  { dimension, name, hourlyMaxima, capacityOf }: Dimension,
  { earlier, afterwards }: Carriers,
): HourlyDemand {
  const capacity = capacityOf(instanceType) ?? Number.NaN;
  return {
    dimension,
    name,
    series: hourlyMaxima,
    unit: "Percent",
    startMs: baseline.span.startMs,
    used: hourlyMaxima.values.map((value) => (value / 100) * capacity),
    instancesBefore: earlier(hourlyMaxima),
    instancesAfter: afterwards(hourlyMaxima),
    note: "no zone lost",
    capacityOf,
  };
}

function dimensionsOf({ baseline, policy, capacities }: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, reading: Reading): readonly Dimension[] {
  const facts = { baseline, policy };
  const byMaxima = (quantity: Quantity) => ({ estimate: p995(facts, quantity, reading), hourlyMaxima: quantity("Maximum", hourSeconds) });
  const memory = memoryPeakPercent(baseline, group);
  return [
    {
      dimension: "cpu",
      name: "CPU",
      ...byMaxima(cpuPercent(baseline, group)),
      capacityOf: (type) => capacities.ec2(type)?.vcpu,
    },
    {
      dimension: "memory",
      name: "memory of the fullest instance",
      estimate: { series: memory, quantile: 1, statistic: "Maximum" },
      hourlyMaxima: memory,
      capacityOf: (type) => capacities.ec2(type)?.memoryMib,
    },
    {
      dimension: "network",
      name: networkName(capacity),
      ...byMaxima(networkPercent(baseline, group, capacity)),
      capacityOf: (type) => capacities.ec2(type)?.networkBaselineGbps,
    },
    {
      dimension: "ebs",
      name: `EBS throughput, of the baseline of ${capacity.ebsBaselineMbps} Mbit/s`,
      ...byMaxima(ebsPercent(baseline, group, capacity)),
      capacityOf: (type) => capacities.ec2(type)?.ebsBaselineMbps,
    },
  ];
}

function networkName({ networkBaselineGbps }: Ec2Capacity): string {
  return `network, larger direction of the baseline of ${networkBaselineGbps} Gbit/s`;
}

function figure(name: string, { series, quantile: q, statistic }: Estimate, limit?: number): Evidence {
  return evidence(name, quantile(series.values, q), { series, statistic, unit: "Percent", ...(limit === undefined ? {} : { limit }) });
}

/**
 * The moment that binds: the estimate's quantile of load × n_old(t) ÷ n_new(t). n_new is what one lost zone leaves of the instances
 * that can be counted on. The series is in percent of today's type.
 */
function bindingMoment(estimate: Estimate, carriers: Carriers): Pick<Demand, "current" | "instancesBefore" | "instancesAfter" | "note"> {
  const { series } = estimate;
  const before = carriers.earlier(series);
  const after = carriers.afterwards(series).map((instances) => survivors(instances, carriers.zones));
  const concentrated = series.values.map((value, period) => (value * pointAt(before, period)) / pointAt(after, period));
  const moment = concentrated.indexOf(quantile(concentrated, estimate.quantile));
  return {
    current: pointAt(series.values, moment) / 100,
    instancesBefore: pointAt(before, moment),
    instancesAfter: pointAt(after, moment),
    note: carriers.note,
  };
}

function noteOf({ zones, byHour, desired }: GroupSize, instances: number): string {
  const lost = survivors(instances, zones) < instances ? `one zone of ${zones} lost` : "no zone to lose";
  return byHour === undefined ? `${lost}, the desired ${desired} taken as the group's size since its own metrics are off` : `${lost}, at the group's size then`;
}
