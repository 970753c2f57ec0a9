import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rules } from "../../optimizer/core/levers/rules.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import { refusalWords } from "../../optimizer/core/report/words.ts";
import type { Decision } from "../../optimizer/core/model/rule.ts";
import web from "../../simulation/scenarios/web.json" with { type: "json" };
import { inProcess, realShell, writeSynthesis } from "../support/deployed-state.ts";

/** What of a lever's target is not reached when its projection is asked, and the words that say by which figure. */
interface Guarded {
  readonly to?: string;
  /** The code of the skip, where nothing is proposed. */
  readonly code?: string;
  readonly says: string;
}

interface Expected {
  /** Region, resource and part, as decisions name them. */
  readonly of: string;
  readonly from: string;
  /** The requirement's target. */
  readonly target: string;
  /** Absent where it is reached guarded, too. */
  readonly guarded?: Guarded;
}

interface Account {
  readonly scenario: string;
  readonly configuration: object;
  readonly sizing?: object;
  readonly policy: object;
  /** Of a target that is not reached by one of its figures alone, or that AWS itself would refuse. */
  readonly notes: readonly string[];
  readonly rules: Readonly<Record<string, readonly Expected[]>>;
}

const certificateArn = ["us-east-1", "us-west-2"].map((region) => `arn:aws:acm:${region}:123456789012:certificate/one`);
const proposed = (of: string, from: string, target: string, guarded?: Guarded): Expected => ({
  of,
  from,
  target,
  ...(guarded === undefined ? {} : { guarded }),
});

const memoryOfWriter = "db.r6g.xlarge: memory would be 400 %, at most 100 % (a full buffer pool, since nothing proves the working set smaller: one size a run)";
const oneSize: Guarded = { to: "db.r6g.2xlarge", says: memoryOfWriter };

const saas: Account = {
  scenario: "quiet-saas",
  configuration: {},
  policy: { baselineDays: 14, approvals: ["aurora.backup-retention"] },
  notes: ["tap-prod-asg: a maximum of 15 would be below 17: 15 ran or would be asked for at once, and a refresh launches a tenth more"],
  rules: {
    "dynamodb.unused-gsi": [proposed("us-east-1 tap-prod-tenants by-plan", "by-plan", "removed")],
    "dynamodb.unread-stream": [
      proposed("us-east-1 tap-prod-audit-logs", "stream NEW_AND_OLD_IMAGES", "off"),
      proposed("us-west-2 tap-prod-audit-logs", "stream NEW_AND_OLD_IMAGES", "off"),
    ],
    "dynamodb.billing-mode": [
      proposed("us-east-1 tap-prod-audit-logs", "PROVISIONED", "PAY_PER_REQUEST"),
      proposed("us-west-2 tap-prod-audit-logs", "PROVISIONED", "PAY_PER_REQUEST"),
    ],
    "asg.instance-type": [proposed("us-east-1 tap-prod-asg", "m5.4xlarge", "m5.2xlarge"), proposed("us-west-2 tap-prod-asg", "m5.4xlarge", "m5.2xlarge")],
    "asg.capacity": [
      proposed("us-east-1 tap-prod-asg", "15 (12 to 25)", "8 (6 to 15)", { to: "8 (6 to 17)", says: "8 (6 to 17)" }),
      proposed("us-west-2 tap-prod-asg", "15 (12 to 25)", "8 (6 to 15)", { to: "8 (6 to 17)", says: "8 (6 to 17)" }),
    ],
    "redis.size": [
      proposed("us-east-1 tap-prod-redis", "cache.r6g.4xlarge, 4 shards of 3 nodes", "cache.r6g.xlarge, 2 shards of 2 nodes", {
        to: "cache.r6g.xlarge, 3 shards of 2 nodes",
        says: "cache.r6g.xlarge, 2 shards of 2 nodes: memory would be 111.1 %, at most 80 %",
      }),
      proposed("us-west-2 tap-prod-redis", "cache.r6g.4xlarge, 4 shards of 3 nodes", "cache.r6g.xlarge, 2 shards of 2 nodes"),
    ],
    "aurora.writer-class": [
      proposed("us-east-1 tap-prod-aurora", "db.r6g.4xlarge", "db.r6g.xlarge", oneSize),
      proposed("us-west-2 tap-prod-aurora tap-prod-aurora-1", "db.r6g.4xlarge", "db.r6g.xlarge", oneSize),
      proposed("us-west-2 tap-prod-aurora tap-prod-aurora-2", "db.r6g.4xlarge", "db.r6g.xlarge", oneSize),
    ],
    "aurora.reader-count": [proposed("us-east-1 tap-prod-aurora", "2 readers", "1 reader")],
    "aurora.backup-retention": [proposed("us-east-1 tap-prod-aurora", "30 days", "14 days"), proposed("us-west-2 tap-prod-aurora", "30 days", "14 days")],
  },
};

