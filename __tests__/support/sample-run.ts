import type { Action, SizingChange } from "../../optimizer/core/model/action.ts";
import type { JournalRecord, RecordDraft } from "../../optimizer/core/model/journal-record.ts";
import type { Plan } from "../../optimizer/core/model/plan.ts";
import { defaultPolicy } from "../../optimizer/core/model/policy.ts";
import type { Advice, Proposal, Skip } from "../../optimizer/core/model/rule.ts";
import type { RunState, StageState } from "../../optimizer/core/model/run-state.ts";
import type { SlotScore, WindowVerdict } from "../../optimizer/core/model/window.ts";
import { emptyDeployment } from "./empty-deployment.ts";

const hourMs = 3_600_000;
export const sampleStartMs = Date.UTC(2026, 5, 1);

export const sampleWriteBack: SizingChange = {
  type: "aws_autoscaling_group",
  id: "tap-prod-asg",
  property: "instanceType",
  operation: "set",
  value: "m5.2xlarge",
};

export function sampleAction(overrides: Partial<Action> = {}): Action {
  const region = overrides.region ?? "us-east-1";
  return {
    id: `asg.instance-type:${region}:tap-prod-asg`,
    rule: "asg.instance-type",
    phase: 2,
    region,
    resource: { kind: "auto-scaling-group", region, id: "tap-prod-asg" },
    summary: "m5.4xlarge to m5.2xlarge",
    steps: [
      {
        kind: "change",
        id: `${region}-refresh`,
        description: "replace the instances",
        change: {
          kind: "asg.instance-refresh",
          region,
          autoScalingGroup: "tap-prod-asg",
          before: { instanceType: "m5.4xlarge" },
          after: { instanceType: "m5.2xlarge" },
        },
      },
    ],
    rollback: [
      {
        kind: "change",
        id: `${region}-refresh-back`,
        description: "replace the instances by the old type",
        change: {
          kind: "asg.instance-refresh",
          region,
          autoScalingGroup: "tap-prod-asg",
          before: { instanceType: "m5.2xlarge" },
          after: { instanceType: "m5.4xlarge" },
        },
      },
    ],
    reversibility: "slow",
    undoMinutes: 120,
    disruptions: [{ kind: "instance-replacement", seconds: 300, detail: "one batch at a time" }],
    writeBack: [sampleWriteBack],
    ...overrides,
  };
}

export function sampleProposal(action: Action = sampleAction(), overrides: Partial<Proposal> = {}): Proposal {
  const projection = { dimension: "cpu", current: 0.26, projected: 0.52, limit: 0.8, fits: true, method: "p99.5 26 % × 2" } as const;
  return {
    kind: "proposal",
    rule: action.rule,
    resource: action.resource,
    from: "m5.4xlarge",
    to: "m5.2xlarge",
    reason: "CPU p95 14 % is below 40 %",
    evidence: [
      { name: "CPU", value: 14, unit: "Percent", statistic: "p95 of hourly averages", periodSeconds: 3600, completeness: 0.993, series: ["s"], limit: 40 },
    ],
    chosen: { target: "m5.2xlarge", projections: [projection], fits: true, monthlySavings: { kind: "known", usd: 4204.8 } },
    refused: [
      {
        target: "m5.xlarge",
        projections: [{ ...projection, projected: 1.52, fits: false }],
        fits: false,
        monthlySavings: { kind: "known", usd: 6000 },
      },
    ],
    risk: 0.52,
    savings: { kind: "known", usd: 4204.8 },
    warnings: [],
    action,
    ...overrides,
  };
}

export function sampleSkip(overrides: Partial<Skip> = {}): Skip {
  return {
    kind: "skip",
    rule: "dynamodb.unused-gsi",
    resource: { kind: "dynamodb-table", region: "us-east-1", id: "tenant-acme-events" },
    code: "tenant-resource",
    detail: "tag TenantId",
    evidence: [],
    refused: [],
    ...overrides,
  };
}

export function sampleAdvice(overrides: Partial<Advice> = {}): Advice {
  const table = (id: string) => ({ kind: "dynamodb-table", region: "us-east-1", id }) as const;
  return {
    kind: "advice",
    rule: "dynamodb.table-consolidation",
    resource: table("orders"),
    others: [table("returns")],
    summary: "keep what returns holds in orders",
    reason: "their keys fit one key schema",
    evidence: [
      {
        name: "loads move together by",
        value: 0.73,
        unit: "Correlation",
        statistic: "rank correlation of hours, without the usual week",
        periodSeconds: 3600,
        completeness: 1,
        series: ["s"],
      },
    ],
    refused: [],
    savesAtMost: { kind: "known", usd: 41 },
    toFindOut: [{ question: "Who uses both?", command: "aws logs start-query --region us-east-1" }],
    warnings: ["both are restored as one afterwards"],
    ...overrides,
  };
}

