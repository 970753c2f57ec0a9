import type { MonthlyUsd } from "../../model/money.ts";
import type { Decision } from "../../model/rule.ts";
import { skip, type Subject } from "../../sizing/skip.ts";
import type { StudyRule } from "../lever.ts";
import type { AuroraCluster } from "./cluster.ts";
import { clusterWaits } from "./obstacles.ts";
import type { ClusterStudy } from "./study.ts";
import { inDays, shorterBackups } from "../shorter-backups.ts";

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
  changes: ["rds.backup-retention"],
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
    action: shorterBackups(subject, {
      change: { kind: "rds.backup-retention", region: cluster.ref.region, cluster: cluster.ref.id, before: { days }, after: { days: targetDays } },
      type: "aws_rds_cluster",
      why: `backups older than ${inDays(targetDays)} are deleted at once, and no moment before can be restored any more`,
    }),
  };
}
