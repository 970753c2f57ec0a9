import { parseRecurrence, recurrencesWithin } from "../../../contract/recurrence.ts";
import { deterministicHex } from "../../account/deterministic-id.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import type { AccountState } from "../../account/state.ts";
import { tickAt, tickMs } from "../../load/tick.ts";
import { trafficOf } from "../../load/traffic.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { application } from "../../shared/application.ts";
import { type FleetInstance, zonesForMore } from "../../shared/fleet.ts";
import { loadBalancers } from "../../shared/load-balancer.ts";
import { agreedSize, TargetTracking } from "../../shared/target-tracking.ts";
import type { AutoScalingGroup, GroupSettings } from "./group.ts";
import { launchTargetIn } from "./launch-target.ts";
import { capacityAt, isBehind, meanCpu } from "./load.ts";
import { momentMs } from "../../scenario/references.ts";
import { drainMs, launchMs } from "./refresh-plan.ts";
import { scheduledActionsOf, type TrackedMetric } from "./set-by-hand.ts";
import { StepScaling, stepSettings } from "./step-scaling.ts";
import { leaversOf } from "./update-group.ts";

type Metric = TrackedMetric | "CPUUtilization" | "NetworkIn" | "NetworkOut";

/** What a group's policies see of one tick. */
type Seen = (metric: Metric) => number;

/**
 * Lets a group grow and shrink by its own policies and scheduled actions, tick by tick: what a tick showed is acted on at its end, and new
 * instances serve from the first tick that begins after their launch. All of it follows from the load and from what was asked of the group
 * before, so it does not matter when somebody looks.
 */
export class PolicyFollower {
  readonly #scenario: Scenario;
  readonly #state: AccountState;
  #group: AutoScalingGroup | undefined;
  #requestsPerSecond: ((tick: number) => number) | undefined;
  /** The last tick that was acted on. */
  #done: number;
  /** Until then new instances warm up: nothing is taken away. */
  #warmMs = Number.NEGATIVE_INFINITY;
  #tracked: readonly { readonly metric: Metric; readonly alarms: TargetTracking }[] = [];
  #stepped: readonly StepScaling[] = [];

  constructor(scenario: Scenario, state: AccountState) {
    this.#scenario = scenario;
    this.#state = state;
    this.#done = Math.ceil(state.bornMs / tickMs) - 1;
  }

