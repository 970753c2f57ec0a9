import { join } from "node:path";
import { sameJson } from "../../../contract/canonical-json.ts";
import { UserError } from "../../../contract/user-error.ts";
import type { Journal } from "../../ports/journal.ts";
import type { ListedRun, RunStore, RunSummary } from "../../ports/run-store.ts";
import { JournalBroken } from "../../errors.ts";
import { createFile, makeFolder, namesIn, readFileIfThere, removeFile, syncFolder } from "./durable-files.ts";
import { createJournalFile } from "./journal-file.ts";
import type { Verified } from "./load-journal.ts";
import { closeMark, createMark, readMark } from "./run-mark.ts";
import { createRequestReader, removeRequest, writeRequest } from "./run-requests.ts";
import { fileErrorCode, withStateErrors } from "./state-errors.ts";
import { findStateFolder, openStateFolder } from "./state-folder.ts";
import { checkedId, isId } from "./state-ids.ts";
import { isStored, isText } from "./stored-shape.ts";

export interface RunStoreOptions {
  /** Epoch of the lease held now, for the records; commands that only look hold none, which is 0. */
  readonly currentEpoch?: () => number;
  /** Milliseconds that only ever go on; without it each look for requests asks the disk. */
  readonly monotonicMs?: () => number;
}

interface RunFile extends RunSummary {
  readonly version: 1;
  /** The run has a mark of how far its journal goes. Runs of older versions have none. */
  readonly marked?: true;
}

/** What stands of a run in its folder. */
interface StoredRun {
  readonly run: RunSummary;
  readonly marked: boolean;
}

/**
 * `runs/<run id>/{run.json,journal.jsonl,requests/}`, `marks/<run id>` with how far the journal certainly goes, and
 * `open/<account>/<region>` naming the run that has the region open. Made in the order mark, run.json, open, journal: an open region
 * whose run has a mark at 0 and no record is left over from a crash at its start, and is taken over; everything else that is missing
 * was taken away. Callers that write hold the lock.
 */
export function createRunStore(folder: string, options: RunStoreOptions = {}): RunStore {
  const { currentEpoch = () => 0, monotonicMs } = options;
  // A command reads a run's journal before it has the lease, and again under it.
  const verified = new Map<string, Verified>();
  const readRequests = createRequestReader(folder, monotonicMs);

  const inState = <T>(operate: (root: string) => Promise<T>): Promise<T> => withStateErrors(folder, async () => operate(await openStateFolder(folder)));
  /** Works on a read-only disk; without a state folder there is nothing to find. */
  const looking = <T>(operate: (root: string) => Promise<T>, nothing: () => T): Promise<T> =>
    withStateErrors(folder, async () => {
      const root = await findStateFolder(folder);
      return root === undefined ? nothing() : operate(root);
    });

  return {
    refuseOpen: (run) => inState((root) => refuseOpen(root, run)),
    create: (run) =>
      inState(async (root) => {
        await create(root, run);
        return journalOf(root, { run, marked: true }, currentEpoch);
      }),
    open: (runId) =>
      looking(
        async (root) => {
          const stored = await storedRun(root, runId);
          if (stored !== undefined) return { run: stored.run, journal: journalOf(root, stored, currentEpoch, verified) };
          if (await wasBegun(root, runId)) throw runGone(root, runId);
          throw unknownRun(runId, folder);
        },
        () => {
          throw unknownRun(checkedId("run id", runId), folder);
        },
      ),
    close: (run) => inState((root) => close(root, run)),
    list: () => looking(list, () => []),
    request: (runId, asked) => inState((root) => writeRequest(root, checkedId("run id", runId), asked)),
    requests: (runId) => withStateErrors(folder, () => readRequests(checkedId("run id", runId))),
    settle: (runId, requestId) => withStateErrors(folder, () => removeRequest(folder, checkedId("run id", runId), requestId)),
  };
}

