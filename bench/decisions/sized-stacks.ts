import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { buildStacks } from "../../stacks/build-stacks.ts";
import { readSettings } from "../../stacks/settings/settings.ts";
import type { StackDocuments } from "../../simulation/terraform/stack-document.ts";
import { once } from "./once.ts";
import type { RandomAccount } from "./random-account.ts";
import { region } from "./region.ts";

type Stacks = Pick<RandomAccount, "blueprint" | "sizing">;

/** The stacks of the one region, as somebody would deploy them at these sizes; synthesized once for each. */
export const stacksOf = once(synthesize, ({ blueprint, sizing }: Stacks) => JSON.stringify([blueprint, sizing]));

function synthesize({ blueprint, sizing }: Stacks): StackDocuments {
  const folder = mkdtempSync(join(tmpdir(), "decisions-"));
  try {
    const settings = readSettings({
      configFile: {
        environment: "production",
        blueprint,
        regions: [region],
        certificateArn: [`arn:aws:acm:${region}:123456789012:certificate/00000000-0000-4000-8000-000000000000`],
      },
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
