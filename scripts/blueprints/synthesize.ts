import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Example } from "./examples.ts";

const app = fileURLToPath(new URL("../app.mjs", import.meta.url));

/** Runs `npm run synth`'s program for the example alone, whatever the shell or this folder say; writes `<folder>/stacks/<stack>/cdk.tf.json`. */
export function synthesize({ name, configuration }: Example, folder: string): void {
  const settingsFolder = `${folder}-settings`;
  mkdirSync(settingsFolder, { recursive: true });
  writeFileSync(join(settingsFolder, "tap.config.json"), JSON.stringify(configuration));
  const inherited = Object.entries(process.env).filter(([variable]) => !/^(?:TAP|CDKTF)_/.test(variable));
  const { status, stderr } = spawnSync(process.execPath, [app], {
    cwd: settingsFolder,
    env: { ...Object.fromEntries(inherited), CDKTF_OUTDIR: folder },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`synthesis of ${name} ended with ${status}: ${stderr}`);
}
