import { join } from "node:path";
import { adopt } from "../app/adopt.ts";
import { startRun } from "../app/drive-run.ts";
import { runExitCode } from "./run-result.ts";
import { UserError } from "../../contract/user-error.ts";
import type { World } from "../composition/world.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import type { Invariant } from "../core/report/invariants.ts";
import { runInvariants } from "../core/report/invariants.ts";
import { count } from "../core/report/figures.ts";
import { moneyBlocks } from "../core/report/plan-blocks.ts";
import { runSummaryBlocks } from "../core/report/run-summary.ts";
import { exitCode } from "../errors.ts";
import { adoptionBlocks } from "./adopt.ts";
import { checkDrift, driftBlocks, driftWords, isZero } from "./check-drift.ts";
import { defineCommand } from "./command.ts";
import { demoFolder } from "./demo-folder.ts";
import { driver, runPorts } from "./drive.ts";
import { defaultState, type GlobalArguments, refuseRealAccount } from "./global-flags.ts";
import { nextCommand, openWorld } from "./open-world.ts";
import type { Shell } from "./shell.ts";
import { deploySimulated } from "./simulate.ts";
import { shownPlan, study, verboseOption } from "./study.ts";
import { writeReport } from "./write-report.ts";

/** The scenario that tells the story of a blueprint. */
const stories = { saas: "story", streaming: "streaming", web: "web" } as const;

