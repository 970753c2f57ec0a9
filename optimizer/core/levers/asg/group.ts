import type { Described, Tags } from "../../model/resource-ref.ts";
import type { ResourceFacts } from "../resource-facts.ts";

export interface AutoScalingGroup extends Described {
  readonly kind: "auto-scaling-group";
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly availabilityZones: readonly string[];
  /** Where one of its zones has more instances in service than an equal part, in words. Absent where none has, and in plans of older releases. */
  readonly unevenZones?: string;
  /** How long a new instance is given before a refresh counts on it. Absent in inventories of older plans. */
  readonly warmUpSeconds?: number;
  readonly launchTemplateId: string;
  /** How the group names the version: `$Latest`, `$Default` or a number. */
  readonly launchTemplateReference: string;
  /** The version number the group really uses, `$Latest` and `$Default` resolved. */
  readonly launchTemplateVersion: number;
  readonly instanceType: string;
  /** Whether EC2 publishes one-minute samples (launch template `monitoring`). */
  readonly detailedMonitoring: boolean;
  readonly targetGroupArns: readonly string[];
  /** Full names of the load balancers before those target groups. */
  readonly loadBalancers: readonly string[];
  /** Targets behind its target groups that no group launched. Absent where there are none, and in plans of older releases. */
  readonly strangers?: readonly string[];
  /** When its instances were, or may have been, of another type than now, or reported at other times. Absent in inventories of older plans. */
  readonly otherTypes?: readonly OtherType[];
  /** What AWS bills its instances in service as. Absent in plans of older releases. */
  readonly billed?: BilledInstances;
  /** Instance types of the instances in service; more than one while a refresh runs. */
  readonly runningInstanceTypes: readonly string[];
  /** Versions of that template which they were launched from, ascending: `$Latest` may have moved on since. */
  readonly runningTemplateVersions: readonly number[];
  /** Tags of the launch template, the instances, the target groups and their load balancers, which need not be the group's. Absent in inventories of older plans. */
  readonly memberTags?: readonly Tags[];
  readonly template: TemplateTraits;
  readonly habits: GroupHabits;
  /** An instance refresh that is under way, in words. Absent where there is none, and in plans of older releases. */
  readonly refresh?: string;
  /** Other groups and fleets of the region that use what this group uses. */
  readonly neighbours: readonly Neighbour[];
  /** What could not be read of the group, e.g. `scaling policies`, and why. */
  readonly unread: readonly Unread[];
}

export interface BilledInstances {
  /** What they run where that is not Linux without a licence, in AWS's words, e.g. `Windows`. */
  readonly platforms: readonly string[];
  /** Ids of capacity reservations that they run in, aimed at or not: each is paid whether anything runs in it or not. */
  readonly capacityReservations: readonly string[];
}

/** A percentage belongs to the type that ran at that hour. Moments are epoch milliseconds. */
export interface OtherType {
  readonly instanceType: string;
  /** Whether they reported each minute, where that was not as now. */
  readonly detailedMonitoring?: boolean;
  /** Launched, or maybe launched, from something else than today's template, so that nobody knows how often they reported either. */
  readonly otherTemplate?: true;
  readonly fromMs: number;
  /** Until the refresh after it had ended; null where AWS tells of none, so that nobody knows. */
  readonly untilMs: number | null;
}

/** What of a launch template bears on another size, or on what an instance costs. */
export interface TemplateTraits {
  /** Numbers of cores and threads, which each type has its own of. */
  readonly cpuOptions: boolean;
  /** `dedicated` or `host`; null for shared hardware. */
  readonly tenancy: string | null;
  readonly placementGroup: string | null;
  readonly spot: boolean;
  /** A capacity reservation that is aimed at. */
  readonly capacityReservation: string | null;
  /** What else another size may have less of, or not at all. Absent where nothing is asked for, and in plans of older releases. */
  readonly sizeBound?: string;
}

/** What a group does, or was told not to do, besides keeping its number of instances. */
export interface GroupHabits {
  /** AWS's word while the group is being deleted. */
  readonly status: string | null;
  readonly suspendedProcesses: readonly string[];
  readonly protectsNewInstances: boolean;
  readonly protectedInstances: number;
  readonly standbyInstances: number;
  readonly classicBalancers: readonly string[];
  /** Target groups of VPC Lattice. Absent where there are none, and in plans of older releases. */
  readonly latticeTargets?: readonly string[];
  readonly lifecycleHooks: readonly string[];
  readonly warmPool: boolean;
  readonly scalingPolicies: readonly ScalingPolicy[];
  /** The longest that one of its enabled policies gives a new instance before it counts on it. Absent without policies, and in plans of older releases. */
  readonly policyWarmUpSeconds?: number;
  readonly scheduledActions: readonly string[];
  /** What those set, and when. Absent in inventories of older plans. */
  readonly schedules?: readonly ScheduledAction[];
}

