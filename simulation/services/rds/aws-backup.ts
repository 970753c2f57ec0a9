import type { Scenario } from "../../scenario/scenario.ts";
import { errors } from "./cluster.ts";
import { database } from "./demand.ts";

interface BackedUp {
  readonly arn: string;
  readonly resourceId: string;
}

/** Whether AWS Backup owns the automated backups in a region: a continuous backup makes it so (`database.around.awsBackup`). */
export function isOwnedByAwsBackup(scenario: Scenario, region: string): boolean {
  return database.of(scenario, region)?.around?.awsBackup === true;
}

/** The one continuous recovery point that there can be of a resource. */
export function recoveryPointOf({ arn, resourceId }: BackedUp): string {
  const [, partition = "aws", , region = "", account = ""] = arn.split(":");
  return `arn:${partition}:backup:${region}:${account}:recovery-point:continuous:${resourceId.toLowerCase()}-0a1b2c3d`;
}

/** AWS takes only the days that are now: AWS Backup's plan says how many (https://github.com/crossplane-contrib/provider-aws/issues/1356). */
export function refuseOwnedRetention(resource: BackedUp, asked: number | undefined, now: number | undefined): void {
  if (asked === undefined || asked === now) return;
  throw errors.refuse(
    "InvalidParameterValue",
    `It is associated with the following AwsBackupRecoveryPointArn: ${recoveryPointOf(resource)}. The BackupRetentionPeriod can be blank, or you can use the current value, ${now}.`,
  );
}
