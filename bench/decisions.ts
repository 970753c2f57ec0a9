/**
 * `npm run bench:decisions -- [--accounts N] [--seed S] [--workers W] [--runs all|telling|none]`: random and adversarial accounts, each planned
 * and run on the simulated account; what is decided is judged by trying it on the model of the load. docs/decisions-benchmark.md says how.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
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
    /** One worker's share, `i/n`: its lines are JSON. */
    share: { type: "string" },
    /** One account alone, with all that was found of it. */
    account: { type: "string" },
    /** A file that gets every judgement as a line of JSON. */
    judged: { type: "string" },
  },
});
const [accounts, seed, workers] = [Number(asked.accounts), Number(asked.seed), Number(asked.workers)];
const runs = runsOf(asked.runs);

if (asked.account !== undefined) console.log(JSON.stringify(await judgeAccount(seed, Number(asked.account), runs), null, 2));
else if (asked.share !== undefined) await work(asked.share);
else await lead();

function runsOf(name: string): Runs {
  if (name === "all" || name === "telling" || name === "none") return name;
  throw new Error(`--runs is all, telling or none, not ${name}`);
}

async function work(share: string): Promise<void> {
  const [own = 0, of = 1] = share.split("/").map(Number);
  for (let index = own; index < accounts; index += of) {
    for (const judged of await judgeAccount(seed, index, runs)) process.stdout.write(`${JSON.stringify(judged)}\n`);
  }
}

async function lead(): Promise<void> {
  const begunMs = performance.now();
  const shares = Array.from({ length: workers }, (_, own) => startWorker(`${own}/${workers}`));
  const judged = (await Promise.all(shares)).flat();
  if (asked.judged !== undefined) writeFileSync(asked.judged, judged.map((each) => `${JSON.stringify(each)}\n`).join(""));
  console.log(`Decisions on ${accounts} accounts, seed ${seed}, runs: ${runs}\n`);
  for (const line of tableOf(judged)) console.log(line);
  console.log(`\n${accounts} accounts in ${((performance.now() - begunMs) / 1000).toFixed(0)} s with ${workers} workers`);
}

async function startWorker(share: string): Promise<readonly Judged[]> {
  const flags = ["--accounts", String(accounts), "--seed", String(seed), "--runs", runs, "--share", share];
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const judged: Judged[] = [];
  for await (const line of createInterface({ input: child.stdout })) judged.push(JSON.parse(line) as Judged);
  const code = await ended;
  if (code !== 0) throw new Error(`the worker of share ${share} ended with ${String(code)}`);
  return judged;
}
