import type { Plan } from "../../model/plan.ts";
import type { Proposal } from "../../model/rule.ts";
import { knownUsd } from "../../money/monthly.ts";
import { resourceWords, undoWords, worstProjection } from "../words.ts";

/** How near a change comes to what its policy allows, and how much stands behind it. */
export interface Risk {
  readonly resource: string;
  readonly region: string;
  readonly change: string;
  /** The worst projected dimension ÷ what is allowed, 0 to 1 and above; null for a change without capacity arithmetic. */
  readonly usedShare: number | null;
  readonly level: "low" | "medium" | "high" | "not by capacity";
  /** Requests a second that the region's load balancers carried in the baseline. */
  readonly requestsPerSecond: number;
  /** Null where it is not known. */
  readonly monthlyUsd: number | null;
  readonly wayBack: string;
}

/** Above this share of the allowed utilization a change has little room left; below the lower one it has plenty. */
const highFrom = 0.95;
const mediumFrom = 0.75;

/** One entry a proposal, the riskiest first. */
export function risksOf({ balancers }: Plan, proposals: readonly Proposal[]): readonly Risk[] {
  return proposals
    .map((proposal): Risk => {
      const worst = proposal.chosen === undefined ? undefined : worstProjection(proposal.chosen);
      const usedShare = worst === undefined ? null : worst.projected / worst.limit;
      return {
        resource: resourceWords(proposal.resource, proposal.part),
        region: proposal.resource.region,
        change: `${proposal.from} → ${proposal.to}`,
        usedShare,
        level: levelOf(usedShare),
        requestsPerSecond: balancers.filter(({ region }) => region === proposal.resource.region).reduce((sum, each) => sum + each.requestsPerSecond, 0),
        monthlyUsd: proposal.savings.kind === "unknown" ? null : knownUsd(proposal.savings),
        wayBack: undoWords(proposal.action),
      };
    })
    .sort((a, b) => (b.usedShare ?? -1) - (a.usedShare ?? -1) || (b.monthlyUsd ?? 0) - (a.monthlyUsd ?? 0));
}

/** By the share as it is printed, in whole per cent: the word beside it must not contradict the printed figure. */
function levelOf(usedShare: number | null): Risk["level"] {
  if (usedShare === null) return "not by capacity";
  const told = Math.round(usedShare * 100) / 100;
  if (told >= highFrom) return "high";
  return told >= mediumFrom ? "medium" : "low";
}
