#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const argv = process.argv.slice(2);
const version = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")).version;

if (argv.length === 1 && argv[0] === "--version") {
  process.stdout.write(`${version}\n`);
} else {
  if (argv.includes("--debug")) process.setSourceMapsEnabled(true);
  const cli = await import(await bundleUrl());
  process.exitCode = await cli.main({ argv, packageRoot, version });
}

async function bundleUrl() {
  const { bundleOptimizer } = await import("../scripts/bundle-optimizer.mjs");
  try {
    return await bundleOptimizer();
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    process.stderr.write("optimizer: its packages are not installed\n  run `npm install` in the project's folder first\n");
    process.exit(2);
  }
}
