import { createRequire } from "node:module";
import { join } from "node:path";
import type { PackageFiles } from "../../optimizer/composition/package-files.ts";

const root = join(import.meta.dirname, "../..");

/** As scripts/bundle-optimizer.mjs tells the program of a checkout. */
export const checkoutFiles: PackageFiles = {
  synthesis: join(root, "scripts/app.mjs"),
  plottingLibrary: createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"),
  settingsFolder: root,
};
