import { z } from "zod";
import { thresholds } from "../levers/thresholds.ts";

const share = z.number().min(0).max(1);
const minutes = z.int().positive();
/** A word without any letter or digit would mark every tag there is. */
const tagWord = z.string().regex(/[\p{L}\p{N}]/u, "must hold a letter or a digit");

/**
 * `optimizer.config.json`. Defaults are the requirement's. Shares are 0 to 1, durations minutes or hours as named.
 * Parsed strictly: an unknown key is an error that names it.
 */
export const policySchema = z.strictObject({
  version: z.literal(1).default(1),
  baselineDays: z.int().min(14).max(60).default(60),
  /** A plan older than this is refused by `run --plan`. */
  planMaxAgeDays: z.number().positive().default(3),
  completeness: z.strictObject({ minShare: share.default(0.9), minWholeDays: z.int().positive().default(14) }).prefault({}),
  /**
   * A tag whose key contains `tenant` marks a tenant's resource, which is never changed. `also`: further words that mark one.
   * `never`: keys that do not, although they contain a marking word. Case and separators do not matter.
   */
  tenantTags: z.strictObject({ also: z.array(tagWord).default([]), never: z.array(tagWord).default([]) }).prefault({}),
  regionFailover: z.enum(["none", "peer"]).default("none"),
  rules: z
    .strictObject({
      /** guarded: threshold and projection; literal: threshold alone, the projection is printed as a warning. */
      decision: z.enum(["guarded", "literal"]).default("guarded"),
      headroom: share.default(0.2),
      /** Of what the target has, that the highest sample of the baseline may take, with no zone lost. */
      maxWorstHourShare: share.default(0.9),
      ...thresholds,
    })
    .prefault({}),
  /** Standing approvals: ids of actions, or of rules, that need one. */
  approvals: z.array(z.string().min(1)).default([]),
  rollout: z.enum(["canary", "together", "sequential"]).default("canary"),
  afterRollback: z.enum(["continue", "stop"]).default("continue"),
  window: z
    .strictObject({
      decision: z.enum(["sequential", "literal"]).default("sequential"),
      minutes: minutes.default(48 * 60),
      /** A window goes on until it has seen the week's busiest hours, up to this many times its minutes: 48 h may become five days. */
      peakMaxFactor: z.number().min(1).default(2.5),
      soakMinutes: minutes.default(12 * 60),
      slotMinutes: minutes.default(15),
      /** A slot is scored this long after its end, since AWS's newest points are incomplete. */
      settleMinutes: z.number().nonnegative().default(5),
      maxErrorRate: share.default(0.005),
      maxP99Increase: z.number().positive().default(0.2),
      minConclusiveShare: share.default(0.95),
      maxExtensionMinutes: z
        .int()
        .nonnegative()
        .default(24 * 60),
      healthySlotsAfterRollback: z.int().positive().default(4),
      /** Slots with fewer requests have no meaningful error rate or p99 of their own. */
      minRequestsForErrorRate: z.int().positive().default(200),
      minRequestsForP99: z.int().positive().default(1000),
      /** Chance of a false rollback over the whole run that the sequential rule allows. */
      falseRollbackChance: share.default(0.01),
    })
    .prefault({}),
  /** Longest wait for a change to settle, and the shortest pause between polls: it grows to a twentieth of the time waited, 5 minutes at most. */
  settle: z
    .strictObject({
      maxMinutes: minutes.default(360),
      /** An index is filled from its whole table: AWS names no limit, and big tables take days. */
      backfillMaxMinutes: minutes.default(7 * 24 * 60),
      pollSeconds: z.number().positive().default(30),
    })
    .prefault({}),
  /** Before an action begins, its region's latest slots must be healthy; an unhealthy region is waited for this long, then held for a human. */
  health: z
    .strictObject({
      slots: z.int().positive().default(4),
      waitMinutes: minutes.default(120),
    })
    .prefault({}),
  /** A region that cannot be read is held for a human after this many polls in a row, or after so many minutes, whichever comes first. */
  unreadable: z
    .strictObject({
      maxPolls: z.int().positive().default(12),
      maxMinutes: minutes.default(120),
    })
    .prefault({}),
  lock: z.strictObject({ leaseSeconds: z.number().positive().default(120) }).prefault({}),
});

export type Policy = z.infer<typeof policySchema>;

export const defaultPolicy: Policy = policySchema.parse({});
