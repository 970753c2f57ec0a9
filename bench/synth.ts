/**
 * `tsx bench/synth.ts [runs]`: what synthesizing all stacks costs, beside an app of cdktf that has nothing in it, run through tsx.
 * Both are measured in turn, in child processes, so that a busy machine slows both; the ratio of the medians is the figure to watch.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UserError } from "../contract/user-error.ts";

interface Measurement {
  readonly seconds: number;
  readonly memoryMib: number;
}

const stackFile = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });
const root = fileURLToPath(new URL("..", import.meta.url));
const runs = Number(process.argv[2] ?? 7);
const scratch = mkdtempSync(join(root, "node_modules", ".cache-bench-"));

try {
  const empty = join(scratch, "empty.ts");
  writeFileSync(empty, 'import { App } from "cdktf";\nnew App().synth();\n');
  const emptyArguments = ["--import", "tsx", empty];
  const appArguments = ["scripts/app.mjs"];
  measure(emptyArguments); // the first run of each fills caches
  measure(appArguments);
  const pairs = Array.from({ length: runs }, () => ({ empty: measure(emptyArguments), app: measure(appArguments) }));
  report(
    pairs.map((pair) => pair.empty),
    pairs.map((pair) => pair.app),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** One run in a child, with the greatest resident memory that the child itself saw. */
function measure(nodeArguments: readonly string[]): Measurement {
  const outdir = join(scratch, "out");
  const memoryFile = join(scratch, "memory");
  const atExit = `import { writeFileSync } from "node:fs"; process.on("exit", () => writeFileSync(${JSON.stringify(memoryFile)}, String(process.resourceUsage().maxRSS)));`;
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(atExit)}`, ...nodeArguments], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: outdir, TAP_ENVIRONMENT: "staging" },
    encoding: "utf8",
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0)
    throw new UserError({ code: "bench-failed", message: `node ${nodeArguments.join(" ")} ended with ${status}: ${stderr}`, hint: "run that command alone" });
  return { seconds, memoryMib: Number(readFileSync(memoryFile, "utf8")) / 1024 };
}

function report(empty: readonly Measurement[], app: readonly Measurement[]): void {
  const seconds = { empty: median(empty.map((run) => run.seconds)), app: median(app.map((run) => run.seconds)) };
  const memoryMib = { empty: median(empty.map((run) => run.memoryMib)), app: median(app.map((run) => run.memoryMib)) };
  console.log(`runs ${app.length}, medians; ${resourceCount()} resources in all stacks`);
  console.log(`empty cdktf app through tsx  ${seconds.empty.toFixed(2)} s  ${memoryMib.empty.toFixed(0)} MiB`);
  console.log(`synth of all stacks          ${seconds.app.toFixed(2)} s  ${memoryMib.app.toFixed(0)} MiB`);
  console.log(`ratio                        ${(seconds.app / seconds.empty).toFixed(2)}    ${(memoryMib.app / memoryMib.empty).toFixed(2)}`);
}

/** The app ran last, so its output lies in the folder. */
function resourceCount(): number {
  const stacks = join(scratch, "out", "stacks");
  return readdirSync(stacks)
    .flatMap((stack) => Object.values(stackFile.parse(JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"))).resource))
    .reduce((count, byName) => count + Object.keys(byName).length, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!; // at least one run
}
