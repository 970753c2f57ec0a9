import { describe, expect, it } from "vitest";
import { realizedSoFar } from "../../../optimizer/app/realized-so-far.ts";
import type { Span } from "../../../optimizer/core/model/observation.ts";
import { CredentialsLost } from "../../../optimizer/errors.ts";
import type { DailyCost } from "../../../optimizer/core/money/realized.ts";
import type { CostReader, DailyScope } from "../../../optimizer/ports/costs.ts";
import type { MetricReader } from "../../../optimizer/ports/metrics.ts";
import { samplePlan, sampleRecord, sampleStartMs, sampleState } from "../../support/sample-run.ts";

const dayMs = 86_400_000;
const ec2 = "Amazon Elastic Compute Cloud - Compute";
const action = "asg.instance-type:us-west-2:tap-prod-asg";
const change = samplePlan().phases[1]?.stages[0]?.actions[0]?.steps[0];
if (change?.kind !== "change") throw new Error("the sample's first step is a change");
const state = sampleState({
  records: [
    sampleRecord({
      type: "INTENT",
      at: sampleStartMs + dayMs,
      region: "us-west-2",
      phase: 2,
      op: change.id,
      body: { action, purpose: "forward", change: change.change, token: "t" },
    }),
    sampleRecord({
      type: "VERIFIED",
      at: sampleStartMs + dayMs + 3_600_000,
      region: "us-west-2",
      phase: 2,
      op: change.id,
      body: { action, purpose: "forward", state: { kind: "settled", value: change.change.after } },
    }),
  ],
});

interface Asked {
  readonly scope: DailyScope;
  readonly span: Span;
}

/** $100 a day until the change, $60 from it on; remembers what was asked. */
function costs(asked: Asked[], unused: readonly DailyCost[] = []): CostReader {
  return {
    costByInstanceType: async () => [],
    monthlyCostByService: async () => [],
    dailyCostByService: async (scope, span) => {
      asked.push({ scope, span });
      if (scope === "unused-commitments") return unused;
      const days = Array.from({ length: (span.endMs - span.startMs) / dayMs }, (_, index) => span.startMs + index * dayMs);
      return days.map((dayStartMs) => ({ dayStartMs, service: ec2, amortizedUsd: dayStartMs < sampleStartMs + dayMs ? 100 : 60 }));
    },
    requestsMade: () => asked.length,
  };
}

/** What is paid by the hour needs no traffic. */
const unasked: MetricReader = { read: () => Promise.reject(new Error("nobody may ask")), requestsMade: () => 0 };

describe("realizedSoFar", () => {
  it("compares complete days after the last change with the same weekdays before the first", async () => {
    const asked: Asked[] = [];
    const realized = await realizedSoFar(samplePlan(), state, sampleStartMs + 6 * dayMs, async () => ({ costs: costs(asked), metrics: unasked }));
    expect(realized).toEqual({
      kind: "seen",
      usd: 80,
      savings: [{ region: "us-west-2", service: ec2, comparedAt: "equal-weekdays", days: 2, usd: 80 }],
      costExplorerRequests: 2,
    });
    const span = { startMs: sampleStartMs + dayMs - 28 * dayMs, endMs: sampleStartMs + 6 * dayMs };
    expect(asked).toEqual([
      { scope: { region: "us-west-2" }, span },
      { scope: "unused-commitments", span },
    ]);
  });

  it("counts against it what commitments cost that nothing uses since, so that a fully committed account saved nothing", async () => {
    // The instances cost $40 a day less, and their Savings Plan goes on: $40 of it are listed under a service of its own, in no region.
    const idle = (day: number): DailyCost => ({ dayStartMs: sampleStartMs + day * dayMs, service: "Savings Plans for AWS Compute usage", amortizedUsd: 40 });
    const readers = async () => ({ costs: costs([], [idle(2), idle(3), idle(4), idle(5)]), metrics: unasked });
    expect(await realizedSoFar(samplePlan(), state, sampleStartMs + 6 * dayMs, readers)).toMatchObject({
      kind: "seen",
      usd: 0,
      savings: [
        { region: "us-west-2", service: ec2, usd: 80 },
        { region: "all regions", service: "unused reservations and Savings Plans", days: 2, usd: -80 },
      ],
    });
  });

  it("says nothing of commitments that were idle before as well", async () => {
    const idle = Array.from({ length: 34 }, (_, day) => ({
      dayStartMs: sampleStartMs + (day - 28) * dayMs,
      service: "Savings Plans for AWS Compute usage",
      amortizedUsd: 5,
    }));
    const readers = async () => ({ costs: costs([], idle), metrics: unasked });
    expect(await realizedSoFar(samplePlan(), state, sampleStartMs + 6 * dayMs, readers)).toMatchObject({ usd: 80, savings: [{ service: ec2 }] });
  });

  it("asks, and pays, nothing before a day can have been seen, and says which day that is", async () => {
    const refuse = (): Promise<never> => Promise.reject(new Error("nobody may ask"));
    expect(await realizedSoFar(samplePlan(), state, sampleStartMs + 5 * dayMs - 1, refuse)).toMatchObject({
      kind: "not-yet",
      reason: expect.stringContaining("2026-06-06"),
    });
    expect(await realizedSoFar(samplePlan(), sampleState(), sampleStartMs + 99 * dayMs, refuse)).toEqual({ kind: "not-yet", reason: "nothing was changed" });
  });

  it("tells that costs could not be read, for whatever reason, and fails no report", async () => {
    const failed = (error: Error) => realizedSoFar(samplePlan(), state, sampleStartMs + 6 * dayMs, () => Promise.reject(error));
    expect(await failed(new CredentialsLost({ message: "ce: ExpiredToken", hint: "sign in" }))).toEqual({ kind: "unread", reason: "ce: ExpiredToken" });
    expect(await failed(new Error("no network"))).toMatchObject({ kind: "unread", reason: expect.stringContaining("no network") });
  });

  it("does not hide a bug as missing costs", async () => {
    await expect(realizedSoFar(samplePlan(), state, sampleStartMs + 6 * dayMs, () => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
  });
});
