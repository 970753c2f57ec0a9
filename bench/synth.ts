/** `tsx bench/synth.ts [runs]`: what synthesizing all stacks of `saas` in production costs, beside an app of cdktf that has nothing in it, run through tsx. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { examples } from "../scripts/blueprints/examples.ts";
import { parseStack, resourcesOf } from "../scripts/blueprints/stack-document.ts";
import { synthesize } from "../scripts/blueprints/synthesize.ts";
import { inScratch, inTurn, measureNode, medianOf, runs, show } from "./measure.ts";

const goal = { ratio: 1.2, memoryMib: 115 };

await inScratch(async (scratch) => {
  const emptyApp = join(scratch, "empty.ts");
  writeFileSync(emptyApp, 'import { App } from "cdktf";\nnew App().synth();\n');
  const certificates = examples.find(({ name }) => name === "saas-production")?.configuration.certificateArn ?? [];
  const production = { TAP_BLUEPRINT: "saas", TAP_ENVIRONMENT: "production", TAP_CERTIFICATE_ARN: certificates.join(",") };
  const measured = inTurn({
    empty: () => measureNode(scratch, ["--import", "tsx", emptyApp], { CDKTF_OUTDIR: join(scratch, "empty") }),
    stacks: () => measureNode(scratch, ["scripts/app.mjs"], { CDKTF_OUTDIR: join(scratch, "stacks"), ...production }),
  });
  const [empty, stacks] = [medianOf(measured.empty), medianOf(measured.stacks)];
  const ratio = stacks.seconds / empty.seconds;
  show(`Synthesis; medians of ${runs}`, [
    ["empty cdktf app through tsx", `${empty.seconds.toFixed(2)} s`, `${empty.memoryMib.toFixed(0)} MiB`],
    ["saas in production, all stacks", `${stacks.seconds.toFixed(2)} s`, `${stacks.memoryMib.toFixed(0)} MiB`, `ratio ${ratio.toFixed(2)}`],
    ["goal", `≤ ${(goal.ratio * empty.seconds).toFixed(2)} s`, `≤ ${goal.memoryMib} MiB`, `≤ ${goal.ratio}`],
  ]);
  for (const example of examples) synthesize(example, join(scratch, example.name));
  show(
    "Resources",
    examples.flatMap(({ name }) => resourceCounts(name, join(scratch, name, "stacks"))),
  );
});

/** A row a stack: resources, and of how many types. */
function resourceCounts(name: string, folder: string): readonly (readonly [string, ...string[]])[] {
  return readdirSync(folder).map((stack) => {
    const resources = resourcesOf(parseStack(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8")));
    return [`${name}, ${stack}`, String(resources.length), `${new Set(resources.map(({ type }) => type)).size} types`];
  });
}
