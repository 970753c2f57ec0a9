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
import { type GroupSize, groupSize, sizeNow, sizeThen, survivors } from "./size.ts";

/** A group under load: what every rule on it starts from. */
export interface GroupStudy extends Study {
  readonly facts: RuleFacts;
  readonly group: AutoScalingGroup;
  readonly size: GroupSize;
  /** Measured against one instance of today's type; undefined where its capacity is not known. */
  readonly load: GroupLoad | undefined;
}

interface GroupLoad {
  /** p95 of CPU and network, as the requirement asks. */
  readonly usual: () => UsualLoad;
  /** What each dimension needs at the moment that binds. */
  readonly demand: () => GroupDemand;
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
  return { usual: once(() => usualLoad(facts, group, measure)), demand: once(() => groupDemand(facts, group, measure)) };
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
function usualLoad(facts: RuleFacts, group: AutoScalingGroup, { capacity, reading }: Measure): UsualLoad {
  const { maxP95CpuShare, maxP95NetworkShare } = facts.policy.rules.asgInstanceType;
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

/** What each dimension needs at its binding moment, and which that must be known are not. */
interface GroupDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

/** CPU, memory and network must be known; EBS joins only where it was observed: idle volumes and instance stores report none. */
function groupDemand(facts: RuleFacts, group: AutoScalingGroup, { capacity, size, reading }: Measure): GroupDemand {
  const dimensions = dimensionsOf(facts, group, capacity, reading);
  const known = dimensions.filter(({ estimate }) => incompleteness(estimate.series, facts.policy) === undefined);
  const unknown = dimensions.filter((one) => one.dimension !== "ebs" && !known.includes(one));
  const hourly = known.map((one) => hourlyDemand(facts, group, one, size));
  return {
    demands: known.map(({ dimension, estimate, capacityOf }) => ({ dimension, statistic: estimate.statistic, capacityOf, ...bindingMoment(estimate, size) })),
    hourly,
    evidence: [...known.map(({ name, estimate }) => figure(name, estimate)), ...hourly.map(worstHourEvidence)],
    unknown: unknown.flatMap(({ estimate }) => incompleteness(estimate.series, facts.policy) ?? []),
  };
}

function hourlyDemand(
  { baseline }: RuleFacts,
  { instanceType }: AutoScalingGroup,
  { dimension, name, hourlyMaxima, capacityOf }: Dimension,
  size: GroupSize,
): HourlyDemand {
  const capacity = capacityOf(instanceType) ?? Number.NaN;
  return {
    dimension,
    name,
    series: hourlyMaxima,
    unit: "Percent",
    startMs: baseline.span.startMs,
    used: hourlyMaxima.values.map((value) => (value / 100) * capacity),
    instancesBefore: sizeThen(size, hourlyMaxima),
    instancesAfter: sizeNow(size, hourlyMaxima),
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
function bindingMoment(estimate: Estimate, size: GroupSize): Pick<Demand, "current" | "instancesBefore" | "instancesAfter" | "note"> {
  const { series } = estimate;
  const before = sizeThen(size, series);
  const after = sizeNow(size, series).map((instances) => survivors(instances, size.zones));
  const concentrated = series.values.map((value, period) => (value * pointAt(before, period)) / pointAt(after, period));
  const moment = concentrated.indexOf(quantile(concentrated, estimate.quantile));
  return {
    current: pointAt(series.values, moment) / 100,
    instancesBefore: pointAt(before, moment),
    instancesAfter: pointAt(after, moment),
    note: noteOf(size),
  };
}

function noteOf({ zones, byHour, desired }: GroupSize): string {
  const lost = survivors(desired, zones) < desired ? `one zone of ${zones} lost` : "no zone to lose";
  return byHour === undefined ? `${lost}, the desired ${desired} taken as the group's size since its own metrics are off` : `${lost}, at the group's size then`;
}
