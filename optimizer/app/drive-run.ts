import { UserError } from "../../contract/user-error.ts";
import { keptActions } from "../core/adoption/kept-changes.ts";
import { draftOf } from "../core/execution/draft.ts";
import { foldAll, foldRecord } from "../core/execution/fold.ts";
import { awsCommands } from "../core/execution/manual-commands.ts";
import { hasLiveStage } from "../core/execution/stage-status.ts";
import { inverse } from "../core/levers/change-kinds.ts";
import type { JournalRecord, RecordOf, RecordType, RunOutcome } from "../core/model/journal-record.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PhaseNumber } from "../core/model/rule-id.ts";
import type { RunState } from "../core/model/run-state.ts";
import { lostWords } from "../core/report/lost-words.ts";
import { outcomeWords } from "../core/report/words.ts";
import { Interrupted, Locked } from "../errors.ts";
import type { Identity, IdentityReader } from "../ports/inventory.ts";
import type { Journal } from "../ports/journal.ts";
import type { Lease, Lock } from "../ports/lock.ts";
import type { PlanStore, RunStore, RunSummary, StoredPlan } from "../ports/run-store.ts";
import { advance, type Advanced, endsTheProcess, type Mode } from "./advance.ts";
import { explainingBroken } from "./explain-broken.ts";
import type { RequestDesk } from "./obey-requests.ts";
import { preflight, type PreflightPorts, sameAccount } from "./preflight.ts";
import type { ActingPorts } from "./run-context.ts";
import { isAnythingToTell } from "./send-pages.ts";

/** Everything a run needs from outside. */
export interface RunPorts extends ActingPorts, PreflightPorts {
  readonly identity: IdentityReader;
  readonly runs: RunStore;
  readonly plans: PlanStore;
  readonly lock: Lock;
}

/** Who drives, and how. */
export interface Driver {
  /** Operator or host, for the lock and the journal. */
  readonly who: string;
  readonly toolVersion: string;
  readonly mode: Mode;
  readonly signal?: AbortSignal;
  /** Waited for whenever a phase has ended, under the lease: it must be quick, and may not fail. */
  readonly onPhaseEnd?: (plan: Plan, state: RunState) => Promise<void>;
}

/** Starts a run of a stored plan: lock of all regions, preflight, open marks, PLAN, and on. */
export async function startRun(stored: StoredPlan, driver: Driver, ports: RunPorts): Promise<Advanced> {
  return explainingBroken(ports.plans, () => start(stored, driver, ports));
}

async function start({ hash, plan }: StoredPlan, driver: Driver, ports: RunPorts): Promise<Advanced> {
  const identity = await sameAccount(plan, ports.identity);
  const run: RunSummary = { runId: runIdOf(hash, ports.clock.nowMs()), planHash: hash, accountId: plan.accountId, regions: regionsOf(plan) };
  const lease = await ports.lock.acquire(run.accountId, run.regions, { runId: run.runId, who: driver.who });
  return underLease({ run, plan, lease, ports, identity, open: () => create(run, plan, ports) }, driver, (opened) => opened.advance());
}

/** Before its first record a run has changed nothing: it may still be refused. */
async function create(run: RunSummary, plan: Plan, ports: RunPorts): Promise<Journal> {
  // First, since a run that is open is why the account is not as the plan saw it.
  await ports.runs.refuseOpen(run);
  await preflight(plan, ports);
  return ports.runs.create(run);
}

/** Goes on with a run from its journal. A closed run is returned as it stands, without taking the lock. */
export async function resumeRun(runId: string, driver: Driver, ports: RunPorts): Promise<Advanced> {
  return withOpenRun(runId, driver, ports, (opened) => opened.advance());
}

/**
 * Takes back what the run changed, in one phase or in all, and goes on until that is verified. Where another process carries the run out,
 * it is asked through a request that it obeys between two things it does, and the result is `told`. A closed run watches nothing any
 * more: rejects with the UserError `run-closed` when it kept changes that were to be undone.
 */
export async function requestRollback(runId: string, phase: PhaseNumber | null, driver: Driver, ports: RunPorts): Promise<Advanced> {
  const before = await loadState(runId, ports);
  if (before.outcome !== undefined) {
    const closed = await resumeRun(runId, driver, ports);
    await refuseIfKept(runId, closed.state, phase, ports);
    return closed;
  }
  const request = await ports.runs.request(runId, { phase, by: driver.who });
  try {
    const advanced = await whenFree(() => withOpenRun(runId, driver, ports, (opened) => opened.advance()));
    // Closed by another process before this one had its lease.
    if (!isRequested(advanced.state, request.id)) await refuseIfKept(runId, advanced.state, phase, ports);
    return advanced;
  } catch (error) {
    if (error instanceof Locked && error.runId === runId) return { state: await loadState(runId, ports), stopped: "told" };
    // What was refused stays refused; what was only cut short is obeyed by whoever goes on with the run.
    if (error instanceof UserError && !cutShort.includes(error.code)) await ports.runs.settle(runId, request.id);
    throw error;
  }
}

