import type { Seen } from "../../core/model/seen.ts";
import { awsNameOf, readFailureOf } from "./aws-errors.ts";

/** What `read` answers. An answer of AWS that denies it is kept with its reason; throttling and lost connections reject, they say nothing. */
export async function seen<T>(call: string, read: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: "seen", value: await read() };
  } catch (error) {
    const failure = readFailureOf(error);
    if (failure !== "denied" && failure !== "missing" && failure !== "refused") throw error;
    return { kind: "unseen", reason: `${call}: ${awsNameOf(error)}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
