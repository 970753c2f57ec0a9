import { describe, expect, it } from "vitest";
import type { ChangeStep } from "../../../../optimizer/core/model/action.ts";
import type { RecordDraft } from "../../../../optimizer/core/model/journal-record.ts";
import type { BalancerReference, Plan } from "../../../../optimizer/core/model/plan.ts";
import type { ActionState, RunState, StageState } from "../../../../optimizer/core/model/run-state.ts";
import { loadCurves } from "../../../../optimizer/core/report/page/load-curves.ts";
import { planPictures } from "../../../../optimizer/core/report/page/pictures.ts";
import { progressOf } from "../../../../optimizer/core/report/page/progress.ts";
import { risksOf } from "../../../../optimizer/core/report/page/risk-matrix.ts";
import { runMarks, runSpans } from "../../../../optimizer/core/report/page/run-marks.ts";
import { serviceCosts } from "../../../../optimizer/core/report/page/service-costs.ts";
import { breachImpacts } from "../../../../optimizer/core/report/page/tenant-impact.ts";
import { sampleAction, samplePlan, sampleProposal, sampleRecord, sampleSlot, sampleStage, sampleStartMs, sampleState } from "../../../support/sample-run.ts";

const hourMs = 3_600_000;
const place = { at: sampleStartMs + hourMs, region: "us-east-1", phase: 2, op: null } as const;
const action = sampleAction();
const own = { action: action.id, purpose: "forward", state: { kind: "settled", value: null } } as const;
const closed = sampleStage("us-east-1", "rolled-back").window?.closed;
if (closed === undefined) throw new Error("the sample's window is closed");
const breach = { ...place, type: "DECISION", body: { kind: "breach", verdict: closed } } as const;

function stateOf(...drafts: readonly RecordDraft[]): RunState {
  return sampleState({ records: drafts.map((draft, index) => sampleRecord(draft, index + 1)) });
}

describe("the marks beside the curves", () => {
  const [step] = action.steps;
  if (step?.kind !== "change") throw new Error("the sample's step is a change");
  const lift: ChangeStep = { ...step, id: "take-back", description: "give the index its readers back" };
  const brownout = { kind: "brownout", id: "hide", minutes: 60, probes: [], lift: [lift], description: "hide the index" } as const;
  const actions = [sampleAction({ steps: [brownout, step] })];
  const plan = samplePlan({ phases: [{ number: 2, stages: [{ region: "us-east-1", role: "canary", actions }] }] });

  it.each<readonly [RecordDraft, readonly [string, string] | undefined]>([
    [{ ...place, op: "us-east-1-refresh", type: "VERIFIED", body: own }, ["change", "replace the instances"]],
    [{ ...place, op: "us-east-1-refresh-back", type: "RB_VERIFIED", body: own }, ["rollback", "replace the instances by the old type"]],
    [{ ...place, op: "take-back", type: "RB_VERIFIED", body: { ...own, purpose: "lift" } }, ["rollback", "give the index its readers back"]],
    [{ ...place, op: "of an older plan", type: "VERIFIED", body: own }, ["change", "m5.4xlarge to m5.2xlarge"]],
    [{ ...place, type: "HOLD", body: { reason: "metrics are late" } }, ["hold", "metrics are late"]],
    [{ ...place, type: "HOLD", body: { reason: "continued", releasedBy: "ops" } }, undefined],
    [breach, ["breach", "p99 ×2.40 for two slots"]],
    [{ ...place, type: "DECISION", body: { kind: "rolled-back-verified" } }, ["rolled-back", "rolled back and verified"]],
    [{ ...place, type: "DECISION", body: { kind: "soaked" } }, undefined],
    [{ ...place, type: "CRED_LOST", body: { detail: "expired" } }, undefined],
  ])("%#: of %j are %j", (record, mark) => {
    expect(runMarks(plan, stateOf(record)).map(({ kind, text }) => [kind, text])).toEqual(mark === undefined ? [] : [mark]);
  });
});

