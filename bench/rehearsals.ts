import { writeFileSync } from "node:fs";
import { join } from "node:path";
import story from "../simulation/scenarios/story.json" with { type: "json" };
import { bundleAsOptimizer, type Measurement, measureNode, root } from "./measure.ts";
import { type Rehearsal, rehearsalSchema } from "./rehearsal.ts";

/** What is planned and carried out on the production stacks of `saas`, two regions. */
interface Rehearsed {
  /** As `--scenario` takes it. */
  readonly scenario: string;
  readonly policy: object;
}

export const accounts = {
  story: { scenario: "story", policy: {} },
  /** The blueprint at its largest with a tenth of its requests, and with every approval: each of its levers has something to change. */
  allLevers: { scenario: join(root, "simulation", "scenarios", "quiet-saas.json"), policy: { approvals: ["aurora.backup-retention"] } },
} as const satisfies Readonly<Record<string, Rehearsed>>;

/** Whole runs, each in a process and an account of its own. */
export async function rehearsals(scratch: string): Promise<(rehearsed: Rehearsed) => Rehearsal & Pick<Measurement, "memoryMib">> {
  const cdktfOut = join(scratch, "cdktf.out");
  measureNode(scratch, ["scripts/app.mjs"], { ...story.stackSettings, CDKTF_OUTDIR: cdktfOut, TAP_SIZING_DIR: join(scratch, "no-sizing") });
  const script = await bundleAsOptimizer("rehearse", scratch);
  const policyFile = join(scratch, "policy.json");
  let count = 0;
  return ({ scenario, policy }) => {
    count += 1;
    writeFileSync(policyFile, JSON.stringify(policy));
    const { memoryMib, output } = measureNode(scratch, [...script, cdktfOut, join(scratch, `state-${count}`), scenario, policyFile]);
    return { ...rehearsalSchema.parse(JSON.parse(output)), memoryMib };
  };
}
