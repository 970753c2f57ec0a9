/**
 * `npm run scan [-- --verbose | --json]`: checkov on the stacks of every blueprint in every environment. Each failed check needs an
 * exception with its reason in docs/scan-exceptions.json, each exception a failed check. Needs Python and, once, the package index;
 * without them it says so and passes, with TAP_REQUIRE_REAL_PARTS=1 it fails.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { examples } from "./blueprints/examples.ts";
import { synthesize } from "./blueprints/synthesize.ts";
import { pythonEnvironment } from "./python-environment.mjs";
import { readReport } from "./scan/checkov-report.ts";
import { exceptionSchema, judge } from "./scan/exceptions.ts";
import { asJson, asText } from "./scan/verdict.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false }, verbose: { type: "boolean", default: false } } });

process.exitCode = await main();

async function main() {
  const { python, missing } = await pythonEnvironment("checkov", join(root, "scripts", "scan", "requirements.txt"));
  if (missing !== undefined) {
    process.stdout.write(flags.json ? `${JSON.stringify({ skipped: missing })}\n` : `skipped: ${missing}\n`);
    return process.env.TAP_REQUIRE_REAL_PARTS === "1" ? 1 : 0;
  }
  const exceptions = z.array(exceptionSchema).parse(JSON.parse(readFileSync(join(root, "docs", "scan-exceptions.json"), "utf8")));
  const folder = mkdtempSync(join(tmpdir(), "tap-scan-"));
  try {
    for (const example of examples) synthesize(example, join(folder, example.name));
    const report = readReport(checkov(python, folder), (path) => readFileSync(join(folder, path), "utf8"));
    const verdict = { report, ...judge(report.failed, exceptions), unread: synthesizedIn(folder).filter((stack) => !report.stacks.includes(stack)) };
    process.stdout.write(flags.json ? asJson(verdict) : asText(verdict, flags.verbose));
    return verdict.unexcused.length + verdict.unread.length + verdict.excused.filter(({ failures }) => failures.length === 0).length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All stacks: a scanner that skips what it cannot read would find nothing wrong there. */
function synthesizedIn(folder) {
  return examples.flatMap(({ name }) => readdirSync(join(folder, name, "stacks")).map((stack) => `${name}/${stack}`));
}

/** Its own rules only: no account, no downloads, no look for a newer version. */
function checkov(python, folder) {
  const environment = Object.entries(process.env).filter(([name]) => !/^(?:BC|CKV|PRISMA|LOG)_/.test(name));
  const { stdout, stderr, error } = spawnSync(
    python,
    ["-m", "checkov.main", "--directory", ".", "--framework", "terraform_json", "--skip-download", "--compact", "--output", "json"],
    { cwd: folder, env: { ...Object.fromEntries(environment), CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" }, encoding: "utf8", maxBuffer: 256 * 1024 ** 2 },
  );
  if (error !== undefined) throw error;
  // It ends with 1 when a check fails, and when it breaks.
  if (!stdout.startsWith("{")) throw new Error(`checkov said no JSON: ${stderr}${stdout.slice(0, 2_000)}`);
  return stdout;
}
