import { UserError } from "../../contract/user-error.ts";
import type { GlobalArguments } from "./global-flags.ts";

/** What a plan is made of, and by which policy. */
const planFlags = ["outputs-file", "region", "skip-phases", "policy"] as const;

/**
 * Refuses flags that say what to plan where the plan is made already: it would be carried out, or taken back, as a whole all the same, also in the
 * region or the phase that somebody thinks is left out.
 */
export function refusePlanFlags(argv: Pick<GlobalArguments, (typeof planFlags)[number]>, beside: string): void {
  const given = planFlags.find((name) => argv[name] !== undefined);
  if (given === undefined) return;
  throw new UserError({
    code: "bad-flag",
    message: `--${given} with ${beside}: a plan holds what it was made with, and is carried out as a whole`,
    hint: `leave it out, or make another plan with it: optimizer plan --${given} …`,
  });
}
