import { UpdateAutoScalingGroupCommand, type AutoScalingGroup as AwsGroup } from "@aws-sdk/client-auto-scaling";
import { sameBounds, type ScaledBounds } from "../../../core/levers/asg/changes.ts";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ChangeOf, ChangeState } from "../../../core/levers/change-kinds.ts";
import { ChangeRejected } from "../../../errors.ts";
import { answered } from "../answered.ts";
import type { RegionClients } from "../client-factory.ts";
import type { ChangeAdapter, PreparedUpdate } from "../service-adapters.ts";
import { readGroup } from "./group.ts";
import { isVersionGone } from "./launch-template.ts";

/** Of whoever updates a group that has a launch template: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html */
export const launchingInstances = ["ec2:CreateTags", "ec2:RunInstances", "iam:PassRole"] as const;

type SizeChange = ChangeOf<"asg.size">;

export const groupSize: ChangeAdapter<SizeChange> = {
  describe: sizeState,
  prepare: prepareSize,
  permissions: { calls: ["UpdateAutoScalingGroup"], besides: launchingInstances },
};

/** State of a group's size: its three numbers; on the way while instances are still to come or to go. Other numbers can be written over at once. */
async function sizeState({ autoScaling, ec2 }: RegionClients, change: SizeChange): Promise<ChangeState<SizeChange>> {
  const group = await readGroup(autoScaling, change.autoScalingGroup);
  const value = boundsOf(group, change);
  if (!sameBounds(value, change.after)) return { kind: "settled", value };
  const states = (group.Instances ?? []).map(({ LifecycleState = "" }) => LifecycleState);
  const inService = states.filter((state) => state === "InService").length;
  // Where policies move the size, instances may come and go at any time: what counts is that the least is there.
  const isThere = change.after.desiredMoves === true ? inService >= value.minSize : inService === value.desiredCapacity && inService === states.length;
  if (isThere) return { kind: "settled", value };
  const coming = states.filter((state) => state.startsWith("Pending")).length;
  const going = states.filter((state) => state.startsWith("Terminating")).length;
  const detail = `${inService} instances of ${change.autoScalingGroup} are in service, ${coming} coming, ${going} going`;
  const hindrance = coming + going > 0 ? undefined : await launchesNothing(ec2, group);
  return { kind: "in-progress", detail: hindrance === undefined ? detail : `${hindrance}: ${detail}` };
}

/** Auto Scaling takes numbers that it cannot launch the instances of: what they would be launched from may have been deleted. */
async function launchesNothing(client: EC2Client, group: AwsGroup): Promise<string | undefined> {
  const { LaunchTemplateId: id, Version: version = "$Default" } = group.LaunchTemplate ?? {};
  if (id === undefined || !(await isVersionGone(client, id, version))) return undefined;
  return `${group.AutoScalingGroupName ?? "the group"} launches from version ${version} of ${id}, which is not there any more`;
}

function boundsOf(group: AwsGroup, { after: { desiredMoves } }: SizeChange): ScaledBounds {
  return {
    minSize: answered(group.MinSize, "MinSize"),
    desiredCapacity: answered(group.DesiredCapacity, "DesiredCapacity"),
    maxSize: answered(group.MaxSize, "MaxSize"),
    ...(desiredMoves === true ? { desiredMoves } : {}),
  };
}

/**
 * All three numbers in one call. An instance that is protected from scale-in would stay, whatever the desired number says:
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-instance-protection.html
 */
async function prepareSize(clients: RegionClients, change: SizeChange): Promise<PreparedUpdate> {
  const { autoScalingGroup: name, after } = change;
  const group = await readGroup(clients.autoScaling, name);
  const desired = desiredFor(group, change);
  const shielded = (group.Instances ?? []).filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn === true).length;
  if (shielded > 0 && desired !== undefined && desired < answered(group.DesiredCapacity, "DesiredCapacity"))
    throw new ChangeRejected("invalid", "NotAsPlanned", `${shielded} instances of ${name} are protected from scale-in`);
  const command = new UpdateAutoScalingGroupCommand({
    AutoScalingGroupName: name,
    MinSize: after.minSize,
    MaxSize: after.maxSize,
    ...(desired === undefined ? {} : { DesiredCapacity: desired }),
  });
  return async () => {
    await clients.writers.autoScaling.send(command);
  };
}

/**
 * Policies may have moved the desired number since the plan. On the way down it is then left to them; on the way up nothing they added is
 * taken away. Without a desired number AWS moves the present one into the bounds.
 */
function desiredFor({ DesiredCapacity }: AwsGroup, { before, after }: SizeChange): number | undefined {
  const present = answered(DesiredCapacity, "DesiredCapacity");
  if (after.desiredMoves !== true) return after.desiredCapacity;
  if (after.minSize > before.minSize) return Math.max(present, after.desiredCapacity);
  return present === before.desiredCapacity ? after.desiredCapacity : undefined;
}
