import { UserError } from "../../contract/user-error.ts";
import { cell } from "../core/model/telling.ts";
import type { GlobalArguments } from "./global-flags.ts";
import type { Shell } from "./shell.ts";

/** What of the account and of the phases a plan is about. */
const narrowing = ["region", "skip-phases"] as const;
/** What a plan is made of, and by which policy. Users who pass the same flags to each command mean the plan's own. */
const sources = ["outputs-file", "policy"] as const;

export const planFlags = [...narrowing, ...sources] as const;

type PlanFlag = (typeof planFlags)[number];

/**
 * Handles flags that say what to plan, for commands whose plan is made already. Flags that leave something out are refused: the plan would be carried
 * out, or undone, as a whole, also in the region or the phase that the user means to leave out. The other flags are ignored, and a line says so.
 */
export function refusePlanFlags(argv: Pick<GlobalArguments, PlanFlag>, beside: string, shell: Pick<Shell, "show">): void {
  const given = narrowing.find((name) => argv[name] !== undefined);
  if (given !== undefined)
    throw new UserError({
      code: "bad-flag",
      message: `--${given} with ${beside}: a plan holds what it was made with, and is carried out as a whole`,
      hint: `leave it out, or make another plan with it: optimizer plan --${given} …`,
    });
  for (const name of sources) {
    if (argv[name] === undefined) continue;
    const told = `--${name} is passed over with ${beside}: a plan holds what it was made with`;
    shell.show([{ kind: "line", indent: 0, line: cell(told, "warn") }]);
  }
}
