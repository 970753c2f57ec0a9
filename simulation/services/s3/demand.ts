import { z } from "zod";
import { Demand } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

/** What is stored in a bucket at the start, what comes and what is read; a lifecycle rule in place moves what has come since. */
const bucketSchema = z.strictObject({
  standardGib: amount.optional().describe("In Standard at the start, for good."),
  frequentGib: amount.optional().describe("In Intelligent-Tiering's frequent tier at the start; before, it was less by what came."),
  infrequentGib: amount.optional().describe("In its infrequent tier, for good."),
  archiveInstantGib: amount.optional(),
  objects: z.int().nonnegative().optional().describe("Of all classes, at the start."),
  newGibPerDay: amount.optional(),
  downloadedGibPerDay: amount.optional(),
  getsPerDay: amount.optional(),
  requestMetrics: z.string().min(1).optional().describe("Id of the metrics configuration that somebody made for the whole bucket."),
  archiveConfiguration: z.string().min(1).optional().describe("Id of the Intelligent-Tiering configuration that somebody made."),
});

export type BucketDemand = z.infer<typeof bucketSchema>;

/** Without a default: a state folder belongs to a scenario with all its values, and would open no more. */
export const bucketsDemand = new Demand("buckets", z.record(z.string().min(1), bucketSchema).optional().describe("S3 buckets by name."));
