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

/** `rules.dynamodbTableConsolidation` of the policy. */
export const tableConsolidationPolicy = z.strictObject({
  /** Tables of a region that are looked at: fewer are left as they are. */
  minTables: z.int().min(2).default(3),
  /** Of what two tables consumed in each hour, beyond what is usual in that hour of the week: below it nothing shows that they are used together. */
  minRankCorrelation: z.number().min(0).max(1).default(0.5),
  /** Average item of the one ÷ that of the other, the larger first: whoever scans the small items would read past the large ones. */
  maxItemSizeRatio: z.number().min(1).default(10),
  /** Words of tags that keep tables apart where their values differ, case and separators aside. */
  apartTags: z
    .array(z.string().min(1))
    .default(["owner", "team", "application", "project", "environment", "cost center", "classification", "compliance", "retention"]),
});
