import { z } from "zod";
import { thresholds } from "../levers/thresholds.ts";
import { isWebhookUrl } from "./webhook-url.ts";

const share = z.number().min(0).max(1);
const askingShare = z.number().positive().max(1);
const minutes = z.int().positive();
/** A word without any letter or digit would mark every tag there is. */
const tagWord = z.string().regex(/[\p{L}\p{N}]/u, "must hold a letter or a digit");

/**
 * `optimizer.config.json`. Defaults are the requirement's. Shares are 0 to 1, durations minutes or hours as named.
 * Parsed strictly: an unknown key is an error that names it.
 */
export const policySchema = z.strictObject({
  /** The version of this file's format. */
  version: z.literal(1).default(1),
  /** Days of metrics that a plan is made from. */
  baselineDays: z.int().min(14).max(60).default(60),
  /** A plan older than this is refused by `run --plan`. */
  planMaxAgeDays: z.number().positive().default(3),
  /** A decision needs this share of the expected points, and so many whole days; with less the resource is left alone. */
  completeness: z.strictObject({ minShare: share.default(0.9), minWholeDays: z.int().positive().default(14) }).prefault({}),
  /**
   * A tag whose key contains `tenant` marks a tenant's resource, which is never changed. `also`: further words that mark one.
   * `never`: keys that do not, although they contain a marking word. Case and separators do not matter.
   */
  tenantTags: z.strictObject({ also: z.array(tagWord).default([]), never: z.array(tagWord).default([]) }).prefault({}),
  /** `peer`: a region must be able to carry its peer's traffic, too. That is not projected yet, so nothing is made smaller then. */
  regionFailover: z.enum(["none", "peer"]).default("none"),
  rules: z
    .strictObject({
      /** guarded: threshold and projection; literal: threshold alone, the projection is printed as a warning. */
      decision: z.enum(["guarded", "literal"]).default("guarded"),
      /** What must stay free of every dimension at the worst moment, also with one availability zone lost. */
      headroom: share.default(0.2),
      /** Of what the target has, that the highest sample of the baseline may take, with no zone lost; with one lost it may take all that is left. */
      maxWorstHourShare: share.default(0.9),
      /**
       * By the identifier of an Aurora cluster: the share of its region's requests, as load balancers count them, that asks its writer, and the share
       * that asks its readers. Where few of them do most of its work, the share of those. No metric of AWS tells it; traces do. Where nothing is said,
       * a sixth is assumed, which keeps members larger than those need to be that most requests ask.
       */
      askingShares: z.record(z.string().min(1), z.strictObject({ writer: askingShare.optional(), readers: askingShare.optional() })).default({}),
      ...thresholds,
    })
    .prefault({}),
  /** Standing approvals: ids of actions, or of rules, that need one. */
  approvals: z.array(z.string().min(1)).default([]),
  /** `canary`: the region with the least traffic first, the others after its soak; `together`: all at once; `sequential`: each has its whole window. */
  rollout: z.enum(["canary", "together", "sequential"]).default("canary"),
  /** Whether later phases go on after one was rolled back. */
  afterRollback: z.enum(["continue", "stop"]).default("continue"),
  window: z
    .strictObject({
      /** `sequential`: harm is told from chance with a bounded rate of false alarms; `literal`: any slot over a limit rolls back. */
      decision: z.enum(["sequential", "literal"]).default("sequential"),
      /** How long a region is watched after its last change. */
      minutes: minutes.default(48 * 60),
      /** A window goes on until it has seen the week's busiest hours, up to this many times its minutes: 48 h may become five days. */
      peakMaxFactor: z.number().min(1).default(2.5),
      /** How long the canary is watched before the others follow, and any later round. */
      soakMinutes: minutes.default(12 * 60),
      /** The grain of watching: each slot is scored on its own. */
      slotMinutes: minutes.default(15),
      /** A slot is scored this long after its end, since AWS's newest points are incomplete. */
      settleMinutes: z.number().nonnegative().default(5),
      /** Failed ÷ all requests that is too much. */
      maxErrorRate: share.default(0.005),
      /** Increase of the p99 over the usual of that hour of the week that is too much. */
      maxP99Increase: z.number().positive().default(0.2),
      /** Share of slots that must have enough requests to be judged; with less the window is extended. */
      minConclusiveShare: share.default(0.95),
      /** How much longer a window may go on for that; then a human is asked. */
      maxExtensionMinutes: z
        .int()
        .nonnegative()
        .default(24 * 60),
      /** Healthy slots in a row that prove a rollback. */
      healthySlotsAfterRollback: z.int().positive().default(4),
      /** Slots with fewer requests have no meaningful error rate or p99 of their own. */
      minRequestsForErrorRate: z.int().positive().default(200),
      /** The same for the p99. */
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
      /** A rollback that AWS throttles, or has no capacity for, is tried again for so many days, and a human is told meanwhile. */
      rollbackMaxDays: z.number().positive().default(7),
      /**
       * Whether a rollback goes ahead where AWS would at once carry out, too, what somebody else has queued for the maintenance window, such as an
       * engine upgrade. Else it waits until that is off the queue, for `rollbackMaxDays`, and a human is told at once how to go on.
       */
      rollbackAppliesQueued: z.boolean().default(false),
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
  /** Who is told outside of the terminal when a run needs a person, goes back or does not end well; nobody, unless a channel is named. */
  paging: z
    .strictObject({
      /** A program and its arguments, started without a shell, that gets each message as JSON on its standard input. */
      command: z.array(z.string().min(1)).min(1).optional(),
      /** Gets each message as JSON in a POST: `https`, or `http` to this machine. Wherever it is shown, it ends after the host. */
      webhookUrl: z
        .string()
        .refine(isWebhookUrl, "must be an https URL without user and password, or an http one of this machine, such as http://127.0.0.1:8080/")
        .optional(),
      /** The environment variable that holds the webhook's URL, so that no secret stands in a file. */
      webhookUrlFrom: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable")
        .optional(),
      /** The standard SNS topic, of the run's own account, that each message is published to. */
      snsTopicArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, "must be the ARN of a standard SNS topic")
        .optional(),
      /** How long one channel may take over one message, in seconds. */
      timeoutSeconds: z.number().positive().max(60).default(10),
      /** Somebody is told of a rollback that is not done after so many minutes, or one and a half times what the plan says that it takes where that is longer. */
      rollbackMinutes: minutes.default(60),
      /** Whether a simulated account's runs call the command and the webhook, too; to its own topics they publish anyway. */
      fromSimulated: z.boolean().default(false),
    })
    .refine(({ webhookUrl, webhookUrlFrom }) => webhookUrl === undefined || webhookUrlFrom === undefined, {
      path: ["webhookUrlFrom"],
      message: "stands beside webhookUrl: name one of them",
    })
    .prefault({}),
  /** How long a process that says nothing more keeps its regions. */
  lock: z.strictObject({ leaseSeconds: z.number().positive().default(120) }).prefault({}),
});

export type Policy = z.infer<typeof policySchema>;

/** Made whenever the optimizer is loaded, so without compiling the schema, which takes longer than to go through it once. */
export const defaultPolicy: Policy = policySchema.parse({}, { jitless: true });
