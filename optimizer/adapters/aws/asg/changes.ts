import { CancelInstanceRefreshCommand, StartInstanceRefreshCommand, UpdateAutoScalingGroupCommand, type InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand, type _InstanceType, type EC2Client } from "@aws-sdk/client-ec2";
import { type AutoScalingChange, referenceOf } from "../../../core/levers/asg/changes.ts";
import type { ChangeOf, ChangeState, Marks } from "../../../core/levers/change-kinds.ts";
import { sha256Hex } from "../../../core/model/hash.ts";
import { ChangeRejected } from "../../../errors.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { type GroupClients, readGroup, runningTypes, runningVersions, templateOf } from "./group.ts";
import { activeRefresh, aimedVersion, isEnding } from "./instance-refreshes.ts";
import { readNamedVersion, readTemplateVersion, type TemplateVersion } from "./launch-template.ts";
import { allFleets } from "./fleets.ts";
import { allGroups, fleetsOn, neighboursOf } from "./neighbours.ts";
import { groupSize, launchingInstances } from "./size.ts";

export const autoScalingChangeAdapters: { readonly [C in AutoScalingChange as C["kind"]]: ChangeAdapter<C> } = {
  "ec2.launch-template-version": {
    describe: ({ ec2 }, change) => templateVersionState(ec2, change),
    prepare: prepareTemplateVersion,
    reaches: async (clients, change) => [...(await refreshUnderWay(clients, change)), ...(await followersOfLatest(clients, change))],
    permissions: { calls: ["CreateLaunchTemplateVersion"], besides: [] },
  },
  "asg.launch-template": {
    describe: groupTemplateState,
    prepare: prepareGroupTemplate,
    reaches: refreshUnderWay,
    permissions: { calls: ["UpdateAutoScalingGroup"], besides: launchingInstances },
  },
  "asg.instance-refresh": {
    describe: instanceRefreshState,
    prepare: prepareInstanceRefresh,
    permissions: { calls: ["CancelInstanceRefresh", "StartInstanceRefresh"], besides: launchingInstances },
  },
  "asg.refresh-stop": { describe: refreshStopState, prepare: prepareRefreshStop, permissions: { calls: ["CancelInstanceRefresh"], besides: [] } },
  "asg.size": groupSize,
};

/** State of a template: the instance type of its latest version. */
async function templateVersionState(client: EC2Client, change: ChangeOf<"ec2.launch-template-version">): Promise<ChangeState<typeof change>> {
  const { instanceType, version } = await readTemplateVersion(client, change.launchTemplateId, "$Latest");
  return { kind: "settled", value: { instanceType }, marks: { version } };
}

/** One that is at work before ours has begun is somebody else's: another reference would cancel it. */
async function refreshUnderWay({ autoScaling }: RegionClients, { autoScalingGroup: name }: OfGroup): Promise<readonly string[]> {
  const refresh = await activeRefresh(autoScaling, name);
  return refresh === undefined ? [] : [`somebody replaces the instances of ${name}: instance refresh ${refresh.InstanceRefreshId} is ${refresh.Status}`];
}

type OfGroup = ChangeOf<"ec2.launch-template-version" | "asg.launch-template">;

/** Other groups, and fleets, that would launch from a new version as soon as it is there. */
async function followersOfLatest({ autoScaling, ec2 }: RegionClients, change: ChangeOf<"ec2.launch-template-version">): Promise<readonly string[]> {
  const { templateId: id, templateName: name } = await readTemplateVersion(ec2, change.launchTemplateId, "$Latest");
  const all = await allGroups(autoScaling);
  const own =
    all.find(({ AutoScalingGroupName }) => AutoScalingGroupName === change.autoScalingGroup) ?? (await readGroup(autoScaling, change.autoScalingGroup));
  return [...neighboursOf(own, { id, name }, all), ...fleetsOn({ id, name }, await allFleets(ec2))]
    .filter(({ followsLatest }) => followsLatest)
    .map((neighbour) => `${neighbour.launchedBy ?? "group"} ${neighbour.name} follows the latest version of ${id}`);
}

/** State of a group's reference: the instance type of the version it launches from, and how it names it. */
async function groupTemplateState(clients: GroupClients, change: ChangeOf<"asg.launch-template">): Promise<ChangeState<typeof change>> {
  const { id, version } = templateOf(await readGroup(clients.autoScaling, change.autoScalingGroup));
  const used = await readNamedVersion(clients.ec2, id, version);
  if (used === "deleted")
    return { kind: "mixed", detail: `${change.autoScalingGroup} launches from ${deletedVersion(id, version)}`, foreign: true, lost: true };
  return { kind: "settled", value: { instanceType: used.instanceType, reference: referenceOf(version) }, marks: { version: used.version } };
}

/**
 * State of a group's instances: the one type in service. A refresh toward `after`, or one that is ending, is in progress; one
 * that aims elsewhere is mixed, since the writer cancels it.
 */
