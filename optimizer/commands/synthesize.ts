import { resolve } from "node:path";
import type { Shell } from "./shell.ts";

/** Synthesizes the stacks as a child process, as `cdktf synth` would: into `outFolder`, with the sizes of `sizingFolder` and `TAP_*` settings. */
export async function synthesize(shell: Shell, outFolder: string, sizingFolder: string, settings: Readonly<Record<string, string>>): Promise<void> {
  await shell.runSynthesis({ ...settings, CDKTF_OUTDIR: resolve(outFolder), TAP_SIZING_DIR: resolve(sizingFolder) });
}
