import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createRunStore } from "../../../../optimizer/adapters/files/run-store.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { RunSummary } from "../../../../optimizer/ports/run-store.ts";

const account = "123456789012";
const begun: RecordDraft = { type: "HOLD", at: 1, region: null, phase: null, op: null, body: { reason: "begun" } };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-runs-"));
});

function run(runId: string, ...regions: string[]): RunSummary {
  return { runId, planHash: "a".repeat(64), accountId: account, regions };
}

async function begin(summary: RunSummary): Promise<void> {
  const journal = await createRunStore(folder).create(summary);
  await journal.append(begun, "durable");
  await journal.close();
}

describe("a run of which something was taken away", () => {
  const other = run("run-2", "us-east-1");
  const state = (...names: string[]) => join(folder, ...names);

  it.each([
    ["its journal emptied", () => truncate(state("runs", "run-1", "journal.jsonl"), 0), "journal-broken"],
    ["its journal removed", () => rm(state("runs", "run-1", "journal.jsonl")), "journal-broken"],
    ["its whole folder removed", () => rm(state("runs", "run-1"), { recursive: true }), "journal-broken"],
    [
      "its folder and the marks of its regions removed",
      () => Promise.all([rm(state("runs", "run-1"), { recursive: true }), rm(state("open"), { recursive: true })]),
      "journal-broken",
    ],
    ["the marks of its regions removed", () => rm(state("open"), { recursive: true }), "run-open"],
  ] as const)("keeps its regions from another with %s", async (_, takeAway, code) => {
    await begin(run("run-1", "us-east-1", "us-west-2"));
    await takeAway();
    await expect(createRunStore(folder).create(other)).rejects.toMatchObject({ code });
  });

  it("is no hindrance once it was closed, even where its mark does not say so", async () => {
    await begin(run("run-1", "us-east-1"));
    const { journal } = await createRunStore(folder).open("run-1");
    const mark = await readFile(state("marks", "run-1"));
    await journal.append({ ...begun, type: "CLOSED", body: { outcome: "aborted" } }, "durable");
    await journal.close();
    await writeFile(state("marks", "run-1"), mark);
    await rm(state("open"), { recursive: true });
    await begin(other);
  });

  it("is verified anew where its journal changed since this process read it, by one byte or by a record", async () => {
    const path = state("runs", "run-1", "journal.jsonl");
    const store = createRunStore(folder);
    const journal = await store.create(run("run-1", "us-east-1"));
    await journal.append(begun, "durable");
    await journal.close();
    const readAgain = async () => (await store.open("run-1")).journal.read();
    const first = await readAgain();
    expect(await readAgain()).toEqual(first);
    const { journal: next } = await store.open("run-1");
    await next.append(begun, "durable");
    await next.close();
    expect(await readAgain()).toHaveLength(2);
    const whole = await readFile(path, "utf8");
    await writeFile(path, whole.replace('"begun"', '"begud"'));
    await expect(readAgain()).rejects.toMatchObject({ code: "journal-broken" });
    await truncate(path, 0);
    await expect(readAgain()).rejects.toMatchObject({ code: "journal-broken" });
    await writeFile(path, whole);
    expect(await readAgain()).toHaveLength(2);
  });

  it("of an older version has no mark, is read as before, and has one from its next record on", async () => {
    await begin(run("run-1", "us-east-1"));
    await rm(state("marks"), { recursive: true });
    const described = JSON.parse(await readFile(state("runs", "run-1", "run.json"), "utf8")) as object;
    await writeFile(state("runs", "run-1", "run.json"), JSON.stringify({ ...described, marked: undefined }));
    const { journal } = await createRunStore(folder).open("run-1");
    expect(await journal.read()).toHaveLength(1);
    await journal.append(begun, "durable");
    await journal.close();
    await truncate(state("runs", "run-1", "journal.jsonl"), 0);
    await expect((await createRunStore(folder).open("run-1")).journal.read()).rejects.toMatchObject({ code: "journal-broken" });
  });
});

describe("looking into a folder", () => {
  it("finds nothing where there is no folder, and makes none", async () => {
    const missing = join(folder, "none");
    expect(await createRunStore(missing).list()).toEqual([]);
    await expect(createRunStore(missing).open("run-1")).rejects.toMatchObject({ code: "run-unknown" });
    expect(await readdir(folder)).toEqual([]);
  });

  it("writes nothing", async () => {
    await begin(run("run-1", "us-east-1"));
    await rm(join(folder, "version.json"));
    const before = await readdir(folder, { recursive: true });
    const store = createRunStore(folder);
    await store.list();
    await (await store.open("run-1")).journal.read();
    expect(await store.requests("run-1")).toEqual([]);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });
});

describe("a request to a run", () => {
  it("stays until it is settled, for its owner only", async () => {
    await begin(run("run-1", "us-east-1"));
    const store = createRunStore(folder);
    const request = await store.request("run-1", { phase: null, by: "someone" });
    expect(await createRunStore(folder).requests("run-1")).toEqual([request]);
    const requests = join(folder, "runs", "run-1", "requests");
    expect([(await stat(requests)).mode & 0o777, (await stat(join(requests, `${request.id}.json`))).mode & 0o777]).toEqual([0o700, 0o600]);
    await store.settle("run-1", request.id);
    await store.settle("run-1", request.id);
    expect(await store.requests("run-1")).toEqual([]);
  });

  it("is seen within a millisecond of when nothing was there, and from then on at each look", async () => {
    let nowMs = 5;
    await begin(run("run-1", "us-east-1"));
    const store = createRunStore(folder, { monotonicMs: () => nowMs });
    expect(await store.requests("run-1")).toEqual([]);
    const requests = [await createRunStore(folder).request("run-1", { phase: null, by: "someone" })];
    nowMs += 0.9;
    expect(await store.requests("run-1")).toEqual([]);
    nowMs += 0.1;
    expect(await store.requests("run-1")).toEqual(requests);
    requests.push(await createRunStore(folder).request("run-1", { phase: null, by: "another" }));
    expect(new Set(await store.requests("run-1"))).toEqual(new Set(requests));
  });
});

