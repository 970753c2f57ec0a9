import type { RealizedSoFar } from "../../model/money.ts";
import type { Baseline } from "../../model/observation.ts";
import type { Plan } from "../../model/plan.ts";
import type { RunState } from "../../model/run-state.ts";
import { proposalsOf } from "../plan-blocks.ts";
import type { ReportView } from "../report-view.ts";
import { type DayProfile, dayProfiles } from "./day-profiles.ts";
import { type LoadCurve, loadCurves } from "./load-curves.ts";
import { type ProgressRow, progressOf } from "./progress.ts";
import { type Risk, risksOf } from "./risk-matrix.ts";
import { type RunMark, runMarks, type RunSpan, runSpans } from "./run-marks.ts";
import { type SavingsProjection, savingsProjection } from "./savings-projection.ts";
import { type ServiceCost, serviceCosts } from "./service-costs.ts";
import { type BreachImpact, breachImpacts } from "./tenant-impact.ts";
import { planVerdict, runVerdict } from "./verdict.ts";

/** What the seven views of a page are drawn from: plain figures of the plan, the journal and the frozen baseline. */
export interface Pictures {
  readonly verdict: string;
  /** What `afterUsd` of the costs stands for. */
  readonly afterMeans: string;
  readonly costs: readonly ServiceCost[] | null;
  /** The bill by month and the account's commitments; undefined in plans of older releases. */
  readonly spending: Plan["spending"];
  readonly maxErrorShare: number;
  readonly curves: readonly LoadCurve[];
  readonly marks: readonly RunMark[];
  readonly spans: readonly RunSpan[];
  /** Null where the baseline is not at hand any more. */
  readonly profiles: readonly DayProfile[] | null;
  readonly savings: SavingsProjection;
  readonly risks: readonly Risk[];
  readonly progress: readonly ProgressRow[];
  readonly breaches: readonly BreachImpact[];
}

export function runPictures(plan: Plan, state: RunState, view: ReportView, realized: RealizedSoFar, baseline: Baseline | null): Pictures {
  return {
    ...planned(plan, baseline),
    verdict: runVerdict(plan, state, view),
    afterMeans: "with the changes that this run kept",
    costs: serviceCosts(plan, view.keptSavings),
    curves: loadCurves(plan, state),
    marks: runMarks(plan, state),
    spans: runSpans(state),
    savings: savingsProjection(plan, view.keptSavings, realized),
    progress: progressOf(plan, state),
    breaches: breachImpacts(state),
  };
}

/** The same views before anything runs, as far as they exist then. */
export function planPictures(plan: Plan, baseline: Baseline | null): Pictures {
  return planned(plan, baseline);
}

function planned(plan: Plan, baseline: Baseline | null): Pictures {
  const proposals = proposalsOf(plan);
  return {
    verdict: planVerdict(plan),
    afterMeans: "with every change that is proposed",
    costs: serviceCosts(plan, proposals),
    spending: plan.spending,
    maxErrorShare: plan.policy.window.maxErrorRate,
    curves: [],
    marks: [],
    spans: [],
    profiles: baseline === null ? null : dayProfiles(plan.decisions, baseline),
    savings: savingsProjection(plan, null, null),
    risks: risksOf(plan, proposals),
    progress: progressOf(plan, null),
    breaches: [],
  };
}
