import { cell } from "../core/model/telling.ts";
import { exitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";

export const command = defineCommand({
  positionals: {},
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell, "look");
    const runs = await world.runs.list();
    if (argv.json) shell.out(`${JSON.stringify(runs, null, 2)}\n`);
    else if (runs.length === 0) shell.show([{ kind: "line", indent: 0, line: cell(`no runs in ${world.stateFolder}`, "dim") }]);
    else {
      const rows = runs.map((run) => [
        cell(run.runId, "strong"),
        cell(run.open ? "open" : "closed", run.open ? "warn" : "plain"),
        cell(`account ${run.accountId}`),
        cell(`${run.regions.join(", ")}; plan ${run.planHash.slice(0, 12)}`, "dim"),
      ]);
      shell.show([{ kind: "table", indent: 0, right: [], rows }]);
    }
    return exitCode.done;
  },
});
