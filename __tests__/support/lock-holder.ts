import { createInterface } from "node:readline";
import { createLock } from "../../optimizer/adapters/files/lock-file.ts";

/** A process of its own that holds a lock: `node --import tsx lock-holder.ts FOLDER RUN LEASE_MS`. Answers one line to each line. */
const [folder = "", runId = "", leaseMs = "0"] = process.argv.slice(2);
const lock = createLock(folder, { leaseMs: Number(leaseMs), monotonicMs: () => performance.now() });

async function answer(act: () => Promise<string>): Promise<void> {
  try {
    console.log(await act());
  } catch (error) {
    console.log(error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
}

const commands = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await answer(async () => {
  const lease = await lock.acquire("123456789012", ["us-east-1", "us-west-2"], { runId, who: "operator" });
  void (async () => {
    for (let line = await commands.next(); line.done !== true; line = await commands.next()) {
      await answer(async () => {
        if (line.value === "release") await lease.release();
        else await lease.assertHeld();
        return "ok";
      });
    }
  })();
  return `held ${lease.epoch} ${lease.stolen}`;
});
