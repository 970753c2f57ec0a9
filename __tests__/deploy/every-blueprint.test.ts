import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chosenDeployments, deploymentName, deploymentSettings, type Deployment } from "./deployment.ts";
import { type DeploymentRow, deploymentTable } from "./deployment-table.ts";
import { LocalAws } from "./local-aws.ts";
import { missing, missingInWords, python } from "./needed-parts.ts";
import { notOnLocalAws, notOnLocalAwsList } from "./not-on-local-aws.ts";
import { createdZone, requestedCertificates } from "./prerequisites.ts";
import { scratchFolder, type StackName, stackNames, TerraformProject } from "./terraform-project.ts";

/** Told by scripts/test-deploy.mjs from `--all` and `--only`. */
const chosen = chosenDeployments(process.env["TAP_DEPLOY_ONLY"] ?? "all");

describe.skipIf(missing)(`every blueprint, with real Terraform on a local AWS server of its own${missingInWords}`, () => {
  const rows: DeploymentRow[] = [];

  afterAll(() => {
    if (rows.length > 0) process.stdout.write(`\n${deploymentTable(rows)}\n\n${notOnLocalAwsList(notOnLocalAws)}\n`);
  });

  it.concurrent.for(chosen.map((deployment) => [deploymentName(deployment), deployment] as const))(
    "%s is valid, applies, has nothing to change then, and is destroyed to nothing",
    async ([, deployment]) => {
      rows.push(...(await lifeOf(deployment)));
    },
  );
});

/** From an empty account to an empty account. */
async function lifeOf(deployment: Deployment): Promise<readonly DeploymentRow[]> {
  const folder = scratchFolder();
  const aws = await LocalAws.start(python, join(folder, "local-aws.log"));
  try {
    const project = new TerraformProject(folder, aws.url, deploymentSettings(deployment, await requestedCertificates(aws)));
    await createdZone(aws);
    const emptyAccount = await aws.resources();
    await project.synth();
    const applied = await appliedInOrder(project);
    expect(await aws.unsupported()).toEqual([]);
    const differences = await Promise.all(stackNames.map((stack) => project.differences(stack)));
    expect(differences).toEqual([[], []]);
    if (deployment.environment === "production") await makeDisposable(project);
    const destroySeconds = { secondary: await seconds(() => project.destroy("secondary")), primary: await seconds(() => project.destroy("primary")) };
    expect(await aws.resources()).toEqual(emptyAccount);
    expect(await aws.unsupported()).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
    return applied.map((row, index) => ({ ...row, deployment, differences: differences[index]?.length ?? 0, destroySeconds: destroySeconds[row.stack] }));
  } finally {
    await aws.stop();
  }
}

async function appliedInOrder(
  project: TerraformProject,
): Promise<readonly { readonly stack: StackName; readonly resources: number; readonly applySeconds: number }[]> {
  const applied = [];
  for (const stack of stackNames) {
    await project.initialize(stack);
    await project.validate(stack);
    const applySeconds = await seconds(() => project.apply(stack));
    applied.push({ stack, applySeconds, resources: await project.resourceCount(stack) });
  }
  return applied;
}

/** Production is protected: it must be told that it may go, and that must be applied, before it can. */
async function makeDisposable(project: TerraformProject): Promise<void> {
  await project.synth({ TAP_LIFETIME: "disposable" });
  for (const stack of stackNames) await project.apply(stack);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
