import type { Seen } from "../../core/model/seen.ts";
import { awsNameOf, readFailureOf } from "./aws-errors.ts";

type Failure = ReturnType<typeof readFailureOf>;
const answers: readonly Failure[] = ["denied", "missing", "refused"];

/** What `read` answers. An answer of AWS that denies it is kept with its reason; throttling and lost connections reject, they say nothing. */
export function seen<T>(call: string, read: () => Promise<T>): Promise<Seen<T>> {
  return unseenFor(answers, call, read);
}

/** The same of a history that is long to read: where AWS goes on throttling it, the rule that rests on it skips, and the plan goes on. */
export function seenOrThrottled<T>(call: string, read: () => Promise<T>): Promise<Seen<T>> {
  return unseenFor([...answers, "throttled"], call, read);
}

async function unseenFor<T>(failures: readonly Failure[], call: string, read: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: "seen", value: await read() };
  } catch (error) {
    if (!failures.includes(readFailureOf(error))) throw error;
    return { kind: "unseen", reason: `${call}: ${awsNameOf(error)}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
