import { spawn } from "node:child_process";
import { join } from "node:path";
import { UserError } from "../../contract/user-error.ts";

const shownCharacters = 4000;

/** Runs one of this package's scripts with this Node, to its end; what it printed is shown only when it failed. */
export async function runPackageScript(
  packageRoot: string,
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(process.execPath, [join(packageRoot, script), ...args], {
    cwd: packageRoot,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output = (output + text).slice(-shownCharacters);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(signal.aborted ? signal.reason : error));
    child.on("close", resolve);
  });
  if (code === 0) return;
  throw new UserError({
    code: "script-failed",
    message: `${script} ended with ${code ?? "a signal"}:\n${output.trim()}`,
    hint: "mend what it says; its settings come from TAP_* variables and tap.config.json",
  });
}
