/**
 * `node run-compiled.mjs <folder> tick-of-story record <cdktf.out> <state> <copy> <answers>`: carries the story out until the last phase's first window has stood for a
 * day, copies its state, and keeps what AWS answers in the one tick that comes next.
 * `node run-compiled.mjs <folder> tick-of-story play <answers> <copy>...`: that tick again on each copy, in a new process and with those answers; prints what it took each
 * time. Bundled, loaded and run as the optimizer is, by bench/own-time.ts.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { monotonicMs } from "../optimizer/adapters/clock/monotonic.ts";
import { createLock } from "../optimizer/adapters/files/lock-file.ts";
import { noteHome } from "../optimizer/adapters/files/state-home.ts";
import { createPlanStore } from "../optimizer/adapters/files/plan-store.ts";
import { createRunStore } from "../optimizer/adapters/files/run-store.ts";
import { makePlan } from "../optimizer/app/make-plan.ts";
import { type Driver, resumeRun, type RunPorts, startRun } from "../optimizer/app/drive-run.ts";
import { report } from "../optimizer/app/report.ts";
import { runPorts } from "../optimizer/commands/drive.ts";
import { verifiedRun } from "../optimizer/commands/load-run.ts";
import { createWorld } from "../optimizer/composition.ts";
import { sha256Hex } from "../optimizer/core/model/hash.ts";
import { Fault, Interrupted } from "../optimizer/errors.ts";
import type { Lease } from "../optimizer/ports/lock.ts";
import type { Reporter } from "../optimizer/ports/reporter.ts";
import { type Answers, recording, replaying } from "./answers.ts";
import type { OwnTime } from "./own-time-schema.ts";

const silent = { show: () => undefined, print: () => undefined, clear: () => undefined };
const display = { width: 100, colour: false, unicode: true };
const driver: Driver = { who: "bench", toolVersion: "bench", mode: "tick-once" };
/** A day of slots: a window that stands. */
const slotsBefore = 96;

async function record(cdktfOut: string, state: string, copy: string, file: string): Promise<void> {
  const world = await createWorld({ state, aws: "simulated", scenario: "story", clock: "virtual" }, { lines: silent, display });
  const documents = Object.entries((await world.simulation?.deploy(cdktfOut)) ?? {}).map(([source, text]) => ({ source, text }));
  const policy = await world.readPolicy(undefined);
  const deployments = world.parseOutputs(documents, []);
  const readers = await world.readers();
  const asked = { deployments, outputsHash: sha256Hex(documents.map(({ text }) => text).join("\n")), policy, skipPhases: [], approvals: [] };
  const made = await makePlan({ ...asked, maxCostUsd: Number.POSITIVE_INFINITY }, { ...readers, clock: world.clock, reporter: world.reporter });
  const stored = await world.plans.save(made, JSON.stringify(deployments, null, 2));
  const last = stored.plan.phases.findLast(({ stages }) => stages.length > 0)?.number;
  const standing = new AbortController();
  let slots = 0;
  const reporter: Reporter = {
    tell(event) {
      if (event.kind === "recorded" && event.record.type === "SLOT" && event.record.phase === last) slots += 1;
      if (slots >= slotsBefore) standing.abort();
    },
  };
  const ports = { ...(await runPorts(world, stored)), reporter };
  try {
    await startRun(stored, { ...driver, mode: "foreground", signal: standing.signal }, ports);
    throw new Fault("the story's run ended before its last window had stood for a day");
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  const [run] = await world.runs.list();
  if (run === undefined) throw new Fault("the story has no run");
  cpSync(state, copy, { recursive: true, filter: (path) => !["simulation", "home.json"].includes(basename(path)) });
  const startMs = world.clock.nowMs();
  const { ports: kept, answers } = recording(ports);
  await resumeRun(run.runId, driver, { ...ports, ...kept });
  writeFileSync(file, serialize({ startMs, byCall: answers() } satisfies Answers));
}

async function play(file: string, state: string): Promise<OwnTime> {
  const answers = deserialize(readFileSync(file)) as Answers;
  const [runId = ""] = readdirSync(join(state, "runs"));
  let lease: Lease | undefined;
  // As any folder that was there before this tick.
  await noteHome(state);
  const begun = cpuMs();
  const runs = createRunStore(state, { currentEpoch: () => lease?.epoch ?? 0 });
  const plans = createPlanStore(state);
  const lock = createLock(state, { leaseMs: 120_000, monotonicMs });
  let nowMs = answers.startMs;
  const ports: RunPorts = {
    ...replaying(answers),
    changeWriter: { apply: () => Promise.reject(new Fault("a tick in a standing window changes nothing")) },
    runs,
    plans,
    review: () => Promise.reject(new Fault("a run that goes on reviews no plan")),
    lock: { ...lock, acquire: async (...asked) => (lease = await lock.acquire(...asked)) },
    reporter: { tell: () => undefined },
    paging: { pagers: [], command: (words) => words.join(" ") },
    clock: { jumps: true, nowMs: () => nowMs, monotonicMs, sleepUntil: async (ms) => void (nowMs = Math.max(nowMs, ms)) },
  };
  // As the command does: first without the lease, then under it.
  const { plan } = await verifiedRun({ runs, plans }, runId);
  const { state: ended } = await resumeRun(runId, driver, ports);
  const ticked = cpuMs();
  const baseline = await plans.baseline(plan.baselineHash);
  const { html } = report({ plan, state: ended, realized: { kind: "not-yet", reason: "the run goes on" }, baseline, plotly: "" });
  const records = ended.records.length;
  return { tickMs: ticked - begun, reportMs: cpuMs() - ticked, reportBytes: html.length, records };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What the process was asked to do. */
export async function main(what: string, first: string, ...others: readonly string[]): Promise<void> {
  const [second = "", third = "", fourth = ""] = others;
  if (what === "record") return record(first, second, third, fourth);
  const played: OwnTime[] = [];
  for (const copy of others) played.push(await play(first, copy));
  console.log(JSON.stringify(played));
}
