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

export function instanceUnsettled({
  DBInstanceIdentifier: identifier,
  DBInstanceStatus: status = "unknown",
  PendingModifiedValues: pending,
}: DBInstance): Unsettled | undefined {
  const unsettled = unsettledBy(`instance ${identifier}`, status);
  if (unsettled !== undefined || pending?.DBInstanceClass === undefined) return unsettled;
  return { kind: "in-progress", detail: `instance ${identifier} is to become ${pending.DBInstanceClass}` };
}

function unsettledBy(name: string, status: string): Unsettled | undefined {
  if (status === "available") return undefined;
  return { kind: stuckStatuses.test(status) ? "mixed" : "in-progress", detail: `${name} is ${status}` };
}
