import type { Action } from "../../model/action.ts";
import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision } from "../../model/rule.ts";
import { actionId, skip, type Subject } from "../../sizing/skip.ts";
import { type ChangeOf, inverse } from "../change-kinds.ts";
import type { StudyRule } from "../lever.ts";
import type { AuroraCluster } from "./cluster.ts";
import { clusterWaits } from "./obstacles.ts";
import type { ClusterStudy } from "./study.ts";
import { changeSeconds } from "../../../../contract/change-seconds.ts";
import { minutesOf } from "../minutes-of.ts";

/**
 * What the backups take beyond the volume's own size is billed by the gigabyte, and AWS names that amount only after the fact: it depends on
 * how much was written in those days (Aurora User Guide, "Understanding Amazon Aurora backup storage usage"). So no figure is made up.
 */
const backupStorage: MonthlyUsd = { kind: "unknown", what: "backup storage", reason: "price unknown" };

/** Automated backups that are kept for longer than the policy asks for. */
export const backupRetention: StudyRule<AuroraCluster, ClusterStudy> = {
  id: "aurora.backup-retention",
  phase: 3,
  title: "Shorter Aurora backup retention",
  // Storage cannot be committed to.
  cost: { service: "Amazon Relational Database Service", commitment: "none" },
  judgedBy: "nothing-visible",
  restsOn: ({ backupRetentionDays, awsBackup = null, waiting = [] }) => ({ backupRetentionDays, awsBackup, waiting }),
  decide: (study, subject) => [decide(study, subject)],
};

function decide({ facts, cluster, unsettled }: ClusterStudy, subject: Subject): Decision {
  const { targetDays } = facts.policy.rules.auroraBackupRetention;
  const days = cluster.backupRetentionDays;
  if (days <= targetDays) return skip(subject, "already-there", `keeps its backups for ${inDays(days)}, not longer than ${inDays(targetDays)}`);
  // AWS refuses any other number of days then (https://github.com/terraform-aws-modules/terraform-aws-rds-aurora/pull/411 has its words).
  if (cluster.awsBackup !== undefined)
    return skip(subject, "unsupported", `AWS Backup owns the backups of ${cluster.ref.id} (${cluster.awsBackup}): its backup plan says how long they are kept`);
  const [waits] = clusterWaits(cluster);
  const obstacle = unsettled ?? waits;
  if (obstacle !== undefined) return skip(subject, "unsupported", obstacle);
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
    warnings: [],
    action: shortenedRetention(subject, cluster, targetDays),
  };
}

/** One call. Its way back keeps more days again from then on; what was older than the target in between is gone. */
function shortenedRetention(subject: Subject, { ref, backupRetentionDays }: AuroraCluster, targetDays: number): Action {
  const id = actionId(subject);
  const change: ChangeOf<"rds.backup-retention"> = {
    kind: "rds.backup-retention",
    region: ref.region,
    cluster: ref.id,
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
    approval: { why: `backups older than ${inDays(targetDays)} are deleted at once, and no moment before can be restored any more` },
    disruptions: [],
    writeBack: [{ type: "aws_rds_cluster", id: ref.id, property: "backupRetentionDays", operation: "set", value: targetDays }],
  };
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
