import { pointAt } from "../../model/observation.ts";
import type { Ec2Capacity } from "../../../../contract/capacities.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { idleAmount } from "../../sizing/load-line.ts";
import { type Estimate, hourSeconds, p95, p995, type Quantity, type Reading, remembered } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { scratchMemory } from "../../sizing/scratch.ts";
import { firstPoint, mapped, type Series } from "../../sizing/series.ts";
import { tenantReason } from "../../sizing/tenant.ts";
import { type HourlyDemand, worstHourEvidence } from "../../sizing/worst-hour.ts";
import type { Refusal, Studies, Study } from "../lever.ts";
import { once, oncePer, oncePerValue } from "../../model/once.ts";
import { oncePerInStudy } from "../../model/study-memory.ts";
import { ineligibility } from "./eligibility.ts";
import { type AutoScalingGroup, autoScalingGroupFacts } from "./group.ts";
import { cpuPercent, ebsPercent, hourlyKeys, memoryPeakPercent, networkPercent, otherTypesOf } from "./load.ts";
import type { UsualLimits } from "./policy.ts";
import { type GroupSlowdowns, slowdownsOf } from "./slowdown.ts";
import { always, during, eachHour, type Fleet, fleetNow, type FleetSize, fleetThen, survivors } from "../../sizing/fleet-size.ts";
import { groupSize } from "./size.ts";

/** A group under load: what every rule on it starts from. */
export interface GroupStudy extends Study {
  readonly facts: RuleFacts;
  readonly group: AutoScalingGroup;
  readonly size: FleetSize;
  /** Measured against one instance of today's type; undefined where its capacity is not known. */
  readonly load: GroupLoad | undefined;
}

export interface GroupLoad extends GroupSlowdowns {
  /** p95 of CPU and network, as the requirement asks. */
  readonly usual: (limits: UsualLimits) => UsualLoad;
  /** What each dimension needs at the moment that binds. */
  readonly demand: () => GroupDemand;
  /** The same, were it carried by so many instances at all hours. */
  readonly demandOn: (instances: number) => GroupDemand;
  /** The same, were it carried by so many instances as each hour has, and as such an hour has two weeks on. */
  readonly demandByHour: (fleet: FleetByHour) => GroupDemand;
}

export const groupStudies: Studies<"auto-scaling-group", GroupStudy> = {
  kind: "auto-scaling-group",
  otherSizes: otherTypesOf,
  looksCloser: true,
  series: hourlyKeys,
  study: (facts, group) => {
    const size = groupSize(facts, group);
    const refusal = refusalOf(facts, group);
    const capacity = facts.capacities.ec2(group.instanceType);
    const measured = capacity === undefined ? undefined : measureOf(facts, group, capacity, size);
    return (reading) => ({ facts, group, size, refusal, load: measured === undefined ? undefined : loadOf(facts, group, measured, reading) });
  },
};

/** What is measured of a group, however it is read. */
interface Measured {
  readonly capacity: Ec2Capacity;
  readonly cpu: Quantity;
  readonly network: Quantity;
  readonly dimensions: () => readonly Dimension[];
  readonly now: Carriers;
  readonly onInstances: (instances: number) => Carriers;
  readonly byHour: (fleet: FleetByHour) => Carriers;
  readonly slowdowns: GroupSlowdowns;
}

function measureOf(facts: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, size: FleetSize): Measured {
  const { baseline } = facts;
  const cpu = remembered(cpuPercent(baseline, group));
  const network = remembered(networkPercent(baseline, group, capacity));
  const now = carriedNow(size);
  return {
    capacity,
    cpu,
    network,
    dimensions: once(() => dimensionsOf(facts, group, capacity, { cpu, network })),
    now,
    onInstances: oncePerValue((instances: number) => carriedBy(now, size, instances)),
    byHour: oncePer((fleet: FleetByHour) => carriedByHour(now, size, fleet)),
    slowdowns: slowdownsOf(facts, group, capacity, size),
  };
}

