import { join } from "node:path";
import type { World } from "../composition/world.ts";
import { exitCode, Fault, Interrupted } from "../errors.ts";
import { cell, piece } from "../core/model/telling.ts";
import { defineCommand } from "./command.ts";
import { refuseRealAccount } from "./global-flags.ts";
import { nextCommand, openWorld, sizingFolder } from "./open-world.ts";
import { resetSimulated } from "./reset-simulated.ts";
import type { Shell } from "./shell.ts";
import { synthesize } from "./synthesize.ts";

export const command = defineCommand({
  positionals: { what: { choices: ["deploy"] as const, demandOption: true, describe: "deploy: the stacks, into the simulated account" } },
  options: {
    from: { type: "string", requiresArg: true, describe: "A cdktf.out folder (default: synthesize the stacks now)" },
    sizing: { type: "string", requiresArg: true, describe: "Folder of the stacks' sizing files (default: the state folder's own)" },
    reset: { type: "boolean", default: false, describe: "Remove this folder's simulated account, its plans and runs first: change a number and try again" },
  },
  async run(argv, shell) {
    refuseRealAccount(argv, "simulate deploy");
    if (argv.reset) await resetSimulated(argv.state, shell);
    const world = await openWorld({ ...argv, aws: "simulated" }, shell, "begin");
    const { byStack: paths } = await deploySimulated(world, shell, sizingFolder(argv.sizing, world), argv.from);
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, outputs: paths }, null, 2)}\n`);
    else {
      for (const path of paths) shell.show([{ kind: "line", indent: 0, line: [piece("outputs  ", "dim"), ...cell(path)] }]);
      shell.show([{ kind: "line", indent: 0, line: [piece("next     ", "dim"), ...cell(nextCommand(argv, "plan"), "strong")] }]);
    }
    return exitCode.done;
  },
});

export interface DeployedOutputs {
  /** The file with the outputs of every stack. */
  readonly all: string;
  readonly byStack: readonly string[];
}

/** Deploys the stacks and writes what `terraform output -json` would print. Idempotent. */
export async function deploySimulated(world: World, shell: Shell, sizingFolder: string, from?: string): Promise<DeployedOutputs> {
  if (world.simulation === undefined) throw new Fault("a simulated world without its account");
  const folder = join(world.stateFolder, "simulation");
  const source = from ?? join(folder, "cdktf.out");
  if (from === undefined) await synthesize(shell, source, sizingFolder, world.simulation.stackSettings);
  if (shell.signal.aborted) throw new Interrupted("interrupted; nothing was deployed");
  const documents = Object.entries(await world.simulation.deploy(source)).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const message of await world.simulation.notFollowed(source)) world.reporter.tell({ kind: "warning", message });
  const paths: string[] = [];
  for (const [stack, text] of documents) {
    const path = join(folder, "outputs", `${stack}.json`);
    await shell.files.write(path, text);
    paths.push(path);
  }
  // All stacks in one file, nested as cdktf writes them: what `plan` and `run` find here when no outputs are named.
  const nested = documents.map(([stack, text]) => `${JSON.stringify(stack)}: ${text.trimEnd()}`).join(",\n");
  const all = join(folder, "terraform-outputs.json");
  await shell.files.write(all, `{\n${nested}\n}\n`);
  return { all, byStack: paths };
}
