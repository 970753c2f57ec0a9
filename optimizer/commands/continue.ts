import { continueRun } from "../app/drive-run.ts";
import { defineCommand, runPositional } from "./command.ts";
import { confirm } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import { openWorld } from "./open-world.ts";
import { verifiedRun } from "./load-run.ts";
import { showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    const { plan, planHash } = await verifiedRun(world, argv.run);
    await confirm(`Release what run ${argv.run} holds, and watch its regions anew?`, argv, shell, world);
    const { state } = await continueRun(argv.run, driver(shell, world, "foreground"), await runPorts(world, { plan, hash: planHash }));
    return showRun(plan, state, argv, shell);
  },
});