/** Whoever carried the run out may have ended while its lock was waited for: then this process does what it asked for. */
async function whenFree(work: () => Promise<Advanced>, attempts = 3): Promise<Advanced> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Locked) || !error.isFree || attempts <= 1) throw error;
    return whenFree(work, attempts - 1);
  }
}

const cutShort: readonly string[] = ["lock-lost", "credentials-lost", "state-unwritable"];

function isRequested({ records }: RunState, requestId: string): boolean {
  return records.some((record) => record.type === "DECISION" && record.body.kind === "rollback-requested" && record.body.request === requestId);
}

async function loadState(runId: string, ports: RunPorts): Promise<RunState> {
  return explainingBroken(ports.plans, async () => {
    const { run, journal } = await ports.runs.open(runId);
    const { plan } = await ports.plans.load(run.planHash);
    return stateOf(plan, runId, run.planHash, await journal.read());
  });
}

async function refuseIfKept(runId: string, state: RunState, phase: PhaseNumber | null, ports: RunPorts): Promise<void> {
  const { run } = await ports.runs.open(runId);
  const { plan } = await ports.plans.load(run.planHash);
  const kept = keptActions(plan, state, phase ?? undefined);
  if (kept.length === 0) return;
  const wayBack = kept
    .toReversed()
    .flatMap(({ action: { afterPass, rollback } }) => [
      ...(afterPass ?? []).toReversed().map(({ change }) => inverse(change)),
      ...rollback.flatMap(({ change, urgent }) => (urgent === true ? [] : [change])),
    ]);
  const lost = lostWords(plan, state);
  throw new UserError({
    code: "run-closed",
    message: `nothing was rolled back: run ${runId} is closed and kept its changes (${kept.map(({ action }) => action.summary).join("; ")})`,
    hint: `What a closed run kept belongs to the stacks: undo the adopted sizes under sizing/ and apply them. By hand, in this order:\n${[...awsCommands(wayBack), ...lost.map((words) => `Some of it ${words}`)].join("\n")}`,
  });
}

/**
 * Releases what is held: regions are watched a whole window anew, unfinished rollbacks are tried again. Rejects with the UserError `run-closed` where
 * nothing can be held any more.
 */
export async function continueRun(runId: string, driver: Driver, ports: RunPorts): Promise<Advanced> {
  return whileOpen(runId, { driver, ports, undone: "nothing was released", ends: [] }, async (opened) => {
    await opened.append("HOLD", { reason: "continued", releasedBy: driver.who });
    return opened.advance();
  });
}

/**
 * Closes a run for good where nothing is live that was not watched to its end; changes that passed stay. One that was aborted before is told as it
 * stands; rejects with the UserError `run-closed` where the run came to another end.
 */
export async function abortRun(runId: string, driver: Driver, ports: RunPorts): Promise<Advanced> {
  const ends: readonly RunOutcome[] = ["aborted", "rollback-incomplete"];
  return whileOpen(runId, { driver, ports, undone: "nothing was aborted", ends }, async (opened) => {
    const incomplete = opened.state().phases.some(({ stages }) => stages.some(({ status }) => status === "rollback-incomplete"));
    if (opened.state().phases.some(hasLiveStage)) {
      throw new UserError({
        code: "changes-live",
        message: `run ${runId} has changes in place that were not watched to the end`,
        hint: `Undo them first: optimizer rollback ${runId}`,
      });
    }
    await opened.append("CLOSED", { outcome: incomplete ? "rollback-incomplete" : "aborted" });
    return opened.advance();
  });
}

interface OfOpen {
  readonly driver: Driver;
  readonly ports: RunPorts;
  /** What did not happen, for whoever asked it of a closed run. */
  readonly undone: string;
  /** How a run may have ended for the command to have what it wants. */
  readonly ends: readonly RunOutcome[];
}

