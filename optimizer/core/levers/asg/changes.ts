import { capacities } from "../../../../contract/capacities.ts";
import type { ResourceRef } from "../../model/resource-ref.ts";
import { shellWord } from "../../model/shell-words.ts";
import { sameJson } from "../../../../contract/canonical-json.ts";
import { type ChangeFacts, type ChangedResource, nothingElse, optionsSet, type Sized, usualPatience, waitLine } from "../change-facts.ts";
import type { Inventory } from "../resource-kinds.ts";

/** CreateLaunchTemplateVersion copied from the version the group uses, with another instance type. State: the latest version's type. */
interface TemplateVersionChange {
  readonly kind: "ec2.launch-template-version";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly launchTemplateId: string;
  readonly before: { readonly instanceType: string };
  readonly after: { readonly instanceType: string };
}

/** How a group names its template's version. A group that names a number is on another number after each change, and has no word to lose. */
export type TemplateReference = "$Latest" | "$Default" | "number";

interface ReferencedType {
  readonly instanceType: string;
  /** Absent in plans that did not look at it. */
  readonly reference?: TemplateReference;
}

/** UpdateAutoScalingGroup to the template's latest version. State: the instance type of the version the group references, and how it does. */
interface GroupTemplateChange {
  readonly kind: "asg.launch-template";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly launchTemplateId: string;
  readonly before: ReferencedType;
  readonly after: ReferencedType;
}

/** StartInstanceRefresh (a running refresh of another aim is cancelled first). State: the type all instances in service have. */
interface InstanceRefreshChange {
  readonly kind: "asg.instance-refresh";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly before: { readonly instanceType: string };
  readonly after: { readonly instanceType: string };
}

/** CancelInstanceRefresh. State: the type that a refresh of ours is replacing instances by; null when none is at work, or one of another aim. */
interface RefreshStopChange {
  readonly kind: "asg.refresh-stop";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly before: { readonly refreshingTo: string | null };
  readonly after: { readonly refreshingTo: string | null };
}

/** How many instances a group has, at least and at most. */
export interface GroupBounds {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
}

/** What a group's policies move the desired number of by themselves, so that it stands for nothing. */
export interface ScaledBounds extends GroupBounds {
  readonly desiredMoves?: true;
}

/** UpdateAutoScalingGroup with all three numbers. State: the same three, once as many instances are in service. */
interface GroupSizeChange {
  readonly kind: "asg.size";
  readonly region: string;
  readonly autoScalingGroup: string;
  readonly before: ScaledBounds;
  readonly after: ScaledBounds;
}

export type AutoScalingChange = TemplateVersionChange | GroupTemplateChange | InstanceRefreshChange | RefreshStopChange | GroupSizeChange;

/** The same change to instances of another type. */
function sizedInstances<C extends { readonly after: { readonly instanceType: string } }>(change: C): Sized<C> {
  const { instanceType } = change.after;
  return { size: instanceType, family: capacities.ec2Family(instanceType), to: (size) => ({ ...change, after: { ...change.after, instanceType: size } }) };
}

