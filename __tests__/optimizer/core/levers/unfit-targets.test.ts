import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ruleOf } from "../../../../optimizer/core/levers/rules.ts";
import { thresholds } from "../../../../optimizer/core/levers/thresholds.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { policySchema, type Policy } from "../../../../optimizer/core/model/policy.ts";
import { account } from "../../../support/account-of-every-rule.ts";

type Settings = Readonly<Record<string, string | number>>;

interface Unfit {
  readonly rule: Parameters<typeof ruleOf>[0];
  /** More than what the account has. */
  readonly larger: Settings;
  /** A size that AWS does not offer; its absence says that numbers alone make the target, whose bounds targets.test.ts tries. */
  readonly unknown?: Settings;
}

/** Of each rule that brings a resource to a target, by its name in the policy. */
const unfit: Readonly<Record<string, Unfit>> = {
  asgInstanceType: { rule: "asg.instance-type", larger: { target: "m5.24xlarge" }, unknown: { target: "m5.gigantic" } },
  asgCapacity: { rule: "asg.capacity", larger: { targetDesired: 900, targetMin: 900, targetMax: 900 } },
  auroraWriterClass: { rule: "aurora.writer-class", larger: { target: "db.r6g.16xlarge" }, unknown: { target: "db.r6g.gigantic" } },
  auroraReaderCount: { rule: "aurora.reader-count", larger: { targetReaders: 15 } },
  auroraServerlessCapacity: { rule: "aurora.serverless-capacity", larger: { targetMinAcu: 256, targetMaxAcu: 256 } },
  auroraBackupRetention: { rule: "aurora.backup-retention", larger: { targetDays: 35 } },
  redisSize: {
    rule: "redis.size",
    larger: { targetNodeType: "cache.r6g.16xlarge", targetShards: 500, targetReplicas: 5 },
    unknown: { targetNodeType: "cache.r6g.gigantic" },
  },
  ecsService: { rule: "ecs.service", larger: { targetTasks: 900, targetCpu: 16_384, targetMemoryMib: 122_880 } },
  lambdaFunction: { rule: "lambda.function", larger: { targetMemoryMb: 10_240, targetTimeoutSeconds: 900, targetReservedConcurrency: 900 } },
  rdsInstanceClass: { rule: "rds.instance-class", larger: { target: "db.t3.2xlarge" }, unknown: { target: "db.t3.gigantic" } },
  rdsBackupRetention: { rule: "rds.backup-retention", larger: { targetDays: 35 } },
};

function policyWith(name: string, settings: Settings, decision: Policy["rules"]["decision"]): Policy {
  return policySchema.parse({ baselineDays: 35, rules: { decision, [name]: settings } });
}

function decided({ rule: id }: Unfit, policy: Policy) {
  const rule = ruleOf(id);
  return decideAll([rule], account(35).policed(policy).facts([rule]));
}

const decisions = ["guarded", "literal"] as const;
const cases = Object.entries(unfit).flatMap(([name, row]) => decisions.map((decision) => ({ name, row, decision })));

describe.each(cases)("$name, decided as $decision", ({ name, row, decision }) => {
  it("proposes something of this account by the targets of the requirement", () => {
    expect(decided(row, policyWith(name, {}, decision)).filter(({ kind }) => kind === "proposal")).not.toEqual([]);
  });

  it("leaves what is smaller than the target as it is, and says so", () => {
    const found = decided(row, policyWith(name, row.larger, decision));
    expect(found.filter(({ kind }) => kind !== "skip")).toEqual([]);
    expect(found.some((each) => each.kind === "skip" && each.code === "already-there" && each.detail !== "")).toBe(true);
  });
});

const unknownSizes = cases.flatMap(({ name, row, decision }) => (row.unknown === undefined ? [] : [{ name, row, unknown: row.unknown, decision }]));

describe.each(unknownSizes)("$name, decided as $decision", ({ name, row, unknown, decision }) => {
  it("leaves everything as it is where AWS offers no such size, and names it", () => {
    const found = decided(row, policyWith(name, unknown, decision));
    expect(found.filter(({ kind }) => kind !== "skip")).toEqual([]);
    const [size] = Object.values(unknown);
    expect(found.some((each) => each.kind === "skip" && each.code === "unsupported" && each.detail.includes(`no size ${size}`))).toBe(true);
  });
});

it("has a row for each rule that has a target in the policy", () => {
  const targeted = Object.entries(thresholds).flatMap(([name, schema]) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as { readonly properties?: object };
    return Object.keys(properties).some((property) => /^target(?:$|[A-Z])/.test(property)) ? [name] : [];
  });
  expect(Object.keys(unfit).toSorted()).toEqual(targeted.toSorted());
});
