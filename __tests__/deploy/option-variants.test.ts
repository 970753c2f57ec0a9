import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { firstBootFile, optionVariants, type OptionVariant } from "../support/option-variants.ts";
import { missing, missingInWords } from "./needed-parts.ts";
import { runExpecting } from "./run-command.ts";
import { scratchFolder } from "./terraform-project.ts";

const app = fileURLToPath(new URL("../../scripts/app.mjs", import.meta.url));

describe.skipIf(missing)(`what Terraform and the provider's schema say of options${missingInWords}`, () => {
  const folder = missing ? "" : scratchFolder();

  afterAll(() => {
    if (!missing) rmSync(folder, { recursive: true, force: true });
  });

  it.each(optionVariants)("$name: each stack is valid", async (variant) => {
    const stacks = await synthesized(variant, join(folder, "synthesized"));
    expect(stacks.length).toBeGreaterThanOrEqual(2);
    for (const stack of stacks) expect(await validated(stack, join(folder, "validated"))).toContain("The configuration is valid");
  });
});

/** As a user types it, with the settings in a file. @returns files of the stacks */
async function synthesized({ configuration }: OptionVariant, folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tap.config.json"), JSON.stringify(configuration));
  writeFileSync(join(folder, firstBootFile.path), firstBootFile.content);
  await runExpecting([0], process.execPath, [app], { cwd: folder, environment: { ...process.env, CDKTF_OUTDIR: "cdktf.out" } });
  const stacks = join(folder, "cdktf.out", "stacks");
  return readdirSync(stacks).map((stack) => join(stacks, stack, "cdk.tf.json"));
}

/** One folder for all: the provider is installed there once. */
async function validated(file: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, join(folder, "cdk.tf.json"));
  const terraform = (args: readonly string[]) =>
    runExpecting([0], "terraform", [`-chdir=${folder}`, ...args, "-no-color"], { cwd: folder, environment: process.env });
  // Its backend is no matter, and not asked.
  if (!existsSync(join(folder, ".terraform"))) await terraform(["init", "-backend=false"]);
  return (await terraform(["validate"])).stdout;
}
