/**
 * `npm run bench:decisions -- [--accounts N] [--from I] [--seed S] [--workers W] [--runs all|telling|none] [--rules ID,ID] [--judged FILE]`: random and
 * adversarial accounts, each planned and run on the simulated account; what is decided is judged by trying it on the model of the load.
 * docs/decisions-benchmark.md says how.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { judgeAccount, type Judged, type Runs } from "./decisions/judge-account.ts";
import { judgeAll } from "./decisions/judge-all.ts";
import { openJudgedFile } from "./decisions/judged-file.ts";
import { progressLine } from "./decisions/progress.ts";
import { nameOfSources } from "./decisions/sources.ts";
import { tableOf } from "./decisions/table.ts";
import { startWorker, workAsTold } from "./decisions/worker.ts";

const { values: asked } = parseArgs({
  options: {
    accounts: { type: "string", default: "100" },
    /** Number of the first account. */
    from: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    runs: { type: "string", default: "telling" },
    /** Rules by their ids: the others are planned too, and not judged. */
    rules: { type: "string" },
    /** Judges the accounts whose numbers it reads; its answers are JSON. */
    worker: { type: "boolean", default: false },
    /** One account alone, with all that was found of it. */
    account: { type: "string" },
    /** A file that gets the judgements of each account as lines of JSON, as soon as they are made; accounts that it has are not judged again. */
    judged: { type: "string" },
  },
});
const [accounts, from, seed, workers] = [Number(asked.accounts), Number(asked.from), Number(asked.seed), Number(asked.workers)];
const runs = runsOf(asked.runs);
const rules = asked.rules?.split(",");
/** As of a program that Ctrl-C ends. */
const interruptedCode = 130;
/** Between two lines that say how far it is. */
const progressMs = 10_000;

if (asked.account !== undefined) console.log(JSON.stringify(await judge(Number(asked.account)), null, 2));
else if (asked.worker) await workAsTold(judge);
else await lead();

function judge(account: number): Promise<readonly Judged[]> {
  return judgeAccount(seed, account, runs, rules);
}

function runsOf(name: string): Runs {
  if (name === "all" || name === "telling" || name === "none") return name;
  throw new Error(`--runs is all, telling or none, not ${name}`);
}

/** Prints what was judged, of all accounts or, after Ctrl-C, of those that were done by then. */
async function lead(): Promise<void> {
  const begunMs = performance.now();
  const origin = { seed, runs, rules: asked.rules ?? "all", sources: nameOfSources(fileURLToPath(new URL("..", import.meta.url))) };
  const file = asked.judged === undefined ? undefined : openJudgedFile(asked.judged, origin);
  const wanted = Array.from({ length: accounts }, (_, at) => from + at);
  const judged = new Map([...(file?.known ?? [])].filter(([account]) => account >= from && account < from + accounts));
  const open = wanted.filter((account) => !judged.has(account));
  const kept = judged.size;
  const script = fileURLToPath(import.meta.url);
  const flags = ["--worker", "--seed", String(seed), "--runs", runs, ...(asked.rules === undefined ? [] : ["--rules", asked.rules])];
  const started = Array.from({ length: Math.min(workers, open.length) }, () => startWorker(script, flags));
  let saidMs = begunMs;
  const work = judgeAll(open, started, (account, found) => {
    file?.add(account, found);
    judged.set(account, found);
    const nowMs = performance.now();
    if (nowMs - saidMs < progressMs) return;
    saidMs = nowMs;
    process.stderr.write(`${progressLine(judged.size - kept, open.length, nowMs - begunMs)}\n`);
  });
  const interrupted = new Promise<"interrupted">((resolve) => process.once("SIGINT", () => resolve("interrupted")));
  const ended = await Promise.race([work, interrupted]).finally(() => {
    for (const { stop } of started) stop();
  });
  const seen = judged.size === accounts ? String(accounts) : `${judged.size} of ${accounts}`;
  console.log(`Decisions on ${seen} accounts from ${from} on, seed ${seed}, runs: ${runs}\n`);
  for (const line of tableOf([...judged].toSorted(([a], [b]) => a - b).flatMap(([, found]) => found))) console.log(line);
  console.log(
    `\n${judged.size - kept} accounts in ${((performance.now() - begunMs) / 1000).toFixed(0)} s with ${workers} workers${kept === 0 ? "" : `, ${kept} from ${String(asked.judged)}`}`,
  );
  if (ended === "interrupted") process.exitCode = interruptedCode;
}
