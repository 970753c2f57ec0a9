import type { Ec2Capacity } from "../../../../contract/capacities.ts";
import type { AutoScalingGroup } from "./group.ts";
import type { Evidence, RuleFacts } from "../../model/rule.ts";
import type { Demand } from "../../sizing/projection.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import { type Estimate, p95, p995, type Reading } from "../../sizing/estimate.ts";
import { evidence } from "../../sizing/evidence.ts";
import { cpuPercent, ebsPercent, instancesInService, memoryPeakPercent, networkPercent } from "./load.ts";
import { quantile } from "../../sizing/quantile.ts";
import { bindingMoment, type GroupSize } from "./surviving-instances.ts";

/** The requirement's own condition: p95 CPU and p95 network, the latter of the baseline bandwidth of today's type. */
export function groupCondition(facts: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, reading: Reading) {
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
  readonly capacityOf: Demand["capacityOf"];
}

/** What each dimension needs at its binding moment, and which that must be known are not. */
export interface GroupDemand {
  readonly demands: readonly Demand[];
  readonly evidence: readonly Evidence[];
  readonly unknown: readonly string[];
}

/** CPU, memory and network must be known; EBS joins only where it was observed: idle volumes and instance stores report none. */
export function groupDemand(facts: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, reading: Reading): GroupDemand {
  const dimensions = dimensionsOf(facts, group, capacity, reading);
  const size = groupSize(facts, group);
  const known = dimensions.filter(({ estimate }) => incompleteness(estimate.series, facts.policy) === undefined);
  const unknown = dimensions.filter((one) => one.dimension !== "ebs" && !known.includes(one));
  return {
    demands: known.map(({ dimension, estimate, capacityOf }) => ({ dimension, statistic: estimate.statistic, capacityOf, ...bindingMoment(estimate, size) })),
    evidence: known.map(({ name, estimate }) => figure(name, estimate)),
    unknown: unknown.flatMap(({ estimate }) => incompleteness(estimate.series, facts.policy) ?? []),
  };
}

function dimensionsOf({ baseline, policy, capacities }: RuleFacts, group: AutoScalingGroup, capacity: Ec2Capacity, reading: Reading): readonly Dimension[] {
  const facts = { baseline, policy };
  return [
    {
      dimension: "cpu",
      name: "CPU",
      estimate: p995(facts, cpuPercent(baseline, group), reading),
      capacityOf: (type) => capacities.ec2(type)?.vcpu,
    },
    {
      dimension: "memory",
      name: "memory of the fullest instance",
      estimate: { series: memoryPeakPercent(baseline, group), quantile: 1, statistic: "Maximum" },
      capacityOf: (type) => capacities.ec2(type)?.memoryMib,
    },
    {
      dimension: "network",
      name: networkName(capacity),
      estimate: p995(facts, networkPercent(baseline, group, capacity), reading),
      capacityOf: (type) => capacities.ec2(type)?.networkBaselineGbps,
    },
    {
      dimension: "ebs",
      name: `EBS throughput, of the baseline of ${capacity.ebsBaselineMbps} Mbit/s`,
      estimate: p995(facts, ebsPercent(baseline, group, capacity), reading),
      capacityOf: (type) => capacities.ec2(type)?.ebsBaselineMbps,
    },
  ];
}

/** The group's size through the baseline; the desired number where its own metrics are off or full of gaps. */
export function groupSize({ baseline, policy }: RuleFacts, group: AutoScalingGroup): GroupSize {
  const inService = instancesInService(baseline, group);
  return {
    desired: group.desiredCapacity,
    zones: Math.max(1, group.availabilityZones.length),
    byHour: incompleteness(inService, policy) === undefined ? inService : undefined,
  };
}

function networkName({ networkBaselineGbps }: Ec2Capacity): string {
  return `network, larger direction of the baseline of ${networkBaselineGbps} Gbit/s`;
}

function figure(name: string, { series, quantile: q, statistic }: Estimate, limit?: number): Evidence {
  return evidence(name, quantile(series.values, q), { series, statistic, unit: "Percent", ...(limit === undefined ? {} : { limit }) });
}
