import { requestRollback } from "../app/drive-run.ts";
import { defineCommand, runPositional } from "./command.ts";
import { confirm } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import { onePhase } from "./global-flags.ts";
import { openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";
import { endOfRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: { phase: { type: "string", requiresArg: true, describe: "Only this phase (default: everything the run changed)" } },
  async run(argv, shell) {
    const phase = onePhase(argv.phase);
    const world = await openWorld(argv, shell);
    const { plan } = await loadRun(world, argv.run);
    await confirm(`Undo ${phase === undefined ? "everything" : `phase ${phase}`} of run ${argv.run}?`, argv, shell, world);
    const { state } = await requestRollback(argv.run, phase ?? null, driver(shell, "foreground"), await runPorts(world, plan.policy));
    return endOfRun(plan, state, { argv, shell, world });
  },
});