describe("the stretches behind the curves", () => {
  const probed = (event: "started" | "silent", rest: Partial<Pick<RecordDraft, "region" | "phase">> = {}): RecordDraft => ({
    ...place,
    ...rest,
    type: "BROWN_OUT",
    body: { action: action.id, event, startMs: sampleStartMs, endMs: sampleStartMs + 3 * hourMs, detail: "3 probes" },
  });

  it("are a brownout once, up to the newest record while it lasts, and none of no region", () => {
    const { phases: _, ...rest } = stateOf(probed("started"), probed("silent"), probed("started", { region: null }), probed("started", { phase: null }));
    expect(runSpans({ ...rest, phases: [] })).toEqual([
      { startMs: sampleStartMs, endMs: sampleStartMs + hourMs, region: "us-east-1", phase: 2, kind: "brownout", text: "3 probes" },
    ]);
  });

  it("are a window up to its newest slot, or to the newest record before there is one", () => {
    const window = { startMs: sampleStartMs, deadlineMs: sampleStartMs + 48 * hourMs, slots: [] };
    const stages: readonly StageState[] = [
      { ...sampleStage("us-east-1"), status: "observing", window },
      sampleStage("us-west-2"),
      { ...sampleStage("eu-west-1"), window: { ...window, deadlineMs: sampleStartMs + hourMs / 2 } },
    ];
    const { window: _, ...unwatched } = sampleStage("eu-north-1");
    const state = { ...stateOf(breach), phases: [{ number: 2, status: "open", stages: [...stages, unwatched] }] } as const;
    expect(runSpans(state).map(({ region, endMs, text }) => [region, (endMs - sampleStartMs) / hourMs, text])).toEqual([
      ["us-east-1", 1, "watching"],
      ["us-west-2", 0.75, "pass"],
      ["eu-west-1", 0.5, "watching"],
    ]);
  });
});

describe("the curves of load balancers", () => {
  const reference: BalancerReference = {
    region: "us-west-2",
    loadBalancer: "app/tap/1",
    p99SecondsByHour: Array.from({ length: 168 }, (_, hour) => (hour === 0 ? 0.2 : null)),
    requestsPerSlotByHour: [],
    errorDispersion: 1,
    errorRate: 0,
    logP99Sigma: 0,
    logP99Autocorrelation: 0,
    conclusiveShare: 1,
    requestsPerSecond: 10,
    falseRollbackShare: 0,
    smallestVisibleP99Increase: 0.2,
  };
  const scored = (index: number, loadBalancer: string, region: string | null = "us-east-1"): RecordDraft => {
    const slot = sampleSlot(index);
    return { ...place, region, type: "SLOT", body: { watch: "window", score: { ...slot, counts: slot.counts.map((each) => ({ ...each, loadBalancer })) } } };
  };
  const drawn = (...drafts: readonly RecordDraft[]) => loadCurves(samplePlan({ balancers: [reference] }), stateOf(...drafts));

  it("stand in the load balancer's own region, in order of region and name; one that the plan does not know in the acting region", () => {
    const curves = drawn(
      scored(0, "app/tap/1"),
      scored(0, "app/b/1"),
      scored(0, "app/a/1"),
      scored(1, "app/a/1"),
      scored(0, "app/c/1"),
      scored(0, "app/a/1", null),
      breach,
    );
    expect(curves.map(({ region, loadBalancer, points }) => [region, loadBalancer, points.length])).toEqual([
      ["us-east-1", "app/a/1", 2],
      ["us-east-1", "app/b/1", 1],
      ["us-east-1", "app/c/1", 1],
      ["us-west-2", "app/tap/1", 1],
    ]);
  });

  it("have the limit of the hour of the week, one fifth above the usual, where the baseline has a p99 for it", () => {
    const [curve] = drawn(scored(0, "app/tap/1"), scored(4, "app/tap/1"));
    expect(curve?.points.map(({ p99LimitSeconds }) => p99LimitSeconds)).toEqual([0.24, null]);
  });
});

describe("whom a breach met", () => {
  it("is nobody for a breach of no region, and nothing is counted of slots without figures", () => {
    const { counts, ...slot } = sampleSlot(1, "breach");
    const silent = counts.map((each) => ({ ...each, requests: null, target5xx: null, elb5xx: null }));
    const scored: RecordDraft = { ...place, type: "SLOT", body: { watch: "window", score: { ...slot, counts: silent } } };
    expect(breachImpacts(stateOf(scored, breach, { ...breach, region: null }, { ...breach, phase: null }))).toEqual([
      { phase: 2, region: "us-east-1", requests: 0, failed: 0, slots: 1, minutes: 15 },
    ]);
  });
});

