import { ScalingActivityInProgressFault, type LaunchTemplateSpecification, type UpdateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import { deterministicHex } from "../../account/deterministic-id.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { type FleetInstance, zonesForMore } from "../../shared/fleet.ts";
import { groupNamed } from "./describe.ts";
import { activeRefresh, errors, isLaunching, type AutoScalingGroup, type GroupSettings } from "./group.ts";
import { existingVersion, launchTargetIn } from "./launch-target.ts";
import { drainMs, launchMs } from "./refresh-plan.ts";

/** Sizes and launch template of a group. New instances start at once, surplus ones drain unless protected; running ones keep their template version. */
export function updateAutoScalingGroup(input: UpdateAutoScalingGroupCommandInput, context: MutationContext): () => Record<string, never> {
  const { state, region, nowMs } = context;
  refuseUnmodelled("UpdateAutoScalingGroup", input, ["AutoScalingGroupName", "MinSize", "MaxSize", "DesiredCapacity", "LaunchTemplate"]);
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  const before = group.settings.at(nowMs) ?? group.settings.final();
  const after: GroupSettings = { ...sizes(input, before), launchTemplateVersion: versionOf(input.LaunchTemplate, group, before, context) };
  const refresh = activeRefresh(group, nowMs);
  if (refresh !== undefined && after.desiredCapacity !== before.desiredCapacity) {
    throw new NotSimulated("UpdateAutoScalingGroup of the desired capacity during an instance refresh");
  }
  if (refresh?.desired !== undefined && input.LaunchTemplate !== undefined) {
    throw invalid(
      "An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.",
    );
  }
  if (after.desiredCapacity !== before.desiredCapacity && isLaunching(group, nowMs))
    throw new ScalingActivityInProgressFault(refusal("The operation can't be performed because there are scaling activities in progress."));
  return () => {
    group.settings.set(nowMs, after);
    const desired = refresh?.state.at(nowMs)?.status === "Cancelling" ? undefined : refresh?.desired;
    if (desired !== undefined && desired.completesMs !== null)
      group.settings.set(desired.completesMs, { ...after, launchTemplateVersion: desired.launchTemplateVersion });
    if (after.desiredCapacity !== before.desiredCapacity) resize(group, after, context);
    return {};
  };
}

function sizes(input: UpdateAutoScalingGroupCommandInput, before: GroupSettings): Pick<GroupSettings, "minSize" | "desiredCapacity" | "maxSize"> {
  const minSize = input.MinSize ?? before.minSize;
  const maxSize = input.MaxSize ?? before.maxSize;
  if (minSize < 0 || maxSize < minSize) throw invalid(`Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`);
  // Without a desired capacity AWS moves the present one into the new bounds; with one outside them it refuses.
  const desiredCapacity = input.DesiredCapacity ?? Math.min(Math.max(before.desiredCapacity, minSize), maxSize);
  if (desiredCapacity < minSize || desiredCapacity > maxSize) {
    throw invalid(`Desired capacity:${desiredCapacity} must be between the specified min size:${minSize} and max size:${maxSize}`);
  }
  return { minSize, desiredCapacity, maxSize };
}

function versionOf(wanted: LaunchTemplateSpecification | undefined, group: AutoScalingGroup, before: GroupSettings, context: MutationContext): string {
  return wanted === undefined ? before.launchTemplateVersion : existingVersion(wanted, group, context, "UpdateAutoScalingGroup");
}

function resize(group: AutoScalingGroup, settings: GroupSettings, { state, scenario, region, nowMs, idSeed }: MutationContext): void {
  const present = group.instances.at(nowMs) ?? [];
  const staying = present.filter((instance) => instance.lifecycleState !== "Terminating");
  const missing = settings.desiredCapacity - staying.length;
  if (missing > 0) {
    const target = launchTargetIn(group, settings, state, nowMs);
    if (target === undefined) return;
    const fresh = zonesForMore(group.zones, staying, missing).map((zone, index): FleetInstance => ({
      ...target,
      id: `i-0${deterministicHex([idSeed, String(index)], 16)}`,
      zone,
      lifecycleState: "Pending",
    }));
    const launchAtMs = launchableFrom(scenario, region, "UpdateAutoScalingGroup", nowMs);
    group.instances.set(launchAtMs, [...present, ...fresh]);
    group.instances.set(launchAtMs + launchMs, [...staying, ...fresh.map((instance): FleetInstance => ({ ...instance, lifecycleState: "InService" }))]);
    return;
  }
  const leaving = new Set(leaversOf(group.byHand.protectedFromScaleIn ? [] : staying, -missing));
  group.instances.set(
    nowMs,
    present.map((instance): FleetInstance => (leaving.has(instance.id) ? { ...instance, lifecycleState: "Terminating" } : instance)),
  );
  group.instances.set(
    nowMs + drainMs,
    staying.filter((instance) => !leaving.has(instance.id)),
  );
}

/**
 * One after the other of the zone that has most, there of the oldest template version, the first launched first: as the stacks' groups are
 * told to (OldestLaunchTemplate, OldestInstance). https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-termination-policies.html
 */
export function leaversOf(staying: readonly FleetInstance[], count: number): readonly string[] {
  const left = staying.toSorted((a, b) => a.launchTemplateVersion - b.launchTemplateVersion);
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const inZone = (zone: string): number => left.filter((instance) => instance.zone === zone).length;
    const most = Math.max(...left.map(({ zone }) => inZone(zone)));
    const [leaver] = left.splice(
      left.findIndex(({ zone }) => inZone(zone) === most),
      1,
    );
    return leaver?.id ?? "";
  });
}

function invalid(message: string): Error {
  return errors.refuse("ValidationError", message);
}
