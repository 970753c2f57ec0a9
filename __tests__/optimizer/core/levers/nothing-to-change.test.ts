/** A proposal changes something: what a resource needs may be just what it has, in one part of its size or in all of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, changeFacts } from "../../../../optimizer/core/levers/change-kinds.ts";
import { rules } from "../../../../optimizer/core/levers/rules.ts";
import type { thresholds } from "../../../../optimizer/core/levers/thresholds.ts";
import { metricOf } from "../../../../optimizer/core/metrics/catalogue.ts";
import { actionsOf, type Decision } from "../../../../optimizer/core/model/rule.ts";
import { decideAll } from "../../../../optimizer/core/planning/decide-all.ts";
import { account } from "../../../support/account-of-every-rule.ts";

const world = account(14);

/** Changes of proposals that leave what they are about as it is, with the rule and the resource. */
function idle(decisions: readonly Decision[]): readonly string[] {
  return decisions.flatMap((decision) => {
    if (decision.kind !== "proposal") return [];
    const changes = actionsOf(decision).flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "change" ? [step.change] : [])));
    const isIdle = (change: Change): boolean => changeFacts<Change>(change).same(change.before, change.after);
    return changes.filter(isIdle).map(({ kind }) => `${decision.rule} ${decision.resource.id}: ${kind}, ${decision.from} → ${decision.to}`);
  });
}

type Settings = Readonly<Record<string, string | number>>;
const days = fc.record({ targetDays: fc.integer({ min: 1, max: 35 }) });
const acu = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }));
const bounds = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }));

/** Targets below, at and above what the account's resources have, by the rule's name in the policy. */
const targets: { readonly [Name in keyof typeof thresholds]: fc.Arbitrary<Settings> | { readonly hasNone: string } } = {
  asgInstanceType: fc.record({ target: fc.constantFrom("m5.large", "m5.2xlarge", "m5.8xlarge") }),
  asgCapacity: bounds.map(([targetMin, more, most]) => ({ targetMin, targetDesired: targetMin + more, targetMax: targetMin + more + most })),
  auroraWriterClass: fc.record({ target: fc.constantFrom("db.r6g.large", "db.r6g.xlarge", "db.r6g.4xlarge") }),
  auroraReaderCount: fc.record({ targetReaders: fc.integer({ min: 1, max: 3 }) }),
  auroraServerlessCapacity: acu.map(([least, more]) => ({ targetMinAcu: least / 2, targetMaxAcu: Math.max(1, (least + more) / 2) })),
  auroraBackupRetention: days,
  rdsInstanceClass: fc.record({ target: fc.constantFrom("db.t3.small", "db.t3.medium", "db.t3.large", "db.t3.xlarge") }),
  rdsBackupRetention: days,
  redisSize: fc.record({
    targetNodeType: fc.constantFrom("cache.r6g.large", "cache.r6g.xlarge", "cache.r6g.4xlarge"),
    targetShards: fc.integer({ min: 1, max: 4 }),
    targetReplicas: fc.integer({ min: 0, max: 3 }),
  }),
  ecsService: fc.record({ targetTasks: fc.integer({ min: 1, max: 12 }), cpu: fc.constantFrom(256, 512, 1024, 2048, 4096) }).map(({ targetTasks, cpu }) => ({
    targetTasks,
    targetCpu: cpu,
    targetMemoryMib: 2 * cpu,
  })),
  lambdaFunction: fc.record({
    targetMemoryMb: fc.constantFrom(512, 1024, 2048, 3008, 10_240),
    targetTimeoutSeconds: fc.constantFrom(1, 60, 300, 840, 900),
    targetReservedConcurrency: fc.integer({ min: 1, max: 200 }),
  }),
  dynamodbBillingMode: { hasNone: "it goes from one mode to the other" },
  dynamodbTableConsolidation: { hasNone: "it gives advice" },
  dynamodbUnusedGsi: { hasNone: "it deletes" },
  s3Lifecycle: { hasNone: "it puts a rule of its own beside the others" },
  regionRemoveSecondary: { hasNone: "it gives advice" },
};

const cases = Object.entries(targets).flatMap(([name, settings]) => {
  const rule = rules.find(({ id }) => id.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()) === name);
  return rule === undefined || "hasNone" in settings ? [] : [{ id: rule.id, name, rule, settings }];
});

describe("whatever target a policy sets, and whatever the load and its highest sample", () => {
  it.each(cases)("$id proposes no change of a resource to what it is", ({ name, rule, settings }) => {
    const times = fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 8, noNaN: true }));
    // Calls of 4 s come to 700 s by the last of them, which need the 900 s that the function has.
    const highest = fc.constantFrom(1, 1, 4, 30, 175);
    let proposed = 0;
    fc.assert(
      fc.property(settings, times, highest, fc.constantFrom("guarded", "literal"), (target, usual, peak, decision) => {
        const loaded = world.turned((value, key) => {
          const more = value * usual * (key.statistic === "Maximum" ? peak : 1);
          return metricOf(key)?.unit === "Percent" ? Math.min(100, more) : more;
        });
        const decisions = decideAll([rule], loaded.policed({ baselineDays: 14, rules: { decision, [name]: target } }).facts([rule]));
        proposed += decisions.filter(({ kind }) => kind === "proposal").length;
        expect(idle(decisions)).toEqual([]);
      }),
      { numRuns: 80, seed: 1 },
    );
    expect(proposed).toBeGreaterThan(0);
  });
});
