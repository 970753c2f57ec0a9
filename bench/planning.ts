/** `tsx bench/planning.ts [runs]`: what planning costs by the size of the account, the reader's time apart. */
import { join } from "node:path";
import { bundleAsOptimizer, inScratch, inTurn, measureNode, median, show } from "./measure.ts";
import { plannedSchema } from "./planning/planned.ts";

const sizes = ["100", "300", "1000"];

await inScratch(async (scratch) => {
  const script = await bundleAsOptimizer("plan-account", scratch);
  let count = 0;
  const measured = inTurn(
    Object.fromEntries(
      sizes.map((size) => [
        size,
        () => {
          count += 1;
          return plannedSchema.parse(JSON.parse(measureNode(scratch, [...script, size, join(scratch, `state-${count}`)]).output));
        },
      ]),
    ),
  );
  const rows = Object.values(measured).map((of) => {
    const planSeconds = median(of.map(({ cpuSeconds, readerCpuSeconds }) => cpuSeconds - readerCpuSeconds));
    const floorSeconds = median(of.map(({ floorCpuSeconds }) => floorCpuSeconds));
    return { ...of[0]!, planSeconds, floorSeconds, memoryMib: median(of.map(({ memoryMib }) => memoryMib)) };
  });
  const each = ({ planSeconds, resources }: (typeof rows)[number]): number => (planSeconds * 1000) / resources;
  show(
    "Planning sixty days, processor time without the reader's",
    rows.map((row) => [
      `${row.resources} resources`,
      `${row.series} series`,
      `${row.requests} requests (${(row.requests / row.fewestWholeRequests).toFixed(2)} × the fewest of whole series, ${(row.requests / row.fewestRequests).toFixed(2)} × points ÷ 100,800)`,
      `${row.proposals} proposals`,
      `${row.planSeconds.toFixed(2)} s`,
      `${each(row).toFixed(1)} ms each`,
      `ratio ${(each(row) / each(rows[0]!)).toFixed(2)}`,
      `${(row.planSeconds / row.floorSeconds).toFixed(1)} × reading, encoding and hashing each point once (${row.floorSeconds.toFixed(2)} s)`,
      `${row.memoryMib.toFixed(0)} MiB, ${row.baselineMib.toFixed(0)} of them series`,
      `plan of ${row.planMib.toFixed(1)} MiB`,
      row.resources === 1000 ? "goals: 5 s, 400 MiB, requests 1.05" : "",
    ]),
  );
});
