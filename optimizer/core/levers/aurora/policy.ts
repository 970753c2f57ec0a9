import { z } from "zod";

/** `rules.auroraWriterClass` of the policy. */
export const writerClassPolicy = z.strictObject({
  /** Mean CPU of the writer over the whole baseline. */
  maxCpuShare: z.number().min(0).max(1).default(0.4),
  /** The class that is tried first; then each larger size below today's. */
  target: z
    .string()
    .regex(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/, "is no class of RDS instances, such as db.r6g.xlarge")
    .default("db.r6g.xlarge"),
});

/** `rules.auroraBackupRetention` of the policy. */
export const backupRetentionPolicy = z.strictObject({
  /** Days that automated backups are kept. AWS takes 1 to 35 days (RDS API reference, ModifyDBCluster, BackupRetentionPeriod). */
  targetDays: z.int().min(1).max(35).default(14),
});

/** `rules.auroraReaderCount` of the policy. */
export const readerCountPolicy = z.strictObject({
  /** Readers that are left beside the writer. Never fewer than one: a cluster without a reader has nobody to fail over to. */
  targetReaders: z.int().min(1).max(15).default(1),
  /** Highest replica lag of any reader in the baseline. */
  maxLagMs: z.number().positive().default(100),
  /** Reads from storage ÷ reads and writes, over all members and the whole baseline. */
  maxReadShare: z.number().min(0).max(1).default(0.2),
});

/** `rules.auroraServerlessCapacity` of the policy. AWS takes steps of half a unit (RDS API reference, ServerlessV2ScalingConfiguration). */
const capacitySettings = z.strictObject({
  /** Mean CPU of the busiest member over the whole baseline, of what it would have at the cluster's maximum. */
  maxCpuShare: z.number().min(0).max(1).default(0.3),
  /** Most connections to any one member in the baseline. */
  maxConnections: z.number().positive().default(20),
  /** Least capacity units of an instance that are tried first; then each half unit towards today's. */
  targetMinAcu: z.number().min(0.5).max(256).multipleOf(0.5).default(1),
  /** Most capacity units of an instance, likewise. */
  targetMaxAcu: z.number().min(1).max(256).multipleOf(0.5).default(4),
});

/** A range whose ends are in order alone. */
export const serverlessCapacityPolicy = capacitySettings.refine(({ targetMinAcu, targetMaxAcu }) => targetMinAcu <= targetMaxAcu, {
  error: "targetMinAcu is larger than targetMaxAcu",
  path: ["targetMinAcu"],
});
