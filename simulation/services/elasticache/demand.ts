import { z } from "zod";
import { momentMs, momentSchema } from "../../scenario/references.ts";
import { Demand } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

/** A job beside the requests, such as the invoices of a month: reads spread evenly over the shards, each of which may take its thread for long. */
const jobSchema = z.strictObject({
  start: momentSchema,
  hours: z.number().positive(),
  readsPerSecond: amount,
  engineSecondsPerRead: amount.describe("A sort or a script takes milliseconds where a plain read takes microseconds."),
  writtenGib: amount.optional().describe("Data of the whole group that are there as long as it goes on, beside the others."),
});

/** What one request asks of a Redis replication group. */
const cacheSchema = z.strictObject({
  getsPerRequest: amount.default(3),
  setsPerRequest: amount.default(0.3),
  engineSecondsPerCommand: amount.default(0.000_015).describe("Seconds of the single engine thread one command takes."),
  datasetGib: amount.default(4).describe("Data of the whole group, spread evenly over its shards."),
  slots: z
    .array(z.int().positive())
    .optional()
    .describe("Hash slots of each shard, 16384 in all, where somebody shared them out unequally. Told alone: keys and commands stay spread evenly."),
  connectionsPerInstance: amount.default(10),
  bytesPerCommand: amount.default(500),
  // Without a default: a scenario of before reads as it did, and its state folders open.
  serviceUpdates: z
    .array(z.strictObject({ name: z.string().min(1), status: z.enum(["not-applied", "scheduled", "complete"]) }))
    .optional()
    .describe("Service updates of AWS for each group, told alone: none is ever applied."),
  jobs: z.array(jobSchema).optional().describe("What reads the groups beside the requests, for some hours."),
});

export type Cache = z.infer<typeof cacheSchema>;

export const cacheDemand = new Demand("cache", cacheSchema.optional().describe("Redis replication groups."));

/** What the jobs of a moment ask of the whole group each second, and what they keep in it. */
export function jobsAt(
  { jobs = [] }: Cache,
  atMs: number,
  scenarioStartMs: number,
): { readonly reads: number; readonly engineSeconds: number; readonly writtenGib: number } {
  let reads = 0;
  let engineSeconds = 0;
  let written = 0;
  for (const { start, hours, readsPerSecond, engineSecondsPerRead, writtenGib = 0 } of jobs) {
    const startMs = momentMs(start, scenarioStartMs);
    if (atMs < startMs || atMs >= startMs + hours * 3_600_000) continue;
    reads += readsPerSecond;
    engineSeconds += readsPerSecond * engineSecondsPerRead;
    written += writtenGib;
  }
  return { reads, engineSeconds, writtenGib: written };
}
