import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Interrupted } from "../../optimizer/errors.ts";
import { readNamedFile } from "../../optimizer/named-file.ts";
import { stopSignals } from "../../optimizer/stop-signals.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "named-file-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pipe(name: string): string {
  execFileSync("mkfifo", [join(folder, name)]);
  return join(folder, name);
}

describe("a file that somebody names", () => {
  it("is read whole", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "{}\n");
    expect((await readNamedFile(path)).toString("utf8")).toBe("{}\n");
  });

  it("is refused where it is larger than it may be", async () => {
    const path = join(folder, "large");
    writeFileSync(path, "");
    truncateSync(path, 0x2000_0000);
    await expect(readNamedFile(path)).rejects.toMatchObject({ code: "file-too-large", message: expect.stringContaining("larger than 512 MB") });
    await expect(readNamedFile(path, 100)).rejects.toMatchObject({ code: "file-too-large" });
  });

  it.each([
    ["is not there", "nothing", "ENOENT"],
    ["is a folder", ".", "EISDIR"],
  ])("is told by the file system's own error where it %s", async (_, name, code) => {
    await expect(readNamedFile(join(folder, name))).rejects.toMatchObject({ code });
  });
});

describe("a pipe that somebody names", () => {
  it("is read to the end of what its writer sends", async () => {
    const path = pipe("written");
    const reading = readNamedFile(path);
    const writer = await open(path, "w");
    for (const part of ["{", '"a":1', "}"]) await writer.write(part);
    await writer.close();
    expect((await reading).toString("utf8")).toBe('{"a":1}');
  });

  it("is refused where more is sent than it may be", async () => {
    const path = pipe("endless");
    const reading = readNamedFile(path, 10);
    const writer = await open(path, "w");
    const [refused] = await Promise.all([
      reading.then(
        () => undefined,
        (error: unknown) => error,
      ),
      writer.write("x".repeat(1000)),
    ]);
    await writer.close();
    expect(refused).toMatchObject({ code: "file-too-large" });
  });

  it.each(stopSignals)("that nobody writes to is waited for until %s comes", async (signal) => {
    const before = process.listenerCount(signal);
    const reading = readNamedFile(pipe(signal));
    process.emit(signal);
    await expect(reading).rejects.toThrow(Interrupted);
    expect(process.listenerCount(signal)).toBe(before);
  });
});
