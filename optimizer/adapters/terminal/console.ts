import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { isatty, ReadStream } from "node:tty";
import type { Display } from "./layout.ts";
import { environmentVariable } from "../../environment.ts";

export interface ConsoleOptions {
  readonly colour: boolean;
}

/** The process's own streams, as little of them as the commands need. */
export interface Console {
  readonly display: Display;
  /** Whether lines on both streams can be redrawn in place. */
  readonly live: boolean;
  /** The result: the only thing on standard output. */
  out(text: string): void;
  /** Everything else: standard error. */
  note(text: string): void;
  /** Whether someone can be asked: a terminal on standard input, or the controlling one when standard input is a pipe. */
  canAsk(): boolean;
  /** One line from the controlling terminal, empty where it ends without one; rejects with the signal's reason. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

const controllingTerminal = "/dev/tty";

export function createConsole(options: ConsoleOptions): Console {
  const write = (stream: NodeJS.WriteStream, value: string): void => {
    if (stream.writable) stream.write(value);
  };
  return {
    display: { width: process.stdout.columns ?? 120, colour: wantsColour(options), unicode: isUtf8() },
    live: isTerminal(),
    out: (value) => write(process.stdout, value),
    note: (value) => write(process.stderr, value),
    canAsk: () => terminalPath() !== undefined,
    ask: (question, signal) => askOnTerminal(question, signal),
  };
}

function wantsColour(options: ConsoleOptions): boolean {
  if (!options.colour || environmentVariable("NO_COLOR") !== undefined) return false;
  const forced = environmentVariable("FORCE_COLOR");
  if (forced !== undefined && forced !== "0") return true;
  return isTerminal();
}

const standardOutput = 1;

/** Not `isTTY`, which is undefined of a pipe: colours that are neither wanted nor refused would be given where CI is set. */
function isTerminal(): boolean {
  return isatty(standardOutput) && environmentVariable("TERM") !== "dumb";
}

function isUtf8(): boolean {
  if (process.platform === "win32") return environmentVariable("WT_SESSION") !== undefined;
  const locale = environmentVariable("LC_ALL") ?? environmentVariable("LC_CTYPE") ?? environmentVariable("LANG") ?? "";
  return /utf-?8/i.test(locale);
}

/** Opening tells more than looking: a process without a controlling terminal sees the device but cannot open it. */
function terminalPath(): string | undefined {
  try {
    closeSync(openSync(controllingTerminal, "r"));
    return controllingTerminal;
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<string> {
  const input = new ReadStream(openSync(controllingTerminal, "r"));
  const lines = createInterface({ input, output: process.stderr, terminal: false });
  // Ctrl-D, or a terminal that is gone: nobody answers any more, and the question alone would never say so.
  const unanswered = new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
  });
  input.once("error", () => lines.close());
  try {
    return (await Promise.race([lines.question(question, { signal }), unanswered])).trim();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    lines.close();
    input.destroy();
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
