import { z } from "zod";

const amount = z.number().nonnegative();
const share = z.number().min(0).max(1);
const resourceName = z.string().min(1);

/** What one request asks of the instances behind the balancer. */
export const applicationSchema = z.strictObject({
  vcpuSecondsPerRequest: amount.describe("vCPU-seconds of one request on an instance of the reference speed."),
  backgroundVcpu: amount.default(0).describe("vCPU each instance spends without any request."),
  memoryBaseGib: amount.default(4).describe("Memory of an idle instance."),
  memoryMibPerRequestPerSecond: amount.default(0).describe("Memory an instance holds for each request a second it serves."),
  networkInBytesPerRequest: amount.default(4000),
  networkOutBytesPerRequest: amount.default(20_000),
  medianSeconds: z.number().positive().default(0.09).describe("Median response time when nothing waits."),
  p99Seconds: z.number().positive().default(0.4).describe("99th percentile of the response time when nothing waits."),
  latencySigma: z.number().min(0).max(1).default(0.02).describe("Standard deviation of the logarithm of the response time from tick to tick."),
  timeoutSeconds: z.number().positive().default(30).describe("A request that would take longer is answered 504 by the balancer."),
  errorShare: share.default(0.0002).describe("Share of requests the application answers with 5xx when healthy."),
});

export type Application = z.infer<typeof applicationSchema>;

/** What one request asks of the Aurora cluster behind the application. */
export const databaseSchema = z.strictObject({
  writesPerRequest: share.default(0.2).describe("Share of requests that make one write statement."),
  readsPerRequest: share.default(0.8).describe("Share of requests that make one read statement."),
  writeVcpuSeconds: amount.describe("vCPU-seconds of a write statement on the writer."),
  readVcpuSeconds: amount.describe("vCPU-seconds of a read statement on a reader."),
  backgroundVcpu: amount.default(0.2).describe("vCPU each member spends without any statement."),
  connectionsPerInstance: amount.default(20).describe("Connections each application instance holds to the writer, and as many to the readers together."),
  workingSetGib: amount.default(16).describe("Pages that must be in memory for reads to hit."),
  volumeGib: amount.default(64).describe("Size of the cluster's volume."),
  pageReadsPerStatement: amount.default(10),
  replicaLagMilliseconds: amount.default(15).describe("Replica lag of an idle reader; it grows with its CPU."),
  reconnectSeconds: z.number().min(0).default(5).describe("How long clients keep asking a reader that went away."),
});

export type Database = z.infer<typeof databaseSchema>;

/** What one request asks of a Redis replication group. */
export const cacheSchema = z.strictObject({
  getsPerRequest: amount.default(3),
  setsPerRequest: amount.default(0.3),
  engineSecondsPerCommand: amount.default(0.000_015).describe("Seconds of the single engine thread one command takes."),
  datasetGib: amount.default(4).describe("Data of the whole group, spread evenly over its shards."),
  connectionsPerInstance: amount.default(10),
  bytesPerCommand: amount.default(500),
});

export type Cache = z.infer<typeof cacheSchema>;

const day = z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);

/** Reads that come by the calendar, e.g. a weekly export. */
const weeklyReadsSchema = z.strictObject({
  day,
  hourUtc: z.number().min(0).lt(24),
  minutes: z.number().positive(),
  reads: amount.describe("Queries in all, spread evenly over the minutes."),
});

/** Reads of one index; one query costs `unitsPerRead` read units, 0.5 at least. */
const indexSchema = z.strictObject({
  readsPerRequest: amount.default(0).describe("Queries of this index per request of the region."),
  readsPerSecond: amount.default(0).describe("Queries a second that come whatever the traffic."),
  weekly: z.array(weeklyReadsSchema).default([]),
  unitsPerRead: z.number().min(0.5).default(0.5),
});

export type IndexDemand = z.infer<typeof indexSchema>;

/** Reads and writes of a table itself, and of its indexes by name; an index not named is never read. */
const tableSchema = z.strictObject({
  readsPerRequest: amount.default(0),
  writesPerRequest: amount.default(0),
  unitsPerRead: z.number().min(0.5).default(0.5),
  unitsPerWrite: z.number().min(1).default(1),
  latencyMilliseconds: z.number().positive().default(4),
  indexes: z.record(z.string().min(1), indexSchema).default({}),
});

export type TableDemand = z.infer<typeof tableSchema>;

/** Tables by name; `{suffix}` in a name stands for any environment suffix. */
export const tablesSchema = z.record(resourceName, tableSchema);
