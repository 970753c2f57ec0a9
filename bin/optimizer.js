#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const argv = process.argv.slice(2);
const only = argv.length === 1 ? argv[0] : undefined;

// The two questions that scripts and impatient people ask are answered without loading the program.
if (only === "--version") process.stdout.write(`${version()}\n`);
else if (only === "--help" || only === "-h" || only === "help")
  process.stdout.write(await fromBundle((bundle) => bundle.optimizerHelp(process.stdout.columns ?? 80)));
else await run();

async function run() {
  if (argv.includes("--debug")) process.setSourceMapsEnabled(true);
  const cli = await import(await fromBundle((bundle) => bundle.bundleOptimizer()));
  process.exitCode = await cli.main({ argv, packageRoot, version: version() });
}

function version() {
  return JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).version;
}

async function fromBundle(ask) {
  try {
    return await ask(await import("../scripts/bundle-optimizer.mjs"));
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write("optimizer: its packages are not installed\n  run `npm install` in the project's folder first\n");
    process.exit(2);
  }
}
