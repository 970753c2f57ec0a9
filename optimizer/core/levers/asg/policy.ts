import { z } from "zod";

/** `rules.asgInstanceType` of the policy. */
export const instanceTypePolicy = z.strictObject({
  maxP95CpuShare: z.number().min(0).max(1).default(0.4),
  maxP95NetworkShare: z.number().min(0).max(1).default(0.3),
  target: z.string().min(1).default("m5.2xlarge"),
});
