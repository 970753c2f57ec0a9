import {
  ActiveInstanceRefreshNotFoundFault,
  InstanceRefreshInProgressFault,
  type CancelInstanceRefreshCommandInput,
  type CancelInstanceRefreshCommandOutput,
  type DescribeInstanceRefreshesCommandInput,
  type DescribeInstanceRefreshesCommandOutput,
  type InstanceRefresh as RefreshDescription,
  type RefreshPreferences,
  type StartInstanceRefreshCommandInput,
  type StartInstanceRefreshCommandOutput,
} from "@aws-sdk/client-auto-scaling";
import { deterministicHex, deterministicUuid } from "../../account/deterministic-id.ts";
import { launchableFrom } from "../../account/fault-schedule.ts";
import { NotSimulated, refuseUnmodelled } from "../../account/not-simulated.ts";
import type { Answer, CallContext, MutationContext } from "../../account/service.ts";
import { refusal } from "../../account/service-error.ts";
import { Timeline } from "../../account/timeline.ts";
import { groupNamed, groupPage, nextToken } from "./describe.ts";
import { activeRefresh, errors, isLaunching, type AutoScalingGroup, type InstanceRefresh, type RefreshState } from "./group.ts";
import { existingVersion, launchTarget } from "./launch-target.ts";
import { planRefresh } from "./refresh-plan.ts";

export function startInstanceRefresh(input: StartInstanceRefreshCommandInput, context: MutationContext): () => Answer<StartInstanceRefreshCommandOutput> {
  const { state, scenario, region, nowMs, idSeed } = context;
  refuseUnmodelled("StartInstanceRefresh", input, ["AutoScalingGroupName", "Strategy", "Preferences", "DesiredConfiguration"]);
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  if (input.Strategy !== undefined && input.Strategy !== "Rolling") refuseUnmodelled("StartInstanceRefresh", { Strategy: input.Strategy }, []);
  const preferences = readPreferences(input.Preferences ?? {}, group, input.DesiredConfiguration !== undefined);
  const desiredVersion = desiredVersionOf(input, group, context);
  if (activeRefresh(group, nowMs) !== undefined) {
    throw new InstanceRefreshInProgressFault(refusal("An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."));
  }
  if (isLaunching(group, nowMs)) throw new NotSimulated("StartInstanceRefresh while instances of the group are starting");
  const settings = group.settings.at(nowMs) ?? group.settings.final();
  const target = launchTarget(group, { launchTemplateVersion: desiredVersion ?? settings.launchTemplateVersion }, state, nowMs);
  return () => {
    const plan = planRefresh({
      ...preferences,
      startMs: nowMs,
      instances: group.instances.at(nowMs) ?? [],
      target,
      warmupSeconds: preferences.instanceWarmup,
      launchableFrom: (atMs) => launchableFrom(scenario, region, "StartInstanceRefresh", atMs),
      newInstanceId: (index) => `i-0${deterministicHex([idSeed, String(index)], 16)}`,
    });
    const progress = new Timeline<RefreshState>(nowMs, plan.states[0]?.state ?? { status: "Pending", percentageComplete: 0, instancesToUpdate: 0 });
    for (const { atMs, state: value } of plan.states) progress.set(atMs, value);
    for (const { atMs, instances } of plan.fleet) group.instances.set(atMs, instances);
    const id = deterministicUuid([idSeed]);
    const { status, endMs } = progress.final();
    const completesMs = status === "Successful" && endMs !== undefined ? endMs : null;
    const desired = desiredVersion === undefined ? undefined : { launchTemplateVersion: desiredVersion, completesMs };
    if (desiredVersion !== undefined && completesMs !== null) group.settings.set(completesMs, { ...settings, launchTemplateVersion: desiredVersion });
    group.refreshes.push({ id, startMs: nowMs, preferences, state: progress, batchEndsMs: plan.batchEndsMs, ...(desired === undefined ? {} : { desired }) });
    return { InstanceRefreshId: id };
  };
}

/** Instances already replaced stay; the batch under way is finished, later ones are not begun. */
export function cancelInstanceRefresh(
  input: CancelInstanceRefreshCommandInput,
  { state, region, nowMs }: MutationContext,
): () => Answer<CancelInstanceRefreshCommandOutput> {
  refuseUnmodelled("CancelInstanceRefresh", input, ["AutoScalingGroupName"]);
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  const refresh = activeRefresh(group, nowMs);
  const current = refresh?.state.at(nowMs);
  if (refresh === undefined || current === undefined || current.status === "Cancelling") {
    throw new ActiveInstanceRefreshNotFoundFault(refusal("No in progress or pending Instance Refresh found for Auto Scaling group " + group.name));
  }
  return () => {
    const endMs = current.status === "Pending" ? nowMs : (refresh.batchEndsMs.find((batchEndMs) => batchEndMs > nowMs) ?? nowMs);
    const done = current.status === "Pending" ? current : (refresh.state.at(endMs) ?? current);
    refresh.state.set(nowMs, { ...current, status: "Cancelling" });
    refresh.state.set(endMs, {
      percentageComplete: done.percentageComplete,
      instancesToUpdate: done.instancesToUpdate,
      status: "Cancelled",
      reason: "Cancelled by user",
      endMs,
    });
    group.instances.cutAfter(endMs);
    group.settings.cutAfter(nowMs);
    return { InstanceRefreshId: refresh.id };
  };
}