/** The requirement's figures of this blueprint where they differ from its usual ones. */
const streamingRules = {
  redisSize: { maxEngineCpuShare: 0.25, targetNodeType: "cache.r6g.large", targetShards: 1, targetReplicas: 2 },
  auroraBackupRetention: { targetDays: 7 },
};

const streaming: Account = {
  scenario: "quiet-streaming",
  configuration: { blueprint: "streaming", regions: ["us-east-1"], certificateArn: certificateArn.slice(0, 1) },
  policy: { baselineDays: 33, approvals: ["aurora.backup-retention"], rules: streamingRules },
  notes: [],
  rules: {
    "dynamodb.billing-mode": [proposed("us-east-1 tap-prod-events", "PROVISIONED", "PAY_PER_REQUEST")],
    "s3.lifecycle": [proposed("us-east-1 tap-prod-data-123456789012-us-east-1", "INTELLIGENT_TIERING", "STANDARD_IA after 30 days")],
    "redis.size": [proposed("us-east-1 tap-prod-redis", "cache.r6g.xlarge, 1 shard of 5 nodes", "cache.r6g.large, 1 shard of 3 nodes")],
    "ecs.service": [proposed("us-east-1 tap-prod-cluster/tap-prod-app", "8 × 1024 CPU, 2048 MiB", "3 × 512 CPU, 1024 MiB")],
    "lambda.function": [
      proposed("us-east-1 tap-prod-ingest", "3008 MB, 900 s", "1024 MB, 300 s, 20 reserved"),
      proposed("us-east-1 tap-prod-transform", "3008 MB, 900 s", "1024 MB, 300 s, 20 reserved", {
        code: "insufficient-data",
        says: "used_memory_max Maximum has 0 % of its points",
      }),
    ],
    "aurora.serverless-capacity": [
      proposed("us-east-1 tap-prod-aurora", "4–16 ACU", "1–4 ACU", {
        to: "3.5–4 ACU",
        says: "1–4 ACU: memory would be 400 %, at most 200 %",
      }),
    ],
    "aurora.backup-retention": [proposed("us-east-1 tap-prod-aurora", "35 days", "7 days")],
  },
};

/** The class that the requirement has in production is one that AWS refuses while Performance Insights is on, which no decision can reach. */
const instances: Account = {
  scenario: "web",
  configuration: { blueprint: "web" },
  sizing: web.sizes,
  policy: { baselineDays: 14, approvals: ["rds.backup-retention"], rules: { rdsInstanceClass: { target: "db.t3.medium" } } },
  notes: [],
  rules: {
    "rds.instance-class": [proposed("us-east-1 tap-prod-mysql", "db.t3.xlarge", "db.t3.medium")],
    "rds.backup-retention": [proposed("us-east-1 tap-prod-mysql", "30 days", "7 days"), proposed("us-west-2 tap-prod-mysql", "30 days", "7 days")],
  },
};

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "quiet-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const scenarios = join(import.meta.dirname, "../../simulation/scenarios");

