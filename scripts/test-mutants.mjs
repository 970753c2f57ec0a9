/**
 * `npm run test:mutants [-- PATH [TESTS …]]`: changes one expression at a time of a folder or file of the optimizer's core, in a copy of the
 * project, and runs the tests of that folder, or those of the given globs. Prints each change that no test notices: a case that is missing, code
 * that nobody needs, or another way to say the same. Ends with 0 only where at least 85 % are noticed.
 *
 * StrykerJS is not among the project's dependencies, of which it would be two thirds more to install: it is kept under `.cache/`, locked.
 * Its newest version that runs on Node 20 is 9.6.1.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");
const leastNoticedPercent = 85;
const longestInstallMs = 600_000;

const [path = "optimizer/core/money", ...tests] = process.argv.slice(2).map((each) => each.replace(/\/+$/, ""));
process.exitCode = await main();

async function main() {
  const asked = statSync(join(root, path), { throwIfNoEntry: false });
  if (asked === undefined) return fail(`there is no ${path}; give a folder or a file, such as optimizer/core/money`);
  const folder = asked.isDirectory() ? path : dirname(path);
  const own = `__tests__/${folder}`;
  if (tests.length === 0 && !existsSync(join(root, own)))
    return fail(`there are no tests at ${own}: name some after ${path}, such as "__tests__/optimizer/core/*.test.ts"`);
  const tool = installed();
  if (tool === undefined) return fail("StrykerJS could not be installed; is the npm registry reachable?");
  process.env["TAP_MUTANT_TESTS"] = tests.length > 0 ? tests.join(" ") : `${own}/**/*.test.ts`;
  const { Stryker } = await import(pathToFileURL(join(tool, "node_modules", "@stryker-mutator", "core", "dist", "src", "index.js")).href);
  await new Stryker({
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
  return process.exitCode ?? 0;
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
