import type { Described } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface AutoScalingGroup extends Described {
  readonly kind: "auto-scaling-group";
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly availabilityZones: readonly string[];
  readonly launchTemplateId: string;
  /** The version number the group really uses, `$Latest` and `$Default` resolved. */
  readonly launchTemplateVersion: number;
  readonly instanceType: string;
  /** Whether EC2 publishes one-minute samples (launch template `monitoring`). */
  readonly detailedMonitoring: boolean;
  readonly targetGroupArns: readonly string[];
  /** Instance types of the instances in service; more than one while a refresh runs. */
  readonly runningInstanceTypes: readonly string[];
  /** Versions of that template which they were launched from, ascending: `$Latest` may have moved on since. */
  readonly runningTemplateVersions: readonly number[];
}

export const autoScalingGroupFacts: ResourceFacts<AutoScalingGroup> = {
  word: "group",
  partWord: "",
  tags: ({ tags }) => [tags],
  restsOnAlways: ({ tags }) => ({ tags }),
};
