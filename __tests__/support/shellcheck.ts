import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { pythonEnvironment } from "../../scripts/python-environment.mjs";

const requirements = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "scripts", "shellcheck", "requirements.txt");
/** Where a skip is a failure, what is missing is installed. */
const required = process.env["TAP_REQUIRE_REAL_PARTS"] === "1";

const findingSchema = z.object({ line: z.number(), code: z.number(), message: z.string() });

/** The program, or why there is none. */
export type Shellcheck = { readonly program: string } | { readonly missing: string };

export async function findShellcheck(): Promise<Shellcheck> {
  if (spawnSync("shellcheck", ["--version"], { stdio: "ignore" }).status === 0) return { program: "shellcheck" };
  if (!required) return { missing: "shellcheck is not on PATH; TAP_REQUIRE_REAL_PARTS=1 installs it for this project" };
  const found = await pythonEnvironment("shellcheck", requirements);
  return "missing" in found ? found : { program: join(dirname(found.python), "shellcheck") };
}

/** What shellcheck says of a script, one line each. */
export function shellFaults(program: string, script: string): readonly string[] {
  const { stdout, error } = spawnSync(program, ["--format=json", "--severity=style", "-"], { input: script, encoding: "utf8" });
  if (error !== undefined) throw error;
  return z
    .array(findingSchema)
    .parse(JSON.parse(stdout))
    .map(({ line, code, message }) => `line ${line}: SC${code} ${message}`);
}
