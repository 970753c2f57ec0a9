import { z } from "zod";
import { leastDaysBeforeStandardIa } from "./lifecycle-rules.ts";

/** `rules.s3Lifecycle` of the policy. */
export const lifecyclePolicy = z.strictObject({
  /** What the lower tiers of Intelligent-Tiering save ÷ what its old objects would cost in the frequent tier: below it, the rule is without benefit. */
  maxBenefitShare: z.number().positive().max(1).default(0.05),
  /** When new objects move to Standard-IA. */
  afterDays: z.int().min(leastDaysBeforeStandardIa).default(leastDaysBeforeStandardIa),
});