async function deployed({ scenario, configuration, sizing = {} }: Account): Promise<readonly string[]> {
  const state = join(scratch, scenario);
  const sizes = Object.fromEntries(Object.entries(sizing).map(([place, content]) => [`${place}.json`, content as unknown]));
  const synthesis = await writeSynthesis(join(scratch, `${scenario}.out`), { certificateArn, ...configuration }, sizes);
  const world = ["--state", state, "--scenario", join(scenarios, `${scenario}.json`), "--aws", "simulated"];
  await inProcess(["simulate", "deploy", "--from", synthesis, "--json", ...world]);
  return [...world, "--outputs-file", join(state, "simulation", "terraform-outputs.json")];
}

async function planned(world: readonly string[], policy: object, decision: "literal" | "guarded") {
  const file = join(scratch, `${decision}.json`);
  writeFileSync(file, JSON.stringify({ ...policy, rules: { ...("rules" in policy ? (policy.rules as object) : {}), decision } }));
  const plan = join(scratch, "plan.json");
  const shell = realShell();
  const { code } = await inProcess(["plan", "--verbose", "--no-color", "--policy", file, "--out", plan, ...world], shell);
  expect(code).toBe(0);
  return { printed: shell.shown.join(" "), plan: JSON.parse(readFileSync(plan, "utf8")) as Plan };
}

function named({ resource, part }: Decision): string {
  return [resource.region, resource.id, part ?? ""].join(" ").trim();
}

/** Everything a rule proposes. */
function proposalsOf({ decisions }: Plan, rule: string): readonly unknown[] {
  return decisions.flatMap((one) => (one.kind === "proposal" && one.rule === rule ? [{ of: named(one), from: one.from, to: one.to }] : []));
}

it("all levers that reach a target by themselves are among those of the quiet accounts", () => {
  const named = new Set([saas, streaming, instances].flatMap((account) => Object.keys(account.rules)));
  const others = rules.map(({ id }) => id).filter((id) => !named.has(id));
  // These two give advice, and reach nothing themselves.
  expect(others).toEqual(["dynamodb.table-consolidation", "region.remove-secondary"]);
});

describe.each([saas, streaming, instances])("the account $scenario", (account) => {
  let world: readonly string[] = [];
  beforeAll(async () => {
    world = await deployed(account);
  });
  const levers = Object.entries(account.rules);

  it("decided literally reaches the requirement's target of each of its levers", async () => {
    const { plan } = await planned(world, account.policy, "literal");
    for (const [rule, expected] of levers) expect(proposalsOf(plan, rule), rule).toEqual(expected.map(({ of, from, target }) => ({ of, from, to: target })));
  });

  it("guarded names each target that does not fit, and by which figure, as plan prints it", async () => {
    const { plan, printed } = await planned(world, account.policy, "guarded");
    const text = printed.replaceAll(/\s+/g, " ");
    for (const note of account.notes) expect(text).toContain(note);
    for (const [rule, expected] of levers)
      for (const { of, target, guarded } of expected) {
        const decision = plan.decisions.find((one) => one.rule === rule && named(one) === of);
        const where = `${rule} of ${of}`;
        if (guarded === undefined) expect(decision, where).toMatchObject({ kind: "proposal", to: target });
        else if (guarded.code === undefined)
          expect(decision, where).toMatchObject({ kind: "proposal", to: guarded.to, reason: expect.stringContaining(guarded.says) });
        else expect(decision, where).toMatchObject({ kind: "skip", code: guarded.code, detail: expect.stringContaining(guarded.says) });
        if (guarded === undefined) continue;
        const [aim] = decision?.refused ?? [];
        expect(text, where).toContain(aim === undefined ? guarded.says : refusalWords(aim));
      }
  });
});
