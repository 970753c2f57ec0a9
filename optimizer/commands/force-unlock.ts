import { cell, piece } from "../core/model/telling.ts";
import { exitCode } from "../errors.ts";
import { confirm } from "./confirm.ts";
import { defineCommand } from "./command.ts";
import { openWorld } from "./open-world.ts";

export const command = defineCommand({
  positionals: { lock: { type: "string", demandOption: true, describe: "The lock's id, as the refusal printed it" } },
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell);
    await confirm(`Remove the lock ${argv.lock}? Whoever holds it loses its protection.`, argv, shell, world);
    const { lock } = await world.writers(await world.readPolicy(argv.policy));
    await lock.forceUnlock(argv.lock);
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, unlocked: argv.lock })}\n`);
    else shell.show([{ kind: "line", indent: 0, line: [piece("✓ ", "good"), ...cell(`lock ${argv.lock} removed`)] }]);
    return exitCode.done;
  },
});
