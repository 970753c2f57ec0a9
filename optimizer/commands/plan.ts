import { planReport } from "../app/report.ts";
import type { Plan } from "../core/model/plan.ts";
import { cell, piece } from "../core/model/telling.ts";
import { knownUsd } from "../core/money/monthly.ts";
import { plannedActions } from "../core/report/planned-actions.ts";
import { planCsv } from "../core/report/plan-csv.ts";
import { planMarkdown } from "../core/report/plan-markdown.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import { defineCommand } from "./command.ts";
import { dollarsGiven } from "./global-flags.ts";
import { defaultPlanFile } from "./load-run.ts";
import { nextCommand, openWorld } from "./open-world.ts";
import { shownPlan, study, studyOptions, verboseOption } from "./study.ts";
import { frozenBaseline } from "./write-report.ts";

export const command = defineCommand({
  positionals: {},
  options: {
    ...studyOptions,
    ...verboseOption,
    out: { type: "string", requiresArg: true, default: defaultPlanFile, describe: "Where to write the plan" },
    format: { choices: ["table", "json", "markdown", "csv", "html"] as const, default: "table" as const, describe: "What to print on standard output" },
    "fail-above": { type: "string", requiresArg: true, describe: "Exit 6 when more US dollars a month are proposed, for CI, e.g. 500" },
  },
  async run(argv, shell) {
    const most = dollarsGiven("fail-above", argv["fail-above"], "give US dollars a month as a plain number, e.g. --fail-above 500");
    const world = await openWorld(argv, shell, "begin");
    const { hash, plan } = await study(argv, world, shell);
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    const page = planReport(plan, hash, await frozenBaseline(plan, world), await shell.plottingLibrary());
    const pagePath = pageBeside(argv.out);
    await shell.files.write(argv.out, text);
    await shell.files.write(pagePath, page);
    switch (argv.json ? "json" : argv.format) {
      case "json":
        shell.out(text);
        break;
      case "markdown":
        shell.out(planMarkdown(plan, hash));
        break;
      case "csv":
        shell.out(planCsv(plan));
        break;
      case "html":
        shell.out(page);
        break;
      case "table":
        shell.show([
          { kind: "gap" },
          ...shownPlan({ plan, hash }, argv.verbose),
          { kind: "gap" },
          { kind: "line", indent: 0, line: [piece("written to  ", "dim"), ...cell(argv.out)] },
          { kind: "line", indent: 0, line: [piece("to approve  ", "dim"), ...cell(pagePath)] },
          ...(plannedActions(plan).length === 0
            ? []
            : [{ kind: "line" as const, indent: 0, line: [piece("next        ", "dim"), ...cell(nextCommand(argv, "run", "--plan", argv.out), "strong")] }]),
        ]);
        break;
    }
    return exitCodeFor(plan, most);
  },
});

/** The page to approve lies beside the plan that it shows. */
function pageBeside(planPath: string): string {
  return `${planPath.replace(/\.json$/i, "")}.html`;
}

function exitCodeFor(plan: Plan, most: number): ExitCode {
  return knownUsd(plan.savings.estimated) > most ? exitCode.needsHuman : exitCode.done;
}