  follow(group: AutoScalingGroup): void {
    this.#group = group;
    this.#tracked = group.policies.map(({ metricType, targetValue, disableScaleIn }) => ({
      metric: metricType,
      alarms: new TargetTracking({ target: targetValue, disableScaleIn }),
    }));
    this.#stepped = group.byHand.policies.flatMap((policy) => stepSettings(policy) ?? []).map((settings) => new StepScaling(settings));
  }

  /** Writes down what the group did by itself until a moment, never of what is still to come. */
  until(ms: number): void {
    if (this.#group === undefined) return;
    const last = tickAt(Math.min(ms, this.#state.nowMs)) - 1;
    while (this.#done < last) {
      this.#done += 1;
      this.#afterTick(this.#group, this.#done);
    }
  }

  #afterTick(group: AutoScalingGroup, tick: number): void {
    const endMs = (tick + 1) * tickMs;
    this.#schedule(group, endMs);
    const settings = group.settings.at(endMs) ?? group.settings.final();
    const warm = this.#serving(group, endMs - tickMs / 2);
    const wanted = this.#wanted(group, tick, settings.desiredCapacity, warm);
    const size = Math.min(settings.maxSize, Math.max(settings.minSize, wanted));
    this.#resize(group, { ...settings, desiredCapacity: size }, endMs);
  }

  #wanted(group: AutoScalingGroup, tick: number, desired: number, warm: number): number {
    const { suspendedProcesses } = group.byHand;
    const seen = this.#seen(group, tick, warm);
    const endMs = (tick + 1) * tickMs;
    const tracked = this.#tracked.map(({ metric, alarms }) => alarms.see(seen(metric), warm));
    const stepped = this.#stepped.map((policy) => policy.see(seen(policy.metric), warm, endMs));
    if (suspendedProcesses.includes("AlarmNotification")) return desired;
    const shrinkable = tracked.filter((_, place) => this.#tracked[place]?.alarms.neverFewer === false);
    const wanted = agreedSize(tracked.some((wish) => wish?.kind === "more") ? tracked : shrinkable, stepped, desired);
    if (wanted < desired && (endMs < this.#warmMs || suspendedProcesses.includes("Terminate") || group.instances.lastMs() > endMs)) return desired;
    if (wanted > desired && suspendedProcesses.includes("Launch")) return desired;
    if (wanted !== desired) for (const policy of this.#stepped) policy.acted(endMs);
    return wanted;
  }

  #serving(group: AutoScalingGroup, atMs: number): number {
    return Object.values(capacityAt(group, atMs)?.instances ?? {}).reduce((sum, count) => sum + count, 0);
  }

  /** Mean CPU in percent, requests a minute of each target, bytes a minute of each instance; NaN without an instance. */
  #seen(group: AutoScalingGroup, tick: number, serving: number): Seen {
    const demand = application.of(this.#scenario, group.region);
    const each = serving === 0 || demand === undefined ? Number.NaN : this.#requests(group)(tick) / serving;
    return (metric) => {
      if (demand === undefined) return Number.NaN;
      switch (metric) {
        case "ASGAverageCPUUtilization":
        case "CPUUtilization":
          return 100 * meanCpu(this.#scenario, capacityAt(group, tick * tickMs + tickMs / 2)?.instances ?? {}, demand, each);
        case "ALBRequestCountPerTarget":
          return each * 60;
        case "ASGAverageNetworkIn":
        case "NetworkIn":
          return each * 60 * demand.networkInBytesPerRequest;
        case "ASGAverageNetworkOut":
        case "NetworkOut":
          return each * 60 * demand.networkOutBytesPerRequest;
        default:
          return metric satisfies never;
      }
    };
  }

  /** The part of the region's requests that comes through the load balancers before the group. */
  #requests(group: AutoScalingGroup): (tick: number) => number {
    if (this.#requestsPerSecond !== undefined) return this.#requestsPerSecond;
    const balancers = this.#state.of(loadBalancers).in(group.region);
    const share = balancers.filter((balancer) => isBehind(this.#state, group, balancer)).length / Math.max(1, balancers.length);
    const all = trafficOf(this.#scenario, group.region);
    this.#requestsPerSecond = (tick) => share * all(tick);
    return this.#requestsPerSecond;
  }

  /** Scheduled actions set bounds and number; the last of a tick counts. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html */
  #schedule(group: AutoScalingGroup, endMs: number): void {
    if (group.byHand.suspendedProcesses.includes("ScheduledActions")) return;
    const momentOf = (moment: Parameters<typeof momentMs>[0]): number => momentMs(moment, Date.parse(this.#scenario.start));
    for (const { recurrence, start, end, minSize, maxSize, desiredCapacity } of scheduledActionsOf(group.byHand)) {
      if ((start !== undefined && endMs < momentOf(start)) || (end !== undefined && endMs - tickMs > momentOf(end))) continue;
      const parsed = parseRecurrence(recurrence);
      if (parsed === undefined || recurrencesWithin(parsed, endMs - tickMs, endMs).length === 0) continue;
      const before = group.settings.at(endMs) ?? group.settings.final();
      const bounds = { minSize: minSize ?? before.minSize, maxSize: maxSize ?? before.maxSize };
      this.#resize(group, { ...before, ...bounds, desiredCapacity: desiredCapacity ?? before.desiredCapacity }, endMs);
    }
  }

  #resize(group: AutoScalingGroup, to: GroupSettings, atMs: number): void {
    const before = group.settings.at(atMs) ?? group.settings.final();
    const desiredCapacity = Math.min(to.maxSize, Math.max(to.minSize, to.desiredCapacity));
    const { minSize, maxSize } = to;
    if (minSize === before.minSize && maxSize === before.maxSize && desiredCapacity === before.desiredCapacity) return;
    const staying = (group.instances.at(atMs) ?? []).filter(({ lifecycleState }) => lifecycleState !== "Terminating");
    group.settings.adjustFrom(atMs, (settings) => ({ ...settings, minSize, maxSize, desiredCapacity }));
    for (const { alarms } of this.#tracked) alarms.forget();
    if (desiredCapacity > before.desiredCapacity) this.#launch(group, staying, desiredCapacity - before.desiredCapacity, atMs);
    if (desiredCapacity < before.desiredCapacity) this.#terminate(group, staying, before.desiredCapacity - desiredCapacity, atMs);
  }

  #launch(group: AutoScalingGroup, staying: readonly FleetInstance[], count: number, atMs: number): void {
    const target = launchTargetIn(group, group.settings.at(atMs) ?? group.settings.final(), this.#state, atMs);
    if (target === undefined) return;
    const fresh = zonesForMore(group.zones, staying, count).map((zone, index): FleetInstance => ({
      ...target,
      id: `i-0${deterministicHex([this.#state.accountId, group.address, String(atMs), String(index)], 16)}`,
      zone,
      lifecycleState: "Pending",
    }));
    const ids = new Set(fresh.map(({ id }) => id));
    const launchAtMs = launchableFrom(this.#scenario, group.region, "UpdateAutoScalingGroup", atMs);
    const servesMs = Math.ceil((launchAtMs + launchMs) / tickMs) * tickMs;
    this.#warmMs = Math.max(this.#warmMs, servesMs + group.warmUpSeconds * 1000);
    group.instances.adjustFrom(atMs, (fleet) => [...fleet, ...fresh]);
    group.instances.adjustFrom(servesMs, (fleet) => fleet.map((instance) => (ids.has(instance.id) ? { ...instance, lifecycleState: "InService" } : instance)));
  }

  #terminate(group: AutoScalingGroup, staying: readonly FleetInstance[], count: number, atMs: number): void {
    if (group.byHand.protectedFromScaleIn) return;
    const leaving = new Set(leaversOf(staying, count));
    const drainedMs = Math.ceil((atMs + drainMs) / tickMs) * tickMs;
    group.instances.adjustFrom(atMs, (fleet) =>
      fleet.map((instance): FleetInstance => (leaving.has(instance.id) ? { ...instance, lifecycleState: "Terminating" } : instance)),
    );
    group.instances.adjustFrom(drainedMs, (fleet) => fleet.filter(({ id }) => !leaving.has(id)));
  }
}