export const command = defineCommand({
  positionals: {},
  options: { ...verboseOption, blueprint: { choices: ["saas", "streaming", "web"] as const, describe: "Whose story is told (default: saas)" } },
  async run(argv, shell) {
    refuseRealAccount(argv, "demo");
    refuseOutputs(argv);
    const scenario = scenarioOf(argv);
    const state = await demoFolder(argv.state, shell);
    const simulated = { ...argv, state, aws: "simulated" as const, yes: true, ...(scenario === undefined ? {} : { scenario }) };
    const story = await tell(simulated, shell, await openWorld(simulated, shell, "begin"));
    const holds = story.invariants.every((invariant) => invariant.holds);
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, ...story }, null, 2)}\n`);
    shell.show([
      ...chapter("Checked", "on the journal, the sizing files and the account itself"),
      { kind: "table", indent: 1, right: [], rows: story.invariants.map(invariantRow) },
      { kind: "gap" },
      { kind: "line", indent: 1, line: [piece("run    ", "dim"), piece(`${story.run}, exit code ${story.runExitCode}`)] },
      { kind: "line", indent: 1, line: [piece("state  ", "dim"), piece(state)] },
      { kind: "gap" },
      { kind: "line", indent: 0, line: cell(story.verdict, "strong") },
      { kind: "line", indent: 0, line: [piece("Open this file in a browser: ", "dim"), piece(story.dashboard, "strong")] },
      {
        kind: "line",
        indent: 0,
        line: [piece("The same, one command after the other: ", "dim"), ...cell(deployCommand(scenario), "strong")],
      },
    ]);
    return holds ? exitCode.done : exitCode.fault;
  },
});

/** The first of the commands that do the same as the demo one by one, in the default state folder. */
export function deployCommand(scenario: string | undefined): string {
  return nextCommand({ state: defaultState }, "simulate", "deploy", ...(scenario === undefined ? [] : ["--scenario", scenario]));
}

/** A demo studies what it deploys itself. */
function refuseOutputs({ "outputs-file": given }: Pick<GlobalArguments, "outputs-file">): void {
  if (given === undefined) return;
  throw new UserError({
    code: "bad-flag",
    message: `--outputs-file ${given.join(", ")}: optimizer demo studies the outputs of the stacks that it deploys`,
    hint: "leave --outputs-file out, or study yours with `optimizer plan --outputs-file FILE`",
  });
}

function scenarioOf({
  blueprint,
  scenario,
}: {
  readonly blueprint?: keyof typeof stories | undefined;
  readonly scenario?: string | undefined;
}): string | undefined {
  if (blueprint === undefined) return scenario;
  if (scenario === undefined) return stories[blueprint];
  throw new UserError({
    code: "bad-usage",
    message: "--blueprint and --scenario both say which story is told",
    hint: `leave one out: --blueprint ${blueprint} is --scenario ${stories[blueprint]}`,
  });
}

interface Story {
  readonly run: string;
  readonly runExitCode: number;
  readonly verdict: string;
  readonly dashboard: string;
  readonly report: string;
  readonly adopted: readonly string[];
  readonly invariants: readonly Invariant[];
}

/** Every step is the one the command of its name takes; nothing here decides or pretends. */
async function tell(argv: GlobalArguments & { readonly verbose: boolean }, shell: Shell, world: World): Promise<Story> {
  const sizing = join(world.stateFolder, "sizing");

  shell.show(chapter("1  Deploy", "synthesize the stacks and deploy their Terraform JSON into a simulated account"));
  for (const [place, sizes] of Object.entries(world.simulation?.sizes ?? {}))
    await shell.files.write(join(sizing, `${place}.json`), `${JSON.stringify(sizes, null, 2)}\n`);
  const outputs = await deploySimulated(world, shell, sizing);
  shell.show(outputs.byStack.map((path): Block => ({ kind: "line", indent: 1, line: [piece("outputs  ", "dim"), piece(path)] })));

  shell.show(chapter("2  Plan", "study 60 days of metrics and decide"));
  // Named, since a demo never reads standard input.
  const stored = await study({ ...argv, "outputs-file": [outputs.all] }, world, shell);
  shell.show([{ kind: "gap" }, ...shownPlan(stored, argv.verbose)]);

  shell.show(chapter("3  Run", "three phases on a virtual clock, each watched"));
  const { state } = await startRun(stored, driver(shell, world, "foreground"), await runPorts(world, stored, "begin"));
  shell.show(runSummaryBlocks(stored.plan, state, (words) => nextCommand(argv, ...words)));

  shell.show(chapter("4  Report", "one HTML file, and JSON"));
  const report = await writeReport(stored.plan, state, world, shell);
  shell.show([...moneyBlocks(stored.plan, report.realized), { kind: "gap" }, { kind: "line", indent: 1, line: cell(report.html) }]);

  shell.show(chapter("5  Adopt", "write the kept sizes back to the stacks"));
  const { changes, births } = await world.readers();
  const adopting = { sizing: world.sizing(sizing), changes, births };
  const adoption = await adopt(stored.plan, state, adopting);
  shell.show(adoptionBlocks(adoption));
  const again = await adopt(stored.plan, state, adopting);

  shell.show(chapter("6  Prove", "synthesize again and compare with the account"));
  const drift = await checkDrift(world, shell, sizing);
  shell.show(driftBlocks(drift));

  return {
    run: state.runId,
    runExitCode: runExitCode(state),
    verdict: report.verdict,
    dashboard: report.html,
    report: report.json,
    adopted: adoption.adopted.map((each) => each.actionId),
    invariants: [
      ...runInvariants(stored.plan, state),
      {
        name: "something was adopted",
        holds: adoption.adopted.length > 0,
        detail: `${count(adoption.adopted.length, "size")} in ${count(adoption.written.length, "file")}`,
      },
      { name: "adopting twice changes nothing", holds: again.written.length === 0, detail: `${count(again.written.length, "file")} written` },
      {
        name: "Terraform has nothing left to change",
        holds: drift !== undefined && isZero(drift),
        detail: drift === undefined ? "not checked" : driftWords(drift),
      },
    ],
  };
}

function chapter(title: string, note: string): readonly Block[] {
  return [{ kind: "gap" }, { kind: "heading", text: `── ${title} ──`, note }];
}

function invariantRow({ name, holds, detail }: Invariant): ReturnType<typeof cell>[] {
  return [cell(holds ? "✓" : "✗", holds ? "good" : "bad"), cell(name), cell(detail, "dim")];
}
