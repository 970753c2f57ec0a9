import type { MonthlyUsd } from "../../model/money.ts";
import type { Plan } from "../../model/plan.ts";
import type { Skip } from "../../model/rule.ts";
import type { RunState } from "../../model/run-state.ts";
import { knownUsd, sumMonthly, unknownParts, unknownWords } from "../../money/monthly.ts";
import { count, usd } from "../figures.ts";
import { byReason, refusalAtAGlance, resourcesIn } from "../left-alone.ts";
import { percent } from "../../model/percent.ts";
import { adviceCountWords, adviceOf } from "../advice.ts";
import { proposalsOf, skipsOf, withheldOf } from "../plan-blocks.ts";
import type { ReportView } from "../report-view.ts";
import { wholeBillUsd } from "./service-costs.ts";

/** The run in one sentence: what was kept, what it saves of what, what was undone, whether a tenant was touched. */
export function runVerdict(plan: Plan, state: RunState, view: ReportView): string {
  const kept = view.keptSavings;
  const saved = sumMonthly(kept.map(({ savings }) => savings));
  const parts = [
    state.outcome === undefined ? "The run is still going" : undefined,
    `${kept.length} of ${count(view.proposals.length, "change")} kept${kept.length === 0 ? "" : `: ${savedWords(saved, plan, "")}`}`,
    ...rollbackParts(view),
    view.proposals.some(({ status }) => status === "drifted") ? "something was changed by somebody else and left alone" : undefined,
    ...refusalParts(view.skips),
    "no tenant's resource was touched",
  ];
  return `${parts.filter((part) => part !== undefined).join("; ")}.`;
}

/** Refusals that usual figures would not have made, by name where it is one. */
function refusalParts(skips: readonly Skip[]): readonly string[] {
  return byReason(skips)
    .filter(({ skips: [first] }) => refusalAtAGlance(first) !== undefined)
    .map((group) => {
      const [first] = group.skips;
      const resources = resourcesIn(group);
      return `${resources === 1 ? `${first.resource.id} in ${first.resource.region}` : resources} ${refusedAs(group.reason)}`;
    });
}

function refusedAs(reason: string): string {
  return reason.startsWith("refused") ? reason : `refused: ${reason}`;
}

function rollbackParts({ rollbacks }: ReportView): readonly string[] {
  const verified = rollbacks.filter((each) => each.verified).length;
  const open = rollbacks.length - verified;
  return [
    ...(verified === 0 ? [] : [`${count(verified, "region")} rolled back and verified`]),
    ...(open === 0 ? [] : [`${count(open, "rollback")} not finished`]),
  ];
}

/** The plan in one sentence, before anything runs. */
export function planVerdict(plan: Plan): string {
  const proposals = proposalsOf(plan);
  const { estimated } = plan.savings;
  const waiting = withheldOf(plan).length;
  const left = skipsOf(plan).length - waiting;
  const advice = adviceOf(plan);
  const approval = waiting === 0 ? "" : `; ${waiting} ${waiting === 1 ? "needs" : "need"} approval`;
  return `${count(proposals.length, "change")} proposed: ${savedWords(estimated, plan, " at list prices")}${approval}${advice.length === 0 ? "" : `; advice: ${adviceCountWords(advice)}`}; ${left} left alone, each with its reason.`;
}

/**
 * `−$1,562 a month, 2.7 % of $58,623 (rate of the last 14 days)`. The words name the days, since the last complete month's bill is another figure. An
 * unknown amount is left out.
 */
function savedWords(saved: MonthlyUsd, plan: Plan, by: string): string {
  if (saved.kind === "unknown") return `what it saves is unknown: ${unknownParts(saved).map(unknownWords).join(" and ")}`;
  const savedUsd = knownUsd(saved);
  const billUsd = wholeBillUsd(plan);
  const share = billUsd === null || billUsd === 0 ? "" : `, ${percent(savedUsd / billUsd)} of ${usd(billUsd)} (rate of the last ${plan.costs?.days} days)`;
  return `−${usd(savedUsd)} a month${by}${share}${besides(saved)}`;
}

/** The unknown parts that the figure leaves out. */
function besides(amount: MonthlyUsd): string {
  const unknown = unknownParts(amount);
  return unknown.length === 0 ? "" : `, and ${unknown.map(unknownWords).join(" and ")}`;
}
