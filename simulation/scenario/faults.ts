import { z } from "zod";
import { momentSchema } from "./references.ts";

/** When, where and on which commands a fault strikes. `times` bounds how many calls meet it; without it, all in the span do. */
const scope = {
  /** Start inclusive, end exclusive. */
  from: momentSchema,
  until: momentSchema,
  region: z.string().min(1).optional(),
  /** Command names such as `UpdateTable`; absent means every command of every service. */
  commands: z.array(z.string().min(1)).min(1).optional(),
  times: z.int().positive().optional(),
};

/**
 * A fault by schedule:
 * `throttling`, `access-denied`, `expired-token` refuse the call; `reply-lost` applies a change and breaks the connection
 * before the answer; `stale-reads` answers queries as of `lagSeconds` ago; `insufficient-capacity` lets no new instance start.
 */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("throttling"), ...scope }),
  z.strictObject({ kind: z.literal("access-denied"), ...scope }),
  z.strictObject({ kind: z.literal("expired-token"), ...scope }),
  z.strictObject({ kind: z.literal("reply-lost"), ...scope }),
  z.strictObject({ kind: z.literal("stale-reads"), ...scope, lagSeconds: z.number().positive() }),
  z.strictObject({ kind: z.literal("insufficient-capacity"), ...scope }),
]);

export type Fault = z.infer<typeof faultSchema>;
