import { z } from "zod";
import { byPattern, namePatternSchema } from "../../scenario/references.ts";
import { Demand, type Scenario } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

/** All optional: a state folder belongs to a scenario with all its values, and would open no more. */
const functionSchema = z.strictObject({
  readsStreamsOf: z.array(namePatternSchema).optional().describe("Tables to whose streams an event source mapping connects it."),
  readsDataStreams: z
    .array(z.strictObject({ stream: z.string().min(1), batchesPerShard: z.int().min(1).max(10).optional() }))
    .optional()
    .describe("Kinesis data streams to which an event source mapping connects it, and batches that are read from each shard at once; absent: one."),
  readsQueues: z
    .array(z.strictObject({ queue: z.string().min(1), mostAtOnce: z.int().min(2).max(1000).optional() }))
    .optional()
    .describe("Queues to which an event source mapping connects it, and how many calls each lets run at once; absent: as many as there are."),
  callsPerRequest: amount.optional().describe("Calls of the function per request of the region."),
  callsPerSecond: amount.optional().describe("Calls a second that come whatever the traffic."),
  waitSeconds: amount.optional().describe("Median of the seconds that a call waits for others, whatever its memory."),
  vcpuSecondsPerCall: amount.optional().describe("Seconds of one whole vCPU that a call computes, in one thread."),
  usedMemoryMb: amount.optional().describe("Memory of a call; one with less fails. Absent: 64 MB."),
  lambdaInsights: z.boolean().optional().describe("Whether it has the extension that publishes what a call takes of memory and processors."),
  reservedConcurrency: z.int().nonnegative().optional().describe("Executions that somebody reserved for it by hand."),
  answersRequests: z.boolean().optional().describe("The region's requests wait for its calls, `callsPerRequest` each."),
  versions: z.array(z.string().regex(/^\d+$/)).optional().describe("Published beside `$LATEST`."),
  aliases: z
    .record(z.string().min(1), z.string().regex(/^(?:\d+|\$LATEST)$/))
    .optional()
    .describe("Versions by alias."),
});

export type FunctionDemand = z.infer<typeof functionSchema>;

export const functionsDemand = new Demand("functions", z.record(z.string().min(1), functionSchema).optional().describe("Lambda functions by name."));

/** What the scenario says of a function; one that it does not name is never called. */
export function demandOf(scenario: Scenario, region: string, name: string): FunctionDemand {
  return byPattern(functionsDemand.of(scenario, region) ?? {}, name) ?? {};
}
