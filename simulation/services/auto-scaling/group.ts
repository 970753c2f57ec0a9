import type { Owned } from "../../owned.ts";
import { NotSimulated } from "../../not-simulated.ts";
import type { Timeline } from "../../timeline.ts";

export interface GroupInstance {
  readonly id: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly launchTemplateVersion: number;
  readonly lifecycleState: "Pending" | "InService" | "Terminating";
}

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

/** Shown, never acted on: desired capacity stays what it was set to. */
export interface TargetTrackingPolicy {
  readonly name: string;
  readonly arn: string;
  readonly metricType: string;
  readonly resourceLabel: string | null;
  readonly targetValue: number;
}

export interface AutoScalingGroup extends Owned {
  readonly name: string;
  readonly launchTemplateId: string;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly healthCheckType: string;
  readonly healthCheckGraceSeconds: number;
  readonly tagsAtLaunch: Readonly<Record<string, boolean>>;
  readonly settings: Timeline<GroupSettings>;
  readonly instances: Timeline<readonly GroupInstance[]>;
  readonly policies: readonly TargetTrackingPolicy[];
  /** Newest last. */
  readonly refreshes: InstanceRefresh[];
}

/** The refresh that is pending, running or being cancelled at a moment. */
export function activeRefresh(group: AutoScalingGroup, atMs: number): InstanceRefresh | undefined {
  return group.refreshes.find((refresh) => {
    const status = refresh.state.at(atMs)?.status;
    return status === "Pending" || status === "InProgress" || status === "Cancelling";
  });
}

/** A second change of the fleet within the minutes in which instances start. */
export function refuseWhileLaunching(group: AutoScalingGroup, atMs: number, call: string): void {
  if (group.instances.at(atMs)?.some((instance) => instance.lifecycleState === "Pending"))
    throw new NotSimulated(`${call} while instances of the group are starting`);
}
