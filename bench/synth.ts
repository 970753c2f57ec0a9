/** `tsx bench/synth.ts [runs]`: what synthesizing all stacks costs, beside an app of cdktf that has nothing in it, run through tsx. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { inScratch, inTurn, measureNode, medianOf, runs, show } from "./measure.ts";

const goal = { ratio: 1.2, memoryMib: 115 };
const stackFile = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

await inScratch(async (scratch) => {
  const emptyApp = join(scratch, "empty.ts");
  writeFileSync(emptyApp, 'import { App } from "cdktf";\nnew App().synth();\n');
  const synthesis = (name: string) => ({ CDKTF_OUTDIR: join(scratch, name), TAP_ENVIRONMENT: "staging" });
  const measured = inTurn({
    empty: () => measureNode(scratch, ["--import", "tsx", emptyApp], synthesis("empty")),
    stacks: () => measureNode(scratch, ["scripts/app.mjs"], synthesis("stacks")),
  });
  const [empty, stacks] = [medianOf(measured.empty), medianOf(measured.stacks)];
  const ratio = stacks.seconds / empty.seconds;
  show(`Synthesis: ${resourceCount(join(scratch, "stacks"))} resources in all stacks; medians of ${runs}`, [
    ["empty cdktf app through tsx", `${empty.seconds.toFixed(2)} s`, `${empty.memoryMib.toFixed(0)} MiB`],
    ["all stacks", `${stacks.seconds.toFixed(2)} s`, `${stacks.memoryMib.toFixed(0)} MiB`, `ratio ${ratio.toFixed(2)}`],
    ["goal", `≤ ${(goal.ratio * empty.seconds).toFixed(2)} s`, `≤ ${goal.memoryMib} MiB`, `≤ ${goal.ratio}`],
  ]);
});

function resourceCount(outdir: string): number {
  const stacks = join(outdir, "stacks");
  return readdirSync(stacks)
    .flatMap((stack) => Object.values(stackFile.parse(JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8"))).resource))
    .reduce((count, byName) => count + Object.keys(byName).length, 0);
}
