import { z } from "zod";

/** `rules.dynamodbUnusedGsi` of the policy. */
export const unusedGsiPolicy = z.strictObject({
  /** In the worst week of the baseline, as the requirement says. */
  maxWeeklyQueries: z.number().positive().default(50),
  /** How long reads are capped before the index is deleted. */
  brownOutMinutes: z
    .int()
    .positive()
    .default(24 * 60),
});
