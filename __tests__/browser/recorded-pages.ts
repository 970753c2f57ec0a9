import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPlanStore } from "../../optimizer/adapters/files/plan-store.ts";
import { createRunStore } from "../../optimizer/adapters/files/run-store.ts";
import { planReport, report } from "../../optimizer/app/report.ts";
import { plottingLibrary } from "../../optimizer/composition/plotting-library.ts";
import { foldAll } from "../../optimizer/core/execution/fold.ts";
import { checkoutFiles } from "../support/checkout-files.ts";
import { someSpending } from "../support/some-spending.ts";
import { unpackState } from "../support/golden-run.ts";

const recorded = join(import.meta.dirname, "../golden/v1/state");

const services = [
  { region: "us-east-1", service: "Amazon ElastiCache", monthlyUsd: 28_768 },
  { region: "us-west-2", service: "Amazon Elastic Compute Cloud - Compute", monthlyUsd: 15_967 },
  { region: "us-east-1", service: "Amazon DynamoDB", monthlyUsd: 11_295 },
  { region: "us-east-1", service: "Amazon Relational Database Service", monthlyUsd: 7_577 },
  { region: "us-west-2", service: "AWS Key Management Service", monthlyUsd: 12 },
];

/** What a page says beside its pictures: of report.json, what the tests compare with. */
export interface ReportFigures {
  readonly savings: Readonly<Record<"estimated" | "commitmentCapped" | "estimatedOfKeptChanges", { readonly usd: number }>> & {
    readonly realizedSoFarUsd: number;
  };
  readonly ownBillUsd: { readonly collected: number; readonly runEstimate: number };
  readonly resources: readonly {
    readonly region: string;
    readonly resource: string;
    readonly before: string;
    readonly after: string;
    readonly status: string;
    readonly kept: boolean;
    readonly monthlySavings: { readonly kind: string; readonly usd: number };
    readonly rollbackPlan: readonly string[];
  }[];
  readonly skipped: readonly { readonly region: string; readonly resource: string; readonly code: string; readonly detail: string }[];
  readonly rollbacks: readonly { readonly phase: number; readonly region: string; readonly verified: boolean; readonly reason: string }[];
}

/** The pages of the recorded run, which has a breach, a rollback, a tenant's table and sixty days of metrics. */
export async function recordedPages(): Promise<{ readonly run: string; readonly plan: string; readonly figures: ReportFigures }> {
  const state = mkdtempSync(join(tmpdir(), "tap-recorded-"));
  try {
    unpackState(recorded, state);
    const [runId = ""] = readdirSync(join(state, "runs"));
    const { run, journal } = await createRunStore(state).open(runId);
    const plans = createPlanStore(state);
    const { plan: recordedPlan, hash } = await plans.load(run.planHash);
    // Plans of that time had no bill by service or by month yet.
    const plan = { ...recordedPlan, costs: { days: 14, services }, spending: someSpending };
    const baseline = await plans.baseline(plan.baselineHash);
    const plotly = await plottingLibrary(checkoutFiles.plottingLibrary);
    const realized = {
      kind: "seen",
      usd: 77.2,
      savings: [{ region: "us-east-1", service: "Amazon DynamoDB", comparedAt: "equal-requests", days: 2, usd: 77.2 }],
      costExplorerRequests: 2,
    } as const;
    const files = report({ plan, state: foldAll(plan, runId, await journal.read()), realized, baseline, plotly });
    return { run: files.html, plan: planReport(plan, hash, baseline, plotly), figures: JSON.parse(files.json) as ReportFigures };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}
