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

/** `rules.dynamodbBillingMode` of the policy. */
export const billingModePolicy = z.strictObject({
  /** Consumed units ÷ provisioned ones, of reads and of writes alike, as the requirement says. */
  maxConsumedShare: z.number().positive().max(1).default(0.2),
});
