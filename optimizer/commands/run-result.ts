import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { runSummaryBlocks, runSummaryJson } from "../core/report/run-summary.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import type { GlobalArguments } from "./global-flags.ts";
import type { Shell } from "./shell.ts";

/** Prints where a run stands and says it as an exit code. */
export function showRun(plan: Plan, state: RunState, argv: GlobalArguments, shell: Shell): ExitCode {
  if (argv.json) shell.out(`${JSON.stringify(runSummaryJson(state), null, 2)}\n`);
  else shell.show(runSummaryBlocks(plan, state));
  return runExitCode(state);
}

/** The exit code of a run as it stands: one that only waits for its time is no failure. */
export function runExitCode(state: RunState): ExitCode {
  if (state.needsHuman !== undefined) return exitCode.needsHuman;
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
