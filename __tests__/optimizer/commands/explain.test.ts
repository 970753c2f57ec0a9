import { describe, expect, it } from "vitest";
import { UserError } from "../../../contract/user-error.ts";
import { runCommandLine } from "../../../optimizer/commands/parser.ts";
import type { World } from "../../../optimizer/composition/world.ts";
import { rules } from "../../../optimizer/core/levers/rules.ts";
import { thresholds } from "../../../optimizer/core/levers/thresholds.ts";
import type { OwnCheck } from "../../../optimizer/core/model/action.ts";
import type { Plan } from "../../../optimizer/core/model/plan.ts";
import { defaultPolicy } from "../../../optimizer/core/model/policy.ts";
import { policyNameOf } from "../../../optimizer/core/report/explain-rule.ts";
import { statisticMeaning } from "../../../optimizer/core/report/explain-decision.ts";
import { memoryShell } from "../../support/memory-shell.ts";
import { sampleAction, samplePlan, sampleProposal, sampleSkip } from "../../support/sample-run.ts";

const hash = "f".repeat(64);

const runId = "run-1780444800-d7c65696";

/** Of a world, what explaining looks at: plans, which runs there are, and the policy. Anything else that were asked for would be missing. */
function looking(plan: Plan, runIds: readonly string[] = [runId], isThere = true): World {
  const plans: Pick<World["plans"], "load" | "loadFile"> = {
    load: async () => ({ hash, plan }),
    loadFile: async (path) => {
      if (path === "plan.json" && isThere) return { hash, plan };
      throw new UserError({ code: "plan-missing", message: `${path}: there is no such file`, hint: "pass one" });
    },
  };
  const runs = {
    list: async () => runIds.map((each) => ({ runId: each, planHash: hash, open: false })),
    open: async (each: string) => ({ run: { runId: each, planHash: hash } }),
  };
  return { plans, runs, stateFolder: ".optimizer", readPolicy: async () => defaultPolicy } as unknown as World;
}

async function explained(plan: Plan, ...argv: readonly string[]): Promise<string> {
  const shell = memoryShell({ world: looking(plan) });
  expect(await runCommandLine(["explain", ...argv], shell)).toBe(0);
  return told(argv.includes("--json") ? shell.results : shell.shown);
}

/** Lines that were broken for the display's width, whole again. */
function told(shown: readonly string[]): string {
  return shown.join("\n").replaceAll(/\n {16,}/g, " ");
}

const change = "asg.instance-type:us-east-1:tap-prod-asg";

