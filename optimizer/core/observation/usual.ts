import type { BalancerReference } from "../model/plan.ts";

/** What slots are compared with: a balancer's reference without the back-test, which is made by comparing. */
export type Usual = Omit<BalancerReference, "falseRollbackShare" | "smallestVisibleP99Increase">;
