import { notBorneOut } from "../core/planning/not-borne-out.ts";
import type { Plan } from "../core/model/plan.ts";
import type { PriceBook } from "../core/model/rule.ts";
import type { PlanStore } from "../ports/run-store.ts";

/** Says what of a plan its stored baseline does not bear out, in words. */
export type PlanReview = (plan: Plan) => Promise<readonly string[]>;

/** Reviews a plan as the planner would make it again from what is stored with it. A plan without its baseline is refused by the store. */
export function createPlanReview(plans: Pick<PlanStore, "baseline">, prices: PriceBook): PlanReview {
  return async (plan) => notBorneOut(plan, await plans.baseline(plan.baselineHash), prices);
}
