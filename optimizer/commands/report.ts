import { cell, piece } from "../core/model/telling.ts";
import { moneyBlocks } from "../core/report/plan-blocks.ts";
import { exitCode } from "../errors.ts";
import { defineCommand, runPositional } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";
import { writeReport } from "./write-report.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: { out: { type: "string", requiresArg: true, describe: "Folder to write to (default: reports/<run> in the state folder)" } },
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    const { plan, state } = await loadRun(world, argv.run);
    const paths = await writeReport(plan, state, world, shell, argv.out);
    if (argv.json) shell.out((await shell.files.read(paths.json)) ?? "");
    else {
      shell.show([
        ...moneyBlocks(plan, paths.realized),
        { kind: "gap" },
        { kind: "line", indent: 0, line: [piece("dashboard  ", "dim"), ...cell(paths.html, "strong")] },
        { kind: "line", indent: 0, line: [piece("report     ", "dim"), ...cell(paths.json)] },
      ]);
    }
    return exitCode.done;
  },
});