/** The epoch may be left out where a journal is only read. */
function journalOf(
  root: string,
  { run: { runId, accountId, planHash }, marked }: StoredRun,
  currentEpoch: () => number = () => 0,
  verified?: Map<string, Verified>,
): Journal {
  const mark = { path: markOfRun(root, runId), expected: marked };
  return createJournalFile(join(root, "runs", runId, "journal.jsonl"), {
    runId,
    accountId,
    planHash,
    mark,
    currentEpoch,
    ...(verified === undefined ? {} : { verified }),
  });
}

async function storedRun(root: string, runId: string): Promise<StoredRun | undefined> {
  const path = join(root, "runs", checkedId("run id", runId), "run.json");
  const text = await readFileIfThere(path);
  if (text === undefined) return undefined;
  const found = jsonOf(text);
  if (!isRunFile(found) || found.runId !== runId) {
    throw new UserError({ code: "state-unusable", message: `${path} does not describe run ${runId}`, hint: "Restore it from a copy." });
  }
  const { planHash, accountId, regions, marked = false } = found;
  return { run: { runId, planHash, accountId, regions }, marked };
}

function isRunFile(value: unknown): value is RunFile {
  return isStored<RunFile>(value, {
    version: (each) => each === 1,
    runId: isText,
    planHash: isText,
    accountId: isText,
    regions: (each) => Array.isArray(each) && each.every(isText),
    marked: (each) => each === undefined || each === true,
  });
}

/** Whether a run's mark says that it began and was not closed. A mark that cannot be read is taken to say so. */
async function wasBegun(root: string, runId: string): Promise<boolean> {
  const mark = readMark(markOfRun(root, runId));
  return mark === "unreadable" || (mark !== "missing" && mark.seq > 0 && !mark.closed);
}

/** The run that the region's mark names, without those that never began. */
async function openRun(root: string, accountId: string, region: string): Promise<string | undefined> {
  const path = openPath(root, accountId, region);
  const [runId, planHash] = (await readFileIfThere(path))?.trim().split("\n") ?? [];
  if (runId === undefined) return undefined;
  const stored = await storedRun(root, runId);
  // Its run.json was made before this mark, so it was taken away since.
  if (stored === undefined) throw runGone(root, runId, planHash);
  if ((await journalOf(root, stored).read()).length > 0) return runId;
  await removeFile(path);
  return undefined;
}

/** Runs whose marks say that they go on, whatever became of the marks of their regions. */
async function unclosedRuns(root: string, run: RunSummary): Promise<readonly StoredRun[]> {
  const found: StoredRun[] = [];
  for (const runId of await namesIn(join(root, "marks"))) {
    const mark = readMark(markOfRun(root, runId));
    if (mark === "missing" || (mark !== "unreadable" && (mark.closed || mark.seq === 0))) continue;
    const stored = await storedRun(root, runId);
    if (stored === undefined) throw runGone(root, runId);
    const { accountId, regions } = stored.run;
    if (accountId !== run.accountId || !regions.some((region) => run.regions.includes(region))) continue;
    // A crash may have come between CLOSED and the mark that tells of it.
    const records = await journalOf(root, stored).read();
    if (!records.some(({ type }) => type === "CLOSED")) found.push(stored);
  }
  return found;
}

async function refuseOpen(root: string, run: RunSummary): Promise<void> {
  for (const region of run.regions) {
    const other = await openRun(root, run.accountId, region);
    if (other !== undefined) throw runOpen(other, run.accountId, region);
  }
  const [other] = await unclosedRuns(root, run);
  if (other !== undefined) throw runOpen(other.run.runId, run.accountId, other.run.regions.filter((region) => run.regions.includes(region)).join(", "));
}

