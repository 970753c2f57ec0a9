import type { FunctionCode } from "./function-code.ts";

/** A function as data. */
export interface FunctionDefinition {
  /** `tap-{suffix}-{key}` is its name. */
  readonly key: string;
  readonly code: FunctionCode;
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  readonly trigger: FunctionTrigger;
  readonly logRetentionDays: number;
  /** Set by sizing only: how much an account may run at once is not the stack's to assume. */
  readonly reservedConcurrency?: number;
}

/** What calls a function. */
export type FunctionTrigger =
  /** The streams of all tables that the stack owns. */
  | { readonly kind: "table-streams"; readonly batchSize: number; readonly windowSeconds: number }
  /** Cron or rate, as EventBridge has it. */
  | { readonly kind: "schedule"; readonly expression: string }
  /** Objects that are made in the data bucket. */
  | { readonly kind: "bucket-objects"; readonly prefix: string };

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const functionLimits = { memoryMib: { least: 128, most: 10_240 }, timeoutSeconds: { least: 1, most: 900 } } as const;
