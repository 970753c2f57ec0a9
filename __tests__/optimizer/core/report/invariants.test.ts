import { describe, expect, it } from "vitest";
import { runInvariants } from "../../../../optimizer/core/report/invariants.ts";
import { samplePlan, sampleRecord, sampleSkip, sampleStartMs, sampleState, sampleStage } from "../../../support/sample-run.ts";

const change = {
  kind: "asg.instance-refresh",
  region: "us-east-1",
  autoScalingGroup: "tap-prod-asg",
  before: { instanceType: "a" },
  after: { instanceType: "b" },
} as const;
const place = { at: sampleStartMs, region: "us-east-1", phase: 2, op: "s1" } as const;
const intent = sampleRecord({ ...place, type: "INTENT", body: { action: "a", purpose: "forward", change, token: "t" } }, 1);
const attempt = sampleRecord({ ...place, type: "ATTEMPT", body: { action: "a", purpose: "forward", number: 1 } }, 2);
const breach = sampleRecord({ ...place, op: null, type: "DECISION", body: { kind: "breach", verdict: { ...verdictOf("us-east-1") } } }, 3);

function verdictOf(region: string) {
  const verdict = sampleStage(region, "rolled-back").window?.closed;
  if (verdict === undefined) throw new Error("the sample's window is closed");
  return verdict;
}

function broken(...parameters: Parameters<typeof runInvariants>): readonly string[] {
  return runInvariants(...parameters)
    .filter((invariant) => !invariant.holds)
    .map((invariant) => invariant.name);
}

describe("runInvariants", () => {
  it("hold for a run with an undone breach", () => {
    expect(broken(samplePlan(), sampleState({ records: [intent, attempt, breach] }))).toEqual([]);
  });

  it("say whose resources were left alone, or that no tenant has one of its own", () => {
    const detail = (...plan: Parameters<typeof samplePlan>) =>
      runInvariants(samplePlan(...plan), sampleState()).find(({ name }) => name.includes("tenant"))?.detail;
    expect(detail()).toBe("tenant-acme-events in us-east-1");
    expect(detail({ decisions: [] })).toBe("no tenant has a resource of its own");
  });

  it("see a change without its intent", () => {
    expect(broken(samplePlan(), sampleState({ records: [attempt, intent] }))).toEqual(["every change was journaled before it was made"]);
  });

  it("see an intent on a tenant's resource", () => {
    const plan = samplePlan({ decisions: [sampleSkip({ resource: { kind: "auto-scaling-group", region: "us-east-1", id: "tap-prod-asg" } })] });
    expect(broken(plan, sampleState({ records: [intent] }))).toEqual(["no tenant's resource was touched"]);
  });

  it("see a breach that was not undone", () => {
    const state = sampleState({ records: [breach], phases: [{ number: 2, status: "open", stages: [sampleStage("us-east-1", "rollback-incomplete")] }] });
    expect(broken(samplePlan(), state)).toEqual(["every breach was rolled back and verified"]);
  });

  it("see what was kept without a passed window", () => {
    const stage = sampleStage("us-east-1");
    if (stage.window === undefined) throw new Error("the sample has a window");
    const { closed: _closed, ...open } = stage.window;
    const state = sampleState({ phases: [{ number: 2, status: "passed", stages: [{ ...stage, window: open }] }] });
    expect(broken(samplePlan(), state)).toEqual(["what was kept passed its window"]);
  });

  it("see a run that did not end", () => {
    const { outcome: _outcome, ...open } = sampleState();
    expect(broken(samplePlan(), open)).toEqual(["the run came to its end"]);
  });
});
