import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import type { Judged } from "./judge-account.ts";

/** What judgements hang on beside the account's number. Those of another origin would be counted together with others unseen. */
export interface Origin {
  readonly seed: number;
  readonly runs: string;
  /** Rules that were judged; "all" where nothing was left out. */
  readonly rules: string;
  /** A hash of the sources that make accounts, decide about them and judge. */
  readonly sources: string;
}

/** A file of judgements, one a line, which says of which accounts it has all of them. */
export interface JudgedFile {
  /** What it held before, by account. */
  readonly known: ReadonlyMap<number, readonly Judged[]>;
  add(account: number, judged: readonly Judged[]): void;
}

/** Comes after the last judgement of an account; without it, none of them counts. */
interface EndOfAccount {
  readonly done: number;
}

type Line = Judged | EndOfAccount;

/**
 * Opens a file to go on with, or begins one. A line that was cut off, or an account whose last line is missing, is taken out: it is
 * judged again.
 *
 * @throws Error where the file is of another origin, or no file of judgements at all.
 */
export function openJudgedFile(path: string, origin: Origin): JudgedFile {
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(origin)}\n`);
  const [header = "", ...lines] = readFileSync(path, "utf8").split("\n");
  refuseOther(path, header, origin);
  const known = new Map<number, readonly Judged[]>();
  let wholeBytes = Buffer.byteLength(header) + 1;
  let [bytes, judged] = [wholeBytes, [] as Judged[]];
  // What follows the last line feed was cut off, or is empty.
  for (const [at, text] of lines.slice(0, -1).entries()) {
    bytes += Buffer.byteLength(text) + 1;
    const line = parsed(text, `${path}, line ${at + 2}`);
    if (!("done" in line)) {
      judged.push(line);
      continue;
    }
    known.set(line.done, judged);
    [wholeBytes, judged] = [bytes, []];
  }
  truncateSync(path, wholeBytes);
  return {
    known,
    add: (account, found) => appendFileSync(path, [...found, { done: account } satisfies EndOfAccount].map((line) => `${JSON.stringify(line)}\n`).join("")),
  };
}

function parsed(text: string, place: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (error) {
    throw new Error(`${place} is no JSON: name another file, or delete it`, { cause: error });
  }
}

function refuseOther(path: string, header: string, origin: Origin): void {
  const was = originIn(header);
  if (was === undefined) throw new Error(`${path} does not begin with what its judgements are of: name another file, or delete it`);
  const differences = (["seed", "runs", "rules", "sources"] as const).filter((part) => was[part] !== origin[part]);
  if (differences.length === 0) return;
  const told = differences.map((part) => `${part} ${was[part]} instead of ${origin[part]}`).join(", ");
  throw new Error(`${path} holds judgements of ${told}: name another file, or delete it`);
}

function originIn(header: string): Origin | undefined {
  return header.startsWith('{"seed":') && header.endsWith("}") ? (JSON.parse(header) as Origin) : undefined;
}
