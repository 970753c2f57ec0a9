import { z } from "zod";

/** One line of the account's log. `deploy` and `call` change the account, `advance` moves virtual now, `fault` notes that a fault struck. */
export const logEntrySchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("deploy"), atMs: z.number(), stacks: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    kind: z.literal("call"),
    atMs: z.number(),
    region: z.string(),
    service: z.string(),
    command: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ kind: z.literal("advance"), atMs: z.number() }),
  z.strictObject({ kind: z.literal("fault"), atMs: z.number(), fault: z.int().nonnegative() }),
]);

export type LogEntry = z.infer<typeof logEntrySchema>;

/** Where the account's log lives. Synchronous, since an AWS call must read, decide and write in one piece. */
export interface AccountStore {
  /** All entries so far, those of other processes included. The same array grows; entries never change. */
  entries(): readonly LogEntry[];
  /** `durable`: on disk, with all earlier entries, when this returns. `lazy` may be lost with the machine, not with the process. Only within `exclusively`. */
  append(entry: LogEntry, durability: "durable" | "lazy"): void;
  /** Runs `work` while no other process can append. */
  exclusively<T>(work: () => T): T;
}

/** A log that lives as long as this object: for tests and questions of the kind "what would it do if". */
export function createMemoryAccountStore(entries: readonly LogEntry[] = []): AccountStore {
  const log: LogEntry[] = entries.map((entry) => structuredClone(entry));
  return {
    entries: () => log,
    append: (entry) => {
      log.push(structuredClone(entry));
    },
    exclusively: (work) => work(),
  };
}
