/**
 * `npm run bench:decisions -- [--accounts N] [--seed S] [--workers W]`: random and adversarial accounts, each planned and run on the simulated
 * account; every size is judged by trying it on the model of the load. docs/decisions-benchmark.md says how, and holds the table.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Judged, judgeAccount } from "./decisions/judge-account.ts";
import { showTable } from "./decisions/table.ts";

const { values: asked } = parseArgs({
  options: {
    accounts: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: String(availableParallelism()) },
    /** One worker's share, `i/n`: its lines are JSON. */
    share: { type: "string" },
    /** One account alone, with all that was found of it. */
    account: { type: "string" },
  },
});
const [accounts, seed, workers] = [Number(asked.accounts), Number(asked.seed), Number(asked.workers)];

if (asked.account !== undefined) console.log(JSON.stringify(await judgeAccount(seed, Number(asked.account)), null, 2));
else if (asked.share !== undefined) await work(asked.share);
else await lead();

async function work(share: string): Promise<void> {
  const [own = 0, of = 1] = share.split("/").map(Number);
  for (let index = own; index < accounts; index += of) {
    for (const judged of await judgeAccount(seed, index)) process.stdout.write(`${JSON.stringify(judged)}\n`);
  }
}

async function lead(): Promise<void> {
  const begunMs = performance.now();
  const shares = Array.from({ length: workers }, (_, own) => startWorker(`${own}/${workers}`));
  const judged = (await Promise.all(shares)).flat();
  showTable(judged, accounts, seed);
  console.log(`\n${accounts} accounts in ${((performance.now() - begunMs) / 1000).toFixed(0)} s with ${workers} workers`);
}

async function startWorker(share: string): Promise<readonly Judged[]> {
  const flags = ["--accounts", String(accounts), "--seed", String(seed), "--share", share];
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const judged: Judged[] = [];
  for await (const line of createInterface({ input: child.stdout })) judged.push(JSON.parse(line) as Judged);
  const code = await ended;
  if (code !== 0) throw new Error(`the worker of share ${share} ended with ${String(code)}`);
  return judged;
}
