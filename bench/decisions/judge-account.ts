import type { SizingChange } from "../../optimizer/core/model/action.ts";
import { actionsOf, type Decision, type Proposal } from "../../optimizer/core/model/rule.ts";
import { levers, nameOf } from "./levers.ts";
import { harmless, type Lever, type Opened, type Truth } from "./opened.ts";
import { type PlannedAccount, withPlan } from "./planned-account.ts";
import { randomAccount } from "./random-account.ts";
import { stacksOf } from "./sized-stacks.ts";
import { trialOf } from "./trial.ts";

/** What one decider made of one lever of one account, and what is true of it. Gains are US dollars a month, or what `counts` names. */
export interface Judged extends Truth {
  readonly account: number;
  readonly blueprint: string;
  readonly shape: string;
  readonly lever: string;
  readonly decider: string;
  /** `null`: left alone, `reason` says why. */
  readonly size: string | null;
  readonly reason: string;
  readonly counts: string | null;
  readonly claimed: number;
  readonly realizable: number;
  readonly safest: number;
  readonly safestText: string | null;
  /** The most that is safe and also keeps the policy's margins. */
  readonly safestWithin: number;
  /** What its run left in place; `null` where nothing was run. */
  readonly kept: Kept | null;
}

export interface Kept extends Truth {
  /** Whether anything is left, and whether it is all that was proposed. */
  readonly isAny: boolean;
  readonly isAll: boolean;
  readonly gain: number;
}

/** `all`: every account is run. `telling`: those with a proposal that may do harm, of which alone something unsafe could be kept, and a fifth of the others. */
export type Runs = "all" | "telling" | "none";

const runOfOthers = 5;

/** `rules`: only of levers with one of these; absent: of all. */
export async function judgeAccount(seed: number, index: number, runs: Runs, rules?: readonly string[]): Promise<readonly Judged[]> {
  const account = await randomAccount(seed, index);
  const stacks = stacksOf(account);
  return withPlan(account, stacks, async (planned) => {
    const trial = trialOf(account.scenario, stacks);
    const asked = levers.filter((lever) => rules === undefined || lever.rules.some((rule) => rules.includes(rule)));
    const opened = asked.flatMap((lever) => {
      const found = lever.open(trial);
      return found === undefined ? [] : { lever, found };
    });
    const about = { account: index, blueprint: account.blueprint, shape: account.shape };
    const judged = opened.flatMap(({ lever, found }) => ofLever(lever, found, planned).map((each) => ({ ...about, ...each })));
    const harmful = judged.some(
      ({ decider, isUnsafeSeen, isUnsafeLater, isUnsafeWithout }) => decider === "guarded" && (isUnsafeSeen || isUnsafeLater || isUnsafeWithout),
    );
    if (runs === "none" || (runs === "telling" && !harmful && index % runOfOthers !== 0)) return judged;
    const left = await planned.run();
    return judged.map((each) => {
      const own = opened.find(({ lever }) => nameOf(lever) === each.lever);
      if (each.decider !== "guarded" || each.size === null || own === undefined) return each;
      const changes = left.filter(({ action }) => own.lever.rules.includes(action.rule)).flatMap(({ writeBack }) => writeBack);
      return { ...each, kept: keptOf(own.found, changes, each) };
    });
  });
}

type OfLever = Omit<Judged, "account" | "blueprint" | "shape">;

function ofLever(lever: Lever, found: Opened, { decisions }: PlannedAccount): readonly OfLever[] {
  const common = {
    lever: nameOf(lever),
    counts: found.counts ?? null,
    safest: found.safest.gain,
    safestText: found.safest.text,
    safestWithin: found.safestWithin.gain,
    kept: null,
  };
  const ofPlan = (decider: string, all: readonly Decision[]): OfLever => {
    const own = all.filter(({ rule }) => lever.rules.includes(rule));
    const proposals = own.filter((each): each is Proposal => each.kind === "proposal");
    // Said by each rule of what it leaves alone.
    const reason = [...new Set(own.flatMap((each) => (each.kind === "skip" ? `${each.rule} ${each.code}` : [])))].join(", ");
    const nothing = { ...common, ...harmless, decider, size: null, reason, claimed: 0, realizable: 0 };
    if (proposals.length === 0) return nothing;
    const changes = proposals.flatMap(actionsOf).flatMap(({ writeBack }) => writeBack);
    const usd = proposals.reduce((sum, { savings }) => sum + (savings.kind === "unknown" ? Number.NaN : savings.usd), 0);
    const claimed = found.counts === undefined ? usd : proposals.length;
    return { ...nothing, ...found.truthOf(changes), size: found.text(changes), claimed, realizable: found.gainOf(changes) };
  };
  return [
    ofPlan("guarded", decisions.guarded),
    ...(lever.isShareSaid === true ? [ofPlan("guarded, shares said", decisions.sharesSaid)] : []),
    ofPlan("literal", decisions.literal),
    ...found.peers().map(({ name, text, truth, gain }) => ({ ...common, ...truth, decider: name, size: text, reason: "", claimed: gain, realizable: gain })),
  ];
}

function keptOf(found: Opened, left: readonly SizingChange[], { size, realizable }: Judged): Kept {
  const gain = found.gainOf(left);
  return { ...found.truthOf(left), isAny: gain !== 0 || found.text(left) === size, isAll: Math.abs(gain - realizable) < 0.01, gain };
}