describe("progress", () => {
  const actionState: ActionState = { actionId: action.id, status: "applied", steps: {} };
  const window = { startMs: sampleStartMs, deadlineMs: sampleStartMs + 48 * hourMs, slots: [] };
  const rowOf = (stage: Partial<StageState>, rest: Partial<RunState> = {}, plan: Plan = samplePlan()) => {
    const { outcome: _, ...open } = sampleState();
    const { window: _window, ...base } = sampleStage("us-east-1");
    const state: RunState = {
      ...open,
      phases: [{ number: 2, status: "open", stages: [{ ...base, actions: [actionState], ...stage }] }],
      records: [],
      ...rest,
    };
    return progressOf(plan, state).find(({ region }) => region === "us-east-1");
  };

  it.each<readonly [Partial<StageState>, string]>([
    [{ status: "pending" }, "waits until it may begin"],
    [{ status: "acting" }, "the change settles"],
    [{ status: "observing" }, "watched until its window closes"],
    [{ status: "rolling-back" }, "is being put back"],
    [{ status: "confirming" }, "healthy slots in a row after the rollback"],
    [{ status: "rollback-incomplete" }, "needs a human"],
    [{ status: "cancelled", reason: "the canary breached" }, "the canary breached"],
    [{ status: "cancelled" }, "cancelled"],
    [{ status: "passed" }, "adopt it into the stacks"],
    [{ status: "rolled-back" }, "nothing"],
    [{ status: "empty" }, "nothing"],
    [{ status: "acting", held: { reason: "metrics are late", cause: "unreadable", sinceMs: 0 } }, "held for a human: metrics are late"],
    [{ status: "passed", actions: [{ ...actionState, status: "skipped", skip: { code: "still-read", detail: "12 reads" } }] }, "12 reads"],
  ])("%#: of a region that is %j goes on with %j", (stage, words) => {
    expect(rowOf(stage)?.next).toBe(words);
  });

  it.each<readonly [Partial<StageState>, Partial<RunState>, string]>([
    [{ status: "acting" }, {}, "not yet open"],
    [{ status: "cancelled" }, {}, "none"],
    [{ status: "observing", window }, {}, "0 slots; day 1 00:00 to day 3 00:00 at the earliest"],
    [{ status: "rolled-back", window: { ...window, slots: [sampleSlot(0)] } }, {}, "1 slot; day 1 00:00 to day 1 00:15"],
    [{ status: "rolled-back", window }, {}, "0 slots; day 1 00:00 to day 1 00:00"],
    [{ status: "acting" }, { outcome: "aborted" }, "none"],
  ])("%#: has the window of %j", (stage, rest, words) => {
    expect(rowOf(stage, rest)?.window).toBe(words);
  });

  it("tells an action without a proposal by its own words, and the verdict of a breach before the window's time", () => {
    const row = rowOf({ status: "rolling-back" }, { records: [sampleRecord(breach)] }, samplePlan({ decisions: [] }));
    expect(row).toMatchObject({ change: "m5.4xlarge to m5.2xlarge", verdict: expect.stringMatching(/^p99 ×2\.40 for two slots/) });
    expect(progressOf(samplePlan(), null)[0]).toMatchObject({ state: "pending", window: "not yet open", verdict: "", next: "waits until it may begin" });
  });
});

describe("risks and costs", () => {
  const projection = { dimension: "cpu", current: 0.2, projected: 0.4, limit: 0.8, fits: true, method: "x 2" } as const;
  const proposal = (id: string, projected: number | null, usd: number | null) => {
    const { chosen: _, ...base } = sampleProposal(sampleAction({ resource: { kind: "auto-scaling-group", region: "us-east-1", id } }));
    const savings = usd === null ? ({ kind: "unknown", what: "price", reason: "unknown" } as const) : ({ kind: "known", usd } as const);
    const chosen = { target: "t", projections: [{ ...projection, projected: projected ?? 0 }], fits: true, monthlySavings: savings };
    return { ...base, savings, ...(projected === null ? {} : { chosen }) };
  };

  it("come the riskiest first, those without a projection last, among equals those that save the most, unknown savings last", () => {
    const risks = risksOf(samplePlan(), [
      proposal("a", null, null),
      proposal("b", 0.4, 1),
      proposal("c", null, 5),
      proposal("d", 0.6, 1),
      proposal("e", 0.4, 2),
      proposal("f", null, null),
      proposal("g", null, 7),
    ]);
    expect(risks.map(({ resource }) => resource.replace("group ", "")).join("")).toBe("debgcaf");
  });

  it("come the dearest service first, equals by name, each less by what is saved on it, and never below nothing", () => {
    const service = (name: string, monthlyUsd: number) => ({ region: "us-east-1", service: name, monthlyUsd });
    const ec2 = "Amazon Elastic Compute Cloud - Compute";
    const costs = { days: 14, services: [service("B", 5), service("A", 5), service("C", 5), service(ec2, 1000), service("A", 0), service("Z", 9)] };
    expect(serviceCosts(samplePlan({ costs }), [proposal("a", 0.4, 4000)])).toEqual([
      { service: ec2, beforeUsd: 1000, afterUsd: 0 },
      { service: "Z", beforeUsd: 9, afterUsd: 9 },
      ...["A", "B", "C"].map((name) => ({ service: name, beforeUsd: 5, afterUsd: 5 })),
    ]);
  });

  it("have profiles where the baseline is at hand, and none where it is not", () => {
    const baseline = { span: samplePlan().baselineSpan, observations: new Map(), metricRequests: 0 };
    expect([planPictures(samplePlan(), baseline).profiles, planPictures(samplePlan(), null).profiles]).toEqual([[], null]);
  });
});
