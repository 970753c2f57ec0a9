import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import type { Proposal } from "../../optimizer/core/model/rule.ts";
import { type AccountView, viewAccount } from "./account-view.ts";
import { type DeployedStack, deployedStack } from "./deployed-stack.ts";
import { deploymentSettings } from "./deployment.ts";
import { driveUntil, phaseStatus, startAndInterrupt, turnStatus } from "./driven-run.ts";
import { LocalAws, type MutatingCall } from "./local-aws.ts";
import { missing, missingInWords, python } from "./needed-parts.ts";
import { PlayedMetrics } from "./played-metrics.ts";
import { requestedCertificates } from "./prerequisites.ts";
import { runExpecting } from "./run-command.ts";
import { scratchFolder, stackNames, TerraformProject } from "./terraform-project.ts";

/**
 * Days become minutes; the rules stay the requirement's.
 * Rules: dynamodb.unused-gsi, asg.capacity, asg.instance-type, aurora.writer-class.
 */
const policy = {
  baselineDays: 14,
  rules: { dynamodbUnusedGsi: { brownOutMinutes: 15 } },
  window: { minutes: 30, soakMinutes: 15, slotMinutes: 15, healthySlotsAfterRollback: 1, maxExtensionMinutes: 60 },
};
/** The slots that must be healthy before an action begins (`policy.health`), and those at their edges. */
const healthMinutes = 120;
const east = "us-east-1";
const west = "us-west-2";
const [bigType, smallType] = ["m5.4xlarge", "m5.2xlarge"];
const [bigClass, smallClass] = ["db.r6g.4xlarge", "db.r6g.xlarge"];

