import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtemp, readdir, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLock } from "../../../../optimizer/adapters/files/lock-file.ts";
import { followVersion, isNewest, lockFolder, readLock, type LockContent } from "../../../../optimizer/adapters/files/lock-versions.ts";
import { thisProcess } from "../../../../optimizer/adapters/files/process-identity.ts";
import type { Lease } from "../../../../optimizer/ports/lock.ts";

const account = "123456789012";
const regions = ["us-east-1", "us-west-2"];
const holderScript = fileURLToPath(new URL("../../../support/lock-holder.ts", import.meta.url));

let folder: string;
const children: ChildProcessWithoutNullStreams[] = [];
const leases: Lease[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tap-lock-"));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(leases.splice(0).map((lease) => lease.release()));
});

function lockWith(leaseMs: number, onWait: (message: string) => void = () => undefined) {
  const lock = createLock(folder, { leaseMs, monotonicMs: () => performance.now(), onWait });
  return {
    ...lock,
    async take(runId = "run-b", of: readonly string[] = regions): Promise<Lease> {
      const lease = await lock.acquire(account, of, { runId, who: "other" });
      leases.push(lease);
      return lease;
    },
  };
}

/** Another process that has taken the lock, or tried to. */
async function holder(runId: string, leaseMs: number) {
  const child = spawn(process.execPath, ["--import", "tsx", holderScript, folder, runId, String(leaseMs)]);
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => (await lines.next()).value ?? "ended";
  const first = await next();
  return {
    first,
    async ask(line: "assert" | "release"): Promise<string> {
      child.stdin.write(`${line}\n`);
      return next();
    },
    async kill(): Promise<void> {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
    stop: () => child.kill("SIGSTOP"),
    wake: () => child.kill("SIGCONT"),
  };
}

describe("a lock between processes", () => {
  it("is refused while another process holds and renews it, naming holder, run and lock", async () => {
    const other = await holder("run-a", 900);
    expect(other.first).toBe("held 1 false");
    await expect(lockWith(900).take()).rejects.toMatchObject({
      code: "locked",
      message: expect.stringMatching(/operator \(run run-a, process \d+ on .*lock [0-9a-f-]{36}/),
    });
    expect(await other.ask("assert")).toBe("ok");
    expect(await other.ask("release")).toBe("ok");
    expect((await lockWith(900).take()).stolen).toBe(false);
  });

  it("is taken at once from a process that was killed, with a higher epoch", async () => {
    const other = await holder("run-a", 3_600_000);
    await other.kill();
    const lease = await lockWith(3_600_000).take();
    expect(lease).toMatchObject({ stolen: true, epoch: 2 });
    await lease.assertHeld();
  });

  it("is lost by a process that slept longer than its lease, which learns it before its next mutation", async () => {
    const other = await holder("run-a", 400);
    other.stop();
    const told: string[] = [];
    const lease = await lockWith(400, (message) => told.push(message)).take();
    expect(lease).toMatchObject({ stolen: true, epoch: 2 });
    expect(told).toEqual(regions.map((region) => expect.stringMatching(new RegExp(`^${region} is locked by operator \\(run run-a, .*taken over in 1 s$`))));
    other.wake();
    expect(await other.ask("assert")).toBe("lock-lost");
    await lease.assertHeld();
  });

  it("goes to exactly one of two that start at the same time", async () => {
    const [first, second] = await Promise.all([holder("run-a", 900), holder("run-b", 900)]);
    expect([first.first, second.first].toSorted()).toEqual(["held 1 false", "locked"]);
  });
});

describe("a lease", () => {
  it("keeps its hold by itself for longer than its length", async () => {
    // Long enough for a busy machine to renew it in time.
    const lease = await lockWith(2400).take();
    await pause(4000);
    await lease.assertHeld();
  });

  it("takes all regions or none", async () => {
    const west = await lockWith(600).take("run-a", ["us-west-2"]);
    await expect(lockWith(600).take("run-b")).rejects.toMatchObject({ code: "locked", message: expect.stringContaining("us-west-2") });
    await west.assertHeld();
    const east = await lockWith(600).take("run-c", ["us-east-1"]);
    expect(east.stolen).toBe(false);
  });

  it("has an epoch above that of each of its regions", async () => {
    for (const runId of ["r1", "r2", "r3"]) await (await lockWith(600).take(runId, ["us-west-2"])).release();
    expect((await lockWith(600).take("r4")).epoch).toBe(4);
  });

  it("cannot be asserted once half of it is over and nobody renewed it", async () => {
    let nowMs = 0;
    const lease = await createLock(folder, { leaseMs: 10_000, monotonicMs: () => (nowMs += 6_000) }).acquire(account, regions, { runId: "run-a", who: "me" });
    leases.push(lease);
    await expect(lease.assertHeld()).rejects.toMatchObject({ code: "lock-lost" });
  });

  it("leaves one version behind, so that an old holder can tell that it is old", async () => {
    const lease = await lockWith(90_000).take("run-a", ["us-east-1"]);
    await lease.release();
    const versions = await readdir(join(folder, "locks", account, "us-east-1"));
    expect(versions).toEqual(["000000000002.json"]);
  });
});

describe("versions of a lock", () => {
  const content: LockContent = { v: 1, lockId: "0", epoch: 1, held: true, runId: "r", who: "w", leaseMs: 1, process: thisProcess() };

  it("cannot be followed from one that was cleared away meanwhile", async () => {
    const path = await lockFolder(folder, account, "us-east-1");
    for (const number of [0, 1, 2]) expect(await followVersion(path, number, content)).toBe(true);
    expect(await followVersion(path, 1, { ...content, runId: "late" })).toBe(false);
    expect(await readLock(path)).toMatchObject({ number: 3, content: { runId: "r" } });
  });

  it("have been followed once the next one is there, and when that has come and gone", async () => {
    const path = await lockFolder(folder, account, "us-east-1");
    for (const number of [0, 1, 2]) {
      await followVersion(path, number, content);
      expect([1, 2, 3].map((each) => isNewest(path, each))).toEqual([1, 2, 3].map((each) => each === number + 1));
    }
    expect(await readdir(path)).toEqual(["000000000003.json"]);
  });

  it("have been followed where a process died before it cleared them away", async () => {
    const path = await lockFolder(folder, account, "us-east-1");
    for (const name of ["000000000001.json", "000000000002.json"]) await writeFile(join(path, name), `${JSON.stringify(content)}\n`);
    expect([isNewest(path, 1), isNewest(path, 2)]).toEqual([false, true]);
  });
});

describe("force-unlock", () => {
  it("removes exactly the lock with that id; its holder learns it", async () => {
    const lock = lockWith(90_000);
    const lease = await lock.take("run-a");
    const { content } = await readLock(join(folder, "locks", account, "us-east-1"));
    await expect(lock.forceUnlock("11111111-2222-3333-4444-555555555555")).rejects.toMatchObject({ code: "unknown-lock" });
    await lease.assertHeld();
    await lock.forceUnlock(content?.lockId ?? "");
    await expect(lease.assertHeld()).rejects.toMatchObject({ code: "lock-lost" });
    expect((await lock.take("run-b")).stolen).toBe(false);
  });

  it.each(["", "../x", "all"])("refuses %j as an id", async (id) => {
    await expect(lockWith(1_000).forceUnlock(id)).rejects.toMatchObject({ code: "bad-id" });
  });
});

describe("paths of locks", () => {
  it.each([
    ["../../etc", "us-east-1"],
    [account, "../us-east-1"],
    [account, "us-east-1/../../x"],
    [account, "us-east-1\0"],
  ])("refuses account %j with region %j", async (id, region) => {
    await expect(createLock(folder, { leaseMs: 1_000, monotonicMs: () => 0 }).acquire(id, [region], { runId: "r", who: "w" })).rejects.toMatchObject({
      code: "bad-id",
    });
  });

  it("refuses a symbolic link in its way", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "tap-elsewhere-"));
    await symlink(elsewhere, join(folder, "locks"));
    await expect(lockWith(1_000).take()).rejects.toMatchObject({ code: "state-unusable" });
    expect(await readdir(elsewhere)).toEqual([]);
  });
});
