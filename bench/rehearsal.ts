import { z } from "zod";

/** `cpuSeconds` is processor time of the process, user and system: what a busy machine does not change. */
const spentSchema = z.object({ seconds: z.number(), cpuSeconds: z.number() });

/** What planning and carrying out a scenario took. */
export const rehearsalSchema = z.object({
  plan: spentSchema,
  run: spentSchema,
  /** As many calls that ask next to nothing, and the run's journal written and made durable once more: what no run could take less than. */
  floor: spentSchema,
  outcome: z.string(),
  records: z.number(),
  /** Rules of which the run carried an action out. */
  levers: z.number(),
  virtualHours: z.number(),
  /** Calls of SDK clients. */
  planCalls: z.number(),
  runCalls: z.number(),
  /** GetMetricData while planning. */
  metricCalls: z.number(),
  series: z.number(),
  billedMetrics: z.number(),
  /** As the optimizer itself counted them, for its own bill. */
  billedByOptimizer: z.number(),
});
export type Rehearsal = z.infer<typeof rehearsalSchema>;