describe("runs in a folder", () => {
  it("opens a run again with its journal, and the epoch of the lease in each record", async () => {
    const store = createRunStore(folder, { currentEpoch: () => 7 });
    const created = await store.create(run("run-1", "us-east-1"));
    await created.append(begun, "durable");
    await created.close();
    const { run: summary, journal } = await createRunStore(folder).open("run-1");
    expect(summary).toEqual(run("run-1", "us-east-1"));
    expect(await journal.read()).toMatchObject([{ seq: 1, epoch: 7, run: "run-1", account }]);
  });

  it("refuses a second run where one is open, naming it and both ways on", async () => {
    await begin(run("run-1", "us-east-1", "us-west-2"));
    await expect(createRunStore(folder).create(run("run-2", "eu-west-1", "us-west-2"))).rejects.toMatchObject({
      code: "run-open",
      message: expect.stringContaining("run-1"),
      hint: expect.stringMatching(/resume run-1.*rollback run-1/),
    });
    expect((await createRunStore(folder).list()).map(({ runId }) => runId)).toEqual(["run-1"]);
  });

  it("allows one in other regions, and another account", async () => {
    await begin(run("run-1", "us-east-1"));
    await begin(run("run-2", "us-west-2"));
    await begin({ ...run("run-3", "us-east-1"), accountId: "111122223333" });
    expect((await createRunStore(folder).list()).every(({ open }) => open)).toBe(true);
  });

  it("forgets the marks of a closed run, and only those", async () => {
    await begin(run("run-1", "us-east-1"));
    await begin(run("run-2", "us-west-2"));
    const store = createRunStore(folder);
    await store.close(run("run-1", "us-east-1", "us-west-2"));
    expect(await store.list()).toEqual([
      { ...run("run-1", "us-east-1"), open: false },
      { ...run("run-2", "us-west-2"), open: true },
    ]);
    await begin(run("run-3", "us-east-1"));
  });

  it("takes over marks of a run that was killed before its first record", async () => {
    await createRunStore(folder).create(run("run-1", "us-east-1"));
    await begin(run("run-2", "us-east-1"));
    expect((await createRunStore(folder).list()).map(({ runId, open }) => [runId, open])).toEqual([
      ["run-1", false],
      ["run-2", true],
    ]);
  });

  it("creates a run again that was killed before its first record, and not one that began", async () => {
    const store = createRunStore(folder);
    await store.create(run("run-1", "us-east-1", "us-west-2"));
    // Killed between the two marks.
    await rm(join(folder, "open", account, "us-west-2"));
    await begin(run("run-1", "us-east-1", "us-west-2"));
    expect(await readdir(join(folder, "open", account))).toEqual(["us-east-1", "us-west-2"]);
    await store.close(run("run-1", "us-east-1", "us-west-2"));
    await expect(store.create(run("run-1", "us-east-1", "us-west-2"))).rejects.toMatchObject({ code: "run-exists" });
  });

  it.each(["../run", "/etc", "", "a/b", "x\0"])("refuses the run id %j before any path is made of it", async (runId) => {
    await expect(createRunStore(folder).create(run(runId, "us-east-1"))).rejects.toMatchObject({ code: "bad-id" });
    await expect(createRunStore(folder).open(runId)).rejects.toMatchObject({ code: "bad-id" });
    expect((await readdir(folder)).filter((name) => name !== "version.json" && name !== "home.json" && name !== "runs")).toEqual([]);
  });

  it.each([
    ["is no JSON", (path: string) => writeFile(path, "{"), "does not describe run run-1"],
    ["is of another run", (path: string) => writeFile(path, JSON.stringify({ version: 1, ...run("run-9", "us-east-1") })), "does not describe run run-1"],
    [
      "is a folder",
      async (path: string) => {
        await rm(path);
        await mkdir(path);
      },
      "run.json",
    ],
    ["is gone with its folder", (path: string) => rm(dirname(path), { recursive: true }), "is gone or empty, and run run-1 was not closed"],
  ])("lists all others where the description of one %s, and says why", async (_, harm, why) => {
    await begin(run("run-1", "us-east-1"));
    await begin(run("run-2", "us-west-2"));
    await harm(join(folder, "runs", "run-1", "run.json"));
    expect(await createRunStore(folder).list()).toEqual([
      { runId: "run-1", open: true, undescribed: expect.stringContaining(why) },
      { ...run("run-2", "us-west-2"), open: true },
    ]);
  });

  it("takes what is no run's folder for none", async () => {
    await begin(run("run-1", "us-east-1"));
    await writeFile(join(folder, "runs", ".DS_Store"), "");
    await writeFile(join(folder, "runs", "notes"), "");
    await mkdir(join(folder, "runs", "lost+found"));
    expect((await createRunStore(folder).list()).map(({ runId }) => runId)).toEqual(["run-1"]);
  });

  it("tells an unknown run, and a state of a newer version", async () => {
    await expect(createRunStore(folder).open("run-9")).rejects.toMatchObject({ code: "run-unknown" });
    await writeFile(join(folder, "version.json"), '{"version":2}');
    await expect(createRunStore(folder).list()).rejects.toMatchObject({ code: "state-newer", message: expect.stringContaining("version 2") });
  });
});
