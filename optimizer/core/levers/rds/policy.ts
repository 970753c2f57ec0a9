import { z } from "zod";

/** `rules.rdsInstanceClass` of the policy. */
export const instanceClassPolicy = z.strictObject({
  /** p95 of CPU. The requirement has no figure of its own for an instance outside of clusters: this is that of groups and of Aurora's writer. */
  maxP95CpuShare: z.number().min(0).max(1).default(0.4),
  /** The class that is tried first, which is the requirement's in production; then each larger size below today's. */
  target: z
    .string()
    .regex(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/, "is no class of RDS instances, such as db.t3.small")
    .default("db.t3.small"),
});

/** `rules.rdsBackupRetention` of the policy. */
export const backupRetentionPolicy = z.strictObject({
  /**
   * Days that automated backups are kept: a week is what the requirement keeps in production. AWS takes 1 to 35 days; 0 would end the backups
   * (RDS API reference, ModifyDBInstance, BackupRetentionPeriod).
   */
  targetDays: z.int().min(1).max(35).default(7),
});
