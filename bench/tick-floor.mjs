/**
 * `node bench/tick-floor.mjs <state folder>`: the least that any tick of this run could take in a new process: its plan and journal read, hashed
 * and parsed, as many files made durable as a lease on two regions takes, and three records with their marks appended. None of the optimizer's
 * code. Prints processor time in milliseconds.
 */
import { readdirSync, readFileSync } from "node:fs";
import { hash } from "node:crypto";
import { link, open, unlink } from "node:fs/promises";
import { join } from "node:path";

const regions = 2;
const records = 3;
const markBytes = 256;

const [state = ""] = process.argv.slice(2);
const [plan = ""] = readdirSync(join(state, "plans"));
const [run = ""] = readdirSync(join(state, "runs"));
const begunMs = cpuMs();

const text = readFileSync(join(state, "plans", plan, "plan.json"), "utf8");
hash("sha256", text, "hex");
JSON.parse(text);
const lines = readFileSync(join(state, "runs", run, "journal.jsonl"), "utf8")
  .trimEnd()
  .split("\n");
for (const line of lines) {
  // Once for its own sum, once for the chain.
  hash("sha256", line, "hex");
  hash("sha256", line, "hex");
  JSON.parse(line);
}
// A version that takes the lease, and one that gives it back.
for (let version = 0; version < 2 * regions; version += 1) await makeDurable(join(state, `floor-${version}`), JSON.stringify({ version, by: process.pid }));
const journal = await open(join(state, "floor-journal"), "a");
const mark = await open(join(state, "floor-mark"), "a");
for (const line of lines.slice(-records)) {
  await journal.write(`${line}\n`);
  await journal.datasync();
  await mark.write(" ".repeat(markBytes));
  await mark.datasync();
}
await journal.close();
await mark.close();
console.log(cpuMs() - begunMs);

async function makeDurable(path, content) {
  const unnamed = `${path}.unnamed`;
  const file = await open(unnamed, "wx");
  await file.writeFile(content);
  await file.sync();
  await file.close();
  await link(unnamed, path);
  const folder = await open(state);
  await folder.sync();
  await folder.close();
  await unlink(unnamed);
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