export function describeInstanceRefreshes(
  input: DescribeInstanceRefreshesCommandInput,
  { state, region, nowMs }: CallContext,
): Answer<DescribeInstanceRefreshesCommandOutput> {
  const group = groupNamed(state, region, input.AutoScalingGroupName);
  const wanted = input.InstanceRefreshIds ?? [];
  const found = group.refreshes.filter((refresh) => refresh.startMs <= nowMs && (wanted.length === 0 || wanted.includes(refresh.id))).toReversed();
  const page = groupPage(found, input);
  return { InstanceRefreshes: page.items.map((refresh) => describe(refresh, group, nowMs)), ...nextToken(page) };
}

function describe(refresh: InstanceRefresh, group: AutoScalingGroup, nowMs: number): RefreshDescription {
  const current = refresh.state.at(nowMs) ?? refresh.state.final();
  const { minHealthyPercentage, maxHealthyPercentage, instanceWarmup, skipMatching } = refresh.preferences;
  return {
    InstanceRefreshId: refresh.id,
    AutoScalingGroupName: group.name,
    Status: current.status,
    StartTime: new Date(refresh.startMs),
    PercentageComplete: current.percentageComplete,
    InstancesToUpdate: current.instancesToUpdate,
    Preferences: {
      MinHealthyPercentage: minHealthyPercentage,
      MaxHealthyPercentage: maxHealthyPercentage,
      InstanceWarmup: instanceWarmup,
      SkipMatching: skipMatching,
    },
    ...(refresh.desired === undefined
      ? {}
      : { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: group.launchTemplateId, Version: refresh.desired.launchTemplateVersion } } }),
    ...(current.endMs === undefined ? {} : { EndTime: new Date(current.endMs) }),
    ...(current.reason === undefined ? {} : { StatusReason: current.reason }),
  };
}

function desiredVersionOf(input: StartInstanceRefreshCommandInput, group: AutoScalingGroup, context: MutationContext): string | undefined {
  const { DesiredConfiguration: wanted } = input;
  if (wanted === undefined) return undefined;
  refuseUnmodelled("StartInstanceRefresh desired configuration", wanted, ["LaunchTemplate"]);
  if (wanted.LaunchTemplate === undefined) throw invalid("The desired configuration must have a launch template");
  return existingVersion(wanted.LaunchTemplate, group, context, "StartInstanceRefresh");
}

/** Settings that would only matter for protected or standby instances, of which there are none, are accepted. */
function readPreferences(wanted: RefreshPreferences, group: AutoScalingGroup, isDesiredGiven: boolean): InstanceRefresh["preferences"] {
  refuseUnmodelled("StartInstanceRefresh preferences", wanted, [
    "MinHealthyPercentage",
    "MaxHealthyPercentage",
    "InstanceWarmup",
    "SkipMatching",
    "AutoRollback",
    "ScaleInProtectedInstances",
    "StandbyInstances",
  ]);
  const minHealthyPercentage = wanted.MinHealthyPercentage ?? 90;
  const maxHealthyPercentage = wanted.MaxHealthyPercentage ?? 100;
  if (minHealthyPercentage < 0 || minHealthyPercentage > 100) throw invalid("MinHealthyPercentage must be between 0 and 100");
  if (maxHealthyPercentage < 100 || maxHealthyPercentage > 200) throw invalid("MaxHealthyPercentage must be between 100 and 200");
  if (wanted.MaxHealthyPercentage !== undefined && wanted.MinHealthyPercentage === undefined) {
    throw invalid("MinHealthyPercentage must be specified when MaxHealthyPercentage is specified");
  }
  if (maxHealthyPercentage - minHealthyPercentage > 100)
    throw invalid("The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100");
  if (wanted.AutoRollback === true && !isDesiredGiven) throw invalid("AutoRollback cannot be set to true when the DesiredConfiguration is empty");
  if (wanted.AutoRollback === true) throw new NotSimulated("StartInstanceRefresh with AutoRollback");
  // Without a default instance warm-up of the group, its health check grace period counts.
  return {
    minHealthyPercentage,
    maxHealthyPercentage,
    instanceWarmup: wanted.InstanceWarmup ?? group.healthCheckGraceSeconds,
    skipMatching: wanted.SkipMatching ?? false,
  };
}

function invalid(message: string): Error {
  return errors.refuse("ValidationError", message);
}
