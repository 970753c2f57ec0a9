import type { Action, ChangeStep } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import { boundsText } from "./capacity-fit.ts";
import type { GroupBounds } from "./changes.ts";
import type { AutoScalingGroup } from "./group.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

interface Circumstances {
  /** The action that changes the group's type: its refresh comes first, and is undone last. */
  readonly behind: string | undefined;
  /** Whether policies move the desired number. */
  readonly isScaled: boolean;
}

/** All three numbers in one call, there and back. */
export function capacityAction(subject: Subject, group: AutoScalingGroup, to: GroupBounds, { behind, isScaled }: Circumstances): Action {
  const id = actionId(subject);
  const { ref } = group;
  const change: ChangeOf<"asg.size"> = {
    kind: "asg.size",
    region: ref.region,
    autoScalingGroup: ref.id,
    before: boundsOf(group, isScaled),
    after: boundsOf(to, isScaled),
  };
  const set = (property: keyof GroupBounds) => ({ type: "aws_autoscaling_group", id: ref.id, property, operation: "set", value: to[property] }) as const;
  const back = (name: string): ChangeStep => ({
    kind: "change",
    id: `${id}#rollback:${name}`,
    change: inverse(change),
    description: `let ${ref.id} have ${boundsText(group)} instances again`,
  });
  return {
    id,
    rule: subject.rule,
    phase: 2,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: ${boundsText(group)} → ${boundsText(to)} instances`,
    steps: [{ kind: "change", id: `${id}#forward:size`, change, description: `let ${ref.id} have ${boundsText(to)} instances` }],
    // Instances are back in minutes, where other actions of the region take an hour to be undone: they come before all of that.
    rollback: [{ ...back("at-once"), urgent: true }, back("size")],
    ...(behind === undefined ? {} : { behind }),
    reversibility: "immediate",
    undoMinutes: minutesOf(changeSeconds.instanceLaunch),
    disruptions: [],
    writeBack: [set("minSize"), set("desiredCapacity"), set("maxSize")],
  };
}

function boundsOf({ minSize, desiredCapacity, maxSize }: GroupBounds, isScaled: boolean): ChangeOf<"asg.size">["after"] {
  return { minSize, desiredCapacity, maxSize, ...(isScaled ? { desiredMoves: true } : {}) };
}
