/**
 * `npm run test:deploy`: the stacks on a local AWS server with real Terraform, and the optimizer at work on them (docs/local-aws.md).
 * `--all` adds every blueprint in every environment, `--only web/staging,…` some of them; all other arguments go to vitest.
 * Needs `terraform` and Python 3.10+; what is missing is said, and the tests that need it are skipped with that reason: without Terraform
 * those of every kind of change are run all the same. With TAP_REQUIRE_REAL_PARTS=1 it is a failure instead.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pythonEnvironment } from "./python-environment.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const serverFolder = join(root, "__tests__", "support", "local-aws");
const offlineScript = join(root, "..", "shared", "tools", "terraform-offline.sh");
const onWindows = process.platform === "win32";
/** Test files at a time, and deployments of `every-blueprint.test.ts`: they mostly wait, whatever the number of cores. */
const filesAtOnce = 3;
const deploymentsAtOnce = 2;

process.exit(await main());

async function main() {
  const { python, missing } = await pythonEnvironment("local-aws", join(serverFolder, "requirements.txt"));
  const reason = missing ?? (hasTerraform() ? undefined : "terraform is not on PATH");
  if (reason !== undefined) {
    process.stderr.write(`test:deploy: ${reason}\n`);
    if (process.env.TAP_REQUIRE_REAL_PARTS === "1") return 1;
  }
  const parts = reason === undefined ? terraformOffline() : { TAP_DEPLOY_MISSING: reason };
  if (python === undefined) return vitest(parts);
  process.stderr.write("test:deploy: tests of the local AWS server itself\n");
  const code = await run(python, ["-m", "pytest"], { cwd: serverFolder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
  return code === 0 ? vitest({ ...parts, TAP_DEPLOY_PYTHON: python }) : code;
}

function hasTerraform() {
  return spawnSync("terraform", ["-version"], { stdio: "ignore" }).status === 0;
}

/** Where a machine without internet keeps a mirror of the AWS provider; elsewhere Terraform asks its registry. */
function terraformOffline() {
  if (onWindows || !existsSync(offlineScript)) return {};
  const found = spawnSync("bash", ["-c", `exports="$(bash "$0")" && eval "$exports" && env -0`, offlineScript], { encoding: "utf8" });
  if (found.status !== 0) {
    process.stderr.write(`test:deploy: no local mirror of the AWS provider (${found.stderr.trim()}); Terraform will ask its registry\n`);
    return {};
  }
  const variables = found.stdout.split("\0").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  return Object.fromEntries(variables.filter(([name]) => ["TF_CLI_CONFIG_FILE", "CHECKPOINT_DISABLE", "TF_IN_AUTOMATION"].includes(name)));
}

/** Our own flags, and the arguments that vitest gets. */
function commandLine() {
  const { tokens } = parseArgs({ args: process.argv.slice(2), options: { all: { type: "boolean" }, only: { type: "string" } }, strict: false, tokens: true });
  const own = tokens.filter(({ kind, name }) => kind === "option" && (name === "all" || name === "only"));
  const taken = new Set(own.flatMap(({ index, name, inlineValue }) => (name === "only" && inlineValue === false ? [index, index + 1] : [index])));
  const only = own.find(({ name }) => name === "only")?.value;
  return { chosen: own.some(({ name }) => name === "all") ? "all" : only, passedOn: process.argv.slice(2).filter((_, index) => !taken.has(index)) };
}

function vitest(environment) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const { chosen, passedOn } = commandLine();
  const projects = ["--project", "deploy", ...(chosen === undefined ? [] : ["--project", "blueprints"])];
  const args = ["run", ...projects, "--reporter=verbose", "--bail=1", `--maxWorkers=${filesAtOnce}`, `--maxConcurrency=${deploymentsAtOnce}`, ...passedOn];
  return run("vitest", args, {
    cwd: root,
    env: {
      ...process.env,
      ...environment,
      ...(chosen === undefined ? {} : { TAP_DEPLOY_ONLY: chosen }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      PATH: path,
    },
    shell: onWindows,
  });
}

function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
    child.on("error", (error) => {
      process.stderr.write(`test:deploy: ${program}: ${error.message}\n`);
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}
