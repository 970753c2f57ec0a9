import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { certificates } from "../support/synthesized-stacks.ts";
import { blueprintNames, deploymentSettings } from "./deployment.ts";
import { notOnLocalAws } from "./not-on-local-aws.ts";
import { missing, missingInWords } from "./needed-parts.ts";
import { playedProviders } from "./played-provider.ts";
import { scratchFolder, type StackName, stackNames, TerraformProject } from "./terraform-project.ts";

/** Nothing listens there, and nothing has to. */
const nowhere = "http://127.0.0.1:9";

describe.skipIf(missing)(`what Terraform plans for production when the provider is played${missingInWords}`, () => {
  it.each(blueprintNames)("%s is as its assertions want it, in both stacks", async (blueprint) => {
    const project = new TerraformProject(scratchFolder(), nowhere, deploymentSettings({ blueprint, environment: "production" }, certificates));
    await project.synth();
    const summaries = await Promise.all(stackNames.map((stack) => tested(project, blueprint, stack)));
    for (const summary of summaries) expect(summary).toMatch(/Success! [1-9]\d* passed, 0 failed\./);
    rmSync(project.folder, { recursive: true, force: true });
  });
});

describe("what the local AWS server does not show", () => {
  const runs = blueprintNames.flatMap((blueprint) =>
    stackNames.flatMap((stack) =>
      [...runsOf(blueprint, stack).matchAll(/^run "(?<run>\w+)"/gm)].map(({ groups }) => `${blueprint}/${stack}: ${groups?.["run"]}`),
    ),
  );
  const proven = notOnLocalAws.flatMap(({ types, provenBy }) => provenBy.filter(hasBlueprint).map((run) => ({ run, types })));

  it.each(proven)("is planned as it should be: $run", ({ run, types }) => {
    expect(runs).toContain(run);
    const [place = "", name = ""] = run.split(": ");
    const [blueprint = "", stack = ""] = place.split("/");
    const text = runsOf(blueprint, stack)
      .split(/^(?=run ")/m)
      .find((one) => one.startsWith(`run "${name}"`));
    expect(
      types.some((type) => text?.includes(`${type}.`)),
      `${name} says nothing of ${types.join(" or ")}`,
    ).toBe(true);
  });
});

function hasBlueprint(run: string): boolean {
  return blueprintNames.some((blueprint) => run.startsWith(`${blueprint}/`));
}

function runsOf(blueprint: string, stack: string): string {
  return readFileSync(new URL(`played-provider/${blueprint}/${stack}.tftest.hcl`, import.meta.url), "utf8");
}

/** What `terraform test` says of the stack; the runs lie in `played-provider/<blueprint>/<stack>.tftest.hcl`. */
async function tested(project: TerraformProject, blueprint: string, stack: StackName): Promise<string> {
  const folder = project.stackFolder(stack);
  writeFileSync(join(folder, "production.tftest.hcl"), `${playedProviders(readFileSync(join(folder, "cdk.tf.json"), "utf8"))}\n${runsOf(blueprint, stack)}`);
  await project.initialize(stack);
  return (await project.terraform(stack, [0], ["test", "-no-color"])).stdout;
}