/** What only makes sense of an open run: somebody who asks it of a closed one must not take its summary for an answer. */
async function whileOpen(runId: string, { driver, ports, undone, ends }: OfOpen, work: (opened: Opened) => Promise<Advanced>): Promise<Advanced> {
  let wasOpen = false;
  const advanced = await withOpenRun(runId, driver, ports, (opened) => {
    wasOpen = true;
    return work(opened);
  });
  const { outcome } = advanced.state;
  if (wasOpen || outcome === undefined || ends.includes(outcome)) return advanced;
  throw new UserError({
    code: "run-closed",
    message: `${undone}: run ${runId} is closed (${outcomeWords[outcome]})`,
    hint: `How it ended: optimizer status ${runId}. What it kept, if anything, is taken back by undoing its sizes in the stacks; \`optimizer rollback ${runId}\` prints the way by hand.`,
  });
}

interface Opened {
  state(): RunState;
  append<T extends RecordType>(type: T, body: RecordOf<T>["body"], phase?: PhaseNumber | null): Promise<void>;
  advance(): Promise<Advanced>;
}

async function withOpenRun(runId: string, driver: Driver, ports: RunPorts, work: (opened: Opened) => Promise<Advanced>): Promise<Advanced> {
  return explainingBroken(ports.plans, () => openAndWork(runId, driver, ports, work));
}

async function openAndWork(runId: string, driver: Driver, ports: RunPorts, work: (opened: Opened) => Promise<Advanced>): Promise<Advanced> {
  const { run, journal } = await ports.runs.open(runId);
  const { plan } = await ports.plans.load(run.planHash);
  refuseOtherAccount(run, plan);
  const known = await readFrom(journal, plan, run);
  const { state } = known;
  if (state.outcome !== undefined) {
    // The process may have died between CLOSED and this.
    await ports.runs.close(run);
    if (isAnythingToTell(plan, state, ports.paging, ports.clock.nowMs())) return tellEnd({ run, plan, journal, known }, driver, ports);
    await journal.close();
    return { state, stopped: "closed" };
  }
  const identity = await sameAccount(plan, ports.identity);
  const lease = await ports.lock.acquire(run.accountId, run.regions, { runId, who: driver.who });
  // Killed before its first record, its regions may not be marked open yet, or be another run's by now.
  const open = async (): Promise<Journal> => ((await journal.read()).length > 0 ? journal : create(run, plan, ports));
  return underLease({ run, plan, lease, ports, identity, open, known }, driver, work);
}

interface Closed {
  readonly run: RunSummary;
  readonly plan: Plan;
  readonly journal: Journal;
  readonly known: Read;
}

/** A run whose end nobody was told, or not on every channel: its journal is written to once more, which takes the lease. Nothing else is at stake. */
async function tellEnd({ run, plan, journal, known }: Closed, driver: Driver, ports: RunPorts): Promise<Advanced> {
  try {
    const identity = await sameAccount(plan, ports.identity);
    const lease = await ports.lock.acquire(run.accountId, run.regions, { runId: run.runId, who: driver.who });
    return await underLease({ run, plan, lease, ports, identity, open: () => Promise.resolve(journal), known }, driver, (opened) => opened.advance());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ports.reporter.tell({ kind: "warning", message: `the end of run ${run.runId} was not told: ${error.message}` });
    return { state: known.state, stopped: "closed" };
  }
}

interface Held {
  readonly run: RunSummary;
  readonly plan: Plan;
  readonly lease: Lease;
  readonly ports: RunPorts;
  readonly identity: Identity;
  readonly open: () => Promise<Journal>;
  /** What the journal held before the lease was taken. */
  readonly known?: Read;
}

interface Read {
  readonly records: readonly JournalRecord[];
  readonly state: RunState;
}

/** Reads the journal and folds it; the very records that were folded before are not folded again. */
async function readFrom(journal: Journal, plan: Plan, { runId, planHash }: RunSummary, known?: Read): Promise<Read> {
  const records = await journal.read();
  if (known !== undefined && records.length === known.records.length && records.every((record, at) => record === known.records[at])) return known;
  return { records, state: stateOf(plan, runId, planHash, records) };
}

/** Works on a run while its lease is held; whatever happens, the lease is given back. */
async function underLease({ open, known, ...held }: Held, driver: Driver, work: (opened: Opened) => Promise<Advanced>): Promise<Advanced> {
  let journal: Journal | undefined;
  try {
    journal = await open();
    const opened = openedRun(held, journal, await readFrom(journal, held.plan, held.run, known), driver);
    // Another process may have closed it before the lease was ours: nothing but its telling may follow CLOSED.
    if (opened.state().outcome !== undefined) {
      if (!isAnythingToTell(held.plan, opened.state(), held.ports.paging, held.ports.clock.nowMs())) return { state: opened.state(), stopped: "closed" };
      return await opened.leased(() => opened.advance());
    }
    const advanced = await opened.leased(() => work(opened));
    if (advanced.state.outcome !== undefined) await held.ports.runs.close(held.run);
    return advanced;
  } finally {
    // In this order: the next process that takes the lease must find the journal whole.
    await ended(held.ports, "closing the journal", journal?.close());
    await ended(held.ports, "giving the lease back", held.lease.release());
  }
}

