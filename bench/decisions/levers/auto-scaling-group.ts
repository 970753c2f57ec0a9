import { capacities } from "../../../contract/capacities.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import { ec2Capacity } from "../../../simulation/load/known-capacity.ts";
import type { LoadModel } from "../../../simulation/load/load-model.ts";
import { groupField, groupLoad } from "../../../simulation/services/auto-scaling/load.ts";
import { groups } from "../../../simulation/services/auto-scaling/group.ts";
import type { FleetInstance } from "../../../simulation/shared/fleet.ts";
import { highestIn, quantileOf } from "../hours.ts";
import { between, numberOf, stepsFrom, textOf, type TriedLever } from "../lever.ts";
import { monthHours, priced, prices } from "../prices.ts";
import { region } from "../region.ts";

interface GroupSize {
  readonly instanceType: string;
  readonly instances: number;
}

const { asgInstanceType, asgCapacity } = defaultPolicy.rules;
const bitsPerByte = 8;

/** The type of a group's instances and how many there are, jointly: fewer of them are decided about on the type that is proposed. */
export const autoScalingGroup: TriedLever<GroupSize> = {
  rules: ["asg.instance-type", "asg.capacity"],
  open({ state }) {
    const [group] = state.of(groups).in(region);
    if (group === undefined) return undefined;
    const fleet = group.instances.final();
    const zones = [...new Set(fleet.map(({ zone }) => zone))];
    const deployed: GroupSize = { instanceType: fleet[0]?.instanceType ?? "", instances: fleet.length };
    const types = stepsFrom(capacities.ec2Family(deployed.instanceType), deployed.instanceType, asgInstanceType.target);
    // A desired number that policies set would be set anew: of such a group only its minimum is anybody's to lower.
    const fewest = Math.min(deployed.instances, asgCapacity.targetDesired);
    const fewer = between(fewest, group.policies.length > 0 ? group.settings.final().minSize - 1 : deployed.instances - 1);
    const counts = [...fewer, deployed.instances];
    const rowsOf = (model: LoadModel) => {
      const rows = groupLoad(model, region, group.name);
      if (rows === null) throw new Error(`${group.name} has no load`);
      return rows;
    };
    const networkShare = (model: LoadModel, instanceType: string) => {
      const rows = rowsOf(model);
      const bitsAtMost = ec2Capacity(instanceType).networkBaselineGbps * 1e9;
      return (tick: number) => (Math.max(rows.at(tick, groupField.bytesIn), rows.at(tick, groupField.bytesOut)) * bitsPerByte) / bitsAtMost;
    };
    return {
      service: "auto-scaling",
      keepsLatency: true,
      deployed,
      candidates: types.flatMap((instanceType) => counts.map((instances) => ({ instanceType, instances }))),
      losses: zones.length > 1 ? ["zone"] : [],
      samples: 5 * deployed.instances,
      put({ instanceType, instances }, lost) {
        const all = between(0, instances - 1).map((at): FleetInstance => {
          const one = fleet[at % fleet.length];
          if (one === undefined) throw new Error(`${group.name} has no instance`);
          return { ...one, id: `${one.id}-${at}`, instanceType, zone: zones[at % zones.length] ?? one.zone };
        });
        // The first zone has the most where they cannot have equal shares.
        group.instances.set(state.bornMs, lost === "zone" ? all.filter(({ zone }) => zone !== zones[0]) : all);
      },
      usage(model, { instanceType }) {
        const [rows, network] = [rowsOf(model), networkShare(model, instanceType)];
        return (tick) => Math.max(rows.at(tick, groupField.cpu), rows.at(tick, groupField.memory), network(tick));
      },
      isAsked(model, hours) {
        const [rows, network] = [rowsOf(model), networkShare(model, deployed.instanceType)];
        const p95 = (of: (tick: number) => number): number =>
          quantileOf(
            hours.map((hour) => highestIn(hour, of)),
            0.95,
          );
        return p95((tick) => rows.at(tick, groupField.cpu)) < asgInstanceType.maxP95CpuShare && p95(network) < asgInstanceType.maxP95NetworkShare;
      },
      monthlyUsd: ({ instanceType, instances }) => priced(prices.ec2Hourly(region, instanceType), instanceType) * instances * monthHours,
      after: (changes) => ({
        instanceType: textOf(changes, "instanceType") ?? deployed.instanceType,
        instances: numberOf(changes, "desiredCapacity") ?? deployed.instances,
      }),
      text: ({ instanceType, instances }) => `${instances} × ${instanceType}`,
      processors: {
        sizes: types
          .slice(0, -1)
          .toReversed()
          .map((instanceType) => ({ instanceType, instances: deployed.instances })),
        vcpu: ({ instanceType }) => ec2Capacity(instanceType).vcpu,
        cpu: (model) => {
          const rows = rowsOf(model);
          return (tick) => rows.at(tick, groupField.cpu);
        },
      },
    };
  },
};
