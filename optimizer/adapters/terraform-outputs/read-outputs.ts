import { fstatSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../contract/user-error.ts";
import { Interrupted } from "../../errors.ts";
import { readNamedFile } from "../../named-file.ts";
import { defaultOutputsFiles } from "./default-outputs.ts";
import type { OutputsDocument } from "./parse-outputs.ts";

/** Standard input as far as outputs are concerned. */
export interface OutputsInput {
  /** Whether it is a pipe or a file; a terminal or /dev/null brings no outputs. */
  readonly carriesData: boolean;
  chunks(): AsyncIterable<Uint8Array>;
  /** Gives it up, so that it keeps no process alive. */
  close(): void;
  readonly patience: Patience;
}

/** How long a pipe may say nothing. A remote backend's outputs take some seconds, each stack's anew. */
export interface Patience {
  readonly silenceMs: number;
  /** Tells once that standard input is waited for. */
  readonly noticeMs: number;
  onNotice(): void;
}

export interface OutputsSource {
  /** `--outputs-file`, in order; `-` is standard input. */
  readonly files: readonly string[];
  /** Absent for commands that never read standard input. */
  readonly input?: OutputsInput;
  /** Where default files are looked for. */
  readonly folder: string;
}

const maxBytes = 100 * 1024 * 1024;
const standardInput = "standard input";

/**
 * Flag > standard input > default files. A file that a flag names and that is missing is an error, never another file.
 * Not more than 100 MB; UTF-8, or UTF-16 (as PowerShell redirects).
 */
export async function readOutputs({ files, input, folder }: OutputsSource): Promise<readonly OutputsDocument[]> {
  if (files.length > 0) return Promise.all(files.map((file) => (file === "-" ? fromInput(input) : fromNamedFile(file))));
  if (input?.carriesData === true) {
    const document = await fromInput(input);
    if (document.text.trim() !== "") return [document];
  }
  for (const name of defaultOutputsFiles) {
    const text = await textOfFile(join(folder, name));
    if (text !== undefined) return [{ source: name, text }];
  }
  throw new UserError({
    code: "outputs-missing",
    message: `${input?.carriesData === true ? "standard input was empty" : "no outputs were given"}, and ${folder} holds none of ${defaultOutputsFiles.join(", ")}`,
    hint: "Pipe them in (terraform -chdir=<stack> output -json | optimizer plan) or pass --outputs-file FILE. Without an account: optimizer demo.",
  });
}

/** Standard input of this process. */
export function processInput(onNotice: () => void): OutputsInput {
  return {
    carriesData: carriesData(),
    chunks: () => process.stdin,
    close: () => void process.stdin.destroy(),
    patience: { silenceMs: 30_000, noticeMs: 3000, onNotice },
  };
}

function carriesData(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isFile() || stats.isSocket();
  } catch (error) {
    // A closed descriptor has nothing to read; whatever else is wrong with it must be seen.
    if (codeOf(error) === "EBADF") return false;
    throw error;
  }
}

async function fromInput(input: OutputsInput | undefined): Promise<OutputsDocument> {
  if (input?.carriesData !== true) {
    throw new UserError({
      code: "outputs-no-input",
      message: "--outputs-file -: standard input is neither a pipe nor a file",
      hint: "Pipe the outputs in, or name a file.",
    });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const source = input.chunks()[Symbol.asyncIterator]();
  for (;;) {
    const next = await inTime(source.next(), input);
    if (next.done === true) break;
    bytes += next.value.byteLength;
    if (bytes > maxBytes) throw tooLarge(standardInput);
    chunks.push(next.value);
  }
  return { source: standardInput, text: decode(Buffer.concat(chunks), standardInput) };
}

/** What comes, unless nothing comes for too long: a pipe that its writer never closes would be waited for without end. */
async function inTime<T>(coming: Promise<T>, { patience, close }: OutputsInput): Promise<T> {
  const notice = setTimeout(patience.onNotice, patience.noticeMs);
  let end: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    end = setTimeout(() => {
      reject(
        new UserError({
          code: "outputs-silent",
          message: `standard input: a pipe that brought nothing for ${patience.silenceMs / 1000} s and is still open`,
          hint: "Name the outputs (--outputs-file FILE), which leaves standard input alone, or pipe in a command that ends.",
        }),
      );
      close();
    }, patience.silenceMs);
  });
  try {
    return await Promise.race([coming, silence]);
  } finally {
    clearTimeout(notice);
    clearTimeout(end);
  }
}

async function fromNamedFile(file: string): Promise<OutputsDocument> {
  const text = await textOfFile(file);
  if (text !== undefined) return { source: file, text };
  throw new UserError({
    code: "outputs-file-missing",
    message: `--outputs-file ${file}: there is no such file`,
    hint: `Write it: terraform -chdir=<stack> output -json > ${file}`,
  });
}

async function textOfFile(path: string): Promise<string | undefined> {
  try {
    return decode(await readNamedFile(path, maxBytes), path);
  } catch (error) {
    if (error instanceof UserError && error.code === "file-too-large") throw tooLarge(path);
    if (error instanceof UserError || error instanceof Interrupted) throw error;
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new UserError({
      code: "outputs-unreadable",
      message: `${path} cannot be read (${code ?? String(error)})`,
      hint: "Name a file that you may read.",
      cause: error,
    });
  }
}

function decode(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UserError({ code: "outputs-not-text", message: `${source} is not UTF-8 text`, hint: "Pass the JSON itself, not an archive of it.", cause });
  }
}

/** By the byte order mark; without one, JSON begins with a character of ASCII, of which UTF-16 makes one byte and a zero. */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined)) return "utf-16be";
  return "utf-8";
}

function tooLarge(source: string): UserError {
  return new UserError({ code: "outputs-too-large", message: `${source} is larger than 100 MB`, hint: "Outputs are a few kilobytes; check what was passed." });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
