import { join } from "node:path";
import type { Drift, World } from "../composition/world.ts";
import { type Block, cell, piece } from "../core/model/telling.ts";
import type { Shell } from "./shell.ts";
import { synthesize } from "./synthesize.ts";

/**
 * What Terraform would still change: the stacks, synthesized again with the adopted sizes, against the simulated account.
 * `undefined` for a real account, where only Terraform itself can tell.
 */
export async function checkDrift(world: World, shell: Shell, sizingFolder: string): Promise<Drift | undefined> {
  if (world.simulation === undefined) return undefined;
  const outFolder = join(world.stateFolder, "simulation", "cdktf.check");
  await synthesize(shell, outFolder, sizingFolder, world.simulation.stackSettings);
  return world.simulation.driftAgainst(outFolder);
}

export function isZero(drift: Drift): boolean {
  return drift.add.length + drift.change.length + drift.destroy.length === 0;
}

/** As `terraform plan` sums up. */
export function driftWords(drift: Drift): string {
  return `${drift.add.length} to add, ${drift.change.length} to change, ${drift.destroy.length} to destroy`;
}

const terraformCommands = [
  "npx cdktf synth",
  "terraform -chdir=cdktf.out/stacks/<stack> init",
  "terraform -chdir=cdktf.out/stacks/<stack> plan -detailed-exitcode",
];

export function driftBlocks(drift: Drift | undefined): readonly Block[] {
  if (drift === undefined) {
    return [
      {
        kind: "line",
        indent: 0,
        line: cell("not checked: of a real account only Terraform can tell whether anything is left to change. For each stack:", "warn"),
      },
      ...terraformCommands.map((command): Block => ({ kind: "line", indent: 1, line: cell(command, "strong") })),
      { kind: "line", indent: 0, line: cell("its exit code 0 means nothing to add, change or destroy; 2 means there is", "dim") },
    ];
  }
  const zero = isZero(drift);
  const rows = [
    ...drift.add.map((address) => ["add", address]),
    ...drift.change.map(({ address, differences }) => ["change", address, differences.join("; ")]),
    ...drift.destroy.map((address) => ["destroy", address]),
  ];
  return [
    { kind: "line", indent: 1, line: [piece(zero ? "✓ " : "✗ ", zero ? "good" : "bad"), piece(driftWords(drift), "strong")] },
    { kind: "table", indent: 2, right: [], rows: rows.map((row) => row.map((text) => cell(text))) },
  ];
}
