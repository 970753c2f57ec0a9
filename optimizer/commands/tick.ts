import { resumeRun } from "../app/drive-run.ts";
import { defineCommand, runPositional } from "./command.ts";
import { driver, runPorts } from "./drive.ts";
import { worldSettings } from "./global-flags.ts";
import { loadRun } from "./load-run.ts";
import { showRun } from "./run-result.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {},
  async run(argv, shell) {
    const settings = worldSettings(argv);
    const world = await shell.createWorld(settings);
    const { plan } = await loadRun(world, argv.run);
    // Nobody but a tick moves a virtual clock: it goes to the next due instant, once.
    const mode = settings.clock === "virtual" ? "tick-once" : "tick";
    const { state } = await resumeRun(argv.run, driver(shell, mode), await runPorts(world, plan.policy));
    return showRun(plan, state, argv, shell);
  },
});
