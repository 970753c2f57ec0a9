import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision } from "../../model/rule.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import { inDays, shorterBackups } from "../shorter-backups.ts";
import type { RdsInstance } from "./instance.ts";
import type { InstanceStudy } from "./study.ts";

/**
 * Backups are free up to the storage of all instances of the region together, and billed by the gigabyte beyond; how much is stored AWS names
 * only after the fact (https://aws.amazon.com/rds/mysql/pricing/, "Backup storage"). So no figure is made up.
 */
const backupStorage: MonthlyUsd = { kind: "unknown", what: "backup storage", reason: "price unknown" };

/** Automated backups that are kept for longer than the policy asks for. */
export const backupRetention: StudyRule<RdsInstance, InstanceStudy> = {
  id: "rds.backup-retention",
  phase: 3,
  title: "Shorter RDS backup retention",
  // Storage cannot be committed to.
  cost: { service: "Amazon Relational Database Service", commitment: "none" },
  judgedBy: "nothing-visible",
  changes: ["rds.instance-backup-retention"],
  restsOn: ({ backupRetentionDays, awsBackup }) => ({ backupRetentionDays, awsBackup }),
  decide: (study, subject) => [decide(study, subject)],
};

function decide({ facts, instance, unsettled }: InstanceStudy, subject: Subject): Decision {
  const { targetDays } = facts.policy.rules.rdsBackupRetention;
  const { ref, backupRetentionDays: days, awsBackup } = instance;
  if (days === 0) return skip(subject, "already-there", "keeps no automated backups at all");
  if (days <= targetDays) return skip(subject, "already-there", `keeps its backups for ${inDays(days)}, not longer than ${inDays(targetDays)}`);
  // AWS refuses any other number of days then (https://github.com/crossplane-contrib/provider-aws/issues/1356 has its words).
  if (awsBackup !== null)
    return skip(subject, "unsupported", `AWS Backup owns the backups of ${ref.id} (${awsBackup}): its backup plan says how long they are kept`);
  if (unsettled !== undefined) return skip(subject, "unsupported", unsettled);
  return {
    kind: "proposal",
    ...subject,
    from: inDays(days),
    to: inDays(targetDays),
    reason: `keeps its backups for ${inDays(days)}, longer than ${inDays(targetDays)}`,
    evidence: [],
    refused: [],
    risk: 0,
    savings: backupStorage,
    warnings: instance.replicas.map((replica) => `read replica ${replica} keeps backups of its own, for as long as it says itself`),
    action: shorterBackups(subject, {
      change: { kind: "rds.instance-backup-retention", region: instance.ref.region, instance: instance.ref.id, before: { days }, after: { days: targetDays } },
      type: "aws_db_instance",
      why: `backups older than ${inDays(targetDays)} are deleted, and no moment before can be restored any more`,
    }),
  };
}
