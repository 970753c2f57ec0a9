/** How both programs become single files, for a checkout at first use and for the package: esbuild's options, without where they go. */
import { join } from "node:path";

/** The command line, as ES modules: only of those does esbuild split what a command does not need from what it loads. */
export const optimizerBundle = {
  entryPoints: { cli: "optimizer/cli.ts" },
  bundle: true,
  splitting: true,
  platform: "node",
  // Of packages that come both ways, the ES modules: of those only what is used is bundled and loaded.
  mainFields: ["module", "main"],
  format: "esm",
  target: "node20.19",
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: "linked",
  legalComments: "none",
  logLevel: "silent",
  // Of the script that each module becomes: see `optimizerScripts`.
  define: { "import.meta.url": "__fileUrl" },
};

/**
 * The same modules once more, each made a CommonJS script in its place: V8 keeps the machine code of scripts and not, before Node 22, of ES
 * modules (scripts/load-compiled.mjs). The folder gets a package.json of its own that says so.
 */
export function optimizerScripts(folder, names) {
  return {
    entryPoints: names.map((name) => join(folder, name)),
    outdir: folder,
    allowOverwrite: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    supported: { "dynamic-import": false },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "silent",
    banner: { js: 'const __fileUrl = require("node:url").pathToFileURL(__filename).href;' },
  };
}

export const scriptsPackage = `${JSON.stringify({ type: "commonjs" })}\n`;

/** cdktf notes the whole stack of each token it makes, a sixth of the time of a synthesis; nothing of ours shows one. */
const withoutCreationStacks = {
  name: "without-creation-stacks",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]cdktf[\\/]lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/ }, () => ({ contents: "exports.captureStackTrace = () => [];" })),
};

/** The synthesis of the stacks. CommonJS: cdktf and the provider are, and call `require` themselves. */
export const synthesisBundle = {
  entryPoints: ["main.ts"],
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // A third less to parse at each synthesis; lines stay short for the one that a stack trace prints.
  minifyWhitespace: true,
  lineLimit: 200,
  logLevel: "warning",
  plugins: [withoutCreationStacks],
};
