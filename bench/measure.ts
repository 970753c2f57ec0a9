import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { UserError } from "../contract/user-error.ts";
import { optimizerBundle, optimizerScripts, scriptsPackage } from "../scripts/bundling.mjs";

export interface Measurement {
  /** From start to end, as who waits for the command sees it. */
  readonly seconds: number;
  /** The greatest resident memory that the process itself saw. */
  readonly memoryMib: number;
  readonly output: string;
}

export const root = fileURLToPath(new URL("..", import.meta.url));
/** The number of runs that the median is taken of: `tsx bench/<file>.ts [runs]`. */
export const runs = Number(process.argv[2] ?? 7);

/** Gives `work` a folder that is gone afterwards; below node_modules, so that files in it find the packages. */
export async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(root, "node_modules", ".cache-bench-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run of Node in a child process. Throws the UserError `bench-failed` when it fails. */
export function measureNode(scratch: string, nodeArguments: readonly string[], environment: Readonly<Record<string, string>> = {}): Measurement {
  const memoryFile = join(scratch, "memory");
  const atExit = `import { writeFileSync } from "node:fs"; process.on("exit", () => writeFileSync(${JSON.stringify(memoryFile)}, String(process.resourceUsage().maxRSS)));`;
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(atExit)}`, ...nodeArguments], {
    cwd: root,
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) {
    throw new UserError({ code: "bench-failed", message: `node ${nodeArguments.join(" ")} ended with ${status}: ${stderr}`, hint: "run that command alone" });
  }
  return { seconds, memoryMib: Number(readFileSync(memoryFile, "utf8")) / 1024, output: stdout };
}

/** Each in turn, so that a busy machine slows all alike; the first round only fills caches. */
export function inTurn<Name extends string, Result>(measures: Readonly<Record<Name, () => Result>>): Readonly<Record<Name, readonly Result[]>> {
  const names = Object.keys(measures) as Name[];
  const rounds = Array.from({ length: runs + 1 }, () => new Map(names.map((name) => [name, measures[name]()]))).slice(1);
  return Object.fromEntries(names.map((name) => [name, rounds.flatMap((round) => round.get(name) ?? [])])) as Record<Name, Result[]>;
}

/** Bundles a program that exports `main` as the optimizer itself is bundled; resolves to the arguments with which Node runs it as that is run. */
export async function bundleAsOptimizer(name: string, folder: string): Promise<readonly string[]> {
  const outdir = join(folder, name);
  await build({ ...optimizerBundle, sourcemap: false, absWorkingDir: root, entryPoints: { [name]: `bench/${name}.ts` }, outdir });
  writeFileSync(join(outdir, "package.json"), scriptsPackage);
  await build(
    optimizerScripts(
      outdir,
      readdirSync(outdir).filter((file) => file.endsWith(".js")),
    ),
  );
  return ["bench/run-compiled.mjs", outdir, name];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function medianOf(measured: readonly Measurement[]): { readonly seconds: number; readonly memoryMib: number } {
  return { seconds: median(measured.map(({ seconds }) => seconds)), memoryMib: median(measured.map(({ memoryMib }) => memoryMib)) };
}

/** Figures in columns: a name, and what belongs to it. */
export function show(title: string, rows: readonly (readonly [string, ...string[]])[]): void {
  const widths = rows.reduce<number[]>((all, row) => row.map((text, column) => Math.max(all[column] ?? 0, text.length)), []);
  console.log(title);
  for (const [name, ...figures] of rows) {
    console.log(`  ${[name.padEnd(widths[0] ?? 0), ...figures.map((text, column) => text.padStart(widths[column + 1] ?? 0))].join("  ")}`);
  }
}
