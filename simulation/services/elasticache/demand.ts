import { z } from "zod";
import { Demand } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

/** What one request asks of a Redis replication group. */
const cacheSchema = z.strictObject({
  getsPerRequest: amount.default(3),
  setsPerRequest: amount.default(0.3),
  engineSecondsPerCommand: amount.default(0.000_015).describe("Seconds of the single engine thread one command takes."),
  datasetGib: amount.default(4).describe("Data of the whole group, spread evenly over its shards."),
  connectionsPerInstance: amount.default(10),
  bytesPerCommand: amount.default(500),
});

export type Cache = z.infer<typeof cacheSchema>;

export const cacheDemand = new Demand("cache", cacheSchema.optional().describe("Redis replication groups."));
