import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { optimizerBundle, optimizerScripts, scriptsPackage } from "./bundling.mjs";
import { loadCompiled } from "./load-compiled.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules", ".cache", "tap");
const stampFile = join(cache, "optimizer.json");
const helpFile = "help.json";
const howBuilt = ["scripts/bundle-optimizer.mjs", "scripts/bundling.mjs"];
/** A running process may still load chunks of an older bundle; nobody runs that long on a developer's machine. */
const keepOldBundlesMs = 14 * 86_400_000;

/** What `optimizer --help` prints, made with the bundle: asking for help need not load it. The widest that fits. */
export async function optimizerHelp(columns) {
  const texts = JSON.parse(readFileSync(join(cache, await currentFolder(), helpFile), "utf8"));
  const widths = Object.keys(texts).map(Number);
  return texts[Math.max(Math.min(...widths), ...widths.filter((width) => width <= columns))];
}

/**
 * The optimizer, built when a source it was made from changed. The check is one stat per source (some milliseconds); the build writes a
 * folder of its own and renames it into place, so parallel processes never see half a bundle. `command` is what it is asked to do, if
 * anything. With `debug` Node itself loads it, with the maps of its sources.
 */
export async function loadOptimizer(command, debug) {
  const folder = await currentFolder();
  return debug ? import(entryUrl(folder)) : loadCompiled(join(cache, folder), "cli.js", /^[a-z][a-z-]{0,30}$/.test(command ?? "") ? command : "other");
}

/** What the optimizer reads or runs as a file, where this checkout has it. */
export function installedFiles() {
  return {
    synthesis: join(root, "scripts", "app.mjs"),
    plottingLibrary: createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min"),
    settingsFolder: root,
  };
}

async function currentFolder() {
  const known = readStamp();
  return known !== undefined && isFresh(known) ? known.folder : build();
}

function readStamp() {
  if (!existsSync(stampFile)) return undefined;
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // a cache cut short is built again
    throw error;
  }
}

function isFresh({ folder, sources }) {
  return existsSync(join(cache, folder, helpFile)) && sources.every(([path, stamp]) => stampOf(join(root, path)) === stamp);
}

function stampOf(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "gone" : `${stat.mtimeMs}:${stat.size}`;
}

function entryUrl(folder) {
  return pathToFileURL(join(cache, folder, "cli.js")).href;
}

async function build() {
  const esbuild = await import("esbuild");
  mkdirSync(cache, { recursive: true });
  const result = await esbuild
    .build({ ...optimizerBundle, absWorkingDir: root, outdir: join(cache, "out"), write: false, metafile: true })
    .catch((error) => Promise.reject(asMissingPackage(error) ?? error));
  const sources = sourcesOf(result.metafile);
  const folder = await publish(result.outputFiles, esbuild);
  writeStamp({ folder, sources });
  removeOldBundles(folder);
  return folder;
}

/** A package that is named but not there, e.g. after an update of the checkout: as Node itself would say it. */
function asMissingPackage(error) {
  const missing = error.errors?.map(({ text }) => /^Could not resolve "([^./][^"]*)"/.exec(text)?.[1]).find((name) => name !== undefined);
  return missing === undefined ? undefined : Object.assign(new Error(`Cannot find package '${missing}'`), { code: "ERR_MODULE_NOT_FOUND" });
}

/** Our own sources one by one; of the packages only the lock file, which names their versions. */
function sourcesOf(metafile) {
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/") && !path.includes(":"));
  return [...own, "package.json", "package-lock.json", ...howBuilt].sort((a, b) => (a < b ? -1 : 1)).map((path) => [path, stampOf(resolve(root, path))]);
}

async function publish(files, esbuild) {
  const hash = createHash("sha256").update(readFileSync(join(root, "scripts", "bundling.mjs")));
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) hash.update(file.path).update("\0").update(file.contents);
  const folder = `optimizer-${hash.digest("hex").slice(0, 16)}`;
  const finished = join(cache, folder);
  if (existsSync(finished)) return folder;
  const building = join(cache, `.building-${process.pid}`);
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  for (const file of files) writeFileSync(join(building, relative(join(cache, "out"), file.path)), file.contents);
  const names = readdirSync(building).filter((name) => name.endsWith(".js"));
  writeFileSync(join(building, "package.json"), scriptsPackage);
  await esbuild.build({ ...optimizerScripts(building, names), sourcemap: "linked" });
  const { helpTexts } = await import(entryUrl(basename(building)));
  writeFileSync(join(building, helpFile), JSON.stringify(await helpTexts()));
  try {
    renameSync(building, finished);
  } catch (error) {
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(finished)) throw error; // else another process finished the same bundle first
  }
  return folder;
}

function writeStamp(stamp) {
  const temporary = `${stampFile}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(stamp));
  renameSync(temporary, stampFile);
}

function removeOldBundles(current) {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith("optimizer-") || name === current) continue;
    const stat = statSync(join(cache, name), { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > keepOldBundlesMs) rmSync(join(cache, name), { recursive: true, force: true });
  }
}
