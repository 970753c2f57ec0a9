import type { Action, ChangeStep, Disruption, SizingChange } from "../../model/action.ts";
import { type Change, inverse } from "../change-kinds.ts";
import type { AuroraCluster, AuroraMember } from "./cluster.ts";
import { actionId, type Subject } from "../../sizing/skip.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/** A class change restarts its instance: minutes in which it serves nothing. */
export const restartSeconds = 10 * 60;
const { untilOutage, outage, settling } = changeSeconds.auroraClass;
const resizeSeconds = untilOutage + outage + settling;
/** Failover to a reader takes typically less (Aurora guide, "High availability for Aurora DB instances"). */
const failoverSeconds = 35;

/**
 * Reader resized → failover to it by its identifier. The old writer stays at its size as a reader, so that the way back is another
 * failover; it is resized by `resizeOldWriter` once this one has passed.
 */
export function promoteResizedReader(
  subject: Subject,
  cluster: AuroraCluster,
  { writer, reader }: { readonly writer: AuroraMember; readonly reader: AuroraMember },
  target: string,
): Action {
  const id = actionId(subject);
  const failover: Change = {
    kind: "rds.failover",
    region: cluster.ref.region,
    cluster: cluster.ref.id,
    before: { writer: writer.identifier },
    after: { writer: reader.identifier },
  };
  const resizedFirst = reader.instanceClass === target ? [] : [asReader(classChange(cluster, reader, target))];
  return {
    ...described(subject, cluster),
    summary: `${cluster.ref.id}: writer ${writer.instanceClass} → ${target}, by promoting ${reader.identifier}`,
    steps: [
      ...resizedFirst.map((change) => resize(`${id}#forward:reader`, change)),
      { kind: "change", id: `${id}#forward:failover`, change: failover, description: `fail over from ${writer.identifier} to ${reader.identifier}` },
    ],
    rollback: [
      { kind: "change", id: `${id}#rollback:failover`, change: inverse(failover), description: `fail back to ${writer.identifier}` },
      ...resizedFirst.map((change) => resize(`${id}#rollback:reader`, { ...change, before: change.after, after: change.before })),
    ],
    undoMinutes: minutesOf(changeSeconds.auroraFailover + resizedFirst.length * resizeSeconds),
    disruptions: [
      ...resizedFirst.map(({ instance }) => restart(instance)),
      { kind: "failover", seconds: failoverSeconds, detail: `writes to ${cluster.ref.id} fail for up to ${failoverSeconds} s` },
    ],
    writeBack: resizedFirst.map(({ instance }) => sizing(instance, target)),
  };
}

/** The old writer, a reader by then, once the promoted one has passed. */
export function resizeOldWriter(subject: Subject, cluster: AuroraCluster, writer: AuroraMember, target: string): Action {
  const id = `${actionId(subject)}:old-writer`;
  return { ...resized(subject, cluster, asReader(classChange(cluster, writer, target)), id), after: actionId(subject) };
}

/** A member of a secondary cluster has no writer to spare: its own class changes, and it restarts. */
export function resizeMember(subject: Subject, cluster: AuroraCluster, member: AuroraMember, target: string): Action {
  return resized(subject, cluster, classChange(cluster, member, target), actionId(subject));
}

function resized(subject: Subject, cluster: AuroraCluster, change: ClassChange, id: string): Action {
  return {
    ...described(subject, cluster),
    id,
    summary: `${change.instance}: ${change.before.instanceClass} → ${change.after.instanceClass}`,
    steps: [resize(`${id}#forward:member`, change)],
    rollback: [resize(`${id}#rollback:member`, { ...change, before: change.after, after: change.before })],
    undoMinutes: minutesOf(resizeSeconds),
    disruptions: [restart(change.instance)],
    writeBack: [sizing(change.instance, change.after.instanceClass)],
  };
}

function described(subject: Subject, { ref }: AuroraCluster) {
  return { id: actionId(subject), rule: subject.rule, phase: 3, region: ref.region, resource: ref, reversibility: "slow" } as const;
}

type ClassChange = Extract<Change, { readonly kind: "rds.instance-class" }>;

function classChange({ ref }: AuroraCluster, { identifier, instanceClass }: AuroraMember, target: string): ClassChange {
  return { kind: "rds.instance-class", region: ref.region, cluster: ref.id, instance: identifier, before: { instanceClass }, after: { instanceClass: target } };
}

/** Roles change by themselves when a writer fails: this is looked at once more just before the write. */
function asReader(change: ClassChange): ClassChange {
  return { ...change, role: "reader" };
}

function resize(id: string, change: ClassChange): ChangeStep {
  return { kind: "change", id, change, description: `resize ${change.instance} from ${change.before.instanceClass} to ${change.after.instanceClass}` };
}

function restart(instance: string): Disruption {
  return { kind: "instance-restart", seconds: restartSeconds, detail: `${instance} restarts` };
}

function sizing(instance: string, instanceClass: string): SizingChange {
  return { type: "aws_rds_cluster_instance", id: instance, property: "instanceClass", operation: "set", value: instanceClass };
}
