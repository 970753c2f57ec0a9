import { z } from "zod";

/** `rules.lambdaFunction` of the policy. */
export const lambdaFunctionPolicy = z.strictObject({
  /** The highest p95 of an hour, before and, in the worst case, after. */
  maxP95Seconds: z.number().positive().default(100),
  /** A function that ran less often in the baseline has not shown how long it takes. */
  minInvocations: z.int().positive().default(50),
  /** Memory that a function is brought to. 128 MB is the least that AWS takes (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
  targetMemoryMb: z.int().min(128).max(10_240).default(1024),
  /** Timeout that a function is brought to. 900 seconds is the most that AWS takes (https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html). */
  targetTimeoutSeconds: z.int().min(1).max(900).default(300),
  /** Executions at once that are reserved for a function. AWS takes 0, too, by which a function is stopped. */
  targetReservedConcurrency: z.int().min(1).default(20),
});
