import { z } from "zod";

const name = z.string().min(1);
const count = z.int().nonnegative();

const computeSizing = z.strictObject({
  instanceType: name.optional(),
  minSize: count.optional(),
  desiredCapacity: count.optional(),
  maxSize: count.optional(),
});

const tableSizing = z.strictObject({
  /** Global secondary indexes that no longer exist. */
  absentIndexes: z.array(name).optional(),
  stream: z.literal("off").optional(),
  billingMode: z.enum(["PAY_PER_REQUEST", "PROVISIONED"]).optional(),
  readCapacity: count.optional(),
  writeCapacity: count.optional(),
});

const auroraInstanceSizing = z.strictObject({ instanceClass: name.optional(), absent: z.literal(true).optional() });

const auroraSizing = z.strictObject({
  instances: z.record(name, auroraInstanceSizing).optional(),
  backupRetentionDays: z.int().min(1).max(35).optional(),
  minAcu: z.number().min(0).max(256).optional(),
  maxAcu: z.number().min(0.5).max(256).optional(),
  absent: z.literal(true).optional(),
});

const redisSizing = z.strictObject({
  nodeType: name.optional(),
  shards: z.int().min(1).optional(),
  replicasPerShard: z.int().min(0).max(5).optional(),
  absent: z.literal(true).optional(),
});

const rdsSizing = z.strictObject({
  instanceClass: name.optional(),
  /** Storage of the instance that takes writes. AWS makes storage larger, never smaller. */
  storageGib: z.int().min(20).optional(),
  backupRetentionDays: z.int().min(1).max(35).optional(),
});

const serviceSizing = z.strictObject({
  /** CPU of a task in units of which 1024 are one vCPU. */
  cpu: count.optional(),
  memoryMib: count.optional(),
  minCount: count.optional(),
  desiredCount: count.optional(),
  maxCount: count.optional(),
});

const functionSizing = z.strictObject({
  memoryMib: count.optional(),
  timeoutSeconds: count.optional(),
  reservedConcurrency: count.optional(),
});

/** Where objects move to, and when after their creation. */
const bucketSizing = z.strictObject({
  transition: z.strictObject({ storageClass: z.enum(["INTELLIGENT_TIERING", "STANDARD_IA"]), afterDays: count }).optional(),
});

/**
 * `sizing/<suffix>/<stack>.json`: every size the optimizer may change, and absence. `adopt` writes it, synthesis reads it.
 * Only what differs from the blueprint stands in it.
 */
export const sizingSchema = z.strictObject({
  version: z.literal(1),
  compute: computeSizing.optional(),
  services: z.record(name, serviceSizing).optional(),
  functions: z.record(name, functionSizing).optional(),
  tables: z.record(name, tableSizing).optional(),
  aurora: auroraSizing.optional(),
  redis: redisSizing.optional(),
  rds: rdsSizing.optional(),
  dataBucket: bucketSizing.optional(),
  /** The whole region was removed. */
  regionAbsent: z.literal(true).optional(),
});

export type Sizing = z.infer<typeof sizingSchema>;

export const emptySizing: Sizing = { version: 1 };
