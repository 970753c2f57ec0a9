import { resumeRun } from "../app/drive-run.ts";
import { defineCommand, runPositional } from "./command.ts";
import { driver, runPorts } from "./drive.ts";
import { openWorld } from "./open-world.ts";
import { verifiedRun } from "./load-run.ts";
import { endOfRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    const { plan, planHash } = await verifiedRun(world, argv.run);
    const { state } = await resumeRun(argv.run, driver(shell, world, "foreground"), await runPorts(world, { plan, hash: planHash }));
    return endOfRun(plan, state, { argv, shell, world });
  },
});
