/**
 * `npm run bench:decisions -- [--accounts N] [--seed S] [--workers W] [--runs all|telling|none] [--rules ID,ID]`: random and adversarial accounts, each planned
 * and run on the simulated account; what is decided is judged by trying it on the model of the load. docs/decisions-benchmark.md says how.
 */
import { spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Judged, judgeAccount, type Runs } from "./decisions/judge-account.ts";
import { tableOf } from "./decisions/table.ts";

const { values: asked } = parseArgs({
  options: {
    accounts: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    runs: { type: "string", default: "telling" },
    /** Rules by their ids: the others are planned too, and not judged. */
    rules: { type: "string" },
    /** One worker's share, `i/n`: its lines are JSON. */
    share: { type: "string" },
    /** One account alone, with all that was found of it. */
    account: { type: "string" },
    /** A file that gets every judgement as a line of JSON, as soon as it is made. */
    judged: { type: "string" },
  },
});
const [accounts, seed, workers] = [Number(asked.accounts), Number(asked.seed), Number(asked.workers)];
const runs = runsOf(asked.runs);
const rules = asked.rules?.split(",");
/** As of a program that Ctrl-C ends. */
const interruptedCode = 130;

if (asked.account !== undefined) console.log(JSON.stringify(await judgeAccount(seed, Number(asked.account), runs, rules), null, 2));
else if (asked.share !== undefined) await work(asked.share);
else await lead();

function runsOf(name: string): Runs {
  if (name === "all" || name === "telling" || name === "none") return name;
  throw new Error(`--runs is all, telling or none, not ${name}`);
}

async function work(share: string): Promise<void> {
  const [own = 0, of = 1] = share.split("/").map(Number);
  for (let index = own; index < accounts; index += of) {
    for (const judged of await judgeAccount(seed, index, runs, rules)) process.stdout.write(`${JSON.stringify(judged)}\n`);
  }
}

/** Prints what was judged, of all accounts or, after Ctrl-C, of those that were done by then. */
async function lead(): Promise<void> {
  const begunMs = performance.now();
  if (asked.judged !== undefined) writeFileSync(asked.judged, "");
  const judged: Judged[] = [];
  const shares = Array.from({ length: workers }, (_, own) =>
    startWorker(`${own}/${workers}`, (line) => {
      judged.push(JSON.parse(line) as Judged);
      if (asked.judged !== undefined) appendFileSync(asked.judged, `${line}\n`);
    }),
  );
  const interrupted = new Promise<"interrupted">((resolve) => process.once("SIGINT", () => resolve("interrupted")));
  const ended = await Promise.race([Promise.all(shares.map(({ done }) => done)), interrupted]);
  if (ended === "interrupted") for (const { stop } of shares) stop();
  // Accounts without anything to judge are not among those that are counted.
  const seen = ended === "interrupted" ? `${new Set(judged.map(({ account }) => account)).size} judged of ${accounts}` : String(accounts);
  console.log(`Decisions on ${seen} accounts, seed ${seed}, runs: ${runs}\n`);
  for (const line of tableOf(judged)) console.log(line);
  console.log(`\n${seen} accounts in ${((performance.now() - begunMs) / 1000).toFixed(0)} s with ${workers} workers`);
  if (ended === "interrupted") process.exitCode = interruptedCode;
}

interface Worker {
  readonly done: Promise<void>;
  stop(): void;
}

/** A worker is in a process group of its own, so that Ctrl-C comes to the one that prints alone. */
function startWorker(share: string, judgedIs: (line: string) => void): Worker {
  const flags = [
    "--accounts",
    String(accounts),
    "--seed",
    String(seed),
    "--runs",
    runs,
    ...(asked.rules === undefined ? [] : ["--rules", asked.rules]),
    "--share",
    share,
  ];
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  let isStopped = false;
  const done = async (): Promise<void> => {
    for await (const line of createInterface({ input: child.stdout })) if (!isStopped) judgedIs(line);
    const code = await ended;
    if (code !== 0 && !isStopped) throw new Error(`the worker of share ${share} ended with ${String(code)}`);
  };
  return {
    done: done(),
    stop() {
      isStopped = true;
      child.kill();
    },
  };
}
