/** How both programs become single files, for a checkout at first use and for the package: esbuild's options, without where they go. */

/** The command line. Splitting keeps what a command does not need out of what it loads. */
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
  // CommonJS packages inside an ES module bundle still call require() for Node's own modules.
  define: { __filename: "import.meta.filename", __dirname: "import.meta.dirname" },
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
};

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
