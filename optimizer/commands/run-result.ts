import { UserError } from "../../contract/user-error.ts";
import { humanAsked } from "../core/execution/human-asked.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import type { World } from "../composition/world.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import { runSummaryBlocks, runSummaryJson } from "../core/report/run-summary.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { stillAdopted } from "../app/adopt.ts";
import { nextCommand, sizingFolder } from "./open-world.ts";
import type { Shell } from "./shell.ts";
import { writeReport } from "./write-report.ts";

interface Place {
  readonly argv: GlobalArguments;
  readonly shell: Shell;
  readonly world: World;
}

/** After a command that drove a run: writes the report, prints where the run stands and what comes next, and says it as an exit code. */
export async function endOfRun(plan: Plan, state: RunState, { argv, shell, world }: Place): Promise<ExitCode> {
  const report = await writeReport(plan, state, world, shell);
  if (!argv.json) shell.show([{ kind: "gap" }, { kind: "line", indent: 1, line: [piece("report  ", "dim"), ...cell(report.html)] }]);
  const exit = showRun(plan, state, argv, shell);
  if (!argv.json) await showStillAdopted(plan, state, { argv, shell, world });
  return exit;
}

/** What was adopted and is undone since would be made again by the next `terraform apply`. */
async function showStillAdopted(plan: Plan, state: RunState, { argv, shell, world }: Place): Promise<void> {
  const standing = await stillAdopted(plan, state, world.sizing(sizingFolder(undefined, world))).catch((error: unknown): [] => {
    if (!(error instanceof UserError)) throw error;
    world.reporter.tell({ kind: "warning", message: `whether something undone is still adopted could not be seen: ${error.message}` });
    return [];
  });
  if (standing.length === 0) return;
  const words = standing.map(({ place, change }) => `${place.suffix}/${place.stack}.json ${place.path}.${change.property}`).join(", ");
  shell.show([
    { kind: "line", indent: 1, line: [piece("adopted, and undone since  ", "bad"), piece(words)] },
    { kind: "line", indent: 1, line: [piece("take it out of there  ", "dim"), ...cell(nextCommand(argv, "adopt", state.runId), "strong")] },
  ]);
}

/** Prints where a run stands and the commands that come next, and says it as an exit code. */
export function showRun(plan: Plan, state: RunState, argv: GlobalArguments, shell: Shell): ExitCode {
  if (argv.json) shell.out(`${JSON.stringify(runSummaryJson(state), null, 2)}\n`);
  else {
    const next = nextCommands(state, argv).map((command): Block => ({ kind: "line", indent: 1, line: [piece("next  ", "dim"), ...cell(command, "strong")] }));
    shell.show([...runSummaryBlocks(plan, state, (words) => nextCommand(argv, ...words)), ...next]);
  }
  return runExitCode(state);
}

/** What a run asks for next, to be pasted; where an open one needs a human its record says it. */
export function nextCommands(state: RunState, argv: Pick<GlobalArguments, "state">): readonly string[] {
  return nextWords(state).map((words) => nextCommand(argv, ...words));
}

function nextWords({ runId, outcome, needsHuman }: RunState): readonly (readonly string[])[] {
  if (needsHuman !== undefined && outcome === undefined) return [];
  switch (outcome) {
    case undefined:
      return [["resume", runId]];
    case "adoptable":
    case "partly-rolled-back":
      return [["adopt", runId]];
    case "rolled-back":
    case "nothing-to-do":
    case "aborted":
    // Closed, it goes back no further: what is left is undone by hand, and counts in the next plan.
    case "rollback-incomplete":
      return [["plan"]];
    default:
      return outcome satisfies never;
  }
}

/** The exit code of a run as it stands: one that only waits for its time is no failure. */
export function runExitCode(state: RunState): ExitCode {
  if (humanAsked(state) !== undefined) return exitCode.needsHuman;
  switch (state.outcome) {
    case undefined:
    case "adoptable":
    case "nothing-to-do":
    case "aborted":
      return exitCode.done;
    case "rolled-back":
    case "partly-rolled-back":
      return exitCode.rolledBack;
    case "rollback-incomplete":
      return exitCode.needsHuman;
    default:
      return state.outcome satisfies never;
  }
}
