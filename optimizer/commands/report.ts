import { type Block, cell, piece } from "../core/model/telling.ts";
import { utcMinute } from "../core/model/utc.ts";
import { moneyBlocks } from "../core/report/plan-blocks.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import { anyRunPositional, defineCommand } from "./command.ts";
import type { GlobalArguments } from "./global-flags.ts";
import { openWorld } from "./open-world.ts";
import { latestRun, loadRun } from "./load-run.ts";
import { nextCommands } from "./run-result.ts";
import type { Shell } from "./shell.ts";
import { writeInterimReport, writeReport } from "./write-report.ts";

/** A slot takes minutes, so the page shows soon enough what a window has found; reading a journal takes milliseconds. */
const lookEveryMs = 15_000;

export const command = defineCommand({
  positionals: anyRunPositional,
  options: {
    out: { type: "string", requiresArg: true, describe: "Folder to write to (default: reports/<run> in the state folder)" },
    watch: { type: "boolean", default: false, describe: "Write it again whenever the run has gone on, until it ends; Ctrl-C ends the watching alone" },
  },
  async run(argv, shell) {
    if (argv.watch && (await watch(argv, shell)) === "stopped") return exitCode.done;
    return writeOnce(argv, shell);
  },
});

type ReportArguments = GlobalArguments & { readonly run: string | undefined; readonly out: string | undefined };

async function writeOnce(argv: ReportArguments, shell: Shell): Promise<ExitCode> {
  const world = await openWorld(argv, shell);
  const { plan, state } = await loadRun(world, argv.run ?? (await latestRun(world)));
  const paths = await writeReport(plan, state, world, shell, argv.out);
  if (argv.json) shell.out((await shell.files.read(paths.json)) ?? "");
  else {
    shell.show([
      ...moneyBlocks(plan, paths.realized),
      { kind: "gap" },
      { kind: "line", indent: 0, line: [piece("dashboard  ", "dim"), ...cell(paths.html, "strong")] },
      { kind: "line", indent: 0, line: [piece("report     ", "dim"), ...cell(paths.json)] },
      ...nextCommands(state, argv).map((next): Block => ({ kind: "line", indent: 0, line: [piece("next       ", "dim"), ...cell(next, "strong")] })),
    ]);
  }
  return exitCode.done;
}

/**
 * Follows the journal that another process writes. It goes by this machine's own clock, since only looking must not move the clock of a simulated
 * account. Asks AWS for nothing. Ends with the run, whose whole report is then written.
 */
async function watch(argv: ReportArguments, shell: Shell): Promise<"ended" | "stopped"> {
  const world = await openWorld(argv, shell, "look");
  const runId = argv.run ?? (await latestRun(world));
  let seen = -1;
  for (;;) {
    const { plan, state } = await loadRun(world, runId);
    if (state.outcome !== undefined) return "ended";
    if (state.records.length !== seen) {
      seen = state.records.length;
      const written = await writeInterimReport(plan, state, world, shell, argv.out);
      const lastMs = state.records.at(-1)?.at ?? state.startedAtMs;
      if (written !== undefined)
        shell.show([{ kind: "line", indent: 0, line: [piece(`${utcMinute(lastMs)}  `, "dim"), piece(`${written.verdict}  `), ...cell(written.html, "dim")] }]);
    }
    try {
      await world.clock.sleepUntil(world.clock.nowMs() + lookEveryMs, shell.signal);
    } catch (error) {
      if (!shell.signal.aborted) throw error;
      shell.show([{ kind: "line", indent: 0, line: cell("watching ended; the run goes on", "dim") }]);
      return "stopped";
    }
  }
}
