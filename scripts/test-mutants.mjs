/**
 * `npm run test:mutants [-- [--sample SHARE] [--seed N] PATH [TESTS …]]`: changes one expression at a time of a folder or file of the optimizer's
 * core, in a copy of the project, and runs the tests of that folder, or those of the given globs. Prints each change that no test notices: a case
 * that is missing, code that nobody needs, or another way to say the same. Ends with 0 only where at least 85 % are noticed. `--sample 0.1` tries
 * a tenth of the changes, drawn by `--seed` (1 unless given), and says within which shares that of all of them lies.
 *
 * StrykerJS is not among the project's dependencies, of which it would be two thirds more to install: it is kept under `.cache/`, locked.
 * Its newest version that runs on Node 20 is 9.6.1.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { isSampled, summary } from "./mutants/sample.mjs";

const root = join(import.meta.dirname, "..");
const leastNoticedPercent = 85;
const longestInstallMs = 600_000;

const given = parseArgs({
  allowPositionals: true,
  options: { sample: { type: "string", default: "1" }, seed: { type: "string", default: "1" } },
});
const [path = "optimizer/core/money", ...tests] = given.positionals.map((each) => each.replace(/\/+$/, ""));
const [share, seed] = [Number(given.values.sample), Number(given.values.seed)];
process.exitCode = await main();

async function main() {
  const asked = statSync(join(root, path), { throwIfNoEntry: false });
  if (asked === undefined) return fail(`there is no ${path}; give a folder or a file, such as optimizer/core/money`);
  if (!(share > 0 && share <= 1)) return fail(`--sample is the share of the changes to try, above 0 and at most 1, not ${given.values.sample}`);
  if (!Number.isSafeInteger(seed)) return fail(`--seed is a whole number, not ${given.values.seed}`);
  const folder = asked.isDirectory() ? path : dirname(path);
  const own = `__tests__/${folder}`;
  if (tests.length === 0 && !existsSync(join(root, own)))
    return fail(`there are no tests at ${own}: name some after ${path}, such as "__tests__/optimizer/core/*.test.ts"`);
  const tool = installed();
  if (tool === undefined) return fail("StrykerJS could not be installed; is the npm registry reachable?");
  process.env["TAP_MUTANT_TESTS"] = tests.length > 0 ? tests.join(" ") : `${own}/**/*.test.ts`;
  const { Stryker } = await partOf(tool, "core", "index.js");
  if (share < 1) await leaveOutOthers(tool);
  const results = await new Stryker({
    mutate: [asked.isDirectory() ? `${path}/**/*.ts` : path],
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "scripts/mutants/vitest.config.ts", related: false },
    coverageAnalysis: "perTest",
    // What is computed while a module loads would need every test anew.
    ignoreStatic: true,
    concurrency: 1,
    // It would have the compiler rewrite the configuration, which TypeScript 7 does not offer to programs.
    tsconfigFile: "none.json",
    // Under the project, so that the copy finds its dependencies.
    tempDirName: join(".cache", "mutants-copy"),
    cleanTempDir: "always",
    symlinkNodeModules: false,
    ignorePatterns: [".cache", ".optimizer", "cdktf.out", "docs", "bench"],
    allowConsoleColors: process.stdout.isTTY === true,
    reporters: ["clear-text", "progress"],
    clearTextReporter: { allowColor: process.stdout.isTTY === true, logTests: false, reportTests: false },
    thresholds: { high: leastNoticedPercent, low: leastNoticedPercent, break: leastNoticedPercent },
  }).runMutationTest();
  process.stdout.write(`${summary(results, share < 1)}\n`);
  return process.exitCode ?? 0;
}

function partOf(tool, part, file) {
  return import(pathToFileURL(join(tool, "node_modules", "@stryker-mutator", part, "dist", "src", file)).href);
}

/** Marks each change outside of the sample as ignored: the tool itself can only choose among lines, and most changes of a block span several. */
async function leaveOutOthers(tool) {
  const { MutantCollector } = await partOf(tool, "instrumenter", "transformers/mutant-collector.js");
  const { collect } = MutantCollector.prototype;
  MutantCollector.prototype.collect = function collectSampled(...details) {
    const mutant = collect.apply(this, details);
    const { start, end } = mutant.original.loc;
    const place = [relative(root, mutant.fileName).split(sep).join("/"), start.line, start.column, end.line, end.column].join(":");
    if (!isSampled(`${place} ${mutant.mutatorName} ${mutant.replacementCode}`, share, seed)) mutant.ignoreReason ??= "not in the sample";
    return mutant;
  };
}

/** The folder with the locked packages, made once for each lock; undefined where they could not be had. */
function installed() {
  const manifests = join(root, "scripts", "mutants");
  const lock = readFileSync(join(manifests, "package-lock.json"));
  const folder = join(root, ".cache", `mutants-${createHash("sha256").update(lock).digest("hex").slice(0, 12)}`);
  const finished = join(folder, "finished");
  if (existsSync(finished)) return folder;
  process.stderr.write("installing StrykerJS, once …\n");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(manifests, name), join(folder, name));
  // The runner takes the project's own vitest, of which npm would install a second one.
  const install = ["ci", "--legacy-peer-deps", "--ignore-scripts", "--no-progress", "--loglevel=error"];
  const { status } = spawnSync("npm", install, { cwd: folder, stdio: ["ignore", 2, 2], timeout: longestInstallMs, shell: process.platform === "win32" });
  if (status !== 0) return undefined;
  writeFileSync(finished, "");
  return folder;
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  return 2;
}
