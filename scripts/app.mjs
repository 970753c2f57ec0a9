// The cdktf app. Bundles main.ts and all it imports into one file when a source changed, and runs that file in this process:
// loading some ninety provider modules one by one, and compiling ours, takes three times as long as the synthesis itself.
// What V8 made of the file is kept beside it, so that the next synthesis need not compile it again.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { synthesisBundle } from "./bundling.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules", ".cache", "tap");
const bundle = join(cache, `app-${fingerprint()}.cjs`);

if (!existsSync(bundle)) await build();
// cdktf is archived, and so are the deprecated calls of what it depends on: Node's word on them helps nobody who synthesizes.
process.noDeprecation = true;
run();

/** As `require` would, but with the code that V8 kept from an earlier run; it takes only its own version's. */
function run() {
  const compiledFile = `${bundle}.${cachedDataVersionTag()}`;
  const known = existsSync(compiledFile) ? readFileSync(compiledFile) : undefined;
  const script = new Script(Module.wrap(readFileSync(bundle, "utf8")), { filename: bundle, cachedData: known });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, cache);
  // After a whole run V8 has compiled the functions that a synthesis calls; help and refused settings call too few.
  const synthesized = process.exitCode === undefined && !process.argv.some((argument) => ["-h", "--help"].includes(argument));
  if (synthesized && (known === undefined || script.cachedDataRejected)) writeWhole(compiledFile, script.createCachedData());
}

/** Written beside and renamed: two syntheses at once never read half a file. */
function writeWhole(path, content) {
  const unfinished = `${path}.${process.pid}.tmp`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

/** Of every source's content, and of the versions of what they import. */
function fingerprint() {
  const sources = [
    "main.ts",
    "package-lock.json",
    "scripts/app.mjs",
    "scripts/bundling.mjs",
    ...["contract", "constructs", "stacks"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .map((file) => join(folder, String(file)))
        .filter((file) => /\.(ts|json)$/.test(file)),
    ),
  ].sort((a, b) => (a < b ? -1 : 1));
  const hash = createHash("sha256");
  for (const file of sources)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** Written beside and renamed: two syntheses at once never run half a bundle. */
async function build() {
  const { build: esbuild } = await import("esbuild");
  mkdirSync(cache, { recursive: true });
  const unfinished = `${bundle}.${process.pid}.tmp`;
  await esbuild({ ...synthesisBundle, absWorkingDir: root, outfile: unfinished });
  for (const file of readdirSync(cache))
    if (/^app-.*\.cjs(?:\.\d+)?$/.test(file) && !file.startsWith(basename(bundle))) rmSync(join(cache, file), { force: true });
  renameSync(unfinished, bundle);
}
