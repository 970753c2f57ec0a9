import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createRunStore } from "../../../../optimizer/adapters/files/run-store.ts";

const writerScript = fileURLToPath(new URL("../../../support/journal-writer.ts", import.meta.url));

/** Starts a writer and kills it after so many records; resolves to the last number it said was on disk. */
async function killAfter(folder: string, records: number): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", writerScript, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let last = 0;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    seen += 1;
    if (seen === records) child.kill("SIGKILL");
  }
  await gone;
  return last;
}

it("keeps every durable record of processes that are killed one after the other, each taking the lock from a dead one", { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "tap-killed-"));
  let epoch = 0;
  for (const records of [1, 7, 23, 60]) {
    const acknowledged = await killAfter(folder, records);
    const { journal } = await createRunStore(folder).open("run-1");
    const written = await journal.read();
    epoch += 1;
    expect(acknowledged).toBeGreaterThanOrEqual(records);
    expect(written.length).toBeGreaterThanOrEqual(acknowledged);
    expect(written.at(-1)?.epoch).toBe(epoch);
  }
});
