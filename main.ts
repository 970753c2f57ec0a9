import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { App } from "cdktf";
import { UserError } from "./contract/user-error.ts";
import { buildStacks } from "./stacks/build-stacks.ts";
import { configurationFromCommandLine, usage } from "./stacks/settings/command-line.ts";
import { settingsWarnings } from "./stacks/settings/settings-warnings.ts";
import { readSettings } from "./stacks/settings/settings.ts";
import { synthesisVariable } from "./stacks/settings/environment-variables.ts";

const sizingFolder = synthesisVariable("TAP_SIZING_DIR", process.env) ?? "sizing";

try {
  const flags = configurationFromCommandLine(process.argv.slice(2));
  if (flags === "help") process.stdout.write(`${usage}\n`);
  else synthesize(flags);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n${error.hint}\n`);
  process.exitCode = 2;
}

function synthesize(flags: Readonly<Record<string, unknown>>): void {
  const outdir = synthesisVariable("CDKTF_OUTDIR", process.env) ?? "cdktf.out";
  mkdirSync(outdir, { recursive: true });
  const app = new App({ outdir, stackTraces: false });
  const settings = readSettings({
    configFile: readJson("tap.config.json"),
    variables: process.env,
    context: app.node.tryGetContext("tap"),
    flags,
    readFile: readIfFile,
    readSizing: (file) => readJson(join(sizingFolder, file)),
  });
  for (const { path, message, hint } of settingsWarnings(settings)) process.stderr.write(`warning: ${path}: ${message}\n    ${hint}\n`);
  const stacks = buildStacks(app, settings);
  app.synth();
  for (const stack of stacks) for (const { path, bytes } of stack.files) writeBeside(join(outdir, "stacks", stack.node.id, path), bytes);
}

function writeBeside(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** `undefined` for whatever is no file that can be read; whoever named it is told. */
function readIfFile(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new UserError({ code: "bad-json", message: `${path} is not JSON`, hint: "correct it, or remove it to use the defaults", cause });
  }
}
