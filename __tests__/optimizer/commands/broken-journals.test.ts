import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { chainStart, encodeLine, hashOfLine } from "../../../optimizer/adapters/files/journal-lines.ts";
import { createMark, openMark } from "../../../optimizer/adapters/files/run-mark.ts";
import type { JournalRecord } from "../../../optimizer/core/model/journal-record.ts";
import { exitCodeOf } from "../../../optimizer/errors.ts";
import { inProcess } from "../../support/deployed-state.ts";
import { type GoldenExpectation, interruptAfter, unpackState } from "../../support/golden-run.ts";

/** A run that was interrupted while its second phase was watched, so that changes of it are live, with its mark. */
const recorded = join(import.meta.dirname, "../../golden/v1");
const { runId } = JSON.parse(readFileSync(join(recorded, "expected.json"), "utf8")) as GoldenExpectation;
let state = "";
let whole = "";
let world: readonly string[] = [];
const journal = (): string => join(state, "runs", runId, "journal.jsonl");

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "broken-journals-"));
  unpackState(join(recorded, "state"), state);
  let slots = 0;
  interruptAfter(state, runId, ({ type, phase }) => type === "SLOT" && phase === 2 && (slots += 1) === 20);
  whole = readFileSync(journal(), "utf8");
  const description = join(state, "runs", runId, "run.json");
  writeFileSync(description, JSON.stringify({ ...(JSON.parse(readFileSync(description, "utf8")) as object), marked: true }));
  const lines = whole.trimEnd().split("\n");
  await createMark(join(state, "marks", runId));
  const mark = await openMark(join(state, "marks", runId));
  await mark.advance({
    seq: lines.length,
    hash: hashOfLine(lines.at(-1) ?? ""),
    epoch: (JSON.parse(lines.at(-1) ?? "{}") as JournalRecord).epoch,
    closed: false,
  });
  await mark.close();
  world = ["--state", state, "--aws", "simulated", "--clock", "virtual", "--scenario", join(recorded, "scenario.json"), "--yes"];
});
afterEach(() => {
  rmSync(journal(), { recursive: true, force: true });
  writeFileSync(journal(), whole);
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** Each command that reads a run's journal; `runs` reads all of them and hides none. */
const commands: Readonly<Record<string, readonly string[]>> = {
  status: ["status", runId],
  resume: ["resume", runId],
  tick: ["tick", runId],
  rollback: ["rollback", runId],
  continue: ["continue", runId],
  abort: ["abort", runId],
  report: ["report", runId],
  adopt: ["adopt", runId],
  "verify-journal": ["verify-journal", runId],
};

/** The records again as somebody might write them: other members, an unbroken chain. */
function rewritten(change: (record: JournalRecord, index: number, all: readonly JournalRecord[]) => object): void {
  const records = whole
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalRecord);
  let prev = chainStart;
  const lines = records.map((record, index) => {
    const line = encodeLine({ ...record, ...change(record, index, records), prev });
    prev = hashOfLine(line);
    return `${line}\n`;
  });
  writeFileSync(journal(), lines.join(""));
}

/** All commands read a journal in one way; these breaks, one of each outcome, are tried with every one of them, the others with three. */
const triedWithAll = ["is empty", "is another account's", "is of a newer version"];

const isLast = (index: number, all: readonly unknown[]): boolean => index === all.length - 1;

/** What may have become of a journal, the error's code, and a word of what is said. */
const breaks: readonly (readonly [string, () => void, string, RegExp])[] = [
  [
    "is a folder",
    () => {
      rmSync(journal());
      mkdirSync(journal());
    },
    "journal-broken",
    /is a folder/,
  ],
  [
    "is a link to what it was",
    () => {
      renameSync(journal(), join(state, "moved"));
      symlinkSync(join(state, "moved"), journal());
    },
    "journal-broken",
    /is a symbolic link, and a file belongs there/,
  ],
  // Sparse: it takes no room on the disk.
  ["is larger than a text can be", () => truncateSync(journal(), 0x2000_0000), "journal-broken", /is larger than any file of the state/],
  ["got a byte order mark", () => writeFileSync(journal(), `\uFEFF${whole}`), "journal-broken", /record 1 is broken/],
  ["got the line ends of Windows", () => writeFileSync(journal(), whole.replaceAll("\n", "\r\n")), "journal-broken", /None of them says what is live/],
  ["is UTF-16", () => writeFileSync(journal(), whole, "utf16le"), "journal-broken", /record 1 is broken/],
  ["is gone", () => rmSync(journal()), "journal-broken", /emptied/],
  ["is empty", () => truncateSync(journal(), 0), "journal-broken", /emptied/],
  ["has lost its end", () => writeFileSync(journal(), `${whole.trimEnd().split("\n").slice(0, -7).join("\n")}\n`), "journal-broken", /are missing/],
  ["is cut within a record", () => truncateSync(journal(), Math.floor(whole.length / 2)), "journal-broken", /shortened/],
  ["has lost a record in the middle", () => writeFileSync(journal(), whole.split("\n").toSpliced(40, 1).join("\n")), "journal-broken", /record 4[01]/],
  ["is doubled", () => appendFileSync(journal(), whole), "journal-broken", /record \d+/],
  ["is another run's", () => rewritten(() => ({ run: "run-1780272000-00000000" })), "journal-broken", /run-1780272000-00000000/],
  ["is another account's", () => rewritten(() => ({ account: "999999999999" })), "journal-broken", /999999999999/],
  ["is of a newer version", () => rewritten((_, index, all) => (isLast(index, all) ? { v: 2 } : {})), "journal-newer", /has version 2/],
  [
    "holds a record that only a newer version knows",
    () => rewritten((_, index, all) => (isLast(index, all) ? { type: "NOTE" } : {})),
    "journal-newer",
    /is a NOTE/,
  ],
];

/** Every file of the state with its size and the time of its last write. */
function contents(): readonly string[] {
  return readdirSync(state, { recursive: true, encoding: "utf8" })
    .toSorted()
    .flatMap((name) => {
      const stats = statSync(join(state, name));
      return stats.isFile() ? [`${name} ${stats.size} ${stats.mtimeMs}`] : [name];
    });
}

async function refusalOf(argv: readonly string[]): Promise<UserError> {
  const error: unknown = await inProcess(argv).then(
    ({ code }) => new Error(`it ended with ${code}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  return error;
}

describe.each(breaks)("a journal that %s", (what, damage, code, words) => {
  const tried = Object.values(commands).filter(([name = ""]) => triedWithAll.includes(what) || ["status", "resume", "adopt"].includes(name));

  it("is refused by every command that reads it, with what is live in AWS and how to undo it, and nothing is written", async () => {
    damage();
    const before = contents();
    for (const argv of tried) {
      const error = await refusalOf([...argv, ...world]);
      const where = `${argv[0]}: ${error.message}\n${error.hint}`;
      expect([error.code, exitCodeOf(error)], where).toEqual([code, 2]);
      expect(error.message, where).toMatch(words);
      expect(error.message, where).toMatch(/live and not watched: |planned: /);
      expect(error.hint, where).toMatch(/ {2}aws [a-z]+ /);
      expect(contents(), where).toEqual(before);
    }
  });

  it("hides no other run from `runs`, which calls it unreadable", async () => {
    damage();
    const before = contents();
    const { code: exit, out } = await inProcess(["runs", ...world, "--json"]);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ runId, open: true, outcome: null, unreadable: expect.stringMatching(words) }]);
    expect(contents()).toEqual(before);
  });
});

it("a whole journal is read by the commands that only look, so that nothing above is refused for another reason", async () => {
  const before = contents();
  for (const name of ["status", "verify-journal"] as const) expect((await inProcess([...(commands[name] ?? []), ...world])).code).toBe(0);
  expect(contents()).toEqual(before);
});

it("a run whose description is damaged is listed as unreadable, and so is one whose folder is gone", async () => {
  const folder = dirname(journal());
  const description = readFileSync(join(folder, "run.json"));
  const listed = async (): Promise<unknown> => JSON.parse((await inProcess(["runs", ...world, "--json"])).out);
  const nothing = { runId, planHash: null, accountId: null, regions: [], open: true, outcome: null, startedAt: null, lastRecordAt: null, kept: null };
  writeFileSync(join(folder, "run.json"), "{");
  expect(await listed()).toEqual([{ ...nothing, unreadable: expect.stringContaining("does not describe run") }]);
  writeFileSync(join(folder, "run.json"), description);
  renameSync(folder, join(state, "elsewhere"));
  expect(await listed()).toEqual([{ ...nothing, unreadable: expect.stringContaining("is gone or empty") }]);
  renameSync(join(state, "elsewhere"), folder);
});
