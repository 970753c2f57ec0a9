import type { Decision, Proposal } from "../../optimizer/core/model/rule.ts";
import { actionsOf } from "../../optimizer/core/model/rule.ts";
import { type Lever, levers, type Oracle, oracleOf } from "./oracle.ts";
import { peerDecision, peers } from "./peers.ts";
import { planAndRun, sizesAfter } from "./plan-and-run.ts";
import { randomAccount } from "./random-account.ts";
import { baselineHours, trialOf } from "./replay.ts";
import { stacksAt } from "./sized-stacks.ts";

/** What one decider made of one lever of one account, and what is true of it. */
export interface Judged {
  readonly account: number;
  readonly shape: string;
  readonly lever: Lever;
  readonly decider: string;
  /** `null`: left alone, `reason` says why. */
  readonly size: string | null;
  readonly reason: string;
  readonly isUnsafeSeen: boolean;
  readonly isUnsafeLater: boolean;
  /** Hours in which requests fail while a zone or a member is gone. */
  readonly isUnsafeWithout: boolean;
  /** Whether its run left it in place; `null` where nothing was run. */
  readonly isKept: boolean | null;
  readonly claimedUsd: number;
  readonly realizableUsd: number;
  readonly safestUsd: number;
}

export async function judgeAccount(seed: number, index: number): Promise<readonly Judged[]> {
  const account = await randomAccount(seed, index);
  const stacks = stacksAt();
  const trial = trialOf(account.scenario, stacks);
  const oracle = oracleOf(account, trial);
  const guarded = await planAndRun(account, stacks, "guarded", true);
  const literal = await planAndRun(account, stacks, "literal", false);
  const hours = baselineHours(account.scenario);
  return levers.flatMap((lever) => {
    const judge = (decider: string, size: string | undefined, over: Partial<Judged>): Judged => {
      const truth = size === undefined ? undefined : oracle.truth(lever, size);
      const usd = size === undefined ? 0 : oracle.monthlyUsd(lever, size);
      return {
        account: index,
        shape: account.shape,
        lever,
        decider,
        size: size ?? null,
        reason: "",
        isUnsafeSeen: (truth?.brokenPast ?? 0) > 0,
        isUnsafeLater: (truth?.brokenFuture ?? 0) > 0,
        isUnsafeWithout: (truth?.brokenWithout ?? 0) > 0,
        isKept: null,
        claimedUsd: usd,
        realizableUsd: usd,
        safestUsd: oracle.safest(lever).monthlyUsd,
        ...over,
      };
    };
    const ofPlan = (decider: string, decisions: readonly Decision[], kept?: ReadonlySet<string>): Judged => {
      const own = decisions.filter(({ rule }) => rule === lever);
      const proposal = own.find((decision): decision is Proposal => decision.kind === "proposal");
      if (proposal === undefined) return judge(decider, undefined, { reason: own.map((each) => (each.kind === "skip" ? each.code : "")).join(", ") });
      return judge(decider, proposal.to, {
        ...asProposed(oracle, lever, proposal),
        isKept: kept === undefined ? null : actionsOf(proposal).every(({ id }) => kept.has(id)),
      });
    };
    return [
      ofPlan("guarded", guarded.decisions, guarded.kept),
      ofPlan("literal", literal.decisions),
      ...peers.map((peer) => judge(peer.name, peerDecision(peer, lever, oracle.candidates(lever), trial, hours), {})),
    ];
  });
}

/** Judged by exactly what would be written back, not by what the lever could do. */
function asProposed(oracle: Oracle, lever: Lever, proposal: Proposal): Partial<Judged> {
  const truth = oracle.truthOf(lever, sizesAfter(proposal));
  return {
    isUnsafeSeen: truth.brokenPast > 0,
    isUnsafeLater: truth.brokenFuture > 0,
    isUnsafeWithout: truth.brokenWithout > 0,
    claimedUsd: proposal.savings.kind === "unknown" ? Number.NaN : proposal.savings.usd,
  };
}
