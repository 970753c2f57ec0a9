import type { Capacities } from "../../../../contract/capacities.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { type Estimate, hourSeconds, p995, type Quantity, type Reading, remembered } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import type { Demand } from "../../sizing/projection.ts";
import { quantile } from "../../sizing/quantile.ts";
import { mapped, scale, type Series } from "../../sizing/series.ts";
import { type HourlyDemand, oneInstance, worstHourEvidence } from "../../sizing/worst-hour.ts";
import type { RdsInstance } from "./instance.ts";
import { connections, cpuPercent, leastFreeBytes, networkGbps, storageIops, storageMbps, together } from "./load.ts";

/** What an instance has to carry, whatever its class. */
export interface InstanceDemand {
  readonly demands: readonly Demand[];
  readonly hourly: readonly HourlyDemand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

interface Dimension {
  readonly dimension: Demand["dimension"];
  readonly name: string;
  readonly unit: Evidence["unit"];
  /** In the unit of `capacityOf`. */
  readonly estimate: Estimate;
  readonly hours: Series;
  readonly capacityOf: Demand["capacityOf"];
}

const gib = 1024 ** 3;

/**
 * vCPUs that a class sustains: burstable ones earn credits for a share of each vCPU only
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html).
 */
function sustainedVcpu(capacities: Capacities, instanceClass: string): number | undefined {
  const capacity = capacities.rds(instanceClass);
  return capacity && capacity.vcpu * (capacity.baselineShare ?? 1);
}

/** CPU in vCPUs of the class that it was measured on: percentages of two classes do not compare. */
export function vcpuOf({ baseline, capacities }: RuleFacts, instance: RdsInstance): Quantity {
  const percent = cpuPercent(baseline, instance);
  const share = (capacities.rds(instance.instanceClass)?.vcpu ?? Number.NaN) / 100;
  return (statistic, periodSeconds) => scale(percent(statistic, periodSeconds), share);
}

/**
 * Every dimension of a class. `others`: whose work may fall to this instance as well, a replica's source or its replicas beside it; memory is
 * its own alone, since all of them hold the same data.
 */
export function instanceDemand(facts: RuleFacts, instance: RdsInstance, others: readonly RdsInstance[], reading: Reading): InstanceDemand {
  const { policy, baseline } = facts;
  const judged = dimensionsOf(facts, instance, others, reading).map((one) => ({ ...one, gap: incompleteness(one.estimate.series, policy) }));
  const known = judged.filter(({ gap }) => gap === undefined);
  const note = others.length === 0 ? "" : `with the work of ${others.map(({ ref }) => ref.id).join(", ")}`;
  const hourly = known.map((one) => hourlyOf(one, baseline.span.startMs, note));
  return {
    demands: known.map(({ dimension, estimate: { series, quantile: at, statistic }, name, capacityOf }) => ({
      dimension,
      statistic: dimension === "ebs" ? `${name}, ${statistic}` : statistic,
      current: quantile(series.values, at) / (capacityOf(instance.instanceClass) ?? Number.NaN),
      instancesBefore: 1,
      instancesAfter: 1,
      note,
      capacityOf,
    })),
    hourly,
    evidence: [
      ...known.map(({ name, unit, estimate: { series, quantile: at, statistic } }) => evidence(name, quantile(series.values, at), { series, statistic, unit })),
      ...hourly.map(worstHourEvidence),
    ],
    unknown: judged.flatMap(({ gap }) => gap ?? []),
  };
}

function hourlyOf({ dimension, name, unit, hours, capacityOf }: Dimension, startMs: number, note: string): HourlyDemand {
  const one = oneInstance(hours.values.length);
  return { dimension, name, unit, series: hours, startMs, used: hours.values, instancesBefore: one, instancesAfter: one, note, capacityOf };
}

function dimensionsOf(facts: RuleFacts, instance: RdsInstance, others: readonly RdsInstance[], reading: Reading): readonly Dimension[] {
  const { baseline, capacities } = facts;
  const all = [instance, ...others];
  const vcpus = all.map((one) => vcpuOf(facts, one));
  const vcpu = remembered((statistic, periodSeconds) => together(vcpus.map((each) => each(statistic, periodSeconds))));
  const ofAll = (of: typeof connections): Series => together(all.map((one) => of(baseline, one)));
  const usedGib = usedMemoryGib(facts, instance);
  const connected = ofAll(connections);
  return [
    {
      dimension: "cpu",
      name: "CPU, in vCPUs",
      unit: "Count",
      estimate: p995(facts, vcpu, reading),
      hours: vcpu("Maximum", hourSeconds),
      capacityOf: (type) => sustainedVcpu(capacities, type),
    },
    {
      dimension: "memory",
      name: "memory in use, in GiB",
      unit: "Count",
      estimate: { series: usedGib, quantile: 1, statistic: "Maximum" },
      hours: usedGib,
      capacityOf: (type) => capacities.rds(type)?.memoryGib,
    },
    {
      dimension: "connections",
      name: "connections",
      unit: "Connections",
      estimate: { series: connected, quantile: 1, statistic: "Maximum" },
      hours: connected,
      capacityOf: (type) => capacities.rdsMysqlMaxConnections(type),
    },
    worstMinutes("network", "network, larger direction", "Gbps", ofAll(networkGbps), (type) => capacities.rdsHost(type)?.networkBaselineGbps),
    worstMinutes("ebs", "storage throughput, in Mbit/s", "Count", ofAll(storageMbps), (type) => capacities.rdsHost(type)?.ebsBaselineMbps),
    worstMinutes("ebs", "storage reads and writes", "Count/Second", ofAll(storageIops), (type) => capacities.rdsHost(type)?.ebsBaselineIops),
  ];
}

function worstMinutes(dimension: Demand["dimension"], name: string, unit: Evidence["unit"], series: Series, capacityOf: Demand["capacityOf"]): Dimension {
  return { dimension, name, unit, estimate: { series, quantile: 0.995, statistic: "p99.5 of hourly maxima" }, hours: series, capacityOf };
}

/**
 * What was in use of the class's memory. All of it must fit: MySQL's buffer pool takes what it needs of three quarters of the memory, so that a
 * full pool, whose working set nobody knows, leaves too little to go anywhere. (No metric of RDS tells how often pages are found there.)
 */
function usedMemoryGib({ baseline, capacities }: RuleFacts, instance: RdsInstance): Series {
  const free = leastFreeBytes(baseline, instance);
  const memoryGib = capacities.rds(instance.instanceClass)?.memoryGib ?? Number.NaN;
  return { ...free, name: `memory without ${free.name}`, values: mapped(free.values, (bytes) => memoryGib - bytes / gib) };
}
