import { UserError } from "../../contract/user-error.ts";
import { startRun } from "../app/drive-run.ts";
import type { World } from "../composition/world.ts";
import { cell } from "../core/model/telling.ts";
import { count } from "../core/report/figures.ts";
import { planBlocks, plannedActions } from "../core/report/plan-blocks.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { StoredPlan } from "../ports/run-store.ts";
import { defineCommand } from "./command.ts";
import { confirm, refuseUnasked } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { openWorld } from "./open-world.ts";
import { endOfRun } from "./run-result.ts";
import type { Shell } from "./shell.ts";
import { study, studyOptions } from "./study.ts";

export const command = defineCommand({
  positionals: {},
  options: { ...studyOptions, plan: { type: "string", requiresArg: true, describe: "Carry out exactly this reviewed plan" } },
  async run(argv, shell) {
    if (argv.plan !== undefined && argv.map !== undefined) {
      throw new UserError({
        code: "bad-flag",
        message: "--map with --plan: a plan holds what its outputs named",
        hint: "Map keys where the plan is made: optimizer plan --map …",
      });
    }
    const world = await openWorld(argv, shell, "begin");
    // Before metrics are paid for.
    if (!argv["dry-run"]) refuseUnasked(argv, shell, world);
    const stored = argv.plan === undefined ? await study(argv, world, shell.signal) : await world.plans.loadFile(argv.plan);
    return showAndRun(stored, argv, shell, world);
  },
});

async function showAndRun(stored: StoredPlan, argv: GlobalArguments, shell: Shell, world: World): Promise<ExitCode> {
  const { plan, hash } = stored;
  shell.show([{ kind: "gap" }, ...planBlocks(plan, hash), { kind: "gap" }]);
  const actions = plannedActions(plan).length;
  if (argv["dry-run"]) {
    if (argv.json) shell.out(`${JSON.stringify(plan, null, 2)}\n`);
    else shell.show([{ kind: "line", indent: 0, line: cell("dry run: nothing was changed, no writer was built", "strong") }]);
    return exitCode.done;
  }
  if (actions > 0) await confirm(`Carry out ${count(actions, "change")} in account ${plan.accountId}?`, argv, shell, world);
  const { state } = await startRun(stored, driver(shell, "foreground"), await runPorts(world, plan.policy));
  return endOfRun(plan, state, { argv, shell, world });
}
