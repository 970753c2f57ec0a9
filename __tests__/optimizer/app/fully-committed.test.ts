import { CostExplorerClient, GetCostAndUsageCommand, type GetCostAndUsageCommandInput } from "@aws-sdk/client-cost-explorer";
import { describe, expect, it } from "vitest";
import { createCostReader } from "../../../optimizer/adapters/aws/cost-reader.ts";
import { realizedSoFar } from "../../../optimizer/app/realized-so-far.ts";
import type { MetricReader } from "../../../optimizer/ports/metrics.ts";
import type { ListPrices } from "../../../simulation/account/service.ts";
import { scenarioSchema } from "../../../simulation/scenario/schema.ts";
import { services } from "../../../simulation/services.ts";
import { getCostAndUsage } from "../../../simulation/services/cost-explorer/get-cost-and-usage.ts";
import { answersOf } from "../../support/answers-of.ts";
import { fakeModel, instances } from "../../support/fake-account.ts";
import { samplePlan, sampleRecord, sampleStartMs, sampleState } from "../../support/sample-run.ts";

const dayMs = 86_400_000;
const action = "asg.instance-type:us-west-2:tap-prod-asg";
const step = samplePlan().phases[1]?.stages[0]?.actions[0]?.steps[0];
if (step?.kind !== "change") throw new Error("the sample's first step is a change");
const at = { region: "us-west-2", phase: 2, op: step.id } as const;
const state = sampleState({
  records: [
    sampleRecord({ type: "INTENT", at: sampleStartMs + dayMs, ...at, body: { action, purpose: "forward", change: step.change, token: "t" } }),
    sampleRecord({
      type: "VERIFIED",
      at: sampleStartMs + dayMs,
      ...at,
      body: { action, purpose: "forward", state: { kind: "settled", value: step.change.after } },
    }),
  ],
});
const prices: ListPrices = { hourlyUsd: (_service, _region, type) => (type === "m5.4xlarge" ? 0.8 : 0.4), unitUsd: () => 0 };
const nowMs = sampleStartMs + 8 * dayMs;
const noMetrics: MetricReader = { read: () => Promise.reject(new Error("nobody may ask")), requestsMade: () => 0 };

/** Ten instances, half the size from the second day of the run on, in an account whose commitments cover a share of them. */
async function realizedUnder(kind: "savings-plan" | "reserved", coveredShare: number) {
  const scenario = scenarioSchema.parse({
    start: new Date(sampleStartMs).toISOString(),
    regions: { "us-west-2": { traffic: { peakRequestsPerSecond: 1, noiseSigma: 0 }, application: { vcpuSecondsPerRequest: 0.01 } } },
    commitments: [{ kind, region: "us-west-2", service: "ec2", instanceType: "m5.4xlarge", coveredShare, discountShare: 0.25 }],
  });
  const changeMs = sampleStartMs + dayMs;
  const model = fakeModel(scenario, { "us-west-2": { group: (ms) => instances(ms < changeMs ? "m5.4xlarge" : "m5.2xlarge", 10), changesMs: [changeMs] } });
  const client = new CostExplorerClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } });
  answersOf(client)
    .on(GetCostAndUsageCommand)
    .callsFake((input: GetCostAndUsageCommandInput) => getCostAndUsage(input, { scenario, state: model.state, model, services, prices, nowMs }));
  return realizedSoFar(samplePlan(), state, nowMs, async () => ({ costs: createCostReader(() => ({ costExplorer: client })), metrics: noMetrics }));
}

/** US dollars a day at list prices: 10 × $0.80 × 24 h, of which the change halves. */
const dailyUsd = 192;

describe("what a change of committed instances really saved", () => {
  it.each(["savings-plan", "reserved"] as const)("is $0 where a %s covers all of them, while their own service shows less", async (kind) => {
    const realized = await realizedUnder(kind, 1);
    if (realized.kind !== "seen") throw new Error(`realized is ${realized.kind}`);
    expect(realized.usd).toBeCloseTo(0, 6);
    const [own, idle] = realized.savings;
    // Half of what the commitment costs, three quarters of the list price, was freed, and is paid all the same.
    expect((own?.usd ?? 0) / (own?.days ?? 0)).toBeCloseTo(dailyUsd * 0.75 * 0.5, 6);
    expect(idle).toMatchObject({ region: "all regions", service: "unused reservations and Savings Plans" });
  });

  it("is what was paid on demand where that is less than the half that was freed", async () => {
    const realized = await realizedUnder("savings-plan", 0.8);
    if (realized.kind !== "seen") throw new Error(`realized is ${realized.kind}`);
    expect(realized.usd / (realized.savings[0]?.days ?? 0)).toBeCloseTo(dailyUsd * 0.2, 6);
  });

  it("is the whole half where the commitment still covers no more than what is left", async () => {
    const realized = await realizedUnder("reserved", 0.3);
    if (realized.kind !== "seen") throw new Error(`realized is ${realized.kind}`);
    expect(realized.savings).toHaveLength(1);
    expect(realized.usd / (realized.savings[0]?.days ?? 0)).toBeCloseTo(dailyUsd * 0.5, 6);
  });
});
