import { percent } from "../model/percent.ts";
import { type Action, type Round, roundOf } from "../model/action.ts";
import type { BalancerReference, PlannedPhase, PlannedStage } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import { actionsOf, type Proposal } from "../model/rule.ts";
import type { PhaseNumber } from "../model/rule-id.ts";

const rounds: readonly Round[] = [1, 2, 3];
export const phaseNumbers: readonly PhaseNumber[] = [1, 2, 3];

/** Why a change in the region could never be judged: too few conclusive slots, or harm that was there before. */
export function unjudgeable(region: string, balancers: readonly BalancerReference[], policy: Policy): string | undefined {
  const own = balancers.filter((balancer) => balancer.region === region);
  if (own.length === 0) return `no load balancer of ${region} has a baseline to judge a change by`;
  const ill = own.find(({ errorRate }) => errorRate > policy.window.maxErrorRate);
  if (ill !== undefined)
    return `errors of ${ill.loadBalancer} were ${percent(ill.errorRate, 2)} of requests before anything was changed, ${percent(policy.window.maxErrorRate, 2)} are allowed`;
  const least = policy.window.minConclusiveShare;
  const weak = own.find(({ conclusiveShare }) => conclusiveShare < least);
  if (weak === undefined) return undefined;
  return `${weak.loadBalancer} had enough requests in ${percent(Math.floor(weak.conclusiveShare * 1000) / 1000, 1)} of its slots, ${percent(least, 1)} are needed to judge a change`;
}

/** Requests a second of all load balancers of the region. */
export function trafficOf(region: string, balancers: readonly BalancerReference[]): number {
  return balancers.filter((balancer) => balancer.region === region).reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
}

interface Ordering {
  readonly ownerRegion: string;
  readonly balancers: readonly BalancerReference[];
  readonly rollout: Policy["rollout"];
}

/**
 * The proposals' actions by phase, round and region, in the order they act: least traffic first, the owner region last. With the rollout
 * `canary` the first of several stages is the canary; alone, or with another rollout, a region follows nobody and is followed by nobody.
 */
export function phasesOf(proposals: readonly Proposal[], { ownerRegion, balancers, rollout }: Ordering): readonly PlannedPhase[] {
  const rank = (region: string) => (region === ownerRegion ? Number.POSITIVE_INFINITY : trafficOf(region, balancers));
  return phaseNumbers.map((number) => {
    const actions = proposals.flatMap(actionsOf).filter(({ phase }) => phase === number);
    const stages = rounds.flatMap((round) => {
      const own = actions.filter((action) => roundOf(action) === round);
      const regions = [...new Set(own.map(({ region }) => region))].sort((a, b) => (rank(a) === rank(b) ? (a < b ? -1 : 1) : rank(a) - rank(b)));
      return regions.map((region, position): PlannedStage => ({
        region,
        ...(round === 1 ? {} : { round }),
        role: rollout === "canary" && position === 0 && regions.length > 1 ? "canary" : "follower",
        actions: own.filter((action) => action.region === region).sort(inOrder),
      }));
    });
    return { number, stages };
  });
}

/** By id, and right behind whom it names; those that come last after all the others. */
function inOrder(a: Action, b: Action): number {
  const last = Number(a.isLast === true) - Number(b.isLast === true);
  const byName = compare(a.behind ?? a.id, b.behind ?? b.id) || Number(a.behind !== undefined) - Number(b.behind !== undefined) || compare(a.id, b.id);
  return last || byName;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
