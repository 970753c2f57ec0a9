import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface ProcessOptions {
  readonly cwd: string;
  /** Piped into standard input, which is then closed; without it standard input is /dev/null. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The real program in a process of its own, without a controlling terminal and without anybody's AWS credentials. */
export async function optimizerProcess(argv: readonly string[], { cwd, input, environment = {} }: ProcessOptions): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, "bin/optimizer.js"), ...argv], {
    cwd,
    detached: true,
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    env: { ...strangerEnvironment(cwd), ...environment },
  });
  child.stdin?.end(input);
  return ended(child);
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  // A piece of a pipe may end within a character: the stream keeps its first bytes for the next piece.
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, err };
}

function strangerEnvironment(home: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_") && !name.startsWith("TAP_"));
  return Object.fromEntries([
    ...kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ["HOME", home],
    ["AWS_EC2_METADATA_DISABLED", "true"],
    ["NO_COLOR", "1"],
  ]);
}

/** SHA-256 by path of every file under a folder. */
export async function fingerprints(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.toSorted().map(
        async (file) =>
          [
            file,
            createHash("sha256")
              .update(await readFile(file))
              .digest("hex"),
          ] as const,
      ),
    ),
  );
}

/** Does `work` for each, two at a time: one process waits for its disk while the other computes. */
export async function twoAtATime<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all([lane(), lane()]);
  return results;
}
