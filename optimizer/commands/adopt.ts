import { type Adoption, adopt, type NotLive } from "../app/adopt.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import { count } from "../core/report/figures.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import { checkDrift, driftBlocks, isZero } from "./check-drift.ts";
import { defineCommand, runPositional } from "./command.ts";
import { onePhase } from "./global-flags.ts";
import { nextCommand, openWorld, sizingFolder } from "./open-world.ts";
import { loadRun } from "./load-run.ts";

export const command = defineCommand({
  positionals: runPositional,
  options: {
    sizing: {
      type: "string",
      requiresArg: true,
      describe: "Folder of the stacks' sizing files (default: sizing; of a simulated account: its state folder's own)",
    },
    phase: { type: "string", requiresArg: true, describe: "Only what this phase applied" },
    check: { type: "boolean", default: false, describe: "Write nothing; compare stacks and simulated account. Of a real one: how to ask Terraform (exit 6)" },
  },
  async run(argv, shell): Promise<ExitCode> {
    const world = await openWorld(argv, shell);
    const { plan, state } = await loadRun(world, argv.run);
    if (argv.check) {
      const drift = await checkDrift(world, shell, sizingFolder(argv.sizing, world));
      const proven = drift !== undefined && isZero(drift);
      if (argv.json) shell.out(`${JSON.stringify({ version: 1, proven, drift: drift ?? null }, null, 2)}\n`);
      else shell.show(driftBlocks(drift));
      return proven ? exitCode.done : exitCode.needsHuman;
    }
    const { changes } = await world.readers(shell.signal);
    const adoption = await adopt(plan, state, { sizing: world.sizing(sizingFolder(argv.sizing, world)), changes }, onePhase(argv.phase));
    if (argv.json) shell.out(`${JSON.stringify({ version: 1, ...adoption }, null, 2)}\n`);
    else
      shell.show([
        ...adoptionBlocks(adoption),
        { kind: "line", indent: 1, line: [piece("next  ", "dim"), ...cell(nextCommand(argv, "adopt", argv.run, "--check"), "strong")] },
      ]);
    return adoption.notLive.length === 0 ? exitCode.done : exitCode.needsHuman;
  },
});

export function adoptionBlocks({ adopted, reverted, notLive, byHand, written }: Adoption): readonly Block[] {
  if (adopted.length + reverted.length + notLive.length + byHand.length === 0)
    return [{ kind: "line", indent: 0, line: cell("nothing was applied and kept: nothing to adopt") }];
  const rows = adopted.map(({ place, change }) => [
    cell(`${place.suffix}/${place.stack}.json`),
    cell(`${place.path}.${change.property}`),
    cell(change.operation === "append" ? `+ ${String(change.value)}` : String(change.value), "strong"),
  ]);
  return [
    { kind: "table", indent: 1, right: [], rows },
    ...reverted.map(({ place, change, summary }): Block => ({
      kind: "line",
      indent: 1,
      line: [piece("taken back  ", "warn"), piece(`${place.suffix}/${place.stack}.json  ${place.path}.${change.property}: ${summary} is undone`)],
    })),
    ...notLive.map((each): Block => ({ kind: "line", indent: 1, line: [piece("not adopted  ", "bad"), piece(notLiveWords(each))] })),
    ...byHand.map((patch): Block => ({ kind: "line", indent: 1, line: [piece("by hand  ", "warn"), piece(`${patch.region}  ${patch.words}`)] })),
    {
      kind: "line",
      indent: 1,
      line:
        written.length === 0
          ? cell("already adopted; no file changed", "dim")
          : [piece("✓ ", "good"), piece(`${count(written.length, "sizing file")} written: ${written.join(", ")}`)],
    },
  ];
}

function notLiveWords({ region, summary, found, standing }: NotLive): string {
  const files = standing.map(({ suffix, stack, path }) => `${suffix}/${stack}.json ${path}`);
  const stands = files.length === 0 ? "" : `; Terraform would still make it so: ${files.join(", ")}`;
  return `${region}  ${summary}: not as the run left it, AWS says ${found}${stands}`;
}
