import type { RealizedSoFar } from "../core/model/money.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { reportJson } from "../core/report/report-json.ts";
import { reportView } from "../core/report/report-view.ts";
import { dashboard } from "../dashboard/dashboard.ts";

export interface ReportFiles {
  readonly html: string;
  readonly json: string;
}

/** The dashboard and report.json of a run, from its plan, its journal and what was realized: the same of all three give the same bytes. */
export function report(plan: Plan, state: RunState, realized: RealizedSoFar): ReportFiles {
  const view = reportView(plan, state, realized);
  return { html: dashboard(view), json: `${JSON.stringify(reportJson(view), null, 2)}\n` };
}
