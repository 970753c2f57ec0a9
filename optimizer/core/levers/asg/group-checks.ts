import { metrics } from "../../metrics/catalogue.ts";
import type { OwnCheck } from "../../model/action.ts";
import { capacityCheck, utilizationCheck } from "../own-checks.ts";
import { bitsPerSecond } from "./load.ts";
import type { GroupStudy } from "./study.ts";

/**
 * What a change of the group promised of it: that its instances' CPU, network and volumes, on average, hold the load. Network and volumes are in
 * percent of the baseline of `type`, what the group is to run on, since bursts above it end. What a volume moves is published of Nitro types only.
 */
export function groupChecks({ facts: { policy, capacities }, group }: GroupStudy, type: string): readonly OwnCheck[] {
  const { region, id } = group.ref;
  const of = [{ AutoScalingGroupName: id }];
  const capacity = capacities.ec2(type);
  const cpu = utilizationCheck(policy, { name: `CPU of ${id}`, region, metric: metrics.ec2Cpu, of });
  if (capacity === undefined) return cpu;
  const bits = bitsPerSecond(group);
  return [
    ...cpu,
    ...capacityCheck(policy, {
      name: `network of ${id}, of the baseline of ${type}`,
      region,
      of,
      metrics: [metrics.ec2NetworkIn, metrics.ec2NetworkOut],
      perUnit: bits / (capacity.networkBaselineGbps * 1e9),
    }),
    ...capacityCheck(policy, {
      name: `EBS of ${id}, of the baseline of ${type}`,
      region,
      of,
      metrics: [metrics.ec2EbsReadBytes, metrics.ec2EbsWriteBytes],
      perUnit: bits / (capacity.ebsBaselineMbps * 1e6),
      summed: true,
    }),
  ];
}
