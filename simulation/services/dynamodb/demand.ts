import { z } from "zod";
import { byPattern, momentMs, momentSchema } from "../../scenario/references.ts";
import { Demand, type Scenario } from "../../scenario/scenario.ts";

const amount = z.number().nonnegative();

const day = z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);

/** Reads that come by the calendar, e.g. a weekly export. */
const weeklyReadsSchema = z.strictObject({
  day,
  hourUtc: z.number().min(0).lt(24),
  minutes: z.number().positive(),
  reads: amount.describe("Queries in all, spread evenly over the minutes."),
});

/** Calls that come once, e.g. those of a report that somebody makes each quarter. */
const datedSchema = z.strictObject({
  start: momentSchema,
  minutes: z.number().positive(),
  calls: amount.describe("In all, spread evenly over the minutes."),
});

/** How many of the dated calls come between two moments: whole calls, the first of them at the start. */
export function datedCallsIn(dated: readonly z.infer<typeof datedSchema>[], fromMs: number, untilMs: number, scenarioStartMs: number): number {
  return dated.reduce((sum, { start, minutes, calls }) => {
    const startMs = momentMs(start, scenarioStartMs);
    const until = (ms: number): number => Math.min(calls, Math.ceil((calls * Math.max(0, ms - startMs)) / (minutes * 60_000)));
    return sum + until(untilMs) - until(fromMs);
  }, 0);
}

/** What people did beside the stacks. Without defaults: a state folder belongs to a scenario with all its values, and would open no more. */
const madeOutside = {
  createdDaysBefore: amount.optional().describe("Days before the start that it was made; absent: as old as the account."),
};

/** Units a second. */
const provisionedSchema = z.strictObject({ readCapacityUnits: z.int().positive(), writeCapacityUnits: z.int().positive() });

/** Reads of one index; one query costs `unitsPerRead` read units, 0.5 at least. */
const indexSchema = z.strictObject({
  readsPerRequest: amount.default(0).describe("Queries of this index per request of the region."),
  readsPerSecond: amount.default(0).describe("Queries a second that come whatever the traffic."),
  weekly: z.array(weeklyReadsSchema).default([]),
  dated: z.array(datedSchema).optional().describe("Queries that come once each."),
  unitsPerRead: z.number().min(0.5).default(0.5),
  ...madeOutside,
  contributorInsights: z.enum(["ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"]).optional().describe("Turned on by hand, in this region."),
  warmReadUnits: z.int().positive().optional().describe("Of the index in this region; absent: what AWS gives every index."),
  warmWriteUnits: z.int().positive().optional(),
  maxReadRequestUnits: z.int().positive().optional().describe("Set by hand."),
  maxWriteRequestUnits: z.int().positive().optional().describe("Set by hand."),
  provisioned: provisionedSchema.optional().describe("Of an index of a table that was switched by hand."),
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
  ...madeOutside,
  streamSince: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}$/)
    .optional()
    .describe("When its stream was turned on, as AWS labels it."),
  streamShards: z.int().positive().optional().describe("Open shards of its stream; absent: one for each partition that its capacity needs."),
  streamReadsPerSecond: amount.optional().describe("GetRecords calls a second of readers that are connected by nothing AWS lists."),
  streamReads: z.array(datedSchema).optional().describe("GetRecords calls of such readers that come once each."),
  provisioned: provisionedSchema.optional().describe("Switched to provisioned capacity by hand, before the account's history begins."),
  tableClass: z.enum(["STANDARD", "STANDARD_INFREQUENT_ACCESS"]).optional(),
  items: z.int().positive().optional().describe("Items it holds, as AWS counts them; absent: AWS tells none."),
  bytesPerItem: z.number().positive().optional().describe("Of such an item; absent: 400."),
  isGlobalOf2017: z.boolean().optional().describe("A global table of version 2017.11.29."),
  foreignReplicas: z
    .array(z.strictObject({ region: z.string().min(1), accountId: z.string().regex(/^\d{12}$/) }))
    .optional()
    .describe("Replicas that belong to other accounts."),
});

export type TableDemand = z.infer<typeof tableSchema>;

/** Tables by name; `{suffix}` in a name stands for any environment suffix. */
export const tablesDemand = new Demand("tables", z.record(z.string().min(1), tableSchema).default({}).describe("DynamoDB tables by name."));

const noDemand: TableDemand = tableSchema.parse({});

/** What the scenario asks of a table; one that it does not name is not used. */
export function demandOf({ scenario }: { readonly scenario: Scenario }, region: string, table: string): TableDemand {
  return byPattern(tablesDemand.of(scenario, region) ?? {}, table) ?? noDemand;
}
