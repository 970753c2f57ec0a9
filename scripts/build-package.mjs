/**
 * `npm pack` runs this first: everything the package runs, built into `dist/`. The package has no dependencies: both programs and Plotly
 * are in it whole, with the licences of what was bundled, so it installs without a network and starts as fast as a checkout.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { optimizerBundle, optimizerScripts, scriptsPackage, synthesisBundle } from "./bundling.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const plotly = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
// No source maps: they are twice the size of the programs, and point at sources that the package does not have.
const optimizer = await build({ ...optimizerBundle, sourcemap: false, absWorkingDir: root, outdir: join(dist, "optimizer"), metafile: true });
const names = readdirSync(join(dist, "optimizer"));
writeFileSync(join(dist, "optimizer", "package.json"), scriptsPackage);
await build(optimizerScripts(join(dist, "optimizer"), names));
const synthesis = await build({
  ...synthesisBundle,
  absWorkingDir: root,
  outfile: join(dist, "synthesize.cjs"),
  banner: { js: noDeprecation() },
  metafile: true,
});
copyFileSync(join(root, "scripts", "packaged-optimizer.mjs"), join(dist, "packaged-optimizer.mjs"));
copyFileSync(plotly, join(dist, "plotly.js"));
const { helpTexts } = await import(pathToFileURL(join(dist, "optimizer", "cli.js")).href);
writeFileSync(join(dist, "help.json"), JSON.stringify(await helpTexts()));
writeFileSync(join(dist, "third-party-licences.txt"), licences([...inputsOf(optimizer), ...inputsOf(synthesis), plotly]));

/** cdktf is archived, and so are the deprecated calls of what it depends on: Node's word on them helps nobody who synthesizes. */
function noDeprecation() {
  return "process.noDeprecation = true;";
}

function inputsOf({ metafile }) {
  return Object.keys(metafile.inputs).map((path) => join(root, path));
}

/** Of every package that something was bundled of: its name, version, licence, source, and the text of its licence. */
function licences(inputs) {
  const folders = [...new Set(inputs.flatMap((path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path) ?? []))].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return folders.map(licence).join(`\n${"-".repeat(80)}\n`);
}

function licence(folder) {
  const { name, version, license, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(each));
  const source = typeof repository === "string" ? repository : repository?.url;
  return [
    `${name} ${version} (${license})`,
    source,
    file !== undefined && existsSync(join(folder, file)) ? `\n${readFileSync(join(folder, file), "utf8").trim()}` : "",
  ]
    .filter(Boolean)
    .join("\n");
}
