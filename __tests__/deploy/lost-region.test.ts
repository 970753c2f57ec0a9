import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { LocalAws } from "./local-aws.ts";
import { LosableRegion } from "./losable-region.ts";
import { missing, missingInWords, python } from "./needed-parts.ts";
import { scratchFolder, stackNames, TerraformProject } from "./terraform-project.ts";

const page = readFileSync(new URL("../../docs/regions.md", import.meta.url), "utf8");
/** The secondary's Auto Scaling group: Terraform takes an address that there is not for "nothing to do". */
const group = /plan -refresh=false -target=(?<address>\S+)/.exec(page)?.groups?.["address"] ?? "docs/regions.md names no target";

describe.skipIf(missing)(`when the primary's region answers nothing${missingInWords}`, () => {
  it("a plan of the secondary fails, one that asks nobody and names its target applies there, and later all is well", async () => {
    const folder = scratchFolder();
    const aws = await LocalAws.start(python, join(folder, "local-aws.log"));
    const between = await LosableRegion.start(aws.url);
    try {
      const project = new TerraformProject(folder, between.url, { TAP_BLUEPRINT: "web", TAP_ENVIRONMENT: "staging" });
      await synthesize(project);
      for (const stack of stackNames) {
        await project.initialize(stack);
        await project.apply(stack);
      }
      between.lose("us-east-1");
      const refused = await project.terraform("secondary", [1], ["plan", "-no-color", "-parallelism=50"]);
      expect(refused.stderr).toMatch(/us-east-1|iam/i);
      expect(between.unanswered.length).toBeGreaterThan(0);

      resize(project, { compute: { minSize: 2, desiredCapacity: 2 } });
      await synthesize(project);
      between.unanswered.length = 0;
      const since = (await aws.calls()).at(-1)?.sequence ?? 0;
      await project.terraform("secondary", [0], ["apply", "-auto-approve", "-no-color", "-refresh=false", `-target=${group}`]);
      expect(between.unanswered).toEqual([]);
      const changed = (await aws.calls(since)).filter(({ service }) => service === "autoscaling");
      expect(changed.map(({ action, region, parameters }) => [action, region, parameters["MinSize"]])).toContainEqual([
        "UpdateAutoScalingGroup",
        "us-west-2",
        2,
      ]);

      between.restore();
      expect(await Promise.all(stackNames.map((stack) => project.differences(stack)))).toEqual([[], []]);
      rmSync(folder, { recursive: true, force: true });
    } finally {
      await between.stop();
      await aws.stop();
    }
  });
});

/** With a provider that asks once more and then gives up: with its own 25 attempts a call to a region that is gone takes the better part of an hour. */
async function synthesize(project: TerraformProject): Promise<void> {
  await project.synth();
  for (const stack of stackNames) {
    const override = join(project.stackFolder(stack), "local-aws_override.tf.json");
    const { provider } = overrideSchema.parse(JSON.parse(readFileSync(override, "utf8")));
    writeFileSync(override, JSON.stringify({ provider: { aws: provider.aws.map((one) => ({ ...one, max_retries: 1 })) } }));
  }
}

const overrideSchema = z.object({ provider: z.object({ aws: z.array(z.record(z.string(), z.unknown())) }) });

function resize(project: TerraformProject, sizes: object): void {
  mkdirSync(join(project.sizingFolder, "staging"), { recursive: true });
  writeFileSync(join(project.sizingFolder, "staging", "secondary.json"), JSON.stringify({ version: 1, ...sizes }));
}
