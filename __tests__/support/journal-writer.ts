import { createLock } from "../../optimizer/adapters/files/lock-file.ts";
import { createRunStore } from "../../optimizer/adapters/files/run-store.ts";

/** A process of its own that takes the lock, then appends durable records without end and prints the number of each that is on disk. */
const [folder = ""] = process.argv.slice(2);
const lease = await createLock(folder, { leaseMs: 3_600_000, monotonicMs: () => performance.now() }).acquire("123456789012", ["us-east-1"], {
  runId: "run-1",
  who: "writer",
});
const store = createRunStore(folder, { currentEpoch: () => lease.epoch });
const known = (await store.list()).some(({ runId }) => runId === "run-1");
const summary = { runId: "run-1", planHash: "a".repeat(64), accountId: "123456789012", regions: ["us-east-1"] };
const journal = known ? (await store.open("run-1")).journal : await store.create(summary);
for (;;) {
  await lease.assertHeld();
  const { seq } = await journal.append({ type: "HOLD", at: 0, region: null, phase: null, op: null, body: { reason: "x".repeat(4_000) } }, "durable");
  console.log(seq);
}
