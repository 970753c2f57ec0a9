import { z } from "zod";

const share = z.number().min(0).max(1);
const instances = z.int().min(1);

/** What the requirement asks of a group under either rule. */
export interface UsualLimits {
  readonly maxP95CpuShare: number;
  readonly maxP95NetworkShare: number;
}

/** `rules.asgInstanceType` of the policy. */
export const instanceTypePolicy = z.strictObject({
  /** Of the vCPUs, p95 of the hourly maxima: a busier group is left alone, as the requirement says. */
  maxP95CpuShare: share.default(0.4),
  /** Of the type's baseline bandwidth, p95 of the hourly maxima of the larger direction: as for CPU. */
  maxP95NetworkShare: share.default(0.3),
  /** The type that is tried first; then each larger size below today's. */
  target: z
    .string()
    .regex(/^(?!db\.|cache\.)[a-z0-9-]+\.[a-z0-9-]+$/, "is no EC2 instance type, such as m5.2xlarge")
    .default("m5.2xlarge"),
});

/** `rules.asgCapacity` of the policy. */
const capacitySettings = z.strictObject({
  /** Of the vCPUs, p95 of the hourly maxima: a busier group is left alone, as the requirement says. */
  maxP95CpuShare: share.default(0.4),
  /** Of the type's baseline bandwidth, p95 of the hourly maxima of the larger direction: as for CPU. */
  maxP95NetworkShare: share.default(0.3),
  /** Instances that a group is brought to, or more where these do not carry its load. */
  targetDesired: instances.default(8),
  /** The fewest that its policies may go down to, or more, as before. */
  targetMin: instances.default(6),
  /** The most that its policies may go up to; never fewer than a tenth above the most that ever ran. */
  targetMax: instances.default(15),
});

/** Numbers in their order alone. */
export const capacityPolicy = capacitySettings.refine(({ targetMin, targetDesired, targetMax }) => targetMin <= targetDesired && targetDesired <= targetMax, {
  error: "targetMin, targetDesired and targetMax are not in this order",
  path: ["targetDesired"],
});
