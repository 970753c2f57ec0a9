import { AutoScalingServiceException } from "@aws-sdk/client-auto-scaling";
import { serviceErrors } from "../../account/service-error.ts";
import { regionalStore } from "../../account/state.ts";
import type { Timeline } from "../../account/timeline.ts";
import type { Fleet } from "../../shared/fleet.ts";
import type { SetByHand, TrackedMetric } from "./set-by-hand.ts";

export const errors = serviceErrors(AutoScalingServiceException, "query");

export interface GroupSettings {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  /** As the group was told: a number, `$Latest` or `$Default`. */
  readonly launchTemplateVersion: string;
}

export interface RefreshState {
  readonly status: "Pending" | "InProgress" | "Successful" | "Cancelling" | "Cancelled" | "Failed";
  /** Whole percent of the instances to replace, as DescribeInstanceRefreshes tells it. */
  readonly percentageComplete: number;
  readonly instancesToUpdate: number;
  readonly reason?: string;
  readonly endMs?: number;
}

export interface InstanceRefresh {
  readonly id: string;
  readonly startMs: number;
  readonly preferences: {
    readonly minHealthyPercentage: number;
    readonly maxHealthyPercentage: number;
    readonly instanceWarmup: number;
    readonly skipMatching: boolean;
  };
  readonly state: Timeline<RefreshState>;
  /** The desired configuration it was started with, which the group takes over when the refresh succeeds (`null`: it will not). */
  readonly desired?: { readonly launchTemplateVersion: string; readonly completesMs: number | null };
  /** Ends of the batches, in order: where a cancelled refresh stops. */
  readonly batchEndsMs: readonly number[];
}

/** Acted on where the region's scaling is followed; elsewhere shown only, and desired capacity stays what it was set to. */
export interface TargetTrackingPolicy {
  readonly name: string;
  readonly arn: string;
  readonly metricType: TrackedMetric;
  readonly resourceLabel: string | null;
  readonly targetValue: number;
  readonly disableScaleIn: boolean;
  readonly warmUpSeconds: number | null;
}

export interface AutoScalingGroup extends Fleet {
  readonly name: string;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly settings: Timeline<GroupSettings>;
  readonly policies: readonly TargetTrackingPolicy[];
  /** How long a new instance does not count for its policies. */
  readonly warmUpSeconds: number;
  readonly placementGroup: string | null;
  /** Besides the stacks', what somebody set. */
  readonly byHand: SetByHand;
  /** Newest last. */
  readonly refreshes: InstanceRefresh[];
}

export const groups = regionalStore<AutoScalingGroup>();

/** The refresh that is pending, running or being cancelled at a moment. */
export function activeRefresh(group: AutoScalingGroup, atMs: number): InstanceRefresh | undefined {
  return group.refreshes.find((refresh) => {
    const status = refresh.state.at(atMs)?.status;
    return status === "Pending" || status === "InProgress" || status === "Cancelling";
  });
}

/** The minutes in which instances start. */
export function isLaunching(group: AutoScalingGroup, atMs: number): boolean {
  return group.instances.at(atMs)?.some((instance) => instance.lifecycleState === "Pending") === true;
}