export interface ScheduledAction {
  readonly name: string;
  /** Five fields of cron; null for one that acts once. */
  readonly recurrence: string | null;
  /** Of the IANA; null for UTC. */
  readonly timeZone: string | null;
  /** What it leaves as it is, is null. */
  readonly minSize: number | null;
  readonly desiredCapacity: number | null;
  readonly maxSize: number | null;
  /** When it acts first, and for the last time; null where AWS names none. Absent in inventories of older plans. */
  readonly startMs?: number | null;
  readonly endMs?: number | null;
}

export interface ScalingPolicy {
  readonly name: string;
  /** AWS's word: `TargetTrackingScaling`, `StepScaling`, `SimpleScaling`, `PredictiveScaling`. */
  readonly type: string;
  readonly enabled: boolean;
  /** Of a target tracking policy on a predefined metric, e.g. `ASGAverageCPUUtilization` at 60. */
  readonly target: { readonly metric: string; readonly value: number } | null;
  /** Whether it only ever adds instances. Absent where it does not say so, and in inventories of older plans. */
  readonly neverShrinks?: boolean;
  /** Of steps and simple scaling. Absent for others, and in inventories of older plans. */
  readonly stepping?: Stepping;
}

/** By how much a policy changes the number of instances, and which alarms let it. */
export interface Stepping {
  /** AWS's word: `ChangeInCapacity`, `PercentChangeInCapacity`, `ExactCapacity`. */
  readonly adjustment: string;
  /** A percentage comes to at least so many instances. */
  readonly leastChange: number;
  /** How far the metric is above the alarm's threshold, from and until; null for no bound. Simple scaling has one without bounds. */
  readonly steps: readonly { readonly from: number | null; readonly until: number | null; readonly change: number }[];
  /** What steps are found by, `Average` of the metric unless said. */
  readonly aggregation: string;
  /** After a change simple scaling waits so long; steps do not, so that it is 0. */
  readonly cooldownSeconds: number;
  readonly alarms: readonly StartingAlarm[];
}

/** An alarm that starts a policy, as CloudWatch describes it. */
export interface StartingAlarm {
  readonly name: string;
  /** Of the metric alone; null where it watches an expression, an anomaly, a percentile, or several metrics. */
  readonly watches: { readonly namespace: string; readonly metric: string; readonly statistic: string; readonly group: string | null } | null;
  /** AWS's word, e.g. `GreaterThanOrEqualToThreshold`. */
  readonly comparison: string;
  readonly threshold: number;
  readonly periodSeconds: number;
  /** So many of the latest `periods` have to be in breach. */
  readonly datapoints: number;
  readonly periods: number;
  /** Whether it may start anything. */
  readonly acts: boolean;
}

export interface Neighbour {
  readonly name: string;
  /** Who launches its instances, where that is no Auto Scaling group. */
  readonly launchedBy?: "EC2 Fleet" | "Spot Fleet";
  readonly tags: Tags;
  /** Whether it follows the latest version of the same launch template: a new version is what it launches from then on. */
  readonly followsLatest: boolean;
  /** Target groups that both are behind. */
  readonly targetGroupArns: readonly string[];
}

/** Habits that are read with a call of their own, by what people call them. */
export type ReadHabit = "lifecycle hooks" | "warm pool" | "scaling policies" | "policies' alarms" | "scheduled actions";

export interface Unread {
  /** A `ReadHabit`, or what else is read with a call of its own. */
  readonly what: string;
  readonly reason: string;
}

/** What could not be read is told as nothing, and why beside it: compared, it is neither the same nor another. */
function unlessUnread(unread: readonly Unread[], what: ReadHabit, value: unknown): unknown {
  const reason = unread.find((each) => each.what === what)?.reason;
  return reason === undefined ? value : { kind: "unseen", reason };
}

export const autoScalingGroupFacts: ResourceFacts<AutoScalingGroup> = {
  word: "group",
  partWord: "",
  tags: ({ tags, memberTags = [] }) => [tags, ...memberTags],
  restsOnAlways: ({ tags, targetGroupArns }) => ({ tags, targetGroupArns }),
  form: ({ launchTemplateId, targetGroupArns, template, habits, unread }) => ({
    launchTemplateId,
    targetGroupArns,
    template,
    classicBalancers: habits.classicBalancers,
    latticeTargets: habits.latticeTargets ?? [],
    warmPool: unlessUnread(unread, "warm pool", habits.warmPool),
    protectsNewInstances: habits.protectsNewInstances,
    scalingPolicies: unlessUnread(unread, "scaling policies", unlessUnread(unread, "policies' alarms", habits.scalingPolicies)),
    scheduledActions: unlessUnread(unread, "scheduled actions", habits.scheduledActions),
  }),
  otherZones: ({ availabilityZones, ref }) =>
    `AWS tries each zone of the group (${availabilityZones.join(", ")}); further zones of ${ref.region} come with subnets in them`,
};
