#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const argv = process.argv.slice(2);
const only = argv.length === 1 ? argv[0] : undefined;

// The two questions that scripts and impatient people ask are answered without loading the program.
if (only === "--version") answer(`${version()}\n`);
else if (only === "--help" || only === "-h" || only === "help")
  answer(await fromInstallation((installed) => installed.optimizerHelp(process.stdout.columns ?? 80)));
else await run();

/** Whoever reads no further, as `head` does, wants no more. */
function answer(text) {
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`optimizer: standard output could not be written: ${error.message}\n`);
    process.exitCode = 1;
  });
  process.stdout.write(text);
}

async function run() {
  const debug = argv.includes("--debug");
  if (debug) process.setSourceMapsEnabled(true);
  const [cli, files] = await fromInstallation(async (installed) => [await installed.loadOptimizer(argv[0], debug), installed.installedFiles()]);
  process.exitCode = await cli.main({ argv, files, version: version() });
}

function version() {
  return JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).version;
}

/** A checkout builds what it runs of its sources, and never runs what an earlier `npm pack` built; the package has no sources. */
async function fromInstallation(ask) {
  const isCheckout = existsSync(join(packageRoot, "scripts", "bundle-optimizer.mjs"));
  try {
    return await ask(await (isCheckout ? import("../scripts/bundle-optimizer.mjs") : import("../dist/packaged-optimizer.mjs")));
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    const [what, remedy] = isCheckout
      ? ["its packages are not installed, or not all of them", "run `npm ci` in the project's folder first"]
      : ["this package was packed without what it runs", "pack it again where its build runs: npm pack --ignore-scripts=false"];
    process.stderr.write(`optimizer: ${what}\n  ${remedy}\n`);
    process.exit(2);
  }
}
