import { join } from "node:path";
import { planReport } from "../app/report.ts";
import { cell, piece } from "../core/model/telling.ts";
import { planBlocks } from "../core/report/plan-blocks.ts";
import { exitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { worldSettings } from "./global-flags.ts";
import { study } from "./study.ts";
import { frozenBaseline } from "./write-report.ts";

export const command = defineCommand({
  positionals: {},
  options: { out: { type: "string", requiresArg: true, default: "plan.json", describe: "Where to write the plan" } },
  async run(argv, shell) {
    const world = await shell.createWorld(worldSettings(argv));
    const { hash, plan } = await study(argv, world, shell.operator);
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    await shell.files.write(argv.out, text);
    const page = join(world.stateFolder, "plans", hash, "plan.html");
    await shell.files.write(page, planReport(plan, hash, await frozenBaseline(plan, world), await shell.plottingLibrary()));
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
        { kind: "line", indent: 0, line: [piece("to approve: ", "dim"), ...cell(page)] },
      ]);
    }
    return exitCode.done;
  },
});