export function samplePlan(overrides: Partial<Plan> = {}): Plan {
  const actions = [sampleAction({ region: "us-west-2" }), sampleAction()];
  return {
    version: 1,
    createdAtMs: sampleStartMs,
    accountId: "123456789012",
    ownerRegion: "us-east-1",
    policy: defaultPolicy,
    deployments: {
      deployments: [deploymentOf("us-east-1", "primary"), deploymentOf("us-west-2", "secondary")],
      missing: [],
      warnings: [],
    },
    outputsHash: "0".repeat(64),
    baselineHash: "1".repeat(64),
    baselineSpan: { startMs: sampleStartMs - 60 * 24 * hourMs, endMs: sampleStartMs },
    inventory: { accountId: "123456789012", resources: [], undescribed: [], failedRegions: {} },
    decisions: [...actions.map((action) => sampleProposal(action)), sampleSkip()],
    phases: [
      { number: 1, stages: [] },
      {
        number: 2,
        stages: actions.map((action, position) => ({
          region: action.region,
          role: position === 0 ? ("canary" as const) : ("follower" as const),
          actions: [action],
        })),
      },
      { number: 3, stages: [] },
    ],
    balancers: [],
    calendar: [
      { atMinutes: 0, phase: 2, region: "us-west-2", what: "act" },
      { atMinutes: 48 * 60, phase: 2, region: "us-west-2", what: "window-ends" },
    ],
    savings: { estimated: { kind: "known", usd: 8409.6 }, commitmentCapped: { kind: "known", usd: 5000 }, realizedSoFarUsd: null },
    bill: {
      collected: { metricRequests: 200, costExplorerRequests: 4, usd: 0.042 },
      runEstimate: { metricRequests: 4000, costExplorerRequests: 0, usd: 0.04 },
    },
    prices: { source: "AWS Price List", asOf: "2026-10-01", hash: "2".repeat(64) },
    ...overrides,
  };
}

function deploymentOf(region: string, stack: string): Plan["deployments"]["deployments"][number] {
  return emptyDeployment(region, {
    stacks: [stack],
    environmentSuffix: "prod",
    autoScalingGroups: ["tap-prod-asg"],
    components: { [stack]: { compute: { type: "aws_autoscaling_group", id: "tap-prod-asg" } } },
  });
}

const passVerdict: WindowVerdict = {
  kind: "pass",
  rule: "end-gate",
  detail: "within all limits",
  errorRate: 0.0002,
  medianP99Ratio: 1.03,
  conclusiveShare: 0.98,
  slots: 192,
};

export function sampleSlot(index: number, verdict: SlotScore["verdict"] = "pass"): SlotScore {
  const startMs = sampleStartMs + index * 900_000;
  return {
    startMs,
    endMs: startMs + 900_000,
    counts: [{ loadBalancer: "app/tap/1", requests: 10_000, target5xx: 2, elb5xx: 0, p99Seconds: 0.2, healthyHosts: 10, status: "complete" }],
    verdict,
    reason: verdict === "pass" ? "within limits" : "p99 over its limit",
  };
}

export function sampleStage(region: string, status: StageState["status"] = "passed"): StageState {
  return {
    region,
    round: 1,
    status,
    actions: [{ actionId: `asg.instance-type:${region}:tap-prod-asg`, status: status === "passed" ? "finished" : "rolled-back", steps: {} }],
    window: {
      startMs: sampleStartMs,
      deadlineMs: sampleStartMs + 48 * hourMs,
      slots: [sampleSlot(0), sampleSlot(1), sampleSlot(2, status === "passed" ? "pass" : "breach")],
      closed: status === "passed" ? passVerdict : { ...passVerdict, kind: "breach", rule: "severe", detail: "p99 ×2.40 for two slots" },
    },
    confirmation: [],
    soaked: true,
  };
}

export function sampleState(overrides: Partial<RunState> = {}): RunState {
  return {
    runId: "run-1",
    planHash: "a".repeat(64),
    startedAtMs: sampleStartMs,
    lastSeq: 0,
    phases: [{ number: 2, status: "partly-rolled-back", stages: [sampleStage("us-west-2"), sampleStage("us-east-1", "rolled-back")] }],
    outcome: "partly-rolled-back",
    records: [],
    ...overrides,
  };
}

/** A journal record of a draft, with its place in a journal of one's own. */
export function sampleRecord(draft: RecordDraft, seq = 1): JournalRecord {
  return { ...draft, v: 1, seq, prev: "0".repeat(64), epoch: 1, run: "run-1", account: "123456789012" };
}
