import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { reportJson } from "../core/report/report-json.ts";
import { reportView } from "../core/report/report-view.ts";
import { dashboard } from "../dashboard/dashboard.ts";

export interface ReportFiles {
  readonly html: string;
  readonly json: string;
}

/** The dashboard and report.json of a run, from its plan and its journal alone: the same run gives the same bytes. */
export function report(plan: Plan, state: RunState): ReportFiles {
  const view = reportView(plan, state);
  return { html: dashboard(view), json: `${JSON.stringify(reportJson(view), null, 2)}\n` };
}
