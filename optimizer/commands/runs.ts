import { UserError } from "../../contract/user-error.ts";
import type { World } from "../composition/world.ts";
import type { MonthlyUsd } from "../core/model/money.ts";
import type { RunOutcome } from "../core/model/journal-record.ts";
import { cell, type Line } from "../core/model/telling.ts";
import { sumMonthly } from "../core/money/monthly.ts";
import { utcDay, utcMinute } from "../core/model/utc.ts";
import { monthly } from "../core/report/figures.ts";
import { keptProposals } from "../core/report/run-summary.ts";
import { outcomeWords } from "../core/report/words.ts";
import { exitCode } from "../errors.ts";
import type { ListedRun } from "../ports/run-store.ts";
import { defineCommand } from "./command.ts";
import { loadRun } from "./load-run.ts";
import { openWorld } from "./open-world.ts";

export const command = defineCommand({
  positionals: {},
  options: {},
  async run(argv, shell) {
    const world = await openWorld(argv, shell, "look");
    const listed: ToldRun[] = [];
    for (const run of await world.runs.list()) listed.push(await toldRun(run, world));
    if (argv.json) shell.out(`${JSON.stringify(listed, null, 2)}\n`);
    else if (listed.length === 0) shell.show([{ kind: "line", indent: 0, line: cell(`no runs in ${world.stateFolder}`, "dim") }]);
    else shell.show([{ kind: "table", indent: 0, right: [], rows: listed.map(row) }]);
    return exitCode.done;
  },
});

interface ToldRun {
  readonly runId: string;
  /** The plan that the run carries out. This and the account are null, and there are no regions, where the run's description cannot be read. */
  readonly planHash: string | null;
  readonly accountId: string | null;
  readonly regions: readonly string[];
  readonly open: boolean;
  /** null while it is open, and where its journal cannot be read. */
  readonly outcome: RunOutcome | null;
  readonly startedAt: string | null;
  readonly lastRecordAt: string | null;
  /** List prices of what was applied and kept. */
  readonly kept: MonthlyUsd | null;
  /** Why its description, its journal or its plan cannot be read. */
  readonly unreadable?: string;
}

/** A run that cannot be read is listed as such; the others are listed all the same. */
async function toldRun(run: ListedRun, world: World): Promise<ToldRun> {
  const nothing = { outcome: null, startedAt: null, lastRecordAt: null, kept: null };
  if (run.undescribed !== undefined)
    return { runId: run.runId, planHash: null, accountId: null, regions: [], open: run.open, ...nothing, unreadable: run.undescribed };
  try {
    const { plan, state } = await loadRun(world, run.runId);
    const lastMs = state.records.at(-1)?.at ?? state.startedAtMs;
    return {
      ...run,
      outcome: state.outcome ?? null,
      startedAt: new Date(state.startedAtMs).toISOString(),
      lastRecordAt: new Date(lastMs).toISOString(),
      kept: sumMonthly(keptProposals(plan, state).map(({ savings }) => savings)),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...run, ...nothing, unreadable: error.message };
  }
}

function row({ runId, open, outcome, startedAt, lastRecordAt, kept, regions, unreadable }: ToldRun): readonly Line[] {
  if (unreadable !== undefined || startedAt === null || lastRecordAt === null || kept === null)
    return [cell(runId, "strong"), cell("unreadable", "bad"), cell(""), cell(""), cell(`optimizer verify-journal ${runId} says why`, "dim")];
  const standing = outcome === null ? cell(open ? "open" : "not closed", "warn") : cell(outcomeWords[outcome], outcome === "adoptable" ? "good" : "plain");
  return [
    cell(runId, "strong"),
    standing,
    cell(`${utcMinute(Date.parse(startedAt))} to ${utcDay(Date.parse(lastRecordAt))}`),
    cell(`${monthly(kept)} kept`),
    cell(regions.join(", "), "dim"),
  ];
}