async function instanceRefreshState(clients: GroupClients, change: ChangeOf<"asg.instance-refresh">): Promise<ChangeState<typeof change>> {
  const group = await readGroup(clients.autoScaling, change.autoScalingGroup);
  const refresh = await activeRefresh(clients.autoScaling, change.autoScalingGroup);
  const template = templateOf(group);
  const running = runningTypes(group);
  if (refresh !== undefined) {
    const aim = await aimOf(clients, template, refresh);
    if (isEnding(refresh) || aim === change.after.instanceType) return progressOf(refresh, aim);
    const detail = `instance refresh ${refresh.InstanceRefreshId} is under way to ${aim}; in service: ${running.join(", ")}`;
    return { kind: "mixed", detail, foreign: true };
  }
  const [only, another] = running;
  if (another !== undefined) return { kind: "mixed", detail: `instances in service are ${running.join(", ")}` };
  if (only !== undefined) return { kind: "settled", value: { instanceType: only } };
  // Without any instance in service, the next one will be of the referenced type.
  const used = await readNamedVersion(clients.ec2, template.id, template.version);
  if (used === "deleted") return { kind: "mixed", detail: `no instance is in service, and none can be of ${deletedVersion(template.id, template.version)}` };
  return { kind: "settled", value: { instanceType: used.instanceType } };
}

/** Whether a refresh to the type is at work. One that ends already is waited for; one of another aim is somebody else's, and no business of ours. */
async function refreshStopState(clients: GroupClients, change: ChangeOf<"asg.refresh-stop">): Promise<ChangeState<typeof change>> {
  const refresh = await activeRefresh(clients.autoScaling, change.autoScalingGroup);
  if (refresh === undefined) return { kind: "settled", value: { refreshingTo: null } };
  const template = templateOf(await readGroup(clients.autoScaling, change.autoScalingGroup));
  const aim = await aimOf(clients, template, refresh);
  if (isEnding(refresh)) return progressOf(refresh, aim);
  return { kind: "settled", value: { refreshingTo: aim === change.before.refreshingTo ? aim : null } };
}

function prepareRefreshStop(clients: RegionClients, { autoScalingGroup: name }: ChangeOf<"asg.refresh-stop">): PreparedUpdate {
  return async () => {
    await clients.writers.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name }));
  };
}

function progressOf(refresh: InstanceRefresh, aim: string): Extract<ChangeState, { readonly kind: "in-progress" }> {
  const detail = `instance refresh ${refresh.InstanceRefreshId} to ${aim} is ${refresh.Status}${refresh.StatusReason === undefined ? "" : ` (${refresh.StatusReason})`}`;
  return { kind: "in-progress", detail, ...(refresh.PercentageComplete === undefined ? {} : { share: refresh.PercentageComplete / 100 }) };
}

/** New instances are launched before old ones go. */
const refreshPreferences = { MinHealthyPercentage: 100, MaxHealthyPercentage: 110, SkipMatching: true };

/** Copies the version that the group's instances run, with another instance type. The token makes a repetition give the same version. */
async function prepareTemplateVersion(clients: RegionClients, change: ChangeOf<"ec2.launch-template-version">, token: string): Promise<PreparedUpdate> {
  const group = await readGroup(clients.autoScaling, change.autoScalingGroup);
  const { id } = templateOf(group);
  if (id !== change.launchTemplateId) throw mismatch(`${change.autoScalingGroup} uses launch template ${id}, not ${change.launchTemplateId}`);
  const source = await versionInUse(clients, change, group);
  const command = new CreateLaunchTemplateVersionCommand({
    LaunchTemplateId: id,
    SourceVersion: String(source.version),
    ClientToken: sha256Hex(token),
    ...(source.description === undefined ? {} : { VersionDescription: source.description }),
    // The SDK's list of types may be older than AWS's; AWS itself refuses a type it does not know.
    LaunchTemplateData: { InstanceType: change.after.instanceType as _InstanceType },
  });
  return async () => {
    await clients.writers.ec2.send(command);
  };
}

/**
 * What a group references by number it uses. `$Latest` and `$Default` may have moved on since its instances were launched: then those say
 * what is in use. A newer version of another type is ours, on the way back; one of the same type is somebody else's, which a copy would
 * either drop or bring along unwatched.
 */
async function versionInUse(
  { ec2 }: RegionClients,
  { autoScalingGroup: name }: ChangeOf<"ec2.launch-template-version">,
  group: Awaited<ReturnType<typeof readGroup>>,
): Promise<TemplateVersion> {
  const { id, version } = templateOf(group);
  const referenced = await readTemplateVersion(ec2, id, version);
  const other = runningVersions(group, id).findLast((each) => each !== referenced.version);
  if (version === String(referenced.version) || other === undefined) return referenced;
  const running = await readTemplateVersion(ec2, id, String(other));
  if (running.contents === referenced.contents) return referenced;
  if (running.instanceType !== referenced.instanceType) return running;
  throw mismatch(`instances of ${name} run version ${other} of ${id}, while ${version} is version ${referenced.version} by now`);
}

