import { appendFile, mkdtemp, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createJournalFile } from "../../../../optimizer/adapters/files/journal-file.ts";
import { encodeLine } from "../../../../optimizer/adapters/files/journal-lines.ts";
import type { JournalRecord, RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import { sha256Hex } from "../../../../optimizer/core/model/hash.ts";
import type { Journal } from "../../../../optimizer/ports/journal.ts";

let path: string;
const opened: Journal[] = [];

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), "tap-journal-")), "journal.jsonl");
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

function journal(epoch = 1): Journal {
  const one = createJournalFile(path, { runId: "run-1", accountId: "123456789012", currentEpoch: () => epoch });
  opened.push(one);
  return one;
}

function hold(reason: string): RecordDraft {
  return { type: "HOLD", at: 1_000, region: "us-east-1", phase: 1, op: null, body: { reason } };
}

async function written(count: number): Promise<readonly string[]> {
  const one = journal();
  for (let index = 1; index <= count; index += 1) await one.append(hold(`reason ${index}`), index % 2 === 0 ? "durable" : "lazy");
  await one.close();
  return (await readFile(path, "utf8")).split("\n").slice(0, -1);
}

async function rewrite(lines: readonly string[]): Promise<void> {
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
}

describe("a journal file", () => {
  it("gives back what was appended, chained from 64 zeros", async () => {
    const [first, second] = await written(2);
    const records = await journal().read();
    expect(records.map(({ seq, prev, epoch, run, account, body }) => ({ seq, prev, epoch, run, account, body }))).toEqual([
      { seq: 1, prev: "0".repeat(64), epoch: 1, run: "run-1", account: "123456789012", body: { reason: "reason 1" } },
      { seq: 2, prev: sha256Hex(first ?? ""), epoch: 1, run: "run-1", account: "123456789012", body: { reason: "reason 2" } },
    ]);
    expect(second).toMatch(/^\{.*\}$/);
  });

  it("keeps the order of appends that were not waited for, and goes on where it ended", async () => {
    const one = journal();
    await Promise.all(Array.from({ length: 20 }, (_, index) => one.append(hold(String(index)), index % 3 === 0 ? "durable" : "lazy")));
    await one.close();
    await journal(2).append(hold("later"), "durable");
    const records = await journal().read();
    expect(records.map(({ body }) => body)).toEqual([...Array.from({ length: 20 }, (_, index) => ({ reason: String(index) })), { reason: "later" }]);
    expect(records.at(-1)?.epoch).toBe(2);
  });

  it("is empty, and not made, as long as nobody writes", async () => {
    expect(await journal().read()).toEqual([]);
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is readable by its owner only", async () => {
    await written(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("does not read a torn last line, and the next append cuts it off", async () => {
    const lines = await written(3);
    const whole = await readFile(path);
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (const cut of [lastStart + 1, lastStart + 40, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, cut));
      expect(await journal().read()).toHaveLength(2);
    }
    const again = journal();
    await again.append(hold("again"), "durable");
    await again.close();
    expect((await readFile(path, "utf8")).split("\n").slice(0, 2)).toEqual(lines.slice(0, 2));
    expect((await journal().read()).at(-1)).toMatchObject({ seq: 3, body: { reason: "again" } });
  });

  it("stops a writer when another process has written meanwhile", async () => {
    const one = journal();
    await one.append(hold("mine"), "durable");
    await journal(2).append(hold("theirs"), "durable");
    await expect(one.append(hold("too late"), "durable")).rejects.toMatchObject({ code: "lock-lost" });
    expect(await journal().read()).toHaveLength(2);
  });

  it("takes secrets out of records, and leaves tokens of steps alone", async () => {
    const one = journal();
    await one.append(hold("key AKIAIOSFODNN7EXAMPLE in postgres://app:canary-pw@db/x, password=canary-pw2"), "durable");
    const change = {
      kind: "rds.failover",
      region: "us-east-1",
      cluster: "c",
      before: { writer: "a" },
      after: { writer: "b" },
    } as const;
    await one.append(
      { type: "INTENT", at: 1, region: "us-east-1", phase: 3, op: "s", body: { action: "a", purpose: "forward", change, token: "run-1|s" } },
      "durable",
    );
    const text = await readFile(path, "utf8");
    expect(text).not.toMatch(/AKIA|canary/);
    expect(text).toContain('"token":"run-1|s"');
  });

  it("refuses a symbolic link in its place", async () => {
    await symlink("/dev/null", path);
    await expect(journal().append(hold("x"), "durable")).rejects.toMatchObject({ code: "journal-broken" });
  });
});

describe("a journal that was tampered with", () => {
  const broken = (seq: number) => ({ code: "journal-broken", message: expect.stringContaining(`record ${seq} is broken`) });

  it("names a missing, a doubled, a moved and a foreign record", async () => {
    const lines = await written(4);
    const [a = "", b = "", c = "", d = ""] = lines;
    await rewrite([a, c, d]);
    await expect(journal().read()).rejects.toMatchObject(broken(2));
    await rewrite([a, b, b, c, d]);
    await expect(journal().read()).rejects.toMatchObject(broken(3));
    await rewrite([a, c, b, d]);
    await expect(journal().read()).rejects.toMatchObject(broken(2));
    await rewrite([b, c, d]);
    await expect(journal().read()).rejects.toMatchObject(broken(1));
    await rewrite(lines);
    const other = createJournalFile(path, { runId: "run-2", accountId: "123456789012", currentEpoch: () => 1 });
    await expect(other.read()).rejects.toMatchObject(broken(1));
  });

  it("names the record of any flipped bit, the last one's included", async () => {
    const lines = await written(3);
    const whole = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length - 2 }), fc.nat({ max: 7 }), async (at, bit) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        fc.pre(whole[at] !== 0x0a && bytes[at] !== 0x0a);
        await writeFile(path, bytes);
        const seq = whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
        // A flipped version digit may look like a newer version; that is refused as well.
        await expect(journal().read()).rejects.toMatchObject({ message: expect.stringContaining(`record ${seq} `) });
      }),
    );
  });

  it("cannot be forged by a record that follows nothing", async () => {
    const [first = ""] = await written(1);
    const forged: JournalRecord = { ...(JSON.parse(first) as JournalRecord), seq: 2, prev: "f".repeat(64) };
    await appendFile(path, `${encodeLine(forged)}\n`);
    await expect(journal().read()).rejects.toMatchObject(broken(2));
  });

  it.each([
    ["a version that is a text", { v: "1" }],
    ["a version 0", { v: 0 }],
    ["a number that is no whole one", { seq: 1.5 }],
    ["a number beyond all whole ones", { seq: 2 ** 53 }],
    ["no record before it", { prev: null }],
    ["no type", { type: undefined }],
  ])("refuses a record of %s, even with a sum that fits", async (_, wrong) => {
    const [first = ""] = await written(1);
    await writeFile(path, `${encodeLine({ ...(JSON.parse(first) as JournalRecord), ...wrong } as JournalRecord)}\n`);
    await expect(journal().read()).rejects.toMatchObject(broken(1));
  });

  it.each(["null", "1", "[]"])("refuses a line that is JSON but no record: %s", async (json) => {
    await writeFile(path, `${json}\n`);
    await expect(journal().read()).rejects.toMatchObject(broken(1));
  });

  it("refuses a newer version, naming it", async () => {
    await writeFile(path, '{"v":2,"seq":1,"prev":"","type":"X","body":{},"sum":"' + "0".repeat(64) + '"}\n');
    await expect(journal().read()).rejects.toMatchObject({ code: "journal-newer", message: expect.stringContaining("version 2") });
  });
});
