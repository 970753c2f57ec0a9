import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLiveLines } from "../../optimizer/adapters/terminal/live-lines.ts";
import { runCommandLine } from "../../optimizer/commands/parser.ts";
import { createWorld } from "../../optimizer/composition.ts";
import { textFiles } from "../../optimizer/composition/text-files.ts";
import type { World } from "../../optimizer/composition/world.ts";
import { memoryShell, type MemoryShell } from "./memory-shell.ts";
import { sources, synthesizedText } from "./synthesized-stacks.ts";

/** Synthesizes the stacks at production size, in this process, as a `cdktf.out` folder. */
export async function writeSynthesis(folder: string, configuration: object = {}, sizing: Readonly<Record<string, unknown>> = {}): Promise<string> {
  for (const [stack, text] of Object.entries(synthesizedText(sources(configuration, sizing)))) {
    await mkdir(join(folder, "stacks", stack), { recursive: true });
    await writeFile(join(folder, "stacks", stack, "cdk.tf.json"), text);
  }
  return folder;
}

/** A shell whose world is real: files, the embedded account, the SDK clients. `watch` sees every world that is made. */
export function realShell(watch: (world: World) => World = (world) => world): MemoryShell {
  const shell = memoryShell();
  const lines = createLiveLines(
    (text) => shell.shown.push(...text.trimEnd().split("\n")),
    false,
    () => 0,
  );
  return {
    ...shell,
    files: textFiles,
    createWorld: async (settings) => watch(await createWorld(settings, { lines, display: { width: 120, colour: false, unicode: true } })),
  };
}

/** Runs one command line in this process; what it printed as a result, and its exit code. */
export async function inProcess(argv: readonly string[], shell: MemoryShell = realShell()): Promise<{ readonly code: number; readonly out: string }> {
  const code = await runCommandLine(argv, shell);
  return { code, out: shell.results.join("") };
}

/** Deploys the stacks of `synthesis` to the simulated account of a state folder. */
export async function deployedState(state: string, synthesis: string, scenario = "story"): Promise<string> {
  await inProcess(["simulate", "deploy", "--state", state, "--from", synthesis, "--scenario", scenario]);
  return join(state, "simulation", "terraform-outputs.json");
}
