import type { RuleFacts } from "../../model/rule.ts";
import { incompleteness } from "../../sizing/completeness.ts";
import type { FleetSize } from "../../sizing/fleet-size.ts";
import type { AutoScalingGroup } from "./group.ts";
import { instancesInService } from "./load.ts";

/** The group's size through the baseline; the desired number where its own metrics are off or full of gaps. */
export function groupSize({ baseline, policy }: RuleFacts, group: AutoScalingGroup): FleetSize {
  const inService = instancesInService(baseline, group);
  return {
    desired: group.desiredCapacity,
    zones: Math.max(1, group.availabilityZones.length),
    byHour: incompleteness(inService, policy) === undefined ? inService : undefined,
  };
}
