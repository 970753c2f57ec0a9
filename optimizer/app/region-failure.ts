import { CredentialsLost, Fault, Interrupted } from "../errors.ts";

/** The reason to record for a region that failed. What is no matter of one region is thrown on: lost credentials, Ctrl-C, bugs of ours. */
export function regionFailure(error: unknown): string {
  if (error instanceof CredentialsLost || error instanceof Interrupted || error instanceof Fault || error instanceof TypeError) throw error;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
