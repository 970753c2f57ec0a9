import { changeSeconds } from "../../../../contract/change-seconds.ts";
import type { Action } from "../../model/action.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision } from "../../model/rule.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { StudyRule } from "../lever.ts";
import { minutesOf } from "../minutes-of.ts";
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
    action: shortenedRetention(subject, instance, targetDays),
  };
}

/** One call. Its way back keeps more days again from then on; what was older than the target in between is gone. */
function shortenedRetention(subject: Subject, { ref, backupRetentionDays }: RdsInstance, targetDays: number): Action {
  const id = actionId(subject);
  const change: ChangeOf<"rds.instance-backup-retention"> = {
    kind: "rds.instance-backup-retention",
    region: ref.region,
    instance: ref.id,
    before: { days: backupRetentionDays },
    after: { days: targetDays },
  };
  return {
    id,
    rule: subject.rule,
    phase: 3,
    region: ref.region,
    resource: ref,
    summary: `${ref.id}: keep backups for ${inDays(targetDays)} instead of ${inDays(backupRetentionDays)}`,
    steps: [{ kind: "change", id: `${id}#forward:retention`, change, description: `keep backups of ${ref.id} for ${inDays(targetDays)}` }],
    rollback: [
      {
        kind: "change",
        id: `${id}#rollback:retention`,
        change: inverse(change),
        description: `keep backups of ${ref.id} for ${inDays(backupRetentionDays)} again, from now on`,
      },
    ],
    reversibility: "irreversible",
    undoMinutes: minutesOf(changeSeconds.backupRetention),
    cannotComeBack: `backups of ${ref.id} older than ${inDays(targetDays)}`,
    approval: { why: `backups older than ${inDays(targetDays)} are deleted, and no moment before can be restored any more` },
    disruptions: [],
    writeBack: [{ type: "aws_db_instance", id: ref.id, property: "backupRetentionDays", operation: "set", value: targetDays }],
  };
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