describe("explain", () => {
  it("lists every rule, and tells each one's limits from the policy in force", async () => {
    const list = await explained(samplePlan());
    for (const rule of rules) {
      expect(list).toContain(rule.id);
      const text = await explained(samplePlan(), rule.id);
      for (const name of Object.keys(defaultPolicy.rules[policyNameOf(rule) as keyof typeof thresholds] ?? {}))
        expect(text).toContain(`rules.${policyNameOf(rule)}.${name}`);
    }
  });

  it("finds the limits of a rule in the policy by the rule's name: there are none that no rule would show", () => {
    expect(Object.keys(thresholds).filter((name) => !rules.map(policyNameOf).includes(name))).toEqual([]);
  });

  it("says shares in per cent, not in the policy's own numbers", async () => {
    expect(await explained(samplePlan(), "asg.instance-type")).toMatch(/max p95 CPU 40 % +rules\.asgInstanceType\.maxP95CpuShare/);
  });

  it("tells a change with evidence, arithmetic, money, watching and the way back", async () => {
    const text = await explained(samplePlan(), "plan.json", change);
    expect(text).toContain("m5.4xlarge → m5.2xlarge");
    expect(text).toContain("CPU 14 % (p95 of hourly averages, limit 40 %, 99 % of points)");
    expect(text).toContain("p95: only one hour in 20 was higher");
    expect(text).toContain("✓ CPU: 26 % in use today would be 52 %, 2.0 times as much; up to 80 % is allowed");
    expect(text).toContain("✗ CPU: 26 % in use today would be 152 %, 5.8 times as much; up to 80 % is allowed");
    expect(text).toContain("$4,205/month  list prices of 2026-10-01");
    expect(text).toContain("for 48 h; undone at more than 0.5 % errors or a p99 more than 20 % above the usual");
    expect(text).toContain("some 2 h to undo; replace the instances by the old type");
  });

  it("tells what is watched of the resource itself, or why nothing of it is", async () => {
    const cpu: OwnCheck = { name: "CPU of tap-prod-asg", kind: "at-most", series: [], limit: 90, unit: "Percent", why: "the projection lets it" };
    const evictions: OwnCheck = { ...cpu, name: "evictions", kind: "never", limit: 0, unit: "Count", why: "the baseline had none" };
    const text = await explained(samplePlan({ decisions: [sampleProposal(sampleAction({ checks: [cpu, evictions] }))] }), "plan.json", change);
    expect(text).toContain("besides, CPU of tap-prod-asg: at most 90 %; the projection lets it");
    expect(text).toContain("besides, evictions: none; the baseline had none");
    expect(await explained(samplePlan(), "plan.json", change)).not.toContain("besides, ");
    expect(await explained(samplePlan(), "redis.size")).toContain("breaks what was promised, such as more than 90 %");
    expect(await explained(samplePlan(), "dynamodb.unused-gsi")).toContain("of the resource itself nothing is watched, since an index that is gone");
    expect(JSON.parse(await explained(samplePlan(), "dynamodb.unused-gsi", "--json"))).toMatchObject({ nothingOfItsOwn: expect.stringContaining("index") });
  });

  it("tells what was left alone, why, and what somebody can do who wants it otherwise", async () => {
    const text = await explained(samplePlan(), "plan.json", "dynamodb.unused-gsi:tenant-acme-events");
    expect(text).toContain("belongs to a tenant");
    expect(text).toContain("tag TenantId");
    expect(text).toContain("tenantTags.never");
  });

  it("tells what waits for an approval, with the flag to give", async () => {
    const withheld = {
      action: "aurora.backup-retention:us-east-1:db",
      summary: "keep 14 days",
      savings: { kind: "known", usd: 3 } as const,
      why: "history is lost",
    };
    const plan = samplePlan({ decisions: [sampleSkip({ code: "needs-approval", withheld })] });
    expect(await explained(plan, hash, "dynamodb.unused-gsi:us-east-1:tenant-acme-events")).toContain("--approve aurora.backup-retention:us-east-1:db");
  });

  it("lists a plan's decisions by the names that it takes", async () => {
    const { decisions } = JSON.parse(await explained(samplePlan(), "plan.json", "--json")) as { readonly decisions: readonly { readonly name: string }[] };
    expect(decisions).toHaveLength(3);
    for (const { name } of decisions) expect(await explained(samplePlan(), "plan.json", name)).toContain(name);
  });

  it("finds a decision alone in the plan of the latest run, and a run's plan by the run's id", async () => {
    expect(await explained(samplePlan(), change)).toBe(await explained(samplePlan(), "plan.json", change));
    expect(await explained(samplePlan(), runId, change)).toBe(await explained(samplePlan(), "plan.json", change));
    expect(await explained(samplePlan(), runId)).toBe(await explained(samplePlan(), "plan.json"));
  });

  it("finds all decisions about a resource by its name, each with its reason, and the only one whole", async () => {
    const twice = samplePlan({
      decisions: [sampleProposal(sampleAction()), sampleSkip({ detail: "since nobody measured it", rule: "asg.capacity", resource: sampleAction().resource })],
    });
    const both = await explained(twice, "tap-prod-asg");
    expect(both).toMatch(/asg\.instance-type:us-east-1:tap-prod-asg +m5\.4xlarge → m5\.2xlarge/);
    expect(both).toMatch(/asg\.capacity:us-east-1:tap-prod-asg .*: since nobody measured it/);
    expect(await explained(twice, "plan.json", "tap-prod-asg")).toBe(both);
    expect(JSON.parse(await explained(twice, "tap-prod-asg", "--json"))).toMatchObject({
      decisions: [{ name: change }, { name: "asg.capacity:us-east-1:tap-prod-asg" }],
    });
    expect(await explained(samplePlan({ decisions: [sampleProposal(sampleAction())] }), "tap-prod-asg")).toBe(await explained(samplePlan(), change));
  });

  it("finds an index by its name alone", async () => {
    const plan = samplePlan({ decisions: [sampleProposal(sampleAction()), sampleSkip({ part: "by-plan" })] });
    expect(await explained(plan, "by-plan")).toContain("belongs to a tenant");
  });

  it("finds both in what `plan` wrote here, before there is a run", async () => {
    for (const what of ["tap-prod-asg", change]) {
      const shell = memoryShell({ world: looking(samplePlan(), []) });
      expect(await runCommandLine(["explain", what], shell)).toBe(0);
      expect(told(shell.shown)).toBe(await explained(samplePlan(), "plan.json", what));
    }
  });

  it("asks for the plan of a decision where there is neither", async () => {
    const shell = memoryShell({ world: looking(samplePlan(), [], false) });
    await expect(runCommandLine(["explain", change], shell)).rejects.toMatchObject({
      code: "no-run",
      hint: `name the plan first: optimizer explain FILE ${change}`,
    });
    await expect(runCommandLine(["explain", "tap-prod-asg"], shell)).rejects.toMatchObject({ code: "rule-unknown" });
  });

  it.each([
    [["asg.instnce-type"], "rule-unknown", "did you mean asg.instance-type?"],
    [["other.json"], "plan-missing", "pass one"],
    [["tap-prod-as"], "rule-unknown", "did you mean tap-prod-asg?"],
    [["plan.json", "asg.instance-type:us-east-1:tap-prod-as"], "decision-unknown", `did you mean ${change}?`],
    [["asg.instance-type:us-east-1:tap-prod-as"], "decision-unknown", `did you mean ${change}?`],
    [["plan.json", "asg.instance-type:tap-prod-asg"], "decision-unclear", change],
    [["asg.instance-type", "x"], "bad-usage", "plan.json"],
  ])("refuses %j with what was meant", async (argv, code, hint) => {
    await expect(runCommandLine(["explain", ...argv], memoryShell({ world: looking(samplePlan()) }))).rejects.toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    });
  });

  it("says in words how rare a percentile is, and nothing of other statistics", () => {
    expect(statisticMeaning("p99.5 of 5-minute maxima")).toBe("p99.5: only one span of 5 minutes in 200 was higher");
    expect(statisticMeaning("Average")).toBeUndefined();
  });
});
