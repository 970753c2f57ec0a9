import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLock } from "../../../../optimizer/adapters/files/lock-file.ts";
import { createMachine } from "../../../../optimizer/adapters/files/machine.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "machine-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the machine", () => {
  it("tries the state folder by a file that is gone afterwards", async () => {
    await createMachine(folder).tryState();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("makes no state folder to find out whether it could", async () => {
    const path = join(folder, "not", "yet");
    await createMachine(path).tryState();
    expect(existsSync(path)).toBe(false);
  });

  it("refuses a file in the place of the state folder, and a state of a newer version", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(createMachine(join(file, "state")).tryState()).rejects.toMatchObject({ code: "state-unusable" });
    writeFileSync(join(folder, "version.json"), '{"version": 99}');
    await expect(createMachine(folder).tryState()).rejects.toMatchObject({ code: "state-newer" });
  });

  it("tells the locks that are held, and none that was given back", async () => {
    const machine = createMachine(folder);
    expect(await machine.heldLocks()).toEqual([]);
    const lock = createLock(folder, { leaseMs: 60_000, monotonicMs: () => 0 });
    const lease = await lock.acquire("123456789012", ["us-east-1"], { runId: "run-1", who: "someone@somewhere" });
    expect(await machine.heldLocks()).toEqual([
      { accountId: "123456789012", region: "us-east-1", runId: "run-1", who: "someone@somewhere", isAbandoned: false },
    ]);
    await lease.release();
    expect(await machine.heldLocks()).toEqual([]);
  });
});
