import { z } from "zod";

/** What one tick cost, without loading modules: processor time of all threads, user and system, in milliseconds. */
const ownTimeSchema = z.object({
  /** Plan and journal read and verified, folded, lease taken, decided, journaled, lease given back. */
  tickMs: z.number(),
  /** The report that is written after it. */
  reportMs: z.number(),
  reportBytes: z.number(),
  /** The number of records in the journal after the tick. */
  records: z.number(),
});
export type OwnTime = z.infer<typeof ownTimeSchema>;

/** Ticks of one process, the first of which meets code that V8 has not seen yet. */
export const ticksSchema = z.array(ownTimeSchema).min(2);
