import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLiveLines } from "../../../optimizer/adapters/terminal/live-lines.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import { createWorld } from "../../../optimizer/composition.ts";
import { runSynthesis } from "../../../optimizer/composition/synthesis.ts";
import { textFiles } from "../../../optimizer/composition/text-files.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { checkoutFiles } from "../../support/checkout-files.ts";
import { memoryShell, type MemoryShell } from "../../support/memory-shell.ts";

const display = { width: 120, colour: false, unicode: true };
let folder = "";
/** One demonstration that the tests look at from several sides: each takes seconds. */
let first: Awaited<ReturnType<typeof demo>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-"));
  first = await demo("first");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Everything real but the terminal: synthesis in a child process, files, the embedded account, which counts what it is asked. */
function demoShell(asked: Map<string, number>): MemoryShell {
  const shell = memoryShell();
  const lines = createLiveLines(
    (text) => shell.shown.push(...text.trimEnd().split("\n")),
    false,
    () => 0,
  );
  return {
    ...shell,
    files: textFiles,
    runSynthesis: (environment) => runSynthesis(checkoutFiles, environment, shell.signal),
    createWorld: (settings) =>
      createWorld(settings, { lines, display }, { onCall: (_region, _service, command) => void asked.set(command, (asked.get(command) ?? 0) + 1) }),
  };
}

interface Demonstration {
  readonly shell: MemoryShell;
  readonly code: number;
  readonly state: string;
  /** How often each call was made, by its name. */
  readonly asked: ReadonlyMap<string, number>;
}

async function demo(name: string, ...more: readonly string[]): Promise<Demonstration> {
  const asked = new Map<string, number>();
  const shell = demoShell(asked);
  const state = join(folder, name);
  const code = await runCommandLine(["demo", "--json", "--state", state, ...more], shell);
  return { shell, code, state, asked };
}

/** What is told, without what names the run and its folder. */
function decisions({ shell, state }: Awaited<ReturnType<typeof demo>>): string {
  const { run } = JSON.parse(shell.results.join(""));
  return shell.shown.join("\n").replaceAll(state, "STATE").replaceAll(run, "RUN");
}

