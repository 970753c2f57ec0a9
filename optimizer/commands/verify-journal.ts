import { cell, piece } from "../core/model/telling.ts";
import { count } from "../core/report/figures.ts";
import { exitCode, JournalBroken } from "../errors.ts";
import { defineCommand, runPositional } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell, "look");
    const { run, state } = await loadRun(world, argv.run).catch((error: unknown) => {
      if (argv.json && error instanceof JournalBroken) shell.out(`${JSON.stringify(brokenJson(error), null, 2)}\n`);
      throw error;
    });
    const last = state.records.at(-1);
    if (argv.json)
      shell.out(`${JSON.stringify({ version: 1, run: run.runId, records: state.records.length, lastSeq: last?.seq ?? null, whole: true }, null, 2)}\n`);
    else
      shell.show([{ kind: "line", indent: 0, line: [piece("✓ ", "good"), ...cell(`${count(state.records.length, "record")} of ${run.runId}, chain whole`)] }]);
    return exitCode.done;
  },
});

/** For programs; people read the same in the error's text. */
function brokenJson({ journal, code, message, hint }: JournalBroken): object {
  const { runId, readable, written } = journal;
  return {
    version: 1,
    run: runId,
    records: readable.length,
    lastSeq: readable.at(-1)?.seq ?? null,
    whole: false,
    written: written ?? null,
    code,
    problem: message,
    hint,
  };
}
