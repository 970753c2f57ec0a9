import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { ChangeState } from "../../../core/levers/change-kinds.ts";

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
  { DBInstanceIdentifier: identifier, DBInstanceStatus: status = "unknown", PendingModifiedValues: pending }: DBInstance,
  own?: { readonly before: { readonly instanceClass: string }; readonly after: { readonly instanceClass: string } },
): Unsettled | undefined {
  const unsettled = unsettledBy(`instance ${identifier}`, status);
  if (unsettled !== undefined || pending?.DBInstanceClass === undefined) return unsettled;
  if (own !== undefined && pending.DBInstanceClass !== own.before.instanceClass && pending.DBInstanceClass !== own.after.instanceClass) return undefined;
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