/** What fails at the end must not hide what the work came to. */
async function ended({ reporter }: RunPorts, what: string, end: Promise<void> | undefined): Promise<void> {
  try {
    await end;
  } catch (error) {
    reporter.tell({ kind: "warning", message: `${what} failed: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function openedRun({ run, plan, lease, ports, identity }: Omit<Held, "open" | "known">, journal: Journal, before: Read, driver: Driver) {
  let { state } = before;
  async function append<T extends RecordType>(type: T, body: RecordOf<T>["body"], phase: PhaseNumber | null = null): Promise<void> {
    const record = await journal.append(draftOf({ atMs: ports.clock.nowMs(), phase, region: null }, type, body), "durable");
    state = foldRecord(plan, state, record);
    ports.reporter.tell({ kind: "recorded", record, plan, state });
  }
  const { mode, signal, who, toolVersion, onPhaseEnd } = driver;
  const requests: RequestDesk = { pending: () => ports.runs.requests(run.runId), settle: (requestId) => ports.runs.settle(run.runId, requestId) };
  async function noteReleased(): Promise<void> {
    await journal.append(draftOf({ atMs: ports.clock.nowMs(), phase: null, region: null }, "LEASE", { event: "released", holder: who }), "durable");
  }
  return {
    state: () => state,
    append,
    advance: () =>
      advance({
        plan,
        run: { runId: run.runId, journal, state },
        ports,
        lease,
        mode,
        requests,
        ...(signal === undefined ? {} : { signal }),
        ...(onPhaseEnd === undefined ? {} : { onPhaseEnd: (now) => onPhaseEnd(plan, now) }),
      }),
    /** PLAN where a start did not come to it, and LEASE records around the work: none once the lease may be lost. */
    async leased(work: () => Promise<Advanced>): Promise<Advanced> {
      if (before.records.length === 0) await append("PLAN", { planHash: run.planHash, regions: run.regions, toolVersion, principalArn: identity.arn });
      await append("LEASE", { event: lease.stolen ? "stolen" : "acquired", holder: who });
      const advanced = await work().catch(async (error: unknown) => {
        // Nothing is folded any more: the work's own state is gone with its error.
        if (isStillHeldAfter(error)) await ended(ports, "noting that the lease is given back", noteReleased());
        throw error;
      });
      state = advanced.state;
      await append("LEASE", { event: "released", holder: who });
      return { ...advanced, state };
    },
  };
}

/** Whether the work ended in a way that lets a record follow: a refusal, such as of an abort while changes are live, is no doubt about the lease. */
function isStillHeldAfter(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof UserError && !endsTheProcess.includes(error.code));
}

/** What describes the run must agree with its plan: a run of one account is never carried out in another. */
function refuseOtherAccount({ runId, accountId }: RunSummary, plan: Plan): void {
  if (accountId === plan.accountId) return;
  throw new UserError({
    code: "other-account",
    message: `run ${runId} is of account ${accountId}, its plan of ${plan.accountId}`,
    hint: "The run's folder was tampered with; restore it from a copy.",
  });
}

/** The fold of a journal that belongs to this plan. */
function stateOf(plan: Plan, runId: string, planHash: string, records: readonly JournalRecord[]): RunState {
  const [first] = records;
  if (first?.type === "PLAN" && first.body.planHash !== planHash) {
    throw new UserError({
      code: "other-plan",
      message: `run ${runId} was started from plan ${first.body.planHash}, not ${planHash}`,
      hint: "The run's folder was tampered with; restore it from a copy.",
    });
  }
  return foldAll(plan, runId, records);
}

/** Every region of the outputs and of the actions, sorted. */
function regionsOf(plan: Plan): readonly string[] {
  const acting = plan.phases.flatMap(({ stages }) => stages.map(({ region }) => region));
  return [...new Set([...plan.deployments.deployments.map(({ region }) => region), ...acting])].sort();
}

/** Sortable by start, and telling which plan. */
function runIdOf(planHash: string, nowMs: number): string {
  return `run-${Math.floor(nowMs / 1000)}-${planHash.slice(0, 8)}`;
}
