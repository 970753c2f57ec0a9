import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createLock } from "../../../../optimizer/adapters/files/lock-file.ts";
import { createMachine } from "../../../../optimizer/adapters/files/machine.ts";
import { openStateFolder } from "../../../../optimizer/adapters/files/state-folder.ts";

let scratch: string;
let original: string;
let copy: string;

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), "tap-home-")));
  original = join(scratch, "state");
  copy = join(scratch, "copy");
  await openStateFolder(original);
});

/** A run of the folder takes the lock, and gives it back. */
async function drive(folder: string, isAccountInFolder?: boolean): Promise<void> {
  const options = { leaseMs: 2000, monotonicMs: () => performance.now(), ...(isAccountInFolder === undefined ? {} : { isAccountInFolder }) };
  const lease = await createLock(folder, options).acquire("123456789012", ["us-east-1"], { runId: "run-a", who: "tester" });
  await lease.release();
}

const copied = () => cp(original, copy, { recursive: true });

async function homeOf(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, "home.json"), "utf8"));
}

describe("a copy of a state folder", () => {
  it.each<readonly [string, () => Promise<void>]>([
    ["before anything ran", () => Promise.resolve()],
    ["after a run", () => drive(original)],
  ])("that was made %s is driven by nobody while its original is there, which goes on", async (_, first) => {
    await first();
    await copied();
    await expect(drive(copy)).rejects.toMatchObject({ code: "state-copied", message: expect.stringContaining(`${copy} is a copy of ${original}`) });
    await drive(original);
    await expect(drive(copy)).rejects.toMatchObject({ code: "state-copied" });
  });

  it("is told when it is asked whether it may be written to, and one whose account is in it is not", async () => {
    await copied();
    const before = await readdir(copy);
    await expect(createMachine(copy).tryState()).rejects.toMatchObject({
      code: "state-copied",
      message: expect.stringContaining(`${copy} is a copy of ${original}`),
    });
    expect(await readdir(copy)).toEqual(before);
    await createMachine(original).tryState();
    await createMachine(copy, { isAccountInFolder: true }).tryState();
    await rename(original, `${original}.old`);
    await createMachine(copy).tryState();
  });

  it("takes its original's place once that is moved away", async () => {
    await copied();
    await rename(original, `${original}.old`);
    await drive(copy);
    expect(await homeOf(copy)).toMatchObject({ path: copy });
  });

  it("whose account is in it is another account's, and is driven", async () => {
    await copied();
    await drive(copy, true);
  });
});

describe("a state folder", () => {
  it("that was moved goes on, and so does one under another name of the same folder", async () => {
    await drive(original);
    await rename(original, copy);
    await drive(copy);
    expect(await homeOf(copy)).toMatchObject({ path: copy, inode: String((await stat(copy)).ino) });
  });

  it.each<readonly [string, string]>([
    ["was brought from another machine", JSON.stringify({ host: "another", path: "/state", inode: "1" })],
    ["was restored where its original was", ""],
    ["has a note that a crash has cut", '{"host":'],
    ["has a note of another form", '{"host":1}'],
  ])("that %s goes on and is noted anew", async (_, text) => {
    await writeFile(join(original, "home.json"), text === "" ? JSON.stringify({ ...((await homeOf(original)) as object), inode: "1" }) : text);
    await drive(original);
    expect(await homeOf(original)).toMatchObject({ path: original, inode: String((await stat(original)).ino) });
  });

  it("of before there were notes is noted", async () => {
    const older = join(scratch, "older");
    await mkdir(older);
    await drive(older);
    expect(await homeOf(older)).toMatchObject({ path: older });
  });
});
