import type { MonthlyUsd } from "../model/money.ts";
import type { Commitment, Proposal, Rule } from "../model/rule.ts";
import { ruleOf } from "../levers/rules.ts";
import { knownUsd, sumMonthly, withoutPart } from "./monthly.ts";

/** What a proposal would save of one line of the bill: a proposal that changes instances of two types claims of both. */
export interface Claim {
  readonly region: string;
  readonly service: string;
  readonly commitment: Commitment;
  /** The type under which Cost Explorer shows it today; of what is bound to no type it says nothing. */
  readonly type: string;
  readonly savings: MonthlyUsd;
  /** List price, US dollars a month, of what is paid another way afterwards: instances of another type, requests instead of capacity. Less than nothing where another proposal counts more of it. */
  readonly elsewhereUsd: number;
}

export function claimsOf(proposal: Proposal, rules: readonly Rule[]): readonly Claim[] {
  const { cost } = ruleOf(proposal.rule, rules);
  const { service } = cost;
  const { commitment = cost.commitment } = proposal;
  const { region } = proposal.resource;
  const type = proposal.paidAs ?? proposal.from;
  const apart = (proposal.followUps ?? []).flatMap(({ savings, paid }) => (paid === undefined ? [] : [{ savings, ...paid }]));
  const own = apart.length === 0 ? proposal.savings : withoutPart(proposal.savings, sumMonthly(apart.map(({ savings }) => savings)));
  const elsewhereUsd = movedUsd(proposal, type, commitment) - apart.reduce((sum, { costAfter }) => sum + knownUsd(costAfter), 0);
  const from = { region, service, commitment };
  return [
    { ...from, type, savings: own, elsewhereUsd },
    ...apart.map((each) => ({ ...from, type: each.as, savings: each.savings, elsewhereUsd: knownUsd(each.costAfter) })),
  ];
}

/** Fewer of the same type stay under their reservation; fewer of a type that another proposal brings are fewer outside of it. */
function movedUsd(proposal: Proposal, type: string, commitment: Commitment): number {
  const { to, monthlyCost, runsOn, savings } = proposal;
  if (runsOn !== undefined && runsOn !== type) return -knownUsd(savings);
  const named = to.match(/\b[a-z][\w-]*(?:\.[\w-]+)+/g) ?? [];
  const isOther = commitment === "capacity" || named.some((other) => other !== type);
  return isOther && monthlyCost !== undefined ? knownUsd(monthlyCost.after) : 0;
}