/**
 * Points the group at the version that the step before made, by the word it went by or else by number, whatever became the latest since; at
 * the latest where that step had nothing to do. AWS refuses this while a refresh with a desired configuration is active, so one to elsewhere
 * is cancelled first: a breach is often seen before the refresh is over.
 */
async function prepareGroupTemplate(clients: RegionClients, change: ChangeOf<"asg.launch-template">, _: string, marks: Marks): Promise<PreparedUpdate> {
  const { reference } = change.after;
  const word = reference === "$Latest" || reference === "$Default" ? reference : undefined;
  const wanted = await readTemplateVersion(clients.ec2, change.launchTemplateId, word ?? String(marks["version"] ?? "$Latest"));
  if (wanted.instanceType !== change.after.instanceType) {
    throw mismatch(`version ${wanted.version} of ${change.launchTemplateId} has ${wanted.instanceType}, not ${change.after.instanceType}`);
  }
  const active = await activeRefresh(clients.autoScaling, change.autoScalingGroup);
  if (active !== undefined) {
    const reference = templateOf(await readGroup(clients.autoScaling, change.autoScalingGroup));
    return endRefresh(clients, change, active, await aimOf(clients, reference, active));
  }
  const command = new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName: change.autoScalingGroup,
    LaunchTemplate: { LaunchTemplateId: change.launchTemplateId, Version: word ?? String(wanted.version) },
  });
  return async () => {
    await clients.writers.autoScaling.send(command);
  };
}

/**
 * Replaces the instances that are not yet of the referenced type. A refresh under way to it already does; one to elsewhere is
 * cancelled, and the change is `busy` until that has ended.
 */
async function prepareInstanceRefresh(clients: RegionClients, change: ChangeOf<"asg.instance-refresh">): Promise<PreparedUpdate> {
  const { autoScalingGroup: name } = change;
  const reference = templateOf(await readGroup(clients.autoScaling, name));
  const template = await readTemplateVersion(clients.ec2, reference.id, reference.version);
  if (template.instanceType !== change.after.instanceType) throw mismatch(`${name} launches ${template.instanceType}, not ${change.after.instanceType}`);
  const active = await activeRefresh(clients.autoScaling, name);
  if (active === undefined) {
    const command = new StartInstanceRefreshCommand({
      AutoScalingGroupName: name,
      Strategy: "Rolling",
      // Named, so that a description of the refresh tells what it is for. A group takes over what was named when the refresh succeeds: one
      // that goes by a word would be pinned to a number, so that it is left unnamed there.
      ...(referenceOf(reference.version) === "number"
        ? { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: template.templateId, Version: String(template.version) } } }
        : {}),
      Preferences: refreshPreferences,
    });
    return async () => {
      await clients.writers.autoScaling.send(command);
    };
  }
  const aim = await aimOf(clients, reference, active);
  if (!isEnding(active) && aim === change.after.instanceType) return async () => {};
  return endRefresh(clients, change, active, aim);
}

/** The type that a refresh replaces instances by; in words where its version was deleted, so that it is no type that anybody wants. */
async function aimOf(clients: GroupClients, { id, version }: ReturnType<typeof templateOf>, refresh: InstanceRefresh): Promise<string> {
  const aimed = aimedVersion(refresh) ?? version;
  const found = await readNamedVersion(clients.ec2, id, aimed);
  return found === "deleted" ? deletedVersion(id, aimed) : found.instanceType;
}

function deletedVersion(id: string, version: string): string {
  return `version ${version} of ${id}, which is not there any more`;
}

/** Cancels a refresh to elsewhere; until it has ended, and while one to the wanted type runs, the group is busy. */
function endRefresh(
  clients: RegionClients,
  { autoScalingGroup: name, after }: ChangeOf<"asg.launch-template" | "asg.instance-refresh">,
  refresh: InstanceRefresh,
  aim: string,
): PreparedUpdate {
  const named = `instance refresh ${refresh.InstanceRefreshId} of ${name} to ${aim}`;
  if (isEnding(refresh) || aim === after.instanceType) throw busy(`${named} is ${refresh.Status}`);
  return async () => {
    await clients.writers.autoScaling.send(new CancelInstanceRefreshCommand({ AutoScalingGroupName: name }));
    throw busy(`${named} is being cancelled first`);
  };
}

function mismatch(message: string): ChangeRejected {
  return new ChangeRejected("invalid", "NotAsPlanned", message);
}

function busy(message: string): ChangeRejected {
  return new ChangeRejected("busy", "InstanceRefreshInProgress", message);
}
