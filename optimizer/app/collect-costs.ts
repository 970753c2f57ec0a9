import { UserError } from "../../contract/user-error.ts";
import type { Inventory } from "../core/levers/resource-kinds.ts";
import type { Deployments } from "../core/model/deployment.ts";
import type { Span } from "../core/model/observation.ts";
import type { Rule } from "../core/model/rule.ts";
import type { CommitmentCoverage, CommitmentScope, CommitmentUtilization, MonthlyTrend, PurchaseRecommendation, Spending } from "../core/model/spending.ts";
import type { SeenCosts } from "../core/money/seen-costs.ts";
import { trendOf, trendSpan } from "../core/money/trend.ts";
import type { CommitmentReader } from "../ports/commitments.ts";
import type { CostReader } from "../ports/costs.ts";
import type { Reporter } from "../ports/reporter.ts";
import { regionFailure } from "./region-failure.ts";

const dayMs = 24 * 60 * 60 * 1000;
/** Two whole weeks show every weekday twice. */
const costDays = 14;
/** As many as AWS's own recommendations look back. */
const commitmentDays = 30;
/** Cost Explorer's newest two days are incomplete. */
const costLagDays = 2;
/** By instance type: one for each way of buying. */
const requestsPerRegion = 4;
/** Coverage, utilization, recommendations. */
const requestsPerScope = 3;

/** What is asked about commitments: reservations of each service whose instances a rule looks at and the inventory holds, and Savings Plans. */
export function commitmentScopes(rules: readonly Rule[], { resources }: Inventory): readonly CommitmentScope[] {
  const kinds = new Set(resources.map(({ kind }) => kind));
  const services = rules.flatMap(({ cost, resourceKind }) => (cost.commitment === "instance-type" && kinds.has(resourceKind) ? cost.service : []));
  return [...[...new Set(services)].sort().map((service) => ({ kind: "reservation", service }) as const), { kind: "savings-plan" }];
}

/** Requests of Cost Explorer that a plan makes, as far as they can be known before: each answer longer than a page is one more. */
export function costRequests({ deployments }: Deployments, scopes: readonly CommitmentScope[]): number {
  return deployments.length * requestsPerRegion + 1 + scopes.length * requestsPerScope;
}

/** What is paid today; a failure makes the commitment-capped figure unknown and is never fatal. */
export async function seenCosts({ deployments }: Deployments, nowMs: number, reader: CostReader, reporter: Reporter): Promise<SeenCosts | null> {
  reporter.tell({ kind: "study", part: "costs", detail: `${costDays} days of Cost Explorer` });
  try {
    const lines = await Promise.all(deployments.map(({ region }) => reader.costByInstanceType(region, lastDays(costDays, nowMs))));
    return { lines: lines.flat(), days: costDays };
  } catch (error) {
    reporter.tell({ kind: "warning", message: `Cost Explorer could not be read, commitment-capped savings stay unknown: ${regionFailure(error)}` });
    return null;
  }
}

interface SpendingPorts {
  readonly costs: CostReader;
  readonly commitments: CommitmentReader;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal;
}

/** The bill of the months before and the account's commitments. What cannot be read is told with its reason and is never fatal. */
export async function collectSpending(
  { deployments }: Deployments,
  scopes: readonly CommitmentScope[],
  nowMs: number,
  { costs, commitments, reporter, signal }: SpendingPorts,
): Promise<Spending> {
  reporter.tell({ kind: "study", part: "costs", detail: "the bill of a year by month, reservations and Savings Plans" });
  const unread: Spending["unread"][number][] = [];
  const span = lastDays(commitmentDays, nowMs);
  async function told<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
    signal?.throwIfAborted();
    try {
      return await read();
    } catch (error) {
      // Throws on what is no matter of one answer.
      const failure = regionFailure(error);
      const isNone = error instanceof UserError && error.code === "no-cost-data";
      unread.push({ kind: isNone ? "none" : "failed", what, reason: error instanceof UserError ? error.message : failure });
      return undefined;
    }
  }
  const whole = trendSpan(nowMs);
  const regions = deployments.map(({ region }) => region);
  const trend = await told("the bill by month", async (): Promise<MonthlyTrend | null> => trendOf(await costs.monthlyCostByService(regions, whole), whole));
  const coverage: CommitmentCoverage[] = [];
  const utilization: CommitmentUtilization[] = [];
  const recommendations: PurchaseRecommendation[] = [];
  for (const scope of scopes) {
    const name = scope.kind === "reservation" ? `reservations of ${scope.service}` : "Savings Plans";
    coverage.push(...((await told(`coverage by ${name}`, () => commitments.coverage(scope, span))) ?? []));
    utilization.push(...((await told(`utilization of ${name}`, () => commitments.utilization(scope, span))) ?? []));
    recommendations.push(...((await told(`recommended ${name}`, () => commitments.recommendations(scope))) ?? []));
  }
  return { trend: trend ?? null, span, coverage, utilization, recommendations, unread };
}

function lastDays(days: number, nowMs: number): Span {
  const endMs = Math.floor(nowMs / dayMs) * dayMs - (costLagDays - 1) * dayMs;
  return { startMs: endMs - days * dayMs, endMs };
}
