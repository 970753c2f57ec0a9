import { canGrowTo, type MysqlSettings } from "../../constructs/data/mysql-settings.ts";
import type { Sizing } from "../../contract/sizing.ts";
import type { StackRole } from "../blueprints/blueprint.ts";

type Report = (path: string, message: string, hint: string) => void;

export function applyRds(rds: MysqlSettings | null, sizing: Sizing["rds"], role: StackRole, report: Report): MysqlSettings | null {
  if (sizing === undefined) return rds;
  if (rds === null) {
    report("rds", "the stack has no RDS instance", "remove it");
    return rds;
  }
  if (role === "secondary" && sizing.storageGib !== undefined)
    report("rds.storageGib", "a replica has as much as its source", "say it in the primary stack's sizing");
  const storageGib = sizing.storageGib ?? rds.storageGib;
  if (!canGrowTo(storageGib, rds.maxStorageGib))
    report(
      "rds.storageGib",
      `${storageGib} GiB leaves no tenth to grow by below ${rds.maxStorageGib} GiB`,
      `use ${Math.floor(rds.maxStorageGib / 1.1)} or less`,
    );
  return {
    ...rds,
    storageGib,
    instanceClass: sizing.instanceClass ?? rds.instanceClass,
    backupRetentionDays: sizing.backupRetentionDays ?? rds.backupRetentionDays,
  };
}