export const autoScalingChanges: { readonly [C in AutoScalingChange as C["kind"]]: ChangeFacts<C> } = {
  "ec2.launch-template-version": {
    resourceOf: groupOf,
    sized: sizedInstances,
    same: sameJson,
    feltBy: { nobody: "a version runs nowhere before a group is pointed at it" },
    patienceMinutes: usualPatience,
    // Copied from what the group uses: the latest version may be somebody else's, for another group.
    command: (change) => {
      const { region, launchTemplateId, after } = change;
      const used = `"$(${describeGroup(change)} --query 'AutoScalingGroups[0].LaunchTemplate.Version' --output text)"`;
      return `aws ec2 create-launch-template-version --region ${shellWord(region)} --launch-template-id ${shellWord(launchTemplateId)} --source-version ${used} --launch-template-data ${shellWord(JSON.stringify({ InstanceType: after.instanceType }))}`;
    },
    first: { notNeeded: "a template takes a new version at any time" },
    wait: { notNeeded: "the version can be launched from when the call is answered" },
    touches: groupsOfTemplate,
  },
  "asg.launch-template": {
    resourceOf: groupOf,
    sized: sizedInstances,
    same: sameReference,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, launchTemplateId, autoScalingGroup, after: { reference, instanceType } }, { version } = {}) => {
      const update = `aws autoscaling update-auto-scaling-group --region ${shellWord(region)} --auto-scaling-group-name ${shellWord(autoScalingGroup)}`;
      const to = (number: string | number): string => `LaunchTemplateId=${launchTemplateId},Version=${number}`;
      if (reference === "$Latest" || reference === "$Default") return `${update} --launch-template '${to(reference)}'`;
      if (version !== undefined) return `${update} --launch-template ${shellWord(to(version))}`;
      // The newest of the type that was just made: somebody else's may be newer still. As JSON, since the CLI asks page by page of a text.
      const query = `max_by(LaunchTemplateVersions[?LaunchTemplateData.InstanceType == '${instanceType}'], &VersionNumber).VersionNumber`;
      const newest = `$(aws ec2 describe-launch-template-versions --region ${shellWord(region)} --launch-template-id ${shellWord(launchTemplateId)} --query ${shellWord(query)} --output json)`;
      return `${update} --launch-template "${to(newest)}"`;
    },
    first: withoutRefresh,
    wait: { notNeeded: "a group launches from what it names when the call is answered; its instances are replaced by a step of their own" },
    touches: nothingElse,
  },
  "asg.instance-refresh": {
    resourceOf: groupOf,
    sized: sizedInstances,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: ({ region, autoScalingGroup }) =>
      `aws autoscaling start-instance-refresh --region ${shellWord(region)} --auto-scaling-group-name ${shellWord(autoScalingGroup)} --preferences MinHealthyPercentage=100,MaxHealthyPercentage=110,SkipMatching=true`,
    first: withoutRefresh,
    wait: (change) => [noRefreshLine(change)],
    touches: nothingElse,
  },
  "asg.refresh-stop": {
    resourceOf: groupOf,
    same: sameJson,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    command: cancelLine,
    first: { notNeeded: "a refresh is cancelled while it is at work" },
    wait: (change) => [noRefreshLine(change)],
    touches: nothingElse,
  },
  "asg.size": {
    resourceOf: groupOf,
    same: sameBounds,
    feltBy: "requests",
    patienceMinutes: usualPatience,
    // Policies go on from where they are: without a desired number AWS moves the present one into the bounds.
    command: ({ region, autoScalingGroup, before, after }) => {
      const desired = after.desiredMoves === true ? {} : { desiredCapacity: "--desired-capacity" };
      const options = optionsSet(before, after, { minSize: "--min-size", ...desired, maxSize: "--max-size" });
      return [
        `aws autoscaling update-auto-scaling-group --region ${shellWord(region)} --auto-scaling-group-name ${shellWord(autoScalingGroup)}`,
        ...options,
      ].join(" ");
    },
    first: { notNeeded: "a group takes other bounds at any time, a refresh notwithstanding" },
    wait: ({ region, autoScalingGroup }) => [
      waitLine("while", describeGroup({ region, autoScalingGroup }), "AutoScalingGroups[0].Instances[].LifecycleState", "Pending", "Terminating"),
    ],
    touches: nothingElse,
  },
};

export function sameBounds(one: ScaledBounds, other: ScaledBounds): boolean {
  const moves = one.desiredMoves === true || other.desiredMoves === true;
  return one.minSize === other.minSize && one.maxSize === other.maxSize && (moves || one.desiredCapacity === other.desiredCapacity);
}

function sameReference(one: ReferencedType, other: ReferencedType): boolean {
  const sameWay = one.reference === undefined || other.reference === undefined || one.reference === other.reference;
  return one.instanceType === other.instanceType && sameWay;
}

export function referenceOf(version: string): TemplateReference {
  return version === "$Latest" || version === "$Default" ? version : "number";
}

type OfGroup = Pick<AutoScalingChange, "region" | "autoScalingGroup">;

function describeGroup({ region, autoScalingGroup }: OfGroup): string {
  return `aws autoscaling describe-auto-scaling-groups --region ${shellWord(region)} --auto-scaling-group-names ${shellWord(autoScalingGroup)}`;
}

/** AWS refuses another reference and another refresh while a refresh is at work. */
function withoutRefresh(change: OfGroup): readonly [string, string] {
  return [cancelLine(change), noRefreshLine(change)];
}

/** Without a refresh at work AWS refuses to cancel one, which is as well. */
function cancelLine({ region, autoScalingGroup }: OfGroup): string {
  return `aws autoscaling cancel-instance-refresh --region ${shellWord(region)} --auto-scaling-group-name ${shellWord(autoScalingGroup)} || true`;
}

function noRefreshLine({ region, autoScalingGroup }: OfGroup): string {
  const describe = `aws autoscaling describe-instance-refreshes --region ${shellWord(region)} --auto-scaling-group-name ${shellWord(autoScalingGroup)}`;
  return waitLine("while", describe, "InstanceRefreshes[].Status", "Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress");
}

function groupOf({ region, autoScalingGroup }: AutoScalingChange): ChangedResource {
  return { kind: "auto-scaling-group", region, id: autoScalingGroup };
}

/** A new version is what every group on `$Latest` of the same template launches from then on. */
function groupsOfTemplate({ region, autoScalingGroup, launchTemplateId }: TemplateVersionChange, { resources }: Inventory): readonly ResourceRef[] {
  return resources
    .filter((resource) => resource.kind === "auto-scaling-group")
    .filter((group) => group.launchTemplateId === launchTemplateId && group.ref.region === region && group.ref.id !== autoScalingGroup)
    .map(({ ref }) => ref);
}
