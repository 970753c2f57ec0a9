import { changeSeconds } from "../../../../contract/change-seconds.ts";
import type { Action, Disruption } from "../../model/action.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import { minutesOf } from "../minutes-of.ts";
import type { RdsInstance } from "./instance.ts";

/** "Typically 60–120 seconds" (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html). */
const failoverSeconds = 120;
/** Without a standby the instance moves to another host: minutes in which it serves nothing. */
export const restartSeconds = 10 * 60;

/**
 * One call, at once: the run watches it, as the maintenance window would not. The way back is the same call, with the same outage once more.
 * It comes last of its round and region, so that a replica beside it has its class before.
 */
export function classAction(subject: Subject, instance: RdsInstance, target: string): Action {
  const { ref, instanceClass, multiAz, replicas } = instance;
  const id = actionId(subject);
  const change: ChangeOf<"rds.standalone-class"> = {
    kind: "rds.standalone-class",
    region: ref.region,
    instance: ref.id,
    multiAz,
    before: { instanceClass },
    after: { instanceClass: target },
  };
  const { untilOutage, outage, settling } = multiAz ? changeSeconds.rdsMultiAzClass : changeSeconds.rdsSingleAzClass;
  return {
    id,
    rule: subject.rule,
    phase: 3,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: ${instanceClass} → ${target}`,
    steps: [{ kind: "change", id: `${id}#forward:class`, change, description: `${ref.id}: make it ${target}` }],
    rollback: [{ kind: "change", id: `${id}#rollback:class`, change: inverse(change), description: `${ref.id}: make it ${instanceClass} again` }],
    reversibility: "slow",
    undoMinutes: minutesOf(untilOutage + outage + settling),
    ...(replicas.length > 0 ? { isLast: true as const } : {}),
    disruptions: [disruptionOf(instance)],
    writeBack: [{ type: "aws_db_instance", id: ref.id, property: "instanceClass", operation: "set", value: target }],
  };
}

function disruptionOf({ ref, multiAz }: RdsInstance): Disruption {
  return multiAz
    ? { kind: "failover", seconds: failoverSeconds, detail: `${ref.id} fails over to its standby: it serves nothing for up to ${failoverSeconds} s` }
    : { kind: "instance-restart", seconds: restartSeconds, detail: `${ref.id} restarts on another host` };
}