async function create(root: string, run: RunSummary): Promise<void> {
  await refuseOpen(root, run);
  const runFolder = await makeFolder(root, "runs", checkedId("run id", run.runId));
  await makeFolder(root, "marks");
  await createMark(markOfRun(root, run.runId));
  const described = await createFile(join(runFolder, "run.json"), `${JSON.stringify({ version: 1, ...run, marked: true })}\n`);
  if (!described) await refuseBegun(root, run);
  await makeFolder(root, "open", checkedId("account id", run.accountId));
  const marked: string[] = [];
  for (const region of run.regions.toSorted()) {
    const path = openPath(root, run.accountId, region);
    // The plan is named for the case that the run's folder is lost.
    if (await createFile(path, `${run.runId}\n${run.planHash}\n`)) {
      marked.push(path);
      continue;
    }
    // Another process opened the region since it was looked at. A run opens all of its regions or none.
    await Promise.all(marked.map((mark) => removeFile(mark)));
    throw runOpen((await openedBy(path)) ?? "unknown", run.accountId, region);
  }
}

/** The same run, killed before its first record, is created again. */
async function refuseBegun(root: string, run: RunSummary): Promise<void> {
  const stored = await storedRun(root, run.runId);
  const same = stored !== undefined && sameJson(stored.run, run);
  if (same && (await journalOf(root, stored).read()).length === 0) return;
  throw new UserError({ code: "run-exists", message: `there is a run ${run.runId} already`, hint: "`optimizer runs` lists it." });
}

async function close(root: string, run: RunSummary): Promise<void> {
  await closeMark(markOfRun(root, run.runId));
  for (const region of run.regions) {
    const path = openPath(root, run.accountId, region);
    if ((await openedBy(path)) === run.runId) await removeFile(path);
  }
  await syncFolder(await makeFolder(root, "open", checkedId("account id", run.accountId)));
}

async function list(root: string): Promise<readonly ListedRun[]> {
  const names = await Promise.all(["runs", "marks"].map((folder) => namesIn(join(root, folder))));
  const runIds = [...new Set(names.flat())].filter((name) => isId("run id", name)).toSorted();
  const listed = await Promise.all(runIds.map((runId) => listedRun(root, runId)));
  return listed.filter((run) => run !== undefined);
}

async function listedRun(root: string, runId: string): Promise<ListedRun | undefined> {
  try {
    const stored = await storedRun(root, runId);
    if (stored === undefined) return (await wasBegun(root, runId)) ? { runId, open: true, undescribed: runGone(root, runId).message } : undefined;
    const { run } = stored;
    const openers = await Promise.all(run.regions.map((region) => openedBy(openPath(root, run.accountId, region))));
    return { ...run, open: openers.includes(run.runId) };
  } catch (error) {
    // A file that lies beside the runs' folders.
    if (fileErrorCode(error) === "ENOTDIR") return undefined;
    if (!(error instanceof UserError)) throw error;
    return { runId, open: await wasBegun(root, runId), undescribed: error.message };
  }
}

/** The run that a region's mark names: its first line. */
async function openedBy(path: string): Promise<string | undefined> {
  return (await readFileIfThere(path))?.trim().split("\n")[0];
}

function markOfRun(root: string, runId: string): string {
  return join(root, "marks", checkedId("run id", runId));
}

function openPath(root: string, accountId: string, region: string): string {
  return join(root, "open", checkedId("account id", accountId), checkedId("region", region));
}

function runOpen(runId: string, accountId: string, region: string): UserError {
  return new UserError({
    code: "run-open",
    message: `run ${runId} is open for account ${accountId} in ${region}`,
    hint: `Carry it on (\`optimizer resume ${runId}\`) or undo it (\`optimizer rollback ${runId}\`).`,
  });
}

function unknownRun(runId: string, folder: string): UserError {
  return new UserError({
    code: "run-unknown",
    message: `there is no run ${runId} in ${folder}`,
    hint: "`optimizer runs` lists the runs; --state names another folder.",
  });
}

/** A run that began, and of which nothing is left but its marks. */
function runGone(root: string, runId: string, planHash?: string): JournalBroken {
  return new JournalBroken({
    runId,
    ...(planHash === undefined || planHash === "" ? {} : { planHash }),
    readable: [],
    problem: `${join(root, "runs", runId)} is gone or empty, and run ${runId} was not closed`,
    remedy: "Nothing was changed in AWS by this command. Restore the folder from a copy.",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told as what describes no run.
    return undefined;
  }
}
