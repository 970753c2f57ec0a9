import { UserError } from "../../contract/user-error.ts";
import type { World } from "../composition/world.ts";
import { exitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { loadRun } from "./load-run.ts";
import { showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: { run: { type: "string", describe: "A run's id (default: the open one, else the last)" } },
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell, "look");
    const { plan, state } = await loadRun(world, argv.run ?? (await latestRun(world)));
    showRun(plan, state, argv, shell);
    return exitCode.done;
  },
});

async function latestRun(world: World): Promise<string> {
  const runs = await world.runs.list();
  const run = runs.find((each) => each.open) ?? runs.at(-1);
  if (run !== undefined) return run.runId;
  throw new UserError({
    code: "no-run",
    message: `there is no run in ${world.stateFolder}`,
    hint: "start one with `optimizer run`, or name another folder with --state",
  });
}
