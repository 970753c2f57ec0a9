import { z } from "zod";

/** `rules.auroraWriterClass` of the policy. */
export const writerClassPolicy = z.strictObject({
  /** Mean CPU of the writer over the whole baseline. */
  maxCpuShare: z.number().min(0).max(1).default(0.4),
  target: z.string().min(1).default("db.r6g.xlarge"),
});

/** `rules.auroraBackupRetention` of the policy. */
export const backupRetentionPolicy = z.strictObject({
  /** AWS takes 1 to 35 days (RDS API reference, ModifyDBCluster, BackupRetentionPeriod). */
  targetDays: z.int().min(1).max(35).default(14),
});
