import { UserError } from "../../contract/user-error.ts";
import type { World } from "../composition/world.ts";
import type { GlobalArguments } from "./global-flags.ts";
import type { Shell } from "./shell.ts";
import { cell } from "../core/model/telling.ts";

/**
 * Asks before anything is changed. Declining is a UserError (exit 4); no terminal and no `--yes` is bad input (exit 2), since nobody
 * was asked. A real run from a local folder says that the folder protects one machine only.
 */
export async function confirm(
  question: string,
  argv: GlobalArguments,
  shell: Shell,
  world: Pick<World, "protects" | "stateFolder" | "simulation">,
): Promise<void> {
  refuseUnasked(argv, shell, world);
  if (needsOneOperator(world)) {
    shell.show([
      { kind: "gap" },
      {
        kind: "line",
        indent: 1,
        line: cell(`The state folder ${world.stateFolder} protects one machine only: nobody else may run this on the account meanwhile.`, "warn"),
      },
    ]);
  }
  if (argv.yes) return;
  const answer = await shell.ask(`${question} [yes/no] `);
  if (/^(y|yes)$/i.test(answer)) return;
  throw new UserError({
    code: "declined",
    message: "declined; nothing was changed",
    hint: "the same command asks again",
  });
}

/** Refuses at the start what could not be confirmed at the end: nobody to ask and no `--yes`, or a `--yes` that a local folder cannot vouch for. */
export function refuseUnasked(argv: GlobalArguments, shell: Shell, world: Pick<World, "protects" | "stateFolder" | "simulation">): void {
  if (!argv.yes) {
    if (shell.canAsk()) return;
    throw new UserError({
      code: "no-terminal",
      message: "there is no terminal to ask for confirmation, and --yes was not given",
      hint: "run it in a terminal, or review the plan and add --yes",
    });
  }
  if (!needsOneOperator(world) || argv["single-operator"]) return;
  throw new UserError({
    code: "single-operator-needed",
    message: `--yes with the local state folder ${world.stateFolder} cannot rule out a second operator`,
    hint: "add --single-operator when nobody else runs this, or answer the question in a terminal",
  });
}

function needsOneOperator(world: Pick<World, "protects" | "simulation">): boolean {
  return world.simulation === undefined && world.protects === "one-machine";
}
