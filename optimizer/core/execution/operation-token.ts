import { sha256Hex } from "../model/hash.ts";
import type { Purpose } from "../model/journal-record.ts";

/** Stable for a step of a run, so that a repeated call is the same call where AWS takes client tokens. 64 hex digits. */
export function operationToken(runId: string, purpose: Purpose, stepId: string): string {
  return sha256Hex(`${runId}|${purpose}|${stepId}`);
}
