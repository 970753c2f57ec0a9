import { join } from "node:path";
import { type Adoption, adopt, type NotLive } from "../app/adopt.ts";
import type { SizingValue } from "../core/model/action.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import { adoptionMarkdown, type WrittenSize } from "../core/report/adoption-markdown.ts";
import { count } from "../core/report/figures.ts";
import { exitCode, type ExitCode } from "../errors.ts";
import { checkDrift, driftBlocks, isZero } from "./check-drift.ts";
import type { SizingStore } from "../ports/sizing-store.ts";
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
    preview: { type: "boolean", default: false, describe: "Write nothing; show what would be written" },
    "pr-body": {
      type: "boolean",
      default: false,
      describe: "Adopt, and print a pull request's body (Markdown) in place of what is told otherwise; with --preview nothing is written",
    },
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
    const folder = sizingFolder(argv.sizing, world);
    const { changes, births } = await world.readers(shell.signal);
    const sizing = argv.preview ? previewed(world.sizing(folder), folder) : world.sizing(folder);
    const adoption = await adopt(plan, state, { sizing, changes, births }, onePhase(argv.phase));
    if (argv["pr-body"])
      shell.out(
        adoptionMarkdown(
          plan,
          state,
          writtenSizes(adoption),
          adoption.byHand.map(({ region, words }) => `${region}: ${words}`),
        ),
      );
    else if (argv.json) shell.out(`${JSON.stringify({ version: 1, ...adoption }, null, 2)}\n`);
    else
      shell.show([
        ...adoptionBlocks(adoption, argv.preview),
        {
          kind: "line",
          indent: 1,
          line: [
            piece("next  ", "dim"),
            ...cell(
              nextCommand(argv, "adopt", argv.run, ...(argv.sizing === undefined ? [] : ["--sizing", argv.sizing]), ...(argv.preview ? [] : ["--check"])),
              "strong",
            ),
          ],
        },
      ]);
    return adoption.notLive.length === 0 ? exitCode.done : exitCode.needsHuman;
  },
});

/** Reads as the files stand, and writes nothing. */
function previewed(sizing: SizingStore, folder: string): SizingStore {
  return { read: (suffix, stack) => sizing.read(suffix, stack), write: async (suffix, stack) => join(folder, suffix, `${stack}.json`) };
}

function writtenSizes({ adopted }: Adoption): readonly WrittenSize[] {
  return adopted.map(({ place, change }) => ({
    file: `${place.suffix}/${place.stack}.json`,
    property: `${place.path}.${change.property}`,
    value: change.operation === "append" ? `+ ${valueText(change.value)}` : valueText(change.value),
  }));
}

function valueText(value: SizingValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function adoptionBlocks(adoption: Adoption, isPreview = false): readonly Block[] {
  const { adopted, reverted, notLive, byHand, written } = adoption;
  if (adopted.length + reverted.length + notLive.length + byHand.length === 0)
    return [{ kind: "line", indent: 0, line: cell("nothing was applied and kept: nothing to adopt") }];
  const rows = writtenSizes(adoption).map(({ file, property, value }) => [cell(file), cell(property), cell(value, "strong")]);
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
          : isPreview
            ? cell(`${count(written.length, "sizing file")} would be written: ${written.join(", ")}`)
            : [piece("✓ ", "good"), piece(`${count(written.length, "sizing file")} written: ${written.join(", ")}`)],
    },
  ];
}

function notLiveWords({ region, summary, found, standing }: NotLive): string {
  const files = standing.map(({ suffix, stack, path }) => `${suffix}/${stack}.json ${path}`);
  const stands = files.length === 0 ? "" : `; Terraform would still make it so: ${files.join(", ")}`;
  return `${region}  ${summary}: not as the run left it, AWS says ${found}${stands}`;
}
