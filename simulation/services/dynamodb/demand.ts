import { z } from "zod";
import { Demand } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

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
export const tablesDemand = new Demand("tables", z.record(z.string().min(1), tableSchema).default({}).describe("DynamoDB tables by name."));
