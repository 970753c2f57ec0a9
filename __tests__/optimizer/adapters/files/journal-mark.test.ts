import { mkdir, mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createJournalFile } from "../../../../optimizer/adapters/files/journal-file.ts";
import { createMark, openMark, readMark } from "../../../../optimizer/adapters/files/run-mark.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { Journal } from "../../../../optimizer/ports/journal.ts";

let folder: string;
let path: string;
let mark: string;
const opened: Journal[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-mark-"));
  path = join(folder, "journal.jsonl");
  mark = join(folder, "mark");
  await createMark(mark);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

function journal(epoch = 1, accountId = "123456789012"): Journal {
  const one = createJournalFile(path, { runId: "run-1", accountId, mark: { path: mark, expected: true }, currentEpoch: () => epoch });
  opened.push(one);
  return one;
}

function hold(reason: string): RecordDraft {
  return { type: "HOLD", at: 1_000, region: "us-east-1", phase: 1, op: null, body: { reason } };
}

async function write(one: Journal, ...reasons: readonly string[]): Promise<void> {
  for (const reason of reasons) await one.append(hold(reason), "durable");
}

async function written(...reasons: readonly string[]): Promise<Buffer> {
  const one = journal();
  await write(one, ...reasons);
  await one.close();
  return readFile(path);
}

async function reasonsNow(): Promise<readonly unknown[]> {
  return (await journal().read()).map(({ body }) => ("reason" in body ? body.reason : undefined));
}

describe("a journal with its mark", () => {
  it.each([
    ["emptied", (_whole: Buffer) => truncate(path, 0), /was emptied: records 1 to 3 are missing/],
    ["removed", () => rm(path), /was emptied: records 1 to 3 are missing/],
    ["shortened by a record", (whole: Buffer) => truncate(path, whole.lastIndexOf(0x0a, -2) + 1), /was shortened: record 3 is missing, and 3 were on disk/],
    ["cut within a record", (whole: Buffer) => truncate(path, whole.length - 9), /was shortened: record 3 is missing/],
    ["doubled", (whole: Buffer) => writeFile(path, Buffer.concat([whole, whole])), /record 4 is broken: record 1 stands in its place/],
    ["a folder", async () => (await rm(path), mkdir(path)), /is a folder/],
    ["without its mark", () => rm(mark), /is gone: the journal may have been shortened/],
    ["with a mark that is not as it was written", () => writeFile(mark, "x"), /nothing tells whether/],
  ] as const)("is refused when it is %s, by readers and writers", async (_, damage, problem) => {
    const whole = await written("a", "b", "c");
    await damage(whole);
    await expect(journal().read()).rejects.toMatchObject({ code: "journal-broken", message: expect.stringMatching(problem) });
    await expect(journal(2).append(hold("d"), "durable")).rejects.toMatchObject({ code: "journal-broken" });
  });

  it("is refused when it was replaced by another one of as many records", async () => {
    await written("a", "b");
    await rename(path, join(folder, "first"));
    await rename(mark, join(folder, "first-mark"));
    await createMark(mark);
    await written("x", "y");
    await rm(mark);
    await rename(join(folder, "first-mark"), mark);
    await expect(journal().read()).rejects.toMatchObject({ message: expect.stringMatching(/was replaced: its record 2/) });
  });

  it("of another account is refused, and so is a type that only a newer version knows", async () => {
    await written("a");
    await expect(journal(1, "111122223333").read()).rejects.toMatchObject({ message: expect.stringContaining("belongs to account 123456789012") });
    const draft = { ...hold("b"), type: "FORECAST" } as unknown as RecordDraft;
    const one = journal();
    await one.append(draft, "durable");
    await expect(journal().read()).rejects.toMatchObject({ code: "journal-newer", message: expect.stringContaining("FORECAST") });
  });

  it("may be longer than its mark says, as after a crash between the two, and may have lost slots that were never on disk", async () => {
    const one = journal();
    await write(one, "a");
    const before = await readFile(mark);
    await write(one, "b");
    await writeFile(mark, before);
    expect(await reasonsNow()).toEqual(["a", "b"]);
    await one.append(hold("lazy"), "lazy");
    await truncate(path, (await readFile(path)).lastIndexOf(0x0a, -2) + 1);
    expect(await reasonsNow()).toEqual(["a", "b"]);
  });

  it("survives a mark of which one slot was torn", async () => {
    await written("a", "b");
    const bytes = await readFile(mark);
    for (const slot of [0, 256]) {
      const torn = Buffer.from(bytes);
      torn.fill("x", slot + 30, slot + 60);
      await writeFile(mark, torn);
      expect(await reasonsNow()).toEqual(["a", "b"]);
    }
  });
});

describe("a writer that slept past its lease", () => {
  it("writes nothing once somebody else has written", async () => {
    const sleeper = journal(1);
    await write(sleeper, "a");
    const next = journal(2);
    await next.read();
    await write(next, "b");
    await expect(sleeper.append(hold("late"), "durable")).rejects.toMatchObject({ code: "lock-lost" });
    await write(next, "c");
    expect(await reasonsNow()).toEqual(["a", "b", "c"]);
  });

  it("loses to whoever took over where it wrote between the other's reading and writing, and the other goes on", async () => {
    const sleeper = journal(1);
    await write(sleeper, "a");
    const next = journal(2);
    await next.read();
    await write(sleeper, "late", "later");
    await write(next, "b");
    await expect(sleeper.append(hold("much later"), "durable")).rejects.toMatchObject({ code: "lock-lost" });
    await write(next, "c");
    await next.close();
    expect(await reasonsNow()).toEqual(["a", "b", "c"]);
    // The sleeper's mark speaks of records that no longer count.
    expect(readMark(mark)).toMatchObject({ seq: 3, epoch: 2 });
  });

  it("breaks nothing with a mark that it writes late", async () => {
    const sleeper = journal(1);
    await write(sleeper, "a", "late");
    const late = readMark(mark);
    if (typeof late === "string") throw new Error(late);
    const next = journal(2);
    await next.read();
    await write(next, "b");
    const writer = await openMark(mark);
    await writer.advance(late);
    await writer.close();
    expect(await reasonsNow()).toEqual(["a", "late", "b"]);
  });

  it("whose whole line comes after the other's is left aside, and goes on being left aside", async () => {
    const one = journal(1);
    await write(one, "a");
    const fork = await readFile(path);
    await write(one, "late");
    const lateLine = (await readFile(path)).subarray(fork.length);
    await writeFile(path, fork);
    await rm(mark);
    await createMark(mark);
    const next = journal(2);
    await next.read();
    await write(next, "b");
    await writeFile(path, lateLine, { flag: "a" });
    await write(next, "c");
    expect(await reasonsNow()).toEqual(["a", "b", "c"]);
  });

  it("is not an excuse for a record that is missing or doubled within one epoch", async () => {
    const whole = (await written("a", "b", "c")).toString().split("\n").slice(0, -1);
    const next = journal(2);
    await next.read();
    await write(next, "d");
    await next.close();
    const [a, b, c, d] = (await readFile(path, "utf8")).split("\n");
    for (const lines of [
      [a, b, d],
      [a, c, d],
      [a, b, b, c, d],
      [a, b, c, d, a],
    ])
      await writeFile(path, `${lines.join("\n")}\n`).then(() => expect(journal().read(), lines.join()).rejects.toMatchObject({ code: "journal-broken" }));
    expect(whole).toHaveLength(3);
  });
});

it("does not go on in a file that was put in the place of the one it writes", async () => {
  const one = journal();
  await write(one, "a");
  const copy = await readFile(path);
  await rm(path);
  await writeFile(path, copy);
  await expect(one.append(hold("b"), "durable")).rejects.toMatchObject({ code: "journal-broken", message: expect.stringContaining("replaced") });
});
