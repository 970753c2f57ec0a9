import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { buildStacks } from "../../stacks/build-stacks.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import type { Sizing } from "../../contract/sizing.ts";
import { region } from "./random-account.ts";

const known = new Map<string, StackDocuments>();

/** The stacks of the one region, as somebody would deploy them at these sizes; synthesized once for each. */
export function stacksAt(sizing: Sizing = { version: 1 }): StackDocuments {
  const key = JSON.stringify(sizing);
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = synthesize(sizing);
  known.set(key, made);
  return made;
}

function synthesize(sizing: Sizing): StackDocuments {
  const folder = mkdtempSync(join(tmpdir(), "decisions-"));
  try {
    const settings = readSettings({
      configFile: { environment: "production", regions: [region], certificateArn: [`arn:aws:acm:${region}:123456789012:certificate/one`] },
      variables: {},
      readSizing: (file) => (file === "prod/primary.json" ? sizing : undefined),
    });
    const app = new App({ outdir: folder, stackTraces: false });
    buildStacks(app, settings);
    app.synth();
    return Object.fromEntries(
      settings.stacks.map(({ name }) => [name, JSON.parse(readFileSync(join(folder, "stacks", name, "cdk.tf.json"), "utf8")) as unknown]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
