import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import type { Journal } from "../../ports/journal.ts";
import type { RunStore, RunSummary } from "../../ports/run-store.ts";
import { createFile, makeFolder, namesIn, readFileIfThere, removeFile, syncFolder } from "./durable-files.ts";
import { createJournalFile } from "./journal-file.ts";
import { withStateErrors } from "./state-errors.ts";
import { openStateFolder } from "./state-folder.ts";
import { checkedId } from "./state-ids.ts";

export interface RunStoreOptions {
  /** Epoch of the lease held now, for the records; commands that only look hold none, which is 0. */
  readonly currentEpoch?: () => number;
}

const runSchema = z.object({ version: z.literal(1), runId: z.string(), planHash: z.string(), accountId: z.string(), regions: z.array(z.string()) });

/**
 * `runs/<run id>/{run.json,journal.jsonl}`, and `open/<account>/<region>` naming the run that has the region open. A mark
 * of a run whose journal has no record is left over from a crash at its start, and is taken over. Callers hold the lock.
 */
export function createRunStore(folder: string, options: RunStoreOptions = {}): RunStore {
  const { currentEpoch = () => 0 } = options;

  const inState = <T>(operate: (root: string) => Promise<T>): Promise<T> => withStateErrors(folder, async () => operate(await openStateFolder(folder)));

  return {
    refuseOpen: (run) => inState((root) => refuseOpen(root, run)),
    create: (run) =>
      inState(async (root) => {
        await create(root, run);
        return journalOf(root, run, currentEpoch);
      }),
    open: (runId) =>
      inState(async (root) => {
        const run = await summaryOf(root, runId);
        if (run === undefined)
          throw new UserError({
            code: "run-unknown",
            message: `There is no run ${runId} in ${folder}`,
            hint: "`optimizer runs` lists the runs; --state names another folder.",
          });
        return { run, journal: journalOf(root, run, currentEpoch) };
      }),
    close: (run) => inState((root) => close(root, run)),
    list: () => inState(list),
  };
}

/** Who only looks at a journal needs no epoch. */
function journalOf(root: string, { runId, accountId }: RunSummary, currentEpoch: () => number = () => 0): Journal {
  return createJournalFile(join(root, "runs", runId, "journal.jsonl"), { runId, accountId, currentEpoch });
}

async function summaryOf(root: string, runId: string): Promise<RunSummary | undefined> {
  const path = join(root, "runs", checkedId("run id", runId), "run.json");
  const text = await readFileIfThere(path);
  if (text === undefined) return undefined;
  const result = runSchema.safeParse(jsonOf(text));
  if (!result.success || result.data.runId !== runId) {
    throw new UserError({ code: "state-unusable", message: `${path} does not describe run ${runId}`, hint: "Restore it from a copy." });
  }
  const { version: _, ...run } = result.data;
  return run;
}

/** The run that has the region open, without those that never began. */
async function openRun(root: string, accountId: string, region: string): Promise<string | undefined> {
  const path = markPath(root, accountId, region);
  const runId = await readFileIfThere(path);
  if (runId === undefined) return undefined;
  const run = await summaryOf(root, runId.trim());
  if (run !== undefined && (await journalOf(root, run).read()).length > 0) return run.runId;
  await removeFile(path);
  return undefined;
}

async function refuseOpen(root: string, run: RunSummary): Promise<void> {
  for (const region of run.regions) {
    const other = await openRun(root, run.accountId, region);
    if (other !== undefined) throw runOpen(other, run.accountId, region);
  }
}

async function create(root: string, run: RunSummary): Promise<void> {
  await refuseOpen(root, run);
  const runFolder = await makeFolder(root, "runs", checkedId("run id", run.runId));
  const described = await createFile(join(runFolder, "run.json"), `${JSON.stringify({ version: 1, ...run })}\n`);
  if (!described) await refuseBegun(root, run);
  await makeFolder(root, "open", checkedId("account id", run.accountId));
  const marked: string[] = [];
  for (const region of run.regions.toSorted()) {
    const path = markPath(root, run.accountId, region);
    if (await createFile(path, `${run.runId}\n`)) {
      marked.push(path);
      continue;
    }
    // Someone else opened the region since it was looked at: all or none.
    await Promise.all(marked.map((mark) => removeFile(mark)));
    throw runOpen((await readFileIfThere(path))?.trim() ?? "unknown", run.accountId, region);
  }
}

/** The same run, killed before its first record, is created again. */
async function refuseBegun(root: string, run: RunSummary): Promise<void> {
  const same = canonicalJson(await summaryOf(root, run.runId)) === canonicalJson(run);
  if (same && (await journalOf(root, run).read()).length === 0) return;
  throw new UserError({ code: "run-exists", message: `There is a run ${run.runId} already`, hint: "`optimizer runs` lists it." });
}

async function close(root: string, run: RunSummary): Promise<void> {
  for (const region of run.regions) {
    const path = markPath(root, run.accountId, region);
    if ((await readFileIfThere(path))?.trim() === run.runId) await removeFile(path);
  }
  await syncFolder(await makeFolder(root, "open", checkedId("account id", run.accountId)));
}

async function list(root: string): Promise<readonly (RunSummary & { readonly open: boolean })[]> {
  const runs = await Promise.all((await namesIn(join(root, "runs"))).map((runId) => summaryOf(root, runId)));
  return Promise.all(
    runs
      .filter((run) => run !== undefined)
      .map(async (run) => {
        const marks = await Promise.all(run.regions.map((region) => readFileIfThere(markPath(root, run.accountId, region))));
        return { ...run, open: marks.some((mark) => mark?.trim() === run.runId) };
      }),
  );
}

function markPath(root: string, accountId: string, region: string): string {
  return join(root, "open", checkedId("account id", accountId), checkedId("region", region));
}

function runOpen(runId: string, accountId: string, region: string): UserError {
  return new UserError({
    code: "run-open",
    message: `Run ${runId} is open for account ${accountId} in ${region}`,
    hint: `Carry it on (\`optimizer resume ${runId}\`) or undo it (\`optimizer rollback ${runId}\`).`,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the schema.
    return undefined;
  }
}
