import { resumeRun } from "../app/drive-run.ts";
import { defineCommand, runPositional } from "./command.ts";
import { driver, runPorts } from "./drive.ts";
import { verifiedRun } from "./load-run.ts";
import { openWorld } from "./open-world.ts";
import { endOfRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    const { plan, planHash } = await verifiedRun(world, argv.run);
    // Nobody but a tick moves a virtual clock: it goes to the next due instant, once.
    const mode = world.simulation !== undefined && argv.clock !== "real" ? "tick-once" : "tick";
    const { state } = await resumeRun(argv.run, driver(shell, world, mode), await runPorts(world, { plan, hash: planHash }));
    return endOfRun(plan, state, { argv, shell, world });
  },
});
