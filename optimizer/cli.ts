import { UserError } from "../contract/user-error.ts";
import { endWellWithoutTerminal } from "./adapters/terminal/closed-terminal.ts";
import { type InterruptKey, listenForInterruptKey } from "./adapters/terminal/interrupt-key.ts";
import { safeLines } from "./adapters/terminal/safe-text.ts";
import { isSwitchedOn } from "./commands/given-switches.ts";
import { helpTexts as commandHelps, runCommandLine } from "./commands/parser.ts";
import { createProcessShell } from "./composition/process-shell.ts";
import type { PackageFiles } from "./composition/package-files.ts";
import { exitCode, exitCodeOf, type ExitCode, Interrupted } from "./errors.ts";
import { stopSignals } from "./stop-signals.ts";

export interface Invocation {
  readonly argv: readonly string[];
  readonly files: PackageFiles;
  readonly version: string;
}

/** The command line from arguments to exit code: the one place that catches. */
export async function main({ argv, files, version }: Invocation): Promise<ExitCode> {
  endWellWithoutTerminal();
  const output = minded(process.stdout, process.stderr);
  const interruption = onInterrupt();
  const shell = createProcessShell({
    files,
    version,
    resultOnly: resultOnly(argv),
    colour: !isSwitchedOn(argv, "no-color"),
    signal: interruption.signal,
    key: interruption.key,
  });
  try {
    return await countLostOutput(await runCommandLine(argv, shell), output);
  } catch (error) {
    process.stderr.write(safeLines(errorText(error, isSwitchedOn(argv, "debug"))));
    return exitCodeOf(error);
  } finally {
    interruption.stop();
  }
}

/** Whether standard output must hold the result and nothing else: with `--json`, and with a format for programs. */
export function resultOnly(argv: readonly string[]): boolean {
  const isFormatted = argv.some((word, index) => /^--format=(?!table)/.test(word) || (word === "--format" && argv[index + 1] !== "table"));
  return isFormatted || isSwitchedOn(argv, "json") || isSwitchedOn(argv, "pr-body");
}

/** What `optimizer --help` prints, by columns; kept beside the bundle by scripts/bundle-optimizer.mjs. */
export async function helpTexts(): Promise<Readonly<Record<number, string>>> {
  return commandHelps();
}

/** npm and npx forward the signal that the terminal has sent to their child already: one Ctrl-C arrives twice within this time. */
const sameSignalMs = 500;

/**
 * Ctrl-C once: finish the operation and stop, resumable. Twice: stop now; `resume` copes. SIGTERM is the same, and so is a closed terminal (SIGHUP),
 * but that nobody sits there who could want it at once: the kernel and each shell between send it, so that it may come several times.
 */
function onInterrupt(): { readonly signal: AbortSignal; readonly key: InterruptKey; readonly stop: () => void } {
  const controller = new AbortController();
  let firstMs = 0;
  const interrupt = (signal?: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (signal !== "SIGHUP" && performance.now() - firstMs >= sameSignalMs) process.exit(exitCode.interrupted);
      return;
    }
    firstMs = performance.now();
    const why = signal === "SIGHUP" ? "the terminal was closed: " : "";
    process.stderr.write(`\n${why}stopping after the operation under way; once more stops now\n`);
    controller.abort(new Interrupted("interrupted"));
  };
  for (const signal of stopSignals) process.on(signal, interrupt);
  const key = listenForInterruptKey(interrupt);
  return {
    key,
    signal: controller.signal,
    stop: () => {
      key.close();
      // Once interrupted, the forwarded signal may still come: it must not end the process with another exit code than ours.
      if (controller.signal.aborted) return;
      for (const signal of stopSignals) process.off(signal, interrupt);
    },
  };
}

interface Output {
  /** What kept standard output from being written; undefined while nothing did. */
  lost: NodeJS.ErrnoException | undefined;
}

/**
 * Keeps the process alive when its output goes nowhere: its reader has ended (`optimizer plan | head`), the disk is full, or the terminal is gone.
 * A run must go on to watch what it has changed, and its journal has all that is printed. Returns what became of standard output, for the exit code.
 */
function minded(out: NodeJS.WriteStream, err: NodeJS.WriteStream): Output {
  const output: Output = { lost: undefined };
  out.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") output.lost = error;
  });
  err.on("error", () => undefined);
  return output;
}

/** The exit code of a command whose standard output was lost: the user did not get the whole answer, though nothing else went wrong. */
async function countLostOutput(code: ExitCode, output: Output): Promise<ExitCode> {
  // Streams tell of what was written last after this turn of the event loop.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  if (output.lost === undefined) return code;
  const remedy = "what this command did stands in the state folder; `optimizer status` and `optimizer report` tell it again";
  process.stderr.write(safeLines(`optimizer: standard output could not be written: ${output.lost.message}\n  ${remedy}\n`));
  return code === exitCode.done ? exitCode.interrupted : code;
}

const resumable = "interrupted; the journal is whole and the run can be resumed";

/** Message and remedy for what a user can mend; a request to report it for a bug. The stack only with `--debug`. */
export function errorText(error: unknown, debug: boolean): string {
  const stack = debug && error instanceof Error ? `${stackOf(error)}\n` : "";
  if (error instanceof Interrupted) return `optimizer: ${error.message === "interrupted" ? resumable : error.message}\n${stack}`;
  if (error instanceof UserError)
    return `optimizer: ${error.message}\n  ${error.hint.replaceAll("\n", "\n  ")}\n${debug ? `  code: ${error.code}\n` : ""}${stack}`;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const more = debug ? "" : "; run it again with --debug for the stack";
  return `optimizer: this is a bug: ${message}\n  please report it with the command you ran${more}\n${stack}`;
}

function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
