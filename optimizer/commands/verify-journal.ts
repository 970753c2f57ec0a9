import { cell, piece } from "../core/model/telling.ts";
import { count } from "../core/report/figures.ts";
import { exitCode } from "../errors.ts";
import { defineCommand, runPositional } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    const { run, state } = await loadRun(world, argv.run);
    const last = state.records.at(-1);
    if (argv.json)
      shell.out(`${JSON.stringify({ version: 1, run: run.runId, records: state.records.length, lastSeq: last?.seq ?? null, whole: true }, null, 2)}\n`);
    else
      shell.show([{ kind: "line", indent: 0, line: [piece("✓ ", "good"), ...cell(`${count(state.records.length, "record")} of ${run.runId}, chain whole`)] }]);
    return exitCode.done;
  },
});
