import { cell, piece } from "../core/model/telling.ts";
import { exitCode } from "../errors.ts";
import { requestRollback } from "../app/drive-run.ts";
import { lostWords } from "../core/report/lost-words.ts";
import { defineCommand, runPositional } from "./command.ts";
import { confirm } from "./confirm.ts";
import { driver, runPorts } from "./drive.ts";
import { onePhase } from "./global-flags.ts";
import { nextCommand, openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";
import { endOfRun, showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: { phase: { type: "string", requiresArg: true, describe: "Only this phase (default: everything the run changed)" } },
  async run(argv, shell) {
    const phase = onePhase(argv.phase);
    const world = await openWorld(argv, shell);
    const { plan, planHash, state: before } = await loadRun(world, argv.run);
    const lost = lostWords(plan, before);
    await confirm(
      `Undo ${phase === undefined ? "everything" : `phase ${phase}`} of run ${argv.run}?${lost.length === 0 ? "" : ` Some of it ${lost.join("; ")}.`}`,
      argv,
      shell,
      world,
    );
    const { state, stopped } = await requestRollback(
      argv.run,
      phase ?? null,
      driver(shell, world, "foreground"),
      await runPorts(world, { plan, hash: planHash }),
    );
    if (stopped !== "told") return endOfRun(plan, state, { argv, shell, world });
    showRun(plan, state, argv, shell);
    shell.show([
      {
        kind: "line",
        indent: 1,
        line: [piece("told  ", "warn"), piece(`another process carries run ${argv.run} out: it goes back within a slot, before it does anything else`)],
      },
      {
        kind: "line",
        indent: 1,
        line: [
          piece("should it end before: ", "dim"),
          ...cell(nextCommand(argv, "resume", argv.run), "strong"),
          piece("; how far it is: ", "dim"),
          ...cell(nextCommand(argv, "status", argv.run), "strong"),
        ],
      },
    ]);
    return exitCode.done;
  },
});
