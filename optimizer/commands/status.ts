import { exitCode } from "../errors.ts";
import { anyRunPositional, defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";
import { latestRun, loadRun } from "./load-run.ts";
import { showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: anyRunPositional,
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell, "look");
    const { plan, state } = await loadRun(world, argv.run ?? (await latestRun(world)));
    showRun(plan, state, argv, shell);
    return exitCode.done;
  },
});
