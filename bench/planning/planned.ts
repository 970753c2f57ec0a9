import { z } from "zod";

/** What planning an account of many resources took. */
export const plannedSchema = z.object({
  resources: z.number(),
  series: z.number(),
  /** Calls of GetMetricData, and how few could hold as many points. */
  requests: z.number(),
  fewestRequests: z.number(),
  /** How few could hold as many series without cutting one in time, which would bill its metric once for each piece. */
  fewestWholeRequests: z.number(),
  proposals: z.number(),
  /** Processor time of the process, user and system, from the first description to the stored plan. */
  cpuSeconds: z.number(),
  /** The part of it that making the account's own figures took. */
  readerCpuSeconds: z.number(),
  /** The least that any plan of these figures takes: each of their points read once, and all of them hashed and encoded once. */
  floorCpuSeconds: z.number(),
  /** The greatest resident memory until the plan was stored; what is measured by comes after it. */
  memoryMib: z.number(),
  /** What the observations themselves hold. */
  baselineMib: z.number(),
  planMib: z.number(),
  planHash: z.string(),
});
export type Planned = z.infer<typeof plannedSchema>;
