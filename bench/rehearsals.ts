import { join } from "node:path";
import story from "../simulation/scenarios/story.json" with { type: "json" };
import { bundleAsOptimizer, type Measurement, measureNode } from "./measure.ts";
import { type Rehearsal, rehearsalSchema } from "./rehearsal.ts";

/** Runs of the whole story, each in a process and an account of its own. */
export async function rehearsals(scratch: string): Promise<() => Rehearsal & Pick<Measurement, "memoryMib">> {
  const cdktfOut = join(scratch, "cdktf.out");
  measureNode(scratch, ["scripts/app.mjs"], { ...story.stackSettings, CDKTF_OUTDIR: cdktfOut, TAP_SIZING_DIR: join(scratch, "no-sizing") });
  const script = await bundleAsOptimizer("rehearse", scratch);
  let count = 0;
  return () => {
    count += 1;
    const { memoryMib, output } = measureNode(scratch, [...script, cdktfOut, join(scratch, `state-${count}`)]);
    return { ...rehearsalSchema.parse(JSON.parse(output)), memoryMib };
  };
}
