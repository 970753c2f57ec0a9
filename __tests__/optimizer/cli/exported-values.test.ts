import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { optimizerBundle, optimizerScripts, scriptsPackage } from "../../../scripts/bundling.mjs";

const root = join(import.meta.dirname, "../../..");
const loader = pathToFileURL(join(root, "scripts/load-compiled.mjs")).href;
const plottingLibrary = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
let folder = "";

/** Notes what a script exports when it has run, as the loader takes it, beside the getters, which tell what it is at any time. */
const noting = ";(globalThis.exportedAtFirst ??= []).push({ exports: module.exports, atFirst: { ...module.exports }, name: __filename });";

/** Runs a command of the bundle in a new process; answers with its exit code, how many names had a value at first, and which have another at the end. */
function changedAfter(argv: readonly string[]): { readonly code: number; readonly seen: number; readonly changed: readonly string[] } {
  const program = `
    import { loadCompiled } from ${JSON.stringify(loader)};
    const { main } = loadCompiled(${JSON.stringify(folder)}, "cli.js", "test");
    const write = process.stdout.write;
    process.stdout.write = () => true;
    const code = await main({ argv: ${JSON.stringify(argv)}, version: "0", files: { synthesis: ${JSON.stringify(join(root, "scripts/app.mjs"))}, plottingLibrary: ${JSON.stringify(plottingLibrary)}, settingsFolder: ${JSON.stringify(root)} } });
    process.stdout.write = write;
    const named = globalThis.exportedAtFirst.flatMap(({ exports, atFirst, name }) => Object.entries(atFirst).map(([key, value]) => ({ key, value, now: exports[key], name })));
    const given = named.filter(({ value }) => value !== undefined);
    console.log(JSON.stringify({ code, seen: given.length, changed: given.filter(({ value, now }) => value !== now).map(({ key, name }) => name + " " + key) }));
    process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { cwd: folder, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

describe("what the scripts of the optimizer's bundle export", { timeout: 300_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(root, "node_modules", ".cache-exported-"));
    await build({ ...optimizerBundle, sourcemap: false, absWorkingDir: root, outdir: folder });
    const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
    writeFileSync(join(folder, "package.json"), scriptsPackage);
    await build(optimizerScripts(folder, names));
    for (const name of names) writeFileSync(join(folder, name), `${readFileSync(join(folder, name), "utf8")}${noting}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["a whole run on the simulated account", ["demo", "--state", "demo-state"], 0, 300],
    ["a command that is refused", ["status", "run-1-00000000", "--state", "demo-state"], 2, 100],
  ])("stays as it was when each had run, which is what others are given: %s", (_what, argv, code, atLeast) => {
    const found = changedAfter(argv);
    expect(found).toEqual({ code, seen: expect.any(Number), changed: [] });
    expect(found.seen).toBeGreaterThan(atLeast);
  });
});