function loadOf(facts: RuleFacts, { instanceType }: AutoScalingGroup, measured: Measured, reading: Reading): GroupLoad {
  const dimensions = once(() => sorted(facts, measured.dimensions(), reading));
  const usual = once(() => ({ cpu: p95(facts, measured.cpu, reading), network: p95(facts, measured.network, reading) }));
  return {
    usual: (limits) => usualLoad(measured, usual(), limits),
    demand: once(() => groupDemand(dimensions(), instanceType, measured.now)),
    demandOn: oncePerValue((instances: number) => groupDemand(dimensions(), instanceType, measured.onInstances(instances))),
    demandByHour: oncePer((fleet: FleetByHour) => groupDemand(dimensions(), instanceType, measured.byHour(fleet))),
    ...measured.slowdowns,
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
function usualLoad(
  measured: Measured,
  { cpu, network }: Readonly<Record<"cpu" | "network", Estimate>>,
  { maxP95CpuShare, maxP95NetworkShare }: UsualLimits,
): UsualLoad {
  return {
    series: [cpu.series, network.series],
    evidence: [figure("CPU", cpu, maxP95CpuShare * 100), figure(networkName(measured.capacity), network, maxP95NetworkShare * 100)],
  };
}

interface Dimension {
  readonly dimension: Demand["dimension"];
  readonly name: string;
  readonly estimate: (reading: Reading) => Estimate;
  /** By the highest sample of each hour. */
  readonly hourly: (carriers: Carriers) => HourlyDemand;
  readonly capacityOf: Demand["capacityOf"];
  /** Of it an instance uses so much without any load, percent of today's type. */
  readonly idlePercent?: () => number;
}

/** One of which enough is known in a reading. */
type KnownDimension = Omit<Dimension, "estimate"> & { readonly estimate: Estimate };

/** How many instances carried the load in each period, and how many would afterwards. */
interface Carriers {
  readonly earlier: (series: Series) => Float64Array;
  readonly afterwards: (series: Series) => Float64Array;
  /** Of those, how many a lost zone would leave; one number alone where it is the same in all periods. */
  readonly surviving: (series: Series) => Float64Array;
  /** Those of two weeks on, where policies answer a load that grows. */
  readonly grown?: (series: Series) => Float64Array;
  readonly note: string;
}

function carriedNow(size: FleetSize): Carriers {
  const then = once(() => fleetThen(size));
  const earlier = oncePerGrid((series) => during(then(), series));
  return {
    earlier,
    ...carriersAfterwards(
      size,
      once(() => fleetNow(size)),
    ),
    note: noteOf(size, size.desired),
  };
}

function carriersAfterwards({ zones }: FleetSize, fleet: () => Fleet): Pick<Carriers, "afterwards" | "surviving"> {
  const left = once(() => eachHour(fleet(), (instances) => survivors(instances, zones)));
  const surviving = oncePerGrid((series) => during(left(), series));
  return {
    afterwards: oncePerGrid((series) => during(fleet(), series)),
    surviving: (series) => (Number.isFinite(left().periodSeconds) ? surviving(series) : left().values),
  };
}

/** How large a group was depends on a series' periods only, which most series have in common. */
function oncePerGrid(make: (series: Series) => Float64Array): (series: Series) => Float64Array {
  const made = new Map<string, Float64Array>();
  return (series) => {
    const grid = `${series.values.length} of ${series.periodSeconds}`;
    const known = made.get(grid) ?? make(series);
    made.set(grid, known);
    return known;
  };
}

function carriedBy(now: Carriers, size: FleetSize, instances: number): Carriers {
  return { ...now, ...carriersAfterwards(size, () => always(instances)), note: noteOf(size, instances) };
}

/** Instances of each hour, and of such an hour two weeks on. */
interface FleetByHour {
  readonly carrying: Float64Array;
  readonly grown: Float64Array;
}

function carriedByHour(now: Carriers, size: FleetSize, { carrying, grown }: FleetByHour): Carriers {
  const today: Fleet = { values: carrying, periodSeconds: hourSeconds };
  const later: Fleet = { values: grown, periodSeconds: hourSeconds };
  return { ...now, ...carriersAfterwards(size, () => today), grown: oncePerGrid((series) => during(later, series)) };
}

/** What each dimension needs at its binding moment, and which that must be known are not. */
interface GroupDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: () => readonly Evidence[];
  readonly unknown: readonly string[];
}

interface Dimensions {
  readonly known: readonly KnownDimension[];
  /** Why those that must be known are not. */
  readonly unknown: readonly string[];
}

/**
 * CPU, memory and network must be known; EBS joins wherever it was observed, by the points that there are: idle volumes and instance stores
 * report none, so that its gaps are no lack of data, and what it has points of is load all the same.
 */
function sorted({ policy }: RuleFacts, dimensions: readonly Dimension[], reading: Reading): Dimensions {
  const estimated = dimensions.map((one): KnownDimension => ({ ...one, estimate: one.estimate(reading) }));
  const gaps = estimated.map((one) => ({ one, gap: incompleteness(one.estimate.series, policy) }));
  const isObserved = ({ dimension, estimate: { series } }: KnownDimension): boolean => dimension === "ebs" && firstPoint(series.values) >= 0;
  return {
    known: gaps.flatMap(({ one, gap }) => (gap === undefined || isObserved(one) ? one : [])),
    unknown: gaps.flatMap(({ one, gap }) => (one.dimension === "ebs" ? [] : (gap ?? []))),
  };
}

function groupDemand({ known, unknown }: Dimensions, today: string, carriers: Carriers): GroupDemand {
  const hourly = known.map((one) => one.hourly(carriers));
  return {
    demands: known.map(({ dimension, estimate, capacityOf, idlePercent }) => ({
      dimension,
      statistic: estimate.statistic,
      capacityOf,
      ...idleOf(idlePercent?.() ?? 0, capacityOf(today)),
      ...(idlePercent === undefined ? momentsOf(carriers)(estimate) : bindingMoment(estimate, carriers, idlePercent())),
    })),
    hourly,
    evidence: once(() => [...known.map(({ name, estimate }) => figure(name, estimate)), ...hourly.map(worstHourEvidence)]),
    unknown,
  };
}

/** In the unit of the dimension; nothing where none is known. */
function idleOf(percent: number, capacity: number | undefined): Pick<Demand, "idle"> {
  return percent === 0 || capacity === undefined ? {} : { idle: (percent / 100) * capacity };
}

interface Shown extends Pick<Dimension, "dimension" | "name" | "idlePercent"> {
  readonly amount: (of: Ec2Capacity) => number;
  /** Highest sample of each hour, percent of today's type. */
  readonly hourlyMaxima: Series;
}

function hourlyDemand(
  { baseline }: RuleFacts,
  capacity: number,
  { dimension, name, hourlyMaxima, idlePercent, capacityOf }: Omit<Shown, "amount"> & Pick<Dimension, "capacityOf">,
): (carriers: Carriers) => HourlyDemand {
  const used = once(() => mapped(hourlyMaxima.values, (value) => (value / 100) * capacity));
  return oncePer(({ earlier, afterwards, grown }: Carriers) => ({
    dimension,
    name,
    series: hourlyMaxima,
    unit: "Percent",
    startMs: baseline.span.startMs,
    used: used(),
    instancesBefore: earlier(hourlyMaxima),
    instancesAfter: afterwards(hourlyMaxima),
    note: "no zone lost",
    capacityOf,
    ...(grown === undefined ? {} : { instancesGrown: grown(hourlyMaxima) }),
    ...idleOf(idlePercent?.() ?? 0, capacity),
  }));
}

function dimensionsOf(
  facts: RuleFacts,
  group: AutoScalingGroup,
  capacity: Ec2Capacity,
  { cpu, network }: Pick<Measured, "cpu" | "network">,
): readonly Dimension[] {
  const { baseline, capacities } = facts;
  const shownBy = ({ amount, ...named }: Shown, estimate: Dimension["estimate"]): Dimension => {
    const shown = {
      ...named,
      capacityOf: (type: string) => {
        const of = capacities.ec2(type);
        return of === undefined ? undefined : amount(of);
      },
    };
    return { ...shown, estimate, hourly: hourlyDemand(facts, amount(capacity), shown) };
  };
  const byMaxima = (quantity: Quantity, named: Omit<Shown, "hourlyMaxima">): Dimension =>
    shownBy({ ...named, hourlyMaxima: quantity("Maximum", hourSeconds) }, (reading) => p995(facts, quantity, reading));
  const memory: Estimate = { series: memoryPeakPercent(baseline, group, capacity), quantile: 1, statistic: "Maximum" };
  return [
    byMaxima(cpu, { dimension: "cpu", name: "CPU", amount: ({ vcpu }) => vcpu }),
    shownBy(
      {
        dimension: "memory",
        name: "memory of the fullest instance",
        hourlyMaxima: memory.series,
        amount: ({ memoryMib }) => memoryMib,
        idlePercent: once(() => idleAmount(memory.series.values, cpu("Maximum", hourSeconds).values)),
      },
      () => memory,
    ),
    byMaxima(network, { dimension: "network", name: networkName(capacity), amount: ({ networkBaselineGbps }) => networkBaselineGbps }),
    byMaxima(remembered(ebsPercent(baseline, group, capacity)), {
      dimension: "ebs",
      name: `EBS throughput, of the baseline of ${capacity.ebsBaselineMbps} Mbit/s`,
      amount: ({ ebsBaselineMbps }) => ebsBaselineMbps,
    }),
  ];
}

function networkName({ networkBaselineGbps }: Ec2Capacity): string {
  return `network, larger direction of the baseline of ${networkBaselineGbps} Gbit/s`;
}

const valueOf = oncePerInStudy((estimate: Estimate) => quantile(estimate.series.values, estimate.quantile));

function figure(name: string, estimate: Estimate, limit?: number): Evidence {
  const { series, statistic } = estimate;
  return evidence(name, valueOf(estimate), { series, statistic, unit: "Percent", ...(limit === undefined ? {} : { limit }) });
}

/**
 * The moment that binds: the estimate's quantile of load × n_old(t) ÷ n_new(t). n_new is what one lost zone leaves of the instances
 * that can be counted on. The series is in percent of today's type.
 */
const momentsOf = oncePerInStudy((carriers: Carriers) => oncePer((estimate: Estimate) => bindingMoment(estimate, carriers)));

const scratch = scratchMemory();

function bindingMoment(estimate: Estimate, carriers: Carriers, idlePercent = 0): Pick<Demand, "current" | "instancesBefore" | "instancesAfter" | "note"> {
  const { series } = estimate;
  // Taken out of the series before the loop: read within it, by series that were made in different ways, it was compiled in vain again and again.
  const { values } = series;
  const before = carriers.earlier(series);
  const after = carriers.surviving(series);
  const isAlways = after.length === 1;
  const concentrated = scratch(values.length);
  for (let period = 0; period < concentrated.length; period++)
    concentrated[period] = ((pointAt(values, period) - idlePercent) * pointAt(before, period)) / pointAt(after, isAlways ? 0 : period);
  const moment = concentrated.indexOf(quantile(concentrated, estimate.quantile));
  return {
    current: pointAt(values, moment) / 100,
    instancesBefore: pointAt(before, moment),
    instancesAfter: pointAt(after, isAlways ? 0 : moment),
    note: carriers.note,
  };
}

function noteOf({ zones, byHour, desired }: FleetSize, instances: number): string {
  const lost = survivors(instances, zones) < instances ? `one zone of ${zones} lost` : "no zone to lose";
  return byHour === undefined ? `${lost}, the desired ${desired} taken as the group's size since its own metrics are off` : `${lost}, at the group's size then`;
}
