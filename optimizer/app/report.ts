import type { RealizedSoFar } from "../core/model/money.ts";
import type { Baseline } from "../core/model/observation.ts";
import type { Plan } from "../core/model/plan.ts";
import type { RunState } from "../core/model/run-state.ts";
import { planPictures, runPictures } from "../core/report/page/pictures.ts";
import { reportJson } from "../core/report/report-json.ts";
import { reportView } from "../core/report/report-view.ts";
import { planPage } from "../dashboard/plan-page.ts";
import { runPage } from "../dashboard/run-page.ts";

export interface ReportFiles {
  /** The run in one sentence, as it stands on top of the page. */
  readonly verdict: string;
  readonly html: string;
  readonly json: string;
}

/** What a report is made from. `baseline` is null where it is not at hand; `plotly` is the source of the plotting library. */
export interface ReportParts {
  readonly plan: Plan;
  readonly state: RunState;
  readonly realized: RealizedSoFar;
  readonly baseline: Baseline | null;
  readonly plotly: string;
}

/** The page and report.json of a run: equal parts give equal bytes. */
export function report({ plan, state, realized, baseline, plotly }: ReportParts): ReportFiles {
  const view = reportView(plan, state, realized);
  const pictures = runPictures(plan, state, view, realized, baseline);
  return { verdict: pictures.verdict, html: runPage(view, pictures, plotly), json: `${JSON.stringify(reportJson(view), null, 2)}\n` };
}

/** The page of a plan, before anything runs. */
export function planReport(plan: Plan, planHash: string, baseline: Baseline | null, plotly: string): string {
  return planPage(plan, planHash, planPictures(plan, baseline), plotly);
}
