/** What scripts/bundle-optimizer.mjs is to a checkout, for the installed package: build-package.mjs puts it beside what it built. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const built = import.meta.dirname;

/** The same questions as of a checkout, answered from files: nothing is built and nothing is written. */
export async function optimizerHelp(columns) {
  const texts = JSON.parse(readFileSync(join(built, "help.json"), "utf8"));
  const widths = Object.keys(texts).map(Number);
  return texts[Math.max(Math.min(...widths), ...widths.filter((width) => width <= columns))];
}

export async function loadOptimizer() {
  return import(pathToFileURL(join(built, "optimizer", "cli.js")).href);
}

export function installedFiles() {
  return { synthesis: join(built, "synthesize.cjs"), plottingLibrary: join(built, "plotly.js"), settingsFolder: process.cwd() };
}
