/**
 * `node run-compiled.mjs <folder> rehearse <cdktf.out> <state folder> <scenario> [policy file]`: plans and carries out a scenario in this process, on the virtual clock,
 * with the files, locks and SDK clients that the commands use, and prints what it took. Bundled and run by the benchmarks.
 */
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makePlan } from "../optimizer/app/make-plan.ts";
import { startRun } from "../optimizer/app/drive-run.ts";
import { runPorts } from "../optimizer/commands/drive.ts";
import { createWorld } from "../optimizer/composition.ts";
import { plannedActions } from "../optimizer/core/report/planned-actions.ts";
import { sha256Hex } from "../optimizer/core/model/hash.ts";
import { metricsAsked } from "./metrics-asked.ts";
import type { Rehearsal } from "./rehearsal.ts";

const silent = { show: () => undefined, print: () => undefined, clear: () => undefined };
const display = { width: 100, colour: false, unicode: true };

async function rehearse(cdktfOut: string, state: string, scenario: string, policyFile: string | undefined): Promise<Rehearsal> {
  let calls = 0;
  let isPlanning = true;
  const asked = metricsAsked();
  const world = await createWorld(
    { state, aws: "simulated", scenario, clock: "virtual" },
    { lines: silent, display },
    {
      onCall(region, _service, command, input) {
        calls += 1;
        if (isPlanning && command === "GetMetricData") asked.add(region, input);
      },
    },
  );
  const documents = Object.entries((await world.simulation?.deploy(cdktfOut)) ?? {}).map(([source, text]) => ({ source, text }));

  const begun = spent();
  const begunVirtuallyMs = world.clock.nowMs();
  const policy = await world.readPolicy(policyFile);
  const deployments = world.parseOutputs(documents, []);
  const readers = await world.readers();
  const outputsHash = sha256Hex(documents.map(({ text }) => text).join("\n"));
  const made = await makePlan(
    { deployments, outputsHash, policy, skipPhases: [], approvals: [], maxCostUsd: Number.POSITIVE_INFINITY },
    { ...readers, clock: world.clock, reporter: world.reporter },
  );
  const stored = await world.plans.save(made, JSON.stringify(deployments, null, 2));
  const planned = spent();
  isPlanning = false;
  const counted = { planCalls: calls, ...asked.sofar(), billedByOptimizer: readers.metrics.requestsMade() };

  const { state: ended } = await startRun(stored, { who: "bench", toolVersion: "bench", mode: "foreground" }, await runPorts(world, stored));
  const carriedOut = spent();
  const runCalls = calls - counted.planCalls;
  const [region = ""] = deployments.deployments.map((each) => each.region);
  for (let call = 0; call < runCalls; call += 1) await readers.identity.whoAmI(region);
  await writeAgain(join(state, "runs", ended.runId, "journal.jsonl"));
  return {
    plan: since(begun, planned),
    run: since(planned, carriedOut),
    floor: since(carriedOut, spent()),
    outcome: ended.outcome ?? "open",
    records: ended.records.length,
    levers: new Set(plannedActions(stored.plan).map(({ rule }) => rule)).size,
    virtualHours: (world.clock.nowMs() - begunVirtuallyMs) / 3_600_000,
    ...counted,
    runCalls,
  };
}

/** Each record, and where it is durable its mark, as the journal writes them. */
async function writeAgain(journal: string): Promise<void> {
  const lines = (await readFile(journal, "utf8")).trimEnd().split("\n");
  const [copy, mark] = await Promise.all([open(`${journal}.again`, "a"), open(`${journal}.mark`, "a")]);
  for (const line of lines) {
    await copy.write(`${line}\n`);
    if (line.includes('"type":"SLOT"')) continue;
    await copy.datasync();
    await mark.write(line.slice(0, markBytes), 0);
    await mark.datasync();
  }
  await copy.close();
  await mark.close();
}

const markBytes = 256;

function spent(): Rehearsal["plan"] {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1_000_000 };
}

function since(from: Rehearsal["plan"], until: Rehearsal["plan"]): Rehearsal["plan"] {
  return { seconds: until.seconds - from.seconds, cpuSeconds: until.cpuSeconds - from.cpuSeconds };
}

/** What the process was asked to do. */
export async function main(cdktfOut: string, state: string, scenario: string, policyFile?: string): Promise<void> {
  console.log(JSON.stringify(await rehearse(cdktfOut, state, scenario, policyFile)));
}
