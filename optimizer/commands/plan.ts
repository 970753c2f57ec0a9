import { cell, piece } from "../core/model/telling.ts";
import { planBlocks } from "../core/report/plan-blocks.ts";
import { exitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { worldSettings } from "./global-flags.ts";
import { study } from "./study.ts";

export const command = defineCommand({
  positionals: {},
  options: { out: { type: "string", requiresArg: true, default: "plan.json", describe: "Where to write the plan" } },
  async run(argv, shell) {
    const world = await shell.createWorld(worldSettings(argv));
    const { hash, plan } = await study(argv, world, shell.signal);
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    await shell.files.write(argv.out, text);
    if (argv.json) shell.out(text);
    else {
      shell.show([
        { kind: "gap" },
        ...planBlocks(plan, hash),
        { kind: "gap" },
        {
          kind: "line",
          indent: 0,
          line: [
            piece("written to ", "dim"),
            ...cell(argv.out, "strong"),
            piece("; carry it out with ", "dim"),
            ...cell(`optimizer run --plan ${argv.out}`, "strong"),
          ],
        },
      ]);
    }
    return exitCode.done;
  },
});
