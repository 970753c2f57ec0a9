import type { ModifyDBInstanceCommandInput } from "@aws-sdk/client-rds";
import { changeSeconds } from "../../../contract/change-seconds.ts";
import { nextWindowStart } from "../../account/maintenance-window.ts";
import type { DbInstance } from "./cluster.ts";

/** As long as another small setting takes. */
const certificateTakesMs = changeSeconds.backupRetention * 1000;

/** Another certificate takes no restart in this account. */
export function askCertificate(
  { settings, maintenanceWindow }: Pick<DbInstance, "settings" | "maintenanceWindow">,
  { CACertificateIdentifier: wanted, ApplyImmediately: immediately = false }: ModifyDBInstanceCommandInput,
  nowMs: number,
): void {
  settings.caCertificate.ask({ wanted, immediately, nowMs, windowMs: nextWindowStart(maintenanceWindow, nowMs), takesMs: certificateTakesMs });
}
