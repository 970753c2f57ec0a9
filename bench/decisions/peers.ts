import { capacities } from "../../contract/capacities.ts";
import { ticksPerHour } from "../../simulation/load/tick.ts";
import { groupField, groupLoad } from "../../simulation/services/auto-scaling/load.ts";
import { groups } from "../../simulation/services/auto-scaling/group.ts";
import { clusters } from "../../simulation/services/rds/cluster.ts";
import { clusterLoad, memberField } from "../../simulation/services/rds/cluster-load.ts";
import type { Lever } from "./oracle.ts";
import { region } from "./random-account.ts";
import type { Trial } from "./replay.ts";

/** A rule of thumb that others go by: from the hourly CPU of the baseline to a smaller size, or none. */
export interface Peer {
  readonly name: string;
  decide(cpu: readonly number[], sizes: readonly string[], vcpuOf: (size: string) => number, from: string): string | undefined;
}

export const peers: readonly Peer[] = [
  {
    name: "p95 < 40 %, next size",
    decide: (cpu, sizes) => (quantile(cpu, 0.95) < 0.4 ? sizes[0] : undefined),
  },
  {
    name: "q99 ≤ 80 % of CPU",
    decide: (cpu, sizes, vcpuOf, from) => sizes.findLast((size) => (quantile(cpu, 0.99) * vcpuOf(from)) / vcpuOf(size) <= 0.8),
  },
];

export function peerDecision(peer: Peer, lever: Lever, sizes: readonly string[], trial: Trial, hours: readonly number[]): string | undefined {
  const { instanceType, instanceClass } = trial.deployed;
  const from = lever === "asg.instance-type" ? instanceType : instanceClass;
  const vcpuOf = (size: string): number => (lever === "asg.instance-type" ? capacities.ec2(size) : capacities.rds(size))?.vcpu ?? Number.NaN;
  return peer.decide(hourlyCpu(lever, trial, hours), sizes, vcpuOf, from);
}

/** Average CPU of each hour as deployed, a share: of the group, or of the busiest member of the cluster. */
function hourlyCpu(lever: Lever, trial: Trial, hours: readonly number[]): readonly number[] {
  const model = trial.at({});
  const [group, cluster] = [model.state.of(groups).in(region)[0], model.state.of(clusters).in(region)[0]];
  if (lever === "asg.instance-type") {
    const rows = groupLoad(model, region, group?.name ?? "");
    return hours.map((hour) => meanOf(hour, (tick) => rows?.at(tick, groupField.cpu) ?? Number.NaN));
  }
  const load = clusterLoad(model, region, cluster?.id ?? "");
  const members = [trial.writer, ...trial.readers];
  return hours.map((hour) => {
    const each = members.map((id) => meanOf(hour, (tick) => load?.rows.at(tick, load.memberFieldOf(id, memberField.cpu)) ?? Number.NaN));
    return Math.min(1, Math.max(...each));
  });
}

function meanOf(hour: number, at: (tick: number) => number): number {
  let sum = 0;
  for (let tick = hour * ticksPerHour; tick < (hour + 1) * ticksPerHour; tick++) sum += at(tick) / ticksPerHour;
  return sum;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