describe.skipIf(missing)(`the line, with real Terraform on a local AWS server${missingInWords}`, () => {
  let aws: LocalAws;
  let project: TerraformProject;
  let stacks: readonly DeployedStack[];
  let metrics: PlayedMetrics;
  let emptyAccount: Readonly<Record<string, readonly string[]>>;
  let firstRun: string;
  /** Of the primary's cluster: whichever instance came up first became the writer. */
  let writer: string;
  let promoted: string;

  beforeAll(async () => {
    const folder = scratchFolder();
    aws = await LocalAws.start(python, join(folder, "local-aws.log"));
    const settings = deploymentSettings({ blueprint: "saas", environment: "production" }, await requestedCertificates(aws));
    project = new TerraformProject(folder, aws.url, settings);
    writeFileSync(join(project.folder, "policy.json"), JSON.stringify(policy));
    emptyAccount = await aws.resources();
  });

  afterAll(async () => {
    await aws.stop();
  });

  const view = (region: string): Promise<AccountView> => viewAccount(aws.url, stackIn(region));
  const stackIn = (region: string): DeployedStack => {
    const found = stacks.find((stack) => stack.region === region);
    if (found === undefined) throw new Error(`no stack in ${region}`);
    return found;
  };
  /** Calls of the optimizer that changed something; the test's own play of CloudWatch is none. */
  const changes = async (since: number): Promise<readonly MutatingCall[]> =>
    (await aws.calls(since)).filter(({ agent, service }) => agent === "sdk" && service !== "cloudwatch");
  const lastCall = async (): Promise<number> => (await aws.calls()).length;

  it("cdktf deploys both stacks", async () => {
    await project.synth();
    await project.deploy();
    stacks = await Promise.all(stackNames.map(async (stack) => deployedStack(stack, (await project.terraform(stack, [0], ["output", "-json"])).stdout)));
    expect(stacks.map(({ region }) => region)).toEqual([east, west]);
    expect(await aws.unsupported()).toEqual([]);
  });

  it("Terraform has nothing to change right after", async () => {
    expect(await differences()).toEqual([]);
  });

  it("a shell pipes the outputs of both stacks into a plan, and planning changes nothing", async () => {
    // What was not there says nothing by its silence: the tables grow older than the baseline first.
    await aws.advance(16 * 24 * 3600);
    metrics = new PlayedMetrics(aws, stacks);
    await metrics.past(15);
    const start = await lastCall();
    const outputs = stackNames.map((stack) => `terraform -chdir=${quoted(project.stackFolder(stack))} output -json`).join("; ");
    const { program, given } = project.optimizerCommand(["plan", "--json", "--policy", "policy.json"]);
    const piped = `(${outputs}) | ${[program, ...given].map(quoted).join(" ")}`;
    const { stdout } = await runExpecting([0], "sh", ["-c", piped], { cwd: project.folder, environment: project.environment });
    expect(proposals(JSON.parse(stdout) as Plan)).toEqual([
      `1 ${east} tap-prod-tenants by-domain → removed`,
      `2 ${east} tap-prod-asg 15 (12 to 25) → 11 (11 to 17)`,
      `2 ${east} tap-prod-asg ${bigType} → ${smallType}`,
      `2 ${west} tap-prod-asg 15 (12 to 25) → 11 (11 to 17)`,
      `2 ${west} tap-prod-asg ${bigType} → ${smallType}`,
      `3 ${east} tap-prod-aurora ${bigClass} → ${smallClass}`,
      `3 ${west} tap-prod-aurora ${bigClass} → ${smallClass}`,
      `3 ${west} tap-prod-aurora ${bigClass} → ${smallClass}`,
    ]);
    expect(await changes(start)).toEqual([]);
  });

  it("cdktf's outputs file makes the same proposals, and a dry run changes nothing", async () => {
    const start = await lastCall();
    const { code, stdout } = await project.optimizer(["run", "--dry-run", "--json", "--policy", "policy.json", "--outputs-file", "outputs.json"]);
    expect(code).toBe(0);
    expect(proposals(JSON.parse(stdout) as Plan)).toHaveLength(8);
    expect(await changes(start)).toEqual([]);
  });

  it("a run is interrupted, resumed by ticks, and removes the unread index in every region", async () => {
    await aws.transitionsTake({ index_change: 240, instance_refresh: 600, instance_class_change: 480, failover: 30 });
    expect((await view(west)).indexes).toEqual(["by-domain", "by-owner", "by-plan", "by-status"]);
    firstRun = await startAndInterrupt(project, ["--policy", "policy.json"], await project.outputs());
    await driveUntil(project, metrics, firstRun, (summary) => phaseStatus(summary, 1) === "passed");
    expect((await view(east)).indexes).toEqual(["by-owner", "by-plan", "by-status"]);
    expect((await view(west)).indexes).toEqual(["by-owner", "by-plan", "by-status"]);
  });

  it("instances are replaced by smaller ones, and then fewer, the canary's region first", async () => {
    await driveUntil(project, metrics, firstRun, (summary) => turnStatus(summary, 2, west) === "observing");
    expect([await groupIn(west), await groupIn(east)]).toEqual([
      { types: [smallType], size: "11 (11 to 17)" },
      { types: [bigType], size: "15 (12 to 25)" },
    ]);
    await driveUntil(project, metrics, firstRun, (summary) => phaseStatus(summary, 2) === "passed");
    for (const region of [west, east]) expect(await groupIn(region)).toEqual({ types: [smallType], size: "11 (11 to 17)" });
  });

  it("the database's writer moves to a smaller instance", async () => {
    const old = await view(east);
    writer = String(old.auroraWriter);
    await driveUntil(project, metrics, firstRun, (summary) => turnStatus(summary, 3, east) === "observing");
    const { auroraWriter, auroraClasses } = await view(east);
    promoted = String(auroraWriter);
    expect(promoted).not.toBe(writer);
    expect(auroraClasses).toEqual({ ...old.auroraClasses, [promoted]: smallClass });
    expect(new Set(Object.values((await view(west)).auroraClasses))).toEqual(new Set([smallClass]));
  });

  it("errors roll the database back, and the other region keeps its sizes", async () => {
    metrics.errorShare.set(east, 0.03);
    await driveUntil(project, metrics, firstRun, (summary) => ["rolling-back", "confirming"].includes(String(turnStatus(summary, 3, east))));
    metrics.errorShare.delete(east);
    const { code, summary } = await driveUntil(project, metrics, firstRun, ({ outcome }) => outcome !== null);
    expect([summary.outcome, code]).toEqual(["partly-rolled-back", 5]);
    expect(turnStatus(summary, 3, east)).toBe("rolled-back");
    const { auroraWriter, auroraClasses } = await view(east);
    expect(auroraWriter).toBe(writer);
    expect(new Set(Object.values(auroraClasses))).toEqual(new Set([bigClass]));
    expect(new Set(Object.values((await view(west)).auroraClasses))).toEqual(new Set([smallClass]));
  });

  it("another tick of a closed run changes nothing", async () => {
    const start = await lastCall();
    await driveUntil(project, metrics, firstRun, ({ outcome }) => outcome !== null);
    expect(await changes(start)).toEqual([]);
  });

  it("what was kept is adopted, and Terraform agrees", async () => {
    await adopt(firstRun);
    expect(await differences()).toEqual([]);
  });

  it("a second run does what is left, and passes", async () => {
    // Nothing begins in a region while its latest slots still show the errors of the first run.
    await metrics.pass(healthMinutes);
    const before = await view(east);
    const run = await startAndInterrupt(project, ["--policy", "policy.json"], await project.outputs());
    const { code, summary } = await driveUntil(project, metrics, run, ({ outcome }) => outcome !== null);
    expect([summary.outcome, code]).toEqual(["adoptable", 0]);
    const { auroraWriter, auroraClasses } = await view(east);
    expect(auroraWriter).toBe(promoted);
    expect(auroraClasses).toEqual({ ...before.auroraClasses, [writer]: smallClass, [promoted]: smallClass });
    await adopt(run);
    expect(await differences()).toEqual([]);
  });

  it("production is made disposable first, and then destroy leaves nothing behind", async () => {
    await aws.transitionsTake({ index_change: 0, instance_refresh: 0, instance_class_change: 0, failover: 0 });
    await project.synth({ TAP_LIFETIME: "disposable" });
    await project.deploy();
    const secondary = project.destroy("secondary");
    await Promise.race([secondary, untilGone(`${west} rds clusters`, `${west} dynamodb tables`)]);
    await Promise.all([secondary, project.destroy("primary")]);
    expect(await aws.resources()).toEqual(emptyAccount);
    expect(await aws.unsupported()).toEqual([]);
    rmSync(project.folder, { recursive: true, force: true });
  });

  async function groupIn(region: string): Promise<{ readonly types: readonly string[]; readonly size: string }> {
    const { instanceTypes, groupSize } = await view(region);
    return { types: instanceTypes, size: groupSize };
  }

  async function differences(): Promise<readonly string[]> {
    return (await Promise.all(stackNames.map((stack) => project.differences(stack)))).flat();
  }

  async function adopt(run: string): Promise<void> {
    const { code, stderr } = await project.optimizer(["adopt", run, "--sizing", project.sizingFolder]);
    expect(code, stderr).toBe(0);
    await project.synth();
  }

  /** The primary's table and global database cannot go before what the secondary has of them. */
  async function untilGone(...kinds: readonly string[]): Promise<void> {
    for (;;) {
      const found = await aws.resources();
      if (kinds.every((kind) => found[kind] === undefined)) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
});

function proposals({ decisions }: Plan): readonly string[] {
  return decisions
    .filter((decision): decision is Proposal => decision.kind === "proposal")
    .map(({ action, resource, from, to }) => `${action.phase} ${resource.region} ${resource.id} ${from} → ${to}`)
    .sort();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
