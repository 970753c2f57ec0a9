import { z } from "zod";

/** `rules.auroraWriterClass` of the policy. */
export const writerClassPolicy = z.strictObject({
  /** Mean CPU of the writer over the whole baseline. */
  maxCpuShare: z.number().min(0).max(1).default(0.4),
  target: z.string().min(1).default("db.r6g.xlarge"),
});
