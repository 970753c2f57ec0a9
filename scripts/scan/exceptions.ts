import { z } from "zod";
import type { FailedCheck } from "./checkov-report.ts";

/** A check that some resources may fail, and why. Without blueprint or environment it holds in all of them. */
export const exceptionSchema = z.strictObject({
  check: z.string().regex(/^CKV2?_[A-Z]+_\d+$/, "not the id of a check"),
  /** `<type>.<logical id without hash>`; `*` stands for any part of it. */
  resources: z.string().includes("."),
  blueprint: z.string().optional(),
  environment: z.string().optional(),
  reason: z.string().min(20, "too short to be a reason"),
});

export type Exception = z.infer<typeof exceptionSchema>;

export interface Judgement {
  /** Each exception with the failures it excuses; none: it is stale. */
  readonly excused: readonly { readonly exception: Exception; readonly failures: readonly FailedCheck[] }[];
  readonly unexcused: readonly FailedCheck[];
}

/** Every failure needs an exception, and every exception a failure. */
export function judge(failed: readonly FailedCheck[], exceptions: readonly Exception[]): Judgement {
  return {
    excused: exceptions.map((exception) => ({ exception, failures: failed.filter((failure) => excuses(exception, failure)) })),
    unexcused: failed.filter((failure) => !exceptions.some((exception) => excuses(exception, failure))),
  };
}

function excuses(exception: Exception, failure: FailedCheck): boolean {
  return (
    exception.check === failure.check &&
    (exception.blueprint ?? failure.blueprint) === failure.blueprint &&
    (exception.environment ?? failure.environment) === failure.environment &&
    matches(exception.resources, failure.resource)
  );
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(text);
}
