import { requestRollback } from "../app/drive-run.ts";
import { lostWords } from "../core/report/lost-words.ts";
import { defineCommand, runPositional } from "./command.ts";
import { confirm } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import { onePhase, worldSettings } from "./global-flags.ts";
import { loadRun } from "./load-run.ts";
import { showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: { phase: { type: "string", requiresArg: true, describe: "Only this phase (default: everything the run changed)" } },
  async run(argv, shell) {
    const phase = onePhase(argv.phase);
    const world = await shell.createWorld(worldSettings(argv));
    const { plan, state: before } = await loadRun(world, argv.run);
    const lost = lostWords(plan, before);
    await confirm(
      `Undo ${phase === undefined ? "everything" : `phase ${phase}`} of run ${argv.run}?${lost.length === 0 ? "" : ` Some of it ${lost.join("; ")}.`}`,
      argv,
      shell,
      world,
    );
    const { state } = await requestRollback(argv.run, phase ?? null, driver(shell, "foreground"), await runPorts(world, plan.policy));
    return showRun(plan, state, argv, shell);
  },
});
