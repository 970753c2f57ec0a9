import { spawn } from "node:child_process";
import { basename } from "node:path";
import { Interrupted } from "../errors.ts";
import { UserError } from "../../contract/user-error.ts";
import type { PackageFiles } from "./package-files.ts";
import { inheritedEnvironment } from "../environment.ts";
import { stopSignals } from "../stop-signals.ts";

function interrupted(script: string): Interrupted {
  return new Interrupted(`interrupted in ${script}; nothing was changed`);
}

const shownCharacters = 4000;

/** Synthesizes the stacks with this Node, to the end; what was printed is shown only when it failed. */
export async function runSynthesis(
  { synthesis, settingsFolder }: PackageFiles,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const script = basename(synthesis);
  // What it writes may go into the state folder, which is its owner's alone.
  const umask = process.umask(0o077);
  const child = spawn(process.execPath, [synthesis], {
    cwd: settingsFolder,
    env: inheritedEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  process.umask(umask);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output = (output + text).slice(-shownCharacters);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error) => reject(signal.aborted ? interrupted(script) : error));
    // Ctrl-C reaches the whole group of processes: the child may be gone before this one hears of it.
    child.on("close", (status, ended) => (stopSignals.some((signal) => signal === ended) ? reject(interrupted(script)) : resolve(status)));
  });
  if (signal.aborted) throw interrupted(script);
  if (code === 0) return;
  throw new UserError({
    code: "script-failed",
    message: `${script} ended with ${code ?? "a signal"}:\n${output.trim()}`,
    hint: "mend what it says; its settings come from TAP_* variables and tap.config.json",
  });
}
