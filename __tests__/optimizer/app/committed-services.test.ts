import { describe, expect, it } from "vitest";
import { realizedSoFar } from "../../../optimizer/app/realized-so-far.ts";
import { rules } from "../../../optimizer/core/levers/rules.ts";
import type { DailyCost } from "../../../optimizer/core/money/realized.ts";
import type { CostReader } from "../../../optimizer/ports/costs.ts";
import type { MetricReader } from "../../../optimizer/ports/metrics.ts";
import { sampleAction, samplePlan, sampleRecord, sampleStartMs, sampleState } from "../../support/sample-run.ts";
import { aBalancer } from "../../support/world.ts";

const dayMs = 86_400_000;
const changeMs = sampleStartMs + dayMs;
const nowMs = sampleStartMs + 7 * dayMs;

/** As many requests each day, so that nothing but the change moves what is paid by requests. */
const steadyTraffic: MetricReader = {
  read: async (_region, keys, span) =>
    keys.map((key) => ({
      key,
      unit: "Count",
      startMs: span.startMs,
      values: new Float64Array((span.endMs - span.startMs) / dayMs).fill(1000),
      status: "complete",
    })),
  requestsMade: () => 0,
};

/** What the rule changes costs $100 a day, and $60 once it was changed; the $40 go on being paid for commitments that nothing uses. */
function committed(service: string): CostReader {
  const daily = (name: string, usdOf: (atMs: number) => number, { startMs, endMs }: { readonly startMs: number; readonly endMs: number }) =>
    Array.from({ length: (endMs - startMs) / dayMs }, (_, day): DailyCost => {
      const dayStartMs = startMs + day * dayMs;
      return { dayStartMs, service: name, amortizedUsd: usdOf(dayStartMs) };
    });
  return {
    costByInstanceType: async () => [],
    monthlyCostByService: async () => [],
    dailyCostByService: async (scope, span) =>
      scope === "unused-commitments"
        ? daily("Savings Plans for AWS Database usage", (atMs) => (atMs < changeMs ? 0 : 40), span)
        : daily(service, (atMs) => (atMs < changeMs ? 100 : 60), span),
    requestsMade: () => 2,
  };
}

async function realizedBy(rule: (typeof rules)[number]) {
  const action = sampleAction({ id: `${rule.id}:us-east-1:any`, rule: rule.id, phase: rule.phase });
  const balancer = aBalancer();
  const sample = samplePlan();
  const plan = samplePlan({
    phases: [{ number: rule.phase, stages: [{ region: "us-east-1", role: "follower", actions: [action] }] }],
    inventory: { ...sample.inventory, resources: [balancer] },
  });
  const [step] = action.steps;
  if (step?.kind !== "change") throw new Error("the sample's first step is a change");
  const at = { region: "us-east-1", phase: rule.phase, op: step.id } as const;
  const state = sampleState({
    records: [
      sampleRecord({ type: "INTENT", at: changeMs, ...at, body: { action: action.id, purpose: "forward", change: step.change, token: "t" } }),
      sampleRecord({
        type: "VERIFIED",
        at: changeMs,
        ...at,
        body: { action: action.id, purpose: "forward", state: { kind: "settled", value: step.change.after } },
      }),
    ],
  });
  return realizedSoFar(plan, state, nowMs, async () => ({ costs: committed(rule.cost.service), metrics: steadyTraffic }));
}

/** Rules whose savings no commitment can eat, each with the reason. */
const uncommitted = new Map([
  ["s3.lifecycle", "storage and its requests: AWS sells no commitment for them"],
  ["aurora.backup-retention", "backup storage, as above"],
  ["rds.backup-retention", "backup storage, as above"],
  ["dynamodb.unread-stream", "saves nothing"],
  ["region.remove-secondary", "advice, never carried out"],
]);

describe("what a change really saved in a fully committed account", () => {
  it.each(rules.filter(({ id }) => !uncommitted.has(id)).map((rule) => [rule.id, rule] as const))("is $0 by %s", async (_, rule) => {
    const realized = await realizedBy(rule);
    if (realized.kind !== "seen") throw new Error(`realized is ${realized.kind}: ${realized.reason}`);
    expect(realized.savings[0]?.usd).toBeGreaterThan(0);
    expect(realized.usd).toBeCloseTo(0, 6);
  });

  it("is asked of every rule but those that nobody can commit to", () => {
    expect(rules.filter(({ cost }) => cost.commitment === "none").map(({ id }) => id)).toEqual(rules.map(({ id }) => id).filter((id) => uncommitted.has(id)));
  });
});