describe("optimizer demo", { timeout: 180_000 }, () => {
  it("asks AWS for no more than its watching needs", () => {
    const { asked } = first;
    const total = [...asked.values()].reduce((sum, times) => sum + times, 0);
    // 4,092 and 1,083 in a week of watching, and 149 that describe each resource once more right before it is written: what grows beyond that asks
    // twice at one look, or for what nobody reads.
    expect(total).toBeLessThanOrEqual(4351);
    expect(asked.get("GetMetricData")).toBeLessThanOrEqual(1110);
  });

  it("changes AWS by the calls of its actions and of the one way back alone, each made once", () => {
    const changing = [...first.asked].filter(([command]) => !/^(?:Describe|Get|List|Lookup)/.test(command));
    expect(Object.fromEntries(changing)).toEqual({
      UpdateTable: 2,
      CreateLaunchTemplateVersion: 2,
      UpdateAutoScalingGroup: 2,
      StartInstanceRefresh: 2,
      ModifyDBInstance: 2,
      FailoverDBCluster: 1,
    });
  });

  it("adopts what passed, undoes what breached, and leaves Terraform nothing to change", async () => {
    const story = JSON.parse(first.shell.results.join(""));
    expect(story.invariants.filter((invariant: { holds: boolean }) => !invariant.holds)).toEqual([]);
    expect(first.code).toBe(0);
    expect(story.adopted.length).toBeGreaterThan(0);
    expect(story.runExitCode).toBe(5);
    expect(first.shell.shown.join("\n")).toContain("0 to add, 0 to change, 0 to destroy");
    const page = await readFile(story.dashboard, "utf8");
    expect(page).toContain("verified by read-back");
    const told = first.shell.shown.join(" ").replaceAll(/ +/g, " ");
    // Two changes that usual figures would have let through, in words, on the screen and on the page.
    expect(told).toMatch(/refused by its worst hour: tap-prod-redis in us-west-2, CPU 9\d(\.\d)? % at best on 2026-05-12 03:00 UTC, allowed 90 %/);
    expect(told).toContain(`shared with others: tap-prod-asg in us-east-1, group acme-reports, a tenant's (tag "TenantName")`);
    expect(page).toMatch(/<h3>refused by its worst hour/);
    expect(page).toMatch(/<h3>shared with others/);
    // A canary that breaches is undone before the other region is touched, and a window goes on into its busiest hours.
    expect(told).toMatch(/us-east-1 cancelled in this phase us-west-2 was rolled back in this phase/);
    expect(told).toMatch(/then on into the busiest hours of the week in whole slots of 15 min: goes on until Monday 19:00 UTC/);
    // What is read last is what it came to, and the one file that tells all of it.
    expect(story.verdict).toMatch(/^2 of \d+ changes kept: −\$2,442 a month/);
    expect(
      first.shell.shown
        .slice(-2)
        .map((line) => line.trim())
        .join(" "),
    ).toContain(`Open this file in a browser: ${story.dashboard}`);
    expect(first.shell.shown.slice(-5).join(" ")).toContain(story.verdict.slice(0, 60));
    // The promotion in us-west-2 is no cost of ours.
    expect(JSON.parse(await readFile(story.report, "utf8")).realized.usd).toBeGreaterThan(0);
  });

  it("tells the same story every time", async () => {
    const second = await demo("second");
    expect(first.shell.shown.length).toBeGreaterThan(80);
    expect(decisions(second)).toBe(decisions(first));
  });

  it("leaves a run that status, report and adopt understand", async () => {
    const { state, shell } = first;
    const { run } = JSON.parse(shell.results.join(""));
    const common = ["--state", state, "--aws", "simulated", "--json"];
    const asked = async (...argv: string[]): Promise<{ code: number; json: unknown }> => {
      const other = demoShell(new Map());
      const code = await runCommandLine([...argv, ...common], other);
      return { code, json: JSON.parse(other.results.join("")) };
    };
    expect(await asked("status")).toMatchObject({ code: 0, json: { run, outcome: "partly-rolled-back" } });
    expect(await asked("resume", run)).toMatchObject({ code: 5 });
    expect(await asked("runs")).toMatchObject({ json: [{ runId: run, open: false }] });
    expect(await asked("verify-journal", run)).toMatchObject({ code: 0, json: { whole: true } });
    expect(await asked("adopt", run, "--sizing", join(state, "sizing"))).toMatchObject({ code: 0, json: { written: [] } });
  });

  it("tells the story of another blueprint: sizes that utilization alone would have let be smaller are those at which requests do not wait, and all are kept", async () => {
    const { shell, code } = await demo("streaming", "--blueprint", "streaming");
    const story = JSON.parse(shell.results.join(""));
    expect(story.invariants.filter((invariant: { holds: boolean }) => !invariant.holds)).toEqual([]);
    expect(code).toBe(0);
    expect([...new Set(story.adopted.map((id: string) => id.split(":")[0]))]).toEqual([
      "dynamodb.billing-mode",
      "ecs.service",
      "lambda.function",
      "redis.size",
      "aurora.serverless-capacity",
    ]);
    const told = shell.shown.join(" ").replaceAll(/ +/g, " ");
    expect(told).toContain("tap-prod-aurora 4–16 ACU → 3.5–4 ACU");
    expect(story.verdict).toMatch(/^5 of 5 changes kept/);
  });

  it("tells the story of a database that was sized for a launch long over: smaller by a failover, its replica and its backups as they were", async () => {
    const { shell, code, asked } = await demo("web", "--blueprint", "web");
    const story = JSON.parse(shell.results.join(""));
    expect(story.invariants.filter((invariant: { holds: boolean }) => !invariant.holds)).toEqual([]);
    expect(code).toBe(0);
    expect(story.adopted).toEqual(["rds.instance-class:us-east-1:tap-prod-mysql"]);
    expect([...asked].filter(([command]) => !/^(?:Describe|Get|List|Lookup)/.test(command))).toEqual([["ModifyDBInstance", 1]]);
    const told = shell.shown.join(" ").replaceAll(/ +/g, " ");
    expect(told).toContain("tap-prod-mysql db.t3.xlarge → db.t3.medium");
    expect(told).toContain("--approve rds.backup-retention:us-west-2:tap-prod-mysql");
    expect(story.verdict).toMatch(/^1 of 1 change kept/);
  });

  it("is told of one story at a time", async () => {
    const shell = demoShell(new Map());
    const both = runCommandLine(["demo", "--blueprint", "streaming", "--scenario", "story", "--state", join(folder, "both")], shell);
    await expect(both).rejects.toMatchObject({ code: "bad-usage", hint: "leave one out: --blueprint streaming is --scenario streaming" });
  });

  it("makes no mutating call and writes no journal in a dry run", async () => {
    const state = join(folder, "dry");
    const shell = demoShell(new Map());
    await runCommandLine(["simulate", "deploy", "--state", state, "--from", join(folder, "first", "simulation", "cdktf.out")], shell);
    const account = join(state, "simulation", "account.jsonl");
    const before = await readFile(account, "utf8");
    expect(
      await runCommandLine(
        ["run", "--dry-run", "--aws", "simulated", "--state", state, "--json", "--outputs-file", join(state, "simulation", "terraform-outputs.json")],
        shell,
      ),
    ).toBe(0);
    expect(await readFile(account, "utf8")).toBe(before);
    const plan: Plan = JSON.parse(shell.results.join(""));
    expect(plan.phases.flatMap((phase) => phase.stages).length).toBeGreaterThan(0);
    expect(await textFiles.list(join(state, "runs"))).toEqual([]);
  });
});
