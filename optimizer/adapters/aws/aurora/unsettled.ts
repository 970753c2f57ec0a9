import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { ChangeState } from "../../../core/levers/change-kinds.ts";

type InProgress = Extract<ChangeState, { readonly kind: "in-progress" }>;
type Unsettled = Extract<ChangeState, { readonly kind: "in-progress" | "mixed" }>;

/** Statuses that end by themselves are waited for; in these nothing moves any more. */
const stuckStatuses = /^(?:failed|stopped|inaccessible-.*|incompatible-.*|insufficient-capacity|restore-error|storage-full)$/;

/** The member that takes the writes; a secondary cluster of a global database has none. */
export function writerOf(cluster: DBCluster): string | undefined {
  return (cluster.DBClusterMembers ?? []).find(({ IsClusterWriter }) => IsClusterWriter === true)?.DBInstanceIdentifier;
}

export function clusterUnsettled({ DBClusterIdentifier: identifier, Status: status = "unknown" }: DBCluster): Unsettled | undefined {
  return unsettledBy(`cluster ${identifier}`, status);
}

/**
 * A class that AWS has noted counts as on its way. To whom the classes of a change are known (`own`), another one is somebody's who has queued it
 * for the maintenance window.
 */
export function instanceUnsettled(
  instance: DBInstance,
  own?: { readonly before: { readonly instanceClass: string }; readonly after: { readonly instanceClass: string } },
): Unsettled | undefined {
  const { PendingModifiedValues: pending } = instance;
  if (own !== undefined && pending?.DBInstanceClass !== own.before.instanceClass && pending?.DBInstanceClass !== own.after.instanceClass)
    return instanceBusy(instance);
  return instanceBusy(instance) ?? instanceNoted(instance);
}

/** What its status says. */
export function instanceBusy({ DBInstanceIdentifier: identifier, DBInstanceStatus: status = "unknown" }: DBInstance): Unsettled | undefined {
  return unsettledBy(`instance ${identifier}`, status);
}

/** A class that AWS has noted: to be begun within minutes where somebody wanted it at once, else in the maintenance window. AWS tells of neither. */
export function instanceNoted({ DBInstanceIdentifier: identifier, PendingModifiedValues: pending }: DBInstance): InProgress | undefined {
  if (pending?.DBInstanceClass === undefined) return undefined;
  return { kind: "in-progress", detail: `instance ${identifier} is to become ${pending.DBInstanceClass}` };
}

/** Whatever else waits for the maintenance window, nothing is to be done where the class is there and stays. */
export function keepsClass({ DBInstanceClass, PendingModifiedValues: pending }: DBInstance, { instanceClass }: { readonly instanceClass: string }): boolean {
  return DBInstanceClass === instanceClass && pending?.DBInstanceClass === undefined;
}

function unsettledBy(name: string, status: string): Unsettled | undefined {
  if (status === "available") return undefined;
  return { kind: stuckStatuses.test(status) ? "mixed" : "in-progress", detail: `${name} is ${status}` };
}
