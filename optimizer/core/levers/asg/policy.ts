import { z } from "zod";

const share = z.number().min(0).max(1);
const instances = z.int().min(1);

/** What the requirement asks of a group under either rule. */
const usualLimits = { maxP95CpuShare: share.default(0.4), maxP95NetworkShare: share.default(0.3) };

export interface UsualLimits {
  readonly maxP95CpuShare: number;
  readonly maxP95NetworkShare: number;
}

/** `rules.asgInstanceType` of the policy. */
export const instanceTypePolicy = z.strictObject({
  ...usualLimits,
  target: z.string().min(1).default("m5.2xlarge"),
});

/** `rules.asgCapacity` of the policy. */
export const capacityPolicy = z.strictObject({
  ...usualLimits,
  targetDesired: instances.default(8),
  targetMin: instances.default(6),
  targetMax: instances.default(15),
});
