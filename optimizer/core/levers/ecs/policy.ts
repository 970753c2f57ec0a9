import { z } from "zod";
import { fargateCpus, fargateMemories } from "../../../../contract/fargate-sizes.ts";

const share = z.number().min(0).max(1);

/** `rules.ecsService` of the policy. */
const settings = z.strictObject({
  /** Of a task's CPU, p95 of the hourly maxima: a busier service is left alone, as the requirement says. */
  maxP95CpuShare: share.default(0.2),
  /** Of a task's memory, p95 of the hourly maxima: as for CPU. */
  maxP95MemoryShare: share.default(0.4),
  /** Tasks that a service is brought to, or more where these do not carry its load. */
  targetTasks: z.int().min(1).default(3),
  /** CPU units of a task that a service is brought to, 1024 a vCPU, or more. */
  targetCpu: z.int().min(256).max(16_384).default(512),
  /** MiB of a task that a service is brought to, or more. */
  targetMemoryMib: z.int().min(512).max(122_880).default(1024),
});

/** Of a pair that Fargate offers alone. */
export const ecsServicePolicy = settings.refine(({ targetCpu, targetMemoryMib }) => fargateMemories(targetCpu).includes(targetMemoryMib), {
  error: `targetCpu and targetMemoryMib must be a pair that Fargate offers; CPU is one of ${fargateCpus.join(", ")}`,
});
