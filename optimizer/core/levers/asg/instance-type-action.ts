import type { Action, ChangeStep } from "../../model/action.ts";
import type { AutoScalingGroup } from "./group.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";

/**
 * New template version → the group refers to it → instance refresh. The way back takes the same three toward the old type: AWS's own
 * rollback of a refresh is refused for SSM images and `$Latest`, and impossible once the refresh has ended.
 */
export function instanceTypeAction(subject: Subject, group: AutoScalingGroup, target: string): Action {
  const id = actionId(subject);
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: group.ref.region,
    resource: group.ref,
    summary: `${group.ref.id}: ${group.instanceType} → ${target}`,
    steps: moveTo(`${id}#forward`, group, group.instanceType, target),
    rollback: moveTo(`${id}#rollback`, group, target, group.instanceType),
    reversibility: "immediate",
    disruptions: [],
    writeBack: [{ type: "aws_autoscaling_group", id: group.ref.id, property: "instanceType", operation: "set", value: target }],
  };
}

function moveTo(idPrefix: string, group: AutoScalingGroup, from: string, to: string): readonly ChangeStep[] {
  const types = { before: { instanceType: from }, after: { instanceType: to } };
  const where = { region: group.ref.region, autoScalingGroup: group.ref.id };
  const { launchTemplateId } = group;
  return [
    {
      kind: "change",
      id: `${idPrefix}:template-version`,
      change: { kind: "ec2.launch-template-version", ...where, launchTemplateId, ...types },
      description: `copy the version of ${launchTemplateId} in use as a newer one with ${to}`,
    },
    {
      kind: "change",
      id: `${idPrefix}:group`,
      change: { kind: "asg.launch-template", ...where, launchTemplateId, ...types },
      description: `let ${group.ref.id} use that version`,
    },
    {
      kind: "change",
      id: `${idPrefix}:refresh`,
      change: { kind: "asg.instance-refresh", ...where, ...types },
      description: `replace the instances of ${group.ref.id} by ${to}`,
    },
  ];
}
